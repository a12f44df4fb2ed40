import type { BadLine } from "../core/contact-import.ts";

const MAX_REPORTED = 1_000;
/** What is behind it cannot be skipped, for nobody knows what it is. */
const UNREADABLE: ReadonlySet<string> = new Set(["quote-not-closed"]);

/** What is wrong with a file, as it is read. Holds the first thousand problems, however many there are. */
export interface Findings {
  report(problem: BadLine): void;
  /** Of the lines since the last `nextBatch`. */
  isBad(line: number): boolean;
  /** What was reported of single lines since the last call is counted, and forgotten. */
  nextBatch(): void;
  readonly badLines: readonly BadLine[];
  /** Problems: a line may have several. */
  readonly problemCount: number;
  readonly badLineCount: number;
  /** False: what follows a quotation mark that never ends could not be told apart. */
  readonly isWhole: boolean;
}

export function createFindings(): Findings {
  const badLines: BadLine[] = [];
  const recent = new Set<number>();
  let problemCount = 0;
  let counted = 0;
  let isWhole = true;
  return {
    report(problem) {
      const isUnreadable = UNREADABLE.has(problem.rule);
      problemCount += 1;
      recent.add(problem.line);
      if (isUnreadable) isWhole = false;
      if (badLines.length < MAX_REPORTED || isUnreadable) badLines.push(problem);
    },
    isBad: (line) => recent.has(line),
    nextBatch() {
      counted += recent.size;
      recent.clear();
    },
    badLines,
    get problemCount() {
      return problemCount;
    },
    get badLineCount() {
      return counted + recent.size;
    },
    get isWhole() {
      return isWhole;
    },
  };
}
