import { comparableText } from "../detection/clean-text.ts";
import type { MessageRow } from "../detection/page-reader.ts";
import type { WhatsAppWebPart } from "../render.ts";
import type { EngineHost, EngineOutcome, EngineTarget } from "../session/engine.ts";
import { waitFor } from "../session/pacing.ts";
import { outcomeOfRow } from "../session/send-outcomes.ts";
import { withTimeout } from "../session/with-timeout.ts";
import type { Library } from "./library.ts";
import type { ModulesPage } from "./modules-page.ts";
import { type ListedChat, toSentId } from "./to-row.ts";

const LOOK_EVERY_MS = 150;
/** A document is uploaded before it is a message. */
const HANDED_OVER_MS = 20_000;
/** Messages are dated by WhatsApp's clock, which need not be ours; what is overlooked here would be sent twice. */
const CLOCK_SLACK_MS = 30_000;
/** Messages of the end of a chat that are looked through for what was sent: a few, and many where those do not tell. */
const OWN_ROWS = [60, 500];

export interface SendPorts {
  readonly host: EngineHost;
  readonly library: Library;
  readonly page: ModulesPage;
}

/** The chat in the page's own list; undefined: none, or several of which none is known to be it. */
export function findChat(
  chats: readonly ListedChat[],
  target: EngineTarget,
): ListedChat | undefined {
  const byJid = chats.find(({ jid }) => jid === target.jid);
  const byPhone = chats.find(({ phone }) => phone !== undefined && phone === target.phone);
  if (byJid !== undefined || byPhone !== undefined) return byJid ?? byPhone;
  const named = chats.filter(({ title }) => title === target.title);
  return named.length === 1 ? named[0] : undefined;
}

/**
 * Hands a part to WhatsApp, after as long as a person would type it, and waits for its tick. Before it is handed over
 * whatever happens is `not-sent`; after it only the tick tells.
 */
export async function sendPart(
  { host, library, page }: SendPorts,
  { jid }: ListedChat,
  part: WhatsAppWebPart,
  signal: AbortSignal,
): Promise<EngineOutcome> {
  const { pauses } = host;
  await pauses.hesitate(signal);
  await page.attend(jid);
  const text = part.kind === "text" ? part.text : part.caption;
  await waitFor(Math.min(pauses.maxTypingMs, text.length * pauses.keystrokeMs()), signal);
  if (signal.aborted) return { kind: "not-sent", reason: "aborted" };
  let sentId: ReturnType<typeof toSentId>;
  try {
    const options = { linkPreview: false, sendSeen: false, parseVCards: false };
    const sending =
      part.kind === "text"
        ? library.client.sendMessage(jid, part.text, options)
        : library.client.sendMessage(
            jid,
            library.makeMedia(part.mimeType, part.contentBase64, part.fileName),
            { ...options, sendMediaAsDocument: true, caption: part.caption },
          );
    sentId = toSentId(await withTimeout(sending, Math.max(pauses.tickWithinMs, HANDED_OVER_MS)));
  } catch {
    return { kind: "unknown", reason: "handing-over-not-confirmed" };
  }
  if (sentId === undefined) return { kind: "unknown", reason: "handing-over-not-confirmed" };
  return await confirm(page, sentId, pauses.tickWithinMs, signal);
}

async function confirm(
  page: ModulesPage,
  { rawId, canonicalId }: NonNullable<ReturnType<typeof toSentId>>,
  withinMs: number,
  signal: AbortSignal,
): Promise<EngineOutcome> {
  const endsAt = Date.now() + withinMs;
  while (Date.now() < endsAt && !signal.aborted) {
    const ack = (await page.ack(rawId).catch(() => undefined)) ?? 0;
    if (ack > 0) return { kind: "sent", canonicalId };
    if (ack < 0) return { kind: "not-sent", reason: "message-failed" };
    await waitFor(LOOK_EVERY_MS, signal);
  }
  return { kind: "unknown", reason: "tick-not-seen" };
}

/** Whether the part is among our last messages there; `since` as in `Engine.findSent`. */
export async function findPart(
  page: ModulesPage,
  { jid }: ListedChat,
  part: WhatsAppWebPart,
  options: {
    readonly since: Date | undefined;
    /** Known to be other parts with the same words. */
    readonly isTaken: (canonicalId: string) => boolean;
  },
): Promise<EngineOutcome> {
  const sinceMs = (options.since?.getTime() ?? 0) - CLOCK_SLACK_MS;
  const isBefore = ({ sentAt }: MessageRow) => sentAt !== undefined && Date.parse(sentAt) < sinceMs;
  for (const limit of OWN_ROWS) {
    const rows = await page.rows(jid, limit);
    const found = rows.findLast(
      (row) => isSame(row, part) && !options.isTaken(row.canonicalId) && !isBefore(row),
    );
    if (found !== undefined) {
      return outcomeOfRow(found) ?? { kind: "unknown", reason: "still-pending" };
    }
    // Not any row: one that came late stands among newer ones.
    const oldest = rows.find(({ sentAt }) => sentAt !== undefined);
    // What cannot be parsed is left out: only far fewer than were asked for are all there are.
    if (rows.length < limit / 2 || (oldest !== undefined && isBefore(oldest))) {
      return { kind: "not-sent", reason: "not-there" };
    }
  }
  // It may stand further up than was looked: sent once more it would be there twice.
  return { kind: "unknown", reason: "out-of-sight" };
}

function isSame(row: MessageRow, part: WhatsAppWebPart): boolean {
  if (row.direction !== "out" || row.kind === "deleted") return false;
  if (part.kind === "document") {
    return row.kind === "document" && row.media?.fileName === part.fileName;
  }
  return comparableText(row.text ?? "") === comparableText(part.text);
}
