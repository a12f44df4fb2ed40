import { PregoneroError } from "../core/errors.ts";
import type { FileStore } from "../core/gazette-store.ts";

/** Draws one page of a PDF as PNG, `widthPx` wide. Implemented in `src/gazette`. */
export type RenderPage = (
  pdf: Uint8Array,
  page: number,
  options: { readonly widthPx: number; readonly signal: AbortSignal },
) => Promise<Uint8Array>;

export interface PageImages {
  /** The page as PNG. Throws `too-busy` (503), and `not-found` when the PDF isn't in the file store. */
  get(wanted: {
    readonly contentHash: string;
    readonly fileKey: string;
    readonly page: number;
    readonly widthPx: number;
  }): Promise<Buffer>;
}

/** About 200 pages of text at 1,100 pixels. */
const CACHE_BYTES = 48 * 1024 * 1024;
/** Drawing takes a core for a fraction of a second: one at a time, and a short queue. */
const MAX_WAITING = 24;
const RENDER_TIMEOUT_MS = 20_000;

/** Draws each page once, keeps the most recently used, and joins those who ask for the same page meanwhile. */
export function createPageImages(ports: {
  readonly fileStore: Pick<FileStore, "get">;
  readonly renderPage: RenderPage;
}): PageImages {
  const images = new Map<string, Buffer>();
  const pending = new Map<string, Promise<Buffer>>();
  let bytes = 0;
  let queue: Promise<unknown> = Promise.resolve();

  function remember(key: string, image: Buffer): void {
    images.set(key, image);
    bytes += image.length;
    for (const [oldest, { length }] of images) {
      if (bytes <= CACHE_BYTES) break;
      images.delete(oldest);
      bytes -= length;
    }
  }

  async function draw(key: string, { fileKey, page, widthPx }: Parameters<PageImages["get"]>[0]) {
    const pdf = await ports.fileStore.get(fileKey);
    if (pdf === undefined) {
      throw new PregoneroError("not-found", "The PDF of this edition is not in the file store.", {
        status: 404,
      });
    }
    const signal = AbortSignal.timeout(RENDER_TIMEOUT_MS);
    const png = await ports.renderPage(pdf, page, { widthPx, signal });
    const image = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
    remember(key, image);
    return image;
  }

  return {
    get(wanted) {
      const key = `${wanted.contentHash} ${wanted.page} ${wanted.widthPx}`;
      const known = images.get(key);
      if (known !== undefined) {
        images.delete(key);
        images.set(key, known);
        return Promise.resolve(known);
      }
      const running = pending.get(key);
      if (running !== undefined) return running;
      if (pending.size >= MAX_WAITING) {
        return Promise.reject(
          new PregoneroError("too-busy", "Too many pages are being drawn.", {
            status: 503,
            retry: "backoff",
          }),
        );
      }
      const image = queue.then(() => draw(key, wanted)).finally(() => pending.delete(key));
      queue = image.catch(() => {});
      pending.set(key, image);
      return image;
    },
  };
}
