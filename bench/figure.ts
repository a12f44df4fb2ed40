import { mkdir, readFile, writeFile } from "node:fs/promises";
import { arch, cpus, totalmem } from "node:os";
import path from "node:path";
import { repositoryRoot } from "../test/services/harness/repository.ts";

/** One measured line. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  /** `ms`, `messages/s`, `MB`, … */
  readonly unit: string;
  /** What the same was for somebody who does only that, in the same run. */
  readonly peer?: { readonly name: string; readonly value: number };
  /** What is to be reached; of the ratio when there is a peer, else of the value. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
  /** How it was measured, or why it says less than it seems. */
  readonly note?: string;
}

export interface SectionResult {
  readonly section: string;
  readonly measuredAt: string;
  readonly machine: string;
  readonly figures: readonly (Figure & { readonly ratio?: number; readonly isMet?: boolean })[];
}

export function complete(section: string, figures: readonly Figure[]): SectionResult {
  return {
    section,
    measuredAt: new Date().toISOString(),
    machine: machine(),
    figures: figures.map((figure) => ({ ...figure, ...judge(figure) })),
  };
}

function judge(figure: Figure): { ratio?: number; isMet?: boolean } {
  const ratio = figure.peer && figure.value / figure.peer.value;
  if (figure.target === undefined) return ratio === undefined ? {} : { ratio };
  const judged = ratio ?? figure.value;
  const isMet =
    "atMost" in figure.target ? judged <= figure.target.atMost : judged >= figure.target.atLeast;
  return ratio === undefined ? { isMet } : { ratio, isMet };
}

/** The names of those whose target was not reached. */
export function missedFigures({ figures }: SectionResult): readonly string[] {
  return figures.filter(({ isMet }) => isMet === false).map(({ figure }) => figure);
}

export function printSection({ section, figures }: SectionResult): void {
  const rows = figures.map((line) => [
    line.figure,
    `${readable(line.value)} ${line.unit}`,
    line.peer === undefined ? "" : `${line.peer.name} ${readable(line.peer.value)}`,
    line.ratio === undefined ? "" : `${readable(line.ratio)} ×`,
    targetText(line),
    line.isMet === undefined ? "" : line.isMet ? "yes" : "NO",
  ]);
  const head = ["figure", "value", "peer", "ratio", "target", "met"];
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const print = (row: readonly string[]) =>
    console.log(
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
    );
  console.log(`\n${section}`);
  print(head);
  print(widths.map((width) => "-".repeat(width)));
  for (const row of rows) print(row);
  for (const line of figures) if (line.note) console.log(`  ${line.figure}: ${line.note}`);
}

function targetText({ target, peer }: Figure): string {
  if (target === undefined) return "";
  const times = peer === undefined ? "" : " ×";
  return "atMost" in target ? `≤ ${target.atMost}${times}` : `≥ ${target.atLeast}${times}`;
}

function readable(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Replaces this section in bench/results.json and leaves the others as they were. */
export async function saveSection(result: SectionResult): Promise<void> {
  const file = path.join(repositoryRoot(), "bench", "results.json");
  const before = await readFile(file, "utf8").then(
    (text) => JSON.parse(text) as SectionResult[],
    () => [],
  );
  const sections = [...before.filter(({ section }) => section !== result.section), result];
  sections.sort((a, b) => a.section.localeCompare(b.section));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(sections, undefined, 2)}\n`);
}

function machine(): string {
  const [cpu] = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? "unknown"} (${arch()}), ${memoryGb} GB, Node ${process.versions.node}`;
}
