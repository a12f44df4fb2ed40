import { isUtf8 } from "node:buffer";
import { finished } from "node:stream";
import { parse } from "csv-parse";

/** A record of the file, as far as it could be read. */
export interface FileLine {
  /** On which it begins, from 1. */
  readonly line: number;
  /** Undefined: a quotation mark begins here and never ends; nothing that follows can be told apart. */
  readonly cells: readonly string[] | undefined;
}

/** A cell that is longer is no name and no number; a quotation mark that never ends would take in the whole file. */
const MAX_RECORD_CHARACTERS = 20_000;
const SNIFFED_BYTES = 10_000;

/**
 * The records of a CSV file (RFC 4180), streamed. Comma, semicolon or tab, whichever its heading has most of; UTF-8,
 * UTF-16 with its mark, else Windows-1252, which every other file that a spreadsheet writes here is.
 */
export async function* readLines(bytes: Buffer, signal: AbortSignal): AsyncGenerator<FileLine> {
  const encoding = encodingOf(bytes);
  const delimiter = delimiterOf(bytes, encoding);
  // Handed over as they are read, and not through the stream, which forgets what it holds when it fails.
  const read: FileLine[] = [];
  let end = 0;
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    on_record(record: readonly string[], { lines }: { readonly lines: number }) {
      end = lines;
      // It says where the record ends.
      const span = record.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
      read.push({ line: end - span, cells: record });
      return null;
    },
  });
  // Each write tells its own failure.
  parser.on("error", () => {});
  const failed = new Promise<Error | undefined>((resolve) => {
    finished(parser.resume(), (error) => resolve(error ?? undefined));
  });
  for (const text of withoutReturns(decoded(bytes, encoding))) {
    signal.throwIfAborted();
    if (parser.destroyed) break;
    await new Promise<void>((resolve) => parser.write(text, () => resolve()));
    yield* read.splice(0);
  }
  if (!parser.destroyed) parser.end();
  const error = await failed;
  yield* read.splice(0);
  if (error !== undefined) yield { line: end + 1, cells: undefined };
}

/** Lines end with a line feed, so that a line of a cell counts once. */
function* withoutReturns(chunks: Iterable<string>): Generator<string> {
  let held = "";
  for (const chunk of chunks) {
    const text = held + chunk;
    held = text.endsWith("\r") ? "\r" : "";
    yield text.slice(0, text.length - held.length).replace(/\r\n?/g, "\n");
  }
  if (held !== "") yield "\n";
}

const SLICE_BYTES = 64 * 1024;

function* decoded(bytes: Buffer, encoding: string): Generator<string> {
  const decoder = new TextDecoder(encoding);
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    const text = decoder.decode(bytes.subarray(start, start + SLICE_BYTES), { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return isUtf8(bytes) ? "utf-8" : "windows-1252";
}

function delimiterOf(bytes: Buffer, encoding: string): string {
  const start = new TextDecoder(encoding).decode(bytes.subarray(0, SNIFFED_BYTES));
  const heading = (start.split(/\r?\n/)[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => heading.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}
