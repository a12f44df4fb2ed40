import type { BotAccount } from "../../../src/core/channel.ts";
import type { PhoneReply } from "../../../src/core/hand-over.ts";
import { toComparable } from "../comparable-text.ts";
import type { MessageRow } from "../detection/page-reader.ts";
import type { EngineTarget } from "./engine.ts";

/** What was written longer ago is found while catching up: whoever wrote it has gone on to other things. */
const LATELY_MS = 10 * 60_000;
/** Rows that nobody wrote, or of which nothing is left. */
const NOT_WRITTEN: readonly MessageRow["kind"][] = ["system", "deleted", "unknown"];

/**
 * New rows of our side of a private chat that this session did not send: somebody of the tenant wrote from the phone, or
 * from another linked device. Rows whose direction or time is not known for sure are left alone, and so is every text
 * that we sent ourselves; what the outbox has is sorted out by the store.
 */
export function toPhoneReplies(
  { tenantId, botId }: Pick<BotAccount, "tenantId" | "botId">,
  { chatKey, kind }: Pick<EngineTarget, "chatKey" | "kind">,
  rows: readonly MessageRow[],
  isOurText: (chatKey: string, comparable: string) => boolean,
  now: Date,
): readonly PhoneReply[] {
  if (kind !== "private") return [];
  return rows.flatMap((row) => {
    const { canonicalId, text } = row;
    if (row.direction !== "out" || NOT_WRITTEN.includes(row.kind) || row.sentAt === undefined) {
      return [];
    }
    const sentAt = new Date(row.sentAt);
    if (now.getTime() - sentAt.getTime() > LATELY_MS) return [];
    if (text !== undefined && isOurText(chatKey, toComparable(text))) return [];
    return [{ tenantId, botId, chatKey, networkMessageId: canonicalId, text, sentAt }];
  });
}
