import { finished } from "node:stream";
import { parse } from "csv-parse";
import { decodeText } from "./decode-text.ts";

/** A record of the file, as far as it could be read. */
export interface FileLine {
  /** On which it begins, from 1. */
  readonly line: number;
  /** Undefined: a quotation mark begins here and never ends; nothing that follows can be told apart. */
  readonly cells: readonly string[] | undefined;
}

/** A cell that is longer is no name and no number; a quotation mark that never ends would take in the whole file. */
const MAX_RECORD_CHARACTERS = 20_000;
/** A heading has fewer. */
const SNIFFED_CHARACTERS = 10_000;

/**
 * The records of a CSV file (RFC 4180) as its bytes come, a chunk in memory. Comma, semicolon or tab, whichever its
 * heading has most of; `decodeText` says in which encodings. Where its reader stops early, the bytes are not read on.
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<FileLine> {
  const chunks = withoutReturns(decodeText(bytes));
  const heading = await readHeadingOf(chunks);
  // Handed over as they are read, and not through the stream, which forgets what it holds when it fails.
  const read: FileLine[] = [];
  let end = 0;
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(heading),
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
  const write = (text: string) =>
    new Promise<void>((resolve) => parser.write(text, () => resolve()));
  try {
    await write(heading);
    yield* read.splice(0);
    for await (const text of chunks) {
      signal.throwIfAborted();
      if (parser.destroyed) break;
      await write(text);
      yield* read.splice(0);
    }
    if (!parser.destroyed) parser.end();
    const error = await failed;
    yield* read.splice(0);
    if (error !== undefined) yield { line: end + 1, cells: undefined };
  } finally {
    parser.destroy();
    await chunks.return(undefined);
  }
}

/** What comes until the first line has ended, or is longer than any heading. */
async function readHeadingOf(chunks: AsyncIterator<string>): Promise<string> {
  let text = "";
  while (text.length < SNIFFED_CHARACTERS && !text.includes("\n")) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    text += value;
  }
  return text;
}

/** Lines end with a line feed, so that a line of a cell counts once. */
async function* withoutReturns(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = "";
  for await (const chunk of chunks) {
    const text = held + chunk;
    held = text.endsWith("\r") ? "\r" : "";
    if (text !== held) yield text.slice(0, text.length - held.length).replace(/\r\n?/g, "\n");
  }
  if (held !== "") yield "\n";
}

function delimiterOf(start: string): string {
  const heading = (start.split("\n")[0] ?? "").replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => heading.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, one) => (count(one) > count(best) ? one : best));
}
