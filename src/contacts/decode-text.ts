/** How the bytes of a file are written; undefined: as far as they were seen, it makes no difference. */
type Encoding = "utf-16le" | "utf-8" | "windows-1252" | undefined;

/** A character of UTF-8 has at most so many bytes: one that begins with fewer behind it may be cut off. */
const LONGEST_CHARACTER = 4;

/**
 * The text of a file as it comes: UTF-16 with its mark; else UTF-8 or Windows-1252, which every other file that a
 * spreadsheet writes here is. Which of the two is decided where the first byte stands that is not ASCII, up to where
 * both read the same. What is not UTF-8 in a file that began so comes out as U+FFFD.
 */
export async function* decodeText(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let isFirst = true;
  let held: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    if (decoder !== undefined) {
      yield decoder.decode(chunk, { stream: true });
      continue;
    }
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    // A mark has two bytes, and a character up to four.
    if (isUndecidable(bytes, isFirst)) {
      held = bytes;
      continue;
    }
    const encoding = encodingOf(bytes, isFirst);
    isFirst = false;
    held = new Uint8Array();
    if (encoding === undefined) {
      yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
      continue;
    }
    decoder = new TextDecoder(encoding);
    yield decoder.decode(bytes, { stream: true });
  }
  decoder ??= new TextDecoder(encodingOf(held, isFirst, "whole") ?? "utf-8");
  yield decoder.decode(held);
}

function isUndecidable(bytes: Uint8Array, isFirst: boolean): boolean {
  if (isFirst && bytes.length < 2) return true;
  if (isFirst && isUtf16(bytes)) return false;
  const at = firstBeyondAscii(bytes);
  return at !== -1 && bytes.length - at < LONGEST_CHARACTER;
}

function isUtf16(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}

function firstBeyondAscii(bytes: Uint8Array): number {
  return bytes.findIndex((byte) => byte > 0x7f);
}

function encodingOf(bytes: Uint8Array, isFirst: boolean, extent?: "whole"): Encoding {
  if (isFirst && isUtf16(bytes)) return "utf-16le";
  if (firstBeyondAscii(bytes) === -1) return undefined;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: extent !== "whole" });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}
