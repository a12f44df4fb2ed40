import { inflateSync } from "node:zlib";

/** What inflates to more is left to pdfjs's own decoder, which runs into the limits of the process. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

/**
 * Replaces two globals that pdfjs takes detours over, in a process that does nothing but run pdfjs. What they
 * return stays the same.
 *
 * - `DecompressionStream`: Node's goes through a thread and two web streams for each page's content.
 * - `structuredClone`: pdfjs clones all text that its worker sends, although the worker is in the same thread.
 */
export function takeShortcuts(): void {
  const clone = globalThis.structuredClone;
  Object.defineProperties(globalThis, {
    DecompressionStream: { configurable: true, writable: true, value: DirectDecompression },
    structuredClone: {
      configurable: true,
      writable: true,
      value: (value: unknown, options?: Parameters<typeof clone>[1]) =>
        isTextMessage(value) ? { ...value, chunk: { ...value.chunk } } : clone(value, options),
    },
  });
}

/** As much of a `DecompressionStream` as pdfjs uses: one write, then `close`, and the chunks in turn. */
class DirectDecompression {
  readonly readable: Iterable<Uint8Array>;
  readonly writable: { getWriter(): unknown };

  /** Throws for other formats, as Node's does for those that it does not know; pdfjs then decodes by itself. */
  constructor(format: string) {
    if (format !== "deflate") throw new TypeError(`${format} is not inflated here`);
    let compressed = new Uint8Array();
    this.readable = {
      *[Symbol.iterator]() {
        yield inflateSync(compressed, { maxOutputLength: MAX_INFLATED_BYTES });
      },
    };
    const ready = Promise.resolve();
    const writer = {
      ready,
      write(bytes: Uint8Array<ArrayBuffer>) {
        compressed = bytes;
        return ready;
      },
      close: () => ready,
    };
    this.writable = { getWriter: () => writer };
  }
}

interface TextMessage {
  readonly chunk: { readonly items: readonly unknown[]; readonly styles: object };
}

/** pdfjs's worker puts new lists into a chunk that it has sent and leaves the old ones alone, so a shallow copy does. */
function isTextMessage(value: unknown): value is TextMessage {
  const chunk = (value as Partial<TextMessage> | null)?.chunk;
  return Array.isArray(chunk?.items) && chunk?.styles !== undefined;
}
