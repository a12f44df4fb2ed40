import type { Page } from "playwright-core";
import { toComparable } from "../comparable-text.ts";
import type { PageReader } from "../detection/page-reader.ts";
import type { WhatsAppWebPart } from "../render.ts";
import type { HumanPauses } from "./engine.ts";
import { waitFor } from "./pacing.ts";

/** For one click or key of Playwright's. */
export const STEP_TIMEOUT_MS = 5_000;
/** Letters typed one by one; the rest of a long part is inserted word by word. */
const MOST_KEYSTROKES = 80;

export interface SendPorts {
  readonly page: Page;
  readonly reader: PageReader;
  readonly pauses: HumanPauses;
}

export type Written = "written" | "aborted" | "composer-refused" | "media-refused";

/** Types into the compose box, with care the second time, and reads it back. */
export async function writeText(
  ports: SendPorts,
  text: string,
  signal: AbortSignal,
): Promise<Written> {
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

export async function clearComposer(page: Page): Promise<void> {
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Backspace");
}

/** Leaves the preview open, with the caption under it. */
export async function attachDocument(
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

/** What was typed or attached goes, so that nobody sends it later. */
export async function wipe(ports: SendPorts, part: WhatsAppWebPart): Promise<void> {
  if (part.kind === "document") return await closePreview(ports);
  await clearComposer(ports.page).catch(() => undefined);
}

/** The draft is still in the box, so it was certainly not sent. Only of texts: a caption's box goes with its picture. */
export async function composerHolds(
  page: Pick<Page, "isClosed">,
  reader: Pick<PageReader, "composer">,
  part: WhatsAppWebPart,
): Promise<boolean> {
  if (part.kind !== "text" || page.isClosed()) return false;
  const held = await reader
    .composer()
    .textContent({ timeout: 1_000 })
    .catch(() => "");
  return isHeld(held, part.text);
}

/** The box draws emoji as pictures, whose letters its text lacks. */
const PICTURES = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u20e3/gu;

function isHeld(held: string | null, text: string): boolean {
  const bare = (each: string) => toComparable(each).replace(PICTURES, "");
  if (held === null || (held.trim() === "" && bare(text) !== "")) return false;
  return bare(held) === bare(text);
}
