import { createReadStream } from "node:fs";
import type { Download, Locator, Page } from "playwright-core";
import { z } from "zod";
import { isPregoneroError, PregoneroError } from "../../../src/core/errors.ts";
import { fetchBlobSource } from "./in-page/fetch-blob.ts";
import { guarded } from "./page-calls.ts";
import type { MessageRow } from "./page-reader.ts";
import type { PageView } from "./page-view.ts";
import { until } from "./pause.ts";

interface Limits {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

const CLICK_TIMEOUT_MS = 4000;
/** The page itself fetches and decrypts the file first. */
const FILE_WITHIN_MS = 30_000;
const DRAWN_WITHIN_MS = 8000;

const fetchedSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("bytes"), base64: z.base64() }),
  z.object({ kind: z.literal("too-large"), size: z.number() }),
  z.object({ kind: z.literal("none") }),
]);

/**
 * What the row shows already is taken from the page (a picture's blob); else the row's own button is pressed, else
 * "Download" in its menu. The row must be in the open conversation.
 */
export async function downloadMedia(
  page: Page,
  view: PageView,
  row: MessageRow,
  limits: Limits,
): Promise<Uint8Array> {
  const node = page.locator(
    `${view.pack().conversation.root[0] ?? "#main"} [data-id="${row.rawId.replace(/["\\\n\r\f]/g, "\\$&")}"]`,
  );
  await guarded(
    node.first().scrollIntoViewIfNeeded({ timeout: CLICK_TIMEOUT_MS }),
    limits.signal,
  ).catch((error: unknown) => {
    limits.signal.throwIfAborted();
    throw page.isClosed() ? error : gone(error);
  });
  if (row.kind === "photo" || row.kind === "sticker" || row.kind === "album") {
    const bytes = await until(() => fetchBlob(page, view, row, limits), {
      withinMs: DRAWN_WITHIN_MS,
      signal: limits.signal,
    });
    if (bytes !== undefined) return bytes;
  }
  const drawn = await fetchBlob(page, view, row, limits);
  if (drawn !== undefined) return drawn;
  const { message } = view.pack();
  const inRow = (selectors: readonly string[]) => node.locator(selectors.join(", ")).first();
  const ways = [
    () => inRow(message.download).click({ timeout: CLICK_TIMEOUT_MS }),
    () => fromMenu(page, view, node.first()),
  ];
  for (const way of row.kind === "document" ? ways : ways.toReversed()) {
    const bytes = await byDownload(page, way, limits);
    if (bytes !== undefined) return bytes;
  }
  throw gone();
}

async function fetchBlob(
  page: Page,
  view: PageView,
  row: MessageRow,
  limits: Limits,
): Promise<Uint8Array | undefined> {
  const request = {
    rows: view.pack().conversation.row,
    dataId: row.rawId,
    sources: ["img", "video", "audio", "source"],
    maxBytes: limits.maxBytes,
  };
  const call = page.evaluate<unknown>(`(${fetchBlobSource})(${JSON.stringify(request)})`);
  const fetched = fetchedSchema.safeParse(await guarded(call, limits.signal, FILE_WITHIN_MS));
  if (!fetched.success || fetched.data.kind === "none") return undefined;
  if (fetched.data.kind === "too-large") throw tooLarge(limits.maxBytes);
  const bytes = Buffer.from(fetched.data.base64, "base64");
  if (bytes.byteLength > limits.maxBytes) throw tooLarge(limits.maxBytes);
  return bytes;
}

async function fromMenu(page: Page, view: PageView, node: Locator): Promise<void> {
  const { message } = view.pack();
  await node.hover({ timeout: CLICK_TIMEOUT_MS });
  await node.locator(message.menu.join(", ")).first().click({ timeout: CLICK_TIMEOUT_MS });
  await page.locator(message.menuItem.join(", ")).first().click({ timeout: CLICK_TIMEOUT_MS });
}

/** Undefined when this way leads to no file. */
async function byDownload(
  page: Page,
  press: () => Promise<void>,
  { maxBytes, signal }: Limits,
): Promise<Uint8Array | undefined> {
  const started = page.waitForEvent("download", { timeout: FILE_WITHIN_MS });
  started.catch(() => undefined);
  try {
    await guarded(press(), signal);
    const download = await guarded(started, signal, FILE_WITHIN_MS);
    return await readDownload(download, maxBytes, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (page.isClosed() || isPregoneroError(error, "media-too-large")) throw error;
    await page.keyboard.press("Escape").catch(() => undefined);
    return undefined;
  }
}

async function readDownload(
  download: Download,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    const path = await guarded(download.path(), signal, FILE_WITHIN_MS);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of createReadStream(path, { signal })) {
      size += (chunk as Buffer).byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } finally {
    await download.delete().catch(() => undefined);
  }
}

function tooLarge(maxBytes: number): PregoneroError {
  return new PregoneroError("media-too-large", `the file is larger than ${maxBytes} bytes`);
}

function gone(cause?: unknown): PregoneroError {
  return new PregoneroError("media-gone", "WhatsApp Web offers this file no longer", { cause });
}
