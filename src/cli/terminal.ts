import type { CommandContext, CommandProgress, Output } from "./ports.ts";

/** C0 and C1 controls but tab and newline: text from a gazette must not move the reader's cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export function printable(text: string): string {
  return text.replace(CONTROLS, "");
}

export const terminal: Output = {
  result: (text) => void process.stdout.write(`${printable(text)}\n`),
  progress: (text) => void process.stderr.write(`${printable(text)}\n`),
  draw(lines) {
    const isTerminal = process.stdout.isTTY === true;
    const colour = (line: string) => (isTerminal ? `${BLACK_ON_WHITE}${line}${USUAL}` : line);
    process.stdout.write(`${lines.map((line) => colour(printable(line))).join("\n")}\n`);
  },
};

/** ECMA-48 SGR: black on bright white, which a scanner needs also where the terminal is dark. */
const BLACK_ON_WHITE = "\u001b[30;107m";
const USUAL = "\u001b[0m";

const STEPS: Readonly<Record<string, string>> = {
  download: "downloading",
  read: "reading pages",
  recognise: "recognising scanned pages",
  segment: "finding acts",
  store: "storing and indexing",
};
/** A line per page of a long edition would bury the rest. */
const LINES_PER_STEP = 20;

/** Prints `reading pages 40/381`, at most about twenty lines a step. */
export function createContext(signal: AbortSignal, out: Output): CommandContext {
  let last = "";
  return {
    signal,
    onProgress({ step, done, total }: CommandProgress) {
      const label = STEPS[step] ?? step;
      if (done === undefined || total === undefined) {
        if (label !== last) out.progress(`${label} …`);
      } else if (done === total || done % Math.ceil(total / LINES_PER_STEP) === 0) {
        out.progress(`${label} ${done}/${total}`);
      }
      last = label;
    },
  };
}

/** Columns padded to their widest cell, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, at) =>
    Math.max(...rows.map((row) => (row[at] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
