import { toComparable } from "../comparable-text.ts";
import type { MessageRow } from "../detection/page-reader.ts";
import type { WhatsAppWebPart } from "../render.ts";
import {
  attachDocument,
  clearComposer,
  composerHolds,
  type SendPorts,
  STEP_TIMEOUT_MS,
  wipe,
  writeText,
} from "./compose-part.ts";
import type { EngineOutcome } from "./engine.ts";
import { waitFor } from "./pacing.ts";
import { idsOf } from "./read-chat.ts";
import { outcomeOfRow } from "./send-outcomes.ts";

const LOOK_EVERY_MS = 150;
/** Rows of the end of a chat that are looked through for what was sent: a few, and many where those do not tell. */
const OWN_ROWS = [60, 500];
/** Ids drawn above our own new row may be those of messages that were read before. */
const ENTER_SETTLES_MS = 1_500;

/**
 * Types a part into the chat that is open and proven, and watches for our own new row. Before Enter whatever happens
 * is `not-sent`, and the draft is wiped; after it only our row with its tick, or the draft still lying there, tells.
 */
export async function sendPart(
  ports: SendPorts,
  part: WhatsAppWebPart,
  signal: AbortSignal,
): Promise<EngineOutcome> {
  const { reader } = ports;
  const drawn = await reader.rows(signal).catch(() => undefined);
  if (drawn === undefined) return { kind: "not-sent", reason: "page-gone" };
  const before = new Set(idsOf(drawn));
  const isWritten =
    part.kind === "text"
      ? await writeText(ports, part.text, signal)
      : await attachDocument(ports, part, signal);
  if (isWritten !== "written") return { kind: "not-sent", reason: isWritten };
  await ports.pauses.hesitate(signal);
  if (signal.aborted) {
    await wipe(ports, part);
    return { kind: "not-sent", reason: "aborted" };
  }
  try {
    await press(ports, part);
  } catch {
    return { kind: "unknown", reason: "enter-not-confirmed" };
  }
  return await confirm(ports, part, before, signal);
}

export interface FindPorts {
  readonly page: Pick<SendPorts["page"], "isClosed">;
  readonly reader: Pick<SendPorts["reader"], "rowsAfter" | "composer">;
}

/** Whether the open chat shows the part among our messages; `since` as in `Engine.findSent`. */
export async function findPart(
  { page, reader }: FindPorts,
  part: WhatsAppWebPart,
  options: {
    readonly lastReadIds: readonly string[];
    readonly since: Date | undefined;
    /** Known to be other parts with the same words. */
    readonly isTaken: (canonicalId: string) => boolean;
    readonly signal: AbortSignal;
  },
): Promise<EngineOutcome> {
  const { since, signal } = options;
  // The page dates to the minute.
  const sinceMs = since === undefined ? 0 : Math.floor(since.getTime() / 60_000) * 60_000;
  const isBefore = ({ sentAt }: MessageRow) => sentAt !== undefined && Date.parse(sentAt) < sinceMs;
  for (const limit of OWN_ROWS) {
    const { rows, ended } = await reader.rowsAfter([], limit, signal);
    const own = rows.filter((row) => isSame(row, part) && !options.isTaken(row.canonicalId));
    const last = own.filter((row) => !isBefore(row)).at(-1);
    if (last !== undefined) {
      return outcomeOfRow(last) ?? { kind: "unknown", reason: "still-pending" };
    }
    if (await composerHolds(page, reader, part)) return { kind: "not-sent", reason: "not-there" };
    if (rows.some(({ direction }) => direction === "unknown")) {
      return { kind: "unknown", reason: "direction-unknown" };
    }
    // Not any row: one that came late stands among newer ones.
    const oldest = rows.find(({ sentAt }) => sentAt !== undefined);
    if (ended === "beginning" || (oldest !== undefined && isBefore(oldest))) {
      return { kind: "not-sent", reason: "not-there" };
    }
  }
  // It may stand further up than was looked: sent once more it would be there twice.
  return { kind: "unknown", reason: "out-of-sight" };
}

async function press({ page, reader }: SendPorts, part: WhatsAppWebPart): Promise<void> {
  if (part.kind === "text") return await page.keyboard.press("Enter");
  await reader.element("media-send").click({ timeout: STEP_TIMEOUT_MS });
}

async function confirm(
  { page, reader, pauses }: SendPorts,
  part: WhatsAppWebPart,
  before: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<EngineOutcome> {
  const endsAt = Date.now() + pauses.tickWithinMs;
  const pressedAt = Date.now();
  let hasPressedAgain = false;
  let seen: MessageRow | undefined;
  while (Date.now() < endsAt && !signal.aborted) {
    const rows = await reader.rows(signal).catch(() => []);
    seen = rows.findLast((row) => !before.has(row.canonicalId) && isSame(row, part)) ?? seen;
    const outcome = seen && outcomeOfRow(seen);
    if (outcome !== undefined) return outcome;
    if (seen === undefined && Date.now() - pressedAt > ENTER_SETTLES_MS && !hasPressedAgain) {
      hasPressedAgain = true;
      // Enter may be set to begin a line; the button then sends what still lies there.
      if (await composerHolds(page, reader, part)) {
        await reader
          .sendButton()
          .click({ timeout: STEP_TIMEOUT_MS })
          .catch(() => undefined);
      }
    }
    await waitFor(LOOK_EVERY_MS, signal);
  }
  if (seen === undefined && (await composerHolds(page, reader, part))) {
    await clearComposer(page).catch(() => undefined);
    return { kind: "not-sent", reason: "composer-refused" };
  }
  return { kind: "unknown", reason: seen === undefined ? "row-not-seen" : "tick-not-seen" };
}

/** Our own row with the same words; a long text may be cut off behind "Read more". */
function isSame(row: MessageRow, part: WhatsAppWebPart): boolean {
  if (row.direction === "in" || row.kind === "deleted") return false;
  if (part.kind === "document") {
    const isNamed = row.media?.fileName === undefined || row.media.fileName === part.fileName;
    return row.kind === "document" && isNamed;
  }
  const shown = toComparable(row.text ?? "").replace(/(…|\.{3})$/, "");
  const whole = toComparable(part.text);
  if (shown === "") return whole === "";
  return row.isComplete ? shown === whole.replace(/(…|\.{3})$/, "") : whole.startsWith(shown);
}
