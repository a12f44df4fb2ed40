import type { Page } from "playwright-core";
import { toComparable } from "../comparable-text.ts";
import type { MessageRow, PageReader } from "../detection/page-reader.ts";
import type { WhatsAppWebPart } from "../render.ts";
import type { EngineOutcome, EngineTarget, HumanPauses } from "./engine.ts";
import { waitFor } from "./pacing.ts";
import { idsOf } from "./read-chat.ts";

const LOOK_EVERY_MS = 150;
/** For one click or key of Playwright's. */
const STEP_TIMEOUT_MS = 5_000;
/** Letters typed one by one; the rest of a long part is inserted word by word. */
const MOST_KEYSTROKES = 80;
/** Rows of the end of a chat that are looked through for what was sent. */
const MOST_OWN_ROWS = 60;
/** Ids drawn above our own new row may be those of messages that were read before. */
const ENTER_SETTLES_MS = 1_500;

export interface SendPorts {
  readonly page: Page;
  readonly reader: PageReader;
  readonly pauses: HumanPauses;
}

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

/** Whether the open chat shows the part among our messages; `since` as in `Engine.findSent`. */
export async function findPart(
  { page, reader }: Pick<SendPorts, "page" | "reader">,
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
  const { rows } = await reader.rowsAfter([], MOST_OWN_ROWS, signal);
  const own = rows.filter((row) => isSame(row, part) && !options.isTaken(row.canonicalId));
  // The page dates to the minute.
  const sinceMs = since === undefined ? 0 : Math.floor(since.getTime() / 60_000) * 60_000;
  const recent = own.filter(({ sentAt }) => sentAt === undefined || Date.parse(sentAt) >= sinceMs);
  const last = recent.at(-1);
  if (last !== undefined) return judge(last) ?? { kind: "unknown", reason: "still-pending" };
  if (await composerHolds(page, reader, part)) return { kind: "not-sent", reason: "not-there" };
  if (rows.some(({ direction }) => direction === "unknown")) {
    return { kind: "unknown", reason: "direction-unknown" };
  }
  return { kind: "not-sent", reason: "not-there" };
}

type Written = "written" | "aborted" | "composer-refused" | "media-refused";

async function writeText(ports: SendPorts, text: string, signal: AbortSignal): Promise<Written> {
  const { page, reader } = ports;
  const composer = reader.composer();
  for (const isCareful of [false, true]) {
    try {
      await composer.click({ timeout: STEP_TIMEOUT_MS });
      await clearComposer(page);
      await type(ports, text, isCareful, signal);
      if (signal.aborted) {
        await clearComposer(page);
        return "aborted";
      }
      if (isHeld(await composer.textContent({ timeout: STEP_TIMEOUT_MS }), text)) return "written";
      await clearComposer(page);
    } catch {
      if (signal.aborted) return "aborted";
    }
  }
  return "composer-refused";
}

async function type(
  { page, pauses }: SendPorts,
  text: string,
  isCareful: boolean,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  let typed = 0;
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (index > 0) await page.keyboard.press("Shift+Enter");
    const isWhole = isCareful || pauses.maxTypingMs === 0;
    for (const word of isWhole ? [line] : line.split(/(?<=\s)/)) {
      if (signal.aborted) return;
      const isByKey = !isCareful && typed < MOST_KEYSTROKES && pauses.maxTypingMs > 0;
      if (isByKey) await page.keyboard.type(word, { delay: pauses.keystrokeMs() });
      else if (word !== "") await page.keyboard.insertText(word);
      typed += word.length;
      // The rest is spread over what is left of the time that a part may take.
      const leftMs = pauses.maxTypingMs - (Date.now() - startedAt);
      const share = (word.length / Math.max(1, text.length - typed + word.length)) * leftMs;
      if (!isByKey && share > 1) await waitFor(Math.min(share, 400), signal);
    }
  }
}

async function clearComposer(page: Page): Promise<void> {
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Backspace");
}

async function attachDocument(
  ports: SendPorts,
  part: Extract<WhatsAppWebPart, { kind: "document" }>,
  signal: AbortSignal,
): Promise<Written> {
  const { page, reader } = ports;
  try {
    await reader.composer().click({ timeout: STEP_TIMEOUT_MS });
    await clearComposer(page);
    await giveFile(ports, part);
    await reader.element("media-send").waitFor({ timeout: STEP_TIMEOUT_MS });
    if (part.caption !== "") {
      await reader.captionBox().click({ timeout: STEP_TIMEOUT_MS });
      await type(ports, part.caption, false, signal);
    }
    if (!signal.aborted) return "written";
    await closePreview(ports);
    return "aborted";
  } catch {
    await closePreview(ports);
    return signal.aborted ? "aborted" : "media-refused";
  }
}

/** Into the input that is there, else by the menu, which may open the dialogue of the system. */
async function giveFile(
  { page, reader }: SendPorts,
  part: Extract<WhatsAppWebPart, { kind: "document" }>,
): Promise<void> {
  const file = {
    name: part.fileName,
    mimeType: part.mimeType,
    buffer: Buffer.from(part.contentBase64, "base64"),
  };
  const input = reader.fileInput();
  if ((await input.count()) === 0) {
    await reader.element("attach").click({ timeout: STEP_TIMEOUT_MS });
    const chooser = page
      .waitForEvent("filechooser", { timeout: STEP_TIMEOUT_MS })
      .catch(() => undefined);
    await reader.element("attach-document").click({ timeout: STEP_TIMEOUT_MS });
    const opened = await Promise.race([
      chooser,
      input.waitFor({ state: "attached", timeout: STEP_TIMEOUT_MS }).then(() => undefined),
    ]);
    if (opened !== undefined) return await opened.setFiles(file, { timeout: STEP_TIMEOUT_MS });
  }
  await input.setInputFiles(file, { timeout: STEP_TIMEOUT_MS });
}

async function closePreview({ reader }: SendPorts): Promise<void> {
  const close = reader.element("media-close");
  if ((await close.count().catch(() => 0)) > 0) {
    await close.click({ timeout: STEP_TIMEOUT_MS }).catch(() => undefined);
  }
}

async function wipe(ports: SendPorts, part: WhatsAppWebPart): Promise<void> {
  if (part.kind === "document") return await closePreview(ports);
  await clearComposer(ports.page).catch(() => undefined);
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
    const outcome = seen && judge(seen);
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

/** Undefined while the clock is shown, or a tick that we do not know. */
function judge(row: MessageRow): EngineOutcome | undefined {
  switch (row.tick) {
    case "sent":
    case "delivered":
    case "read":
      return { kind: "sent", canonicalId: row.canonicalId };
    case "failed":
      return { kind: "not-sent", reason: "message-failed" };
    default:
      return undefined;
  }
}

/** The draft is still in the box, so it was certainly not sent. Only of texts: a caption's box goes with its picture. */
async function composerHolds(
  page: Page,
  reader: PageReader,
  part: WhatsAppWebPart,
): Promise<boolean> {
  if (part.kind !== "text" || page.isClosed()) return false;
  const held = await reader
    .composer()
    .textContent({ timeout: 1_000 })
    .catch(() => "");
  return isHeld(held, part.text);
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

/** Whether the open conversation is this chat: by its title, and by an id that was read there, where there is one. */
export function isProven(
  target: EngineTarget,
  title: string,
  jid: string | undefined,
  seenIds: readonly string[],
): boolean {
  if (jid !== undefined && target.jid !== undefined && kindOfJid(jid) === kindOfJid(target.jid)) {
    return jid === target.jid;
  }
  const seen = new Set(seenIds);
  if (target.lastReadIds.some((id) => seen.has(id))) return true;
  return title === target.title && target.lastReadIds.length === 0;
}

function kindOfJid(jid: string): string {
  return jid.split("@")[1] ?? "";
}

/** The box draws emoji as pictures, whose letters its text lacks. */
const PICTURES = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u20e3/gu;

function isHeld(held: string | null, text: string): boolean {
  const bare = (each: string) => toComparable(each).replace(PICTURES, "");
  if (held === null || (held.trim() === "" && bare(text) !== "")) return false;
  return bare(held) === bare(text);
}
