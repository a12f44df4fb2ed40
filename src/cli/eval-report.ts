import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { EvalReport, EvalRow } from "../retrieval/evaluate.ts";
import { table } from "./terminal.ts";

const FIGURES = [
  "hitAt1",
  "hitAt5",
  "mrrAt10",
  "allPagesAt5",
  "answered",
  "refused",
  "facts",
] as const;
type Figure = (typeof FIGURES)[number];

const baselineFile = z.record(z.string(), z.partialRecord(z.enum(FIGURES), z.number()));

export interface BaselineVerdict {
  readonly figure: Figure;
  readonly measured: number;
  readonly baseline: number;
  readonly hasFallen: boolean;
}

/**
 * Each figure of all questions against the committed one. Fallen: by more than one standard error of a
 * share over that many questions, sqrt(p (1 − p) / n), and by more than one question.
 */
export async function compareWithBaseline(
  file: string,
  set: string,
  report: EvalReport,
): Promise<readonly BaselineVerdict[]> {
  const baselines = baselineFile.parse(JSON.parse(await readFile(file, "utf8")));
  const all = report.rows[0];
  const baseline = baselines[set] ?? {};
  return FIGURES.flatMap((figure) => {
    const [measured, committed] = [all?.[figure], baseline[figure]];
    if (all === undefined || measured === undefined || committed === undefined) return [];
    const count = figure === "refused" ? all.unanswerable : all.answerable;
    const noise = Math.max(1 / count, Math.sqrt((committed * (1 - committed)) / count));
    return [
      { figure, measured, baseline: committed, hasFallen: measured < committed - noise - 1e-9 },
    ];
  });
}

/** Plain BM25 over the shared PDFs, page unit and passage unit: data/BASELINE.md. */
const PLAIN_BM25: readonly EvalRow[] = [
  {
    label: "BM25 of pages",
    answerable: 70,
    unanswerable: 20,
    hitAt1: 0.857,
    hitAt5: 0.929,
    mrrAt10: 0.885,
    allPagesAt5: 0.8,
    answered: undefined,
    refused: undefined,
    facts: undefined,
  },
  {
    label: "BM25 of passages",
    answerable: 70,
    unanswerable: 20,
    hitAt1: 0.757,
    hitAt5: 0.886,
    mrrAt10: 0.814,
    allPagesAt5: 0.6,
    answered: undefined,
    refused: undefined,
    facts: undefined,
  },
];

export function formatReport(
  set: string,
  report: EvalReport,
  verdict: readonly BaselineVerdict[],
): string {
  const rows = set === "shared" ? [...report.rows, ...PLAIN_BM25] : report.rows;
  const head = [
    "",
    "questions",
    "hit@1",
    "hit@5",
    "MRR@10",
    "all pages@5",
    "answered",
    "refused",
    "facts",
  ];
  const body = rows.map((row) => [
    row.label,
    `${row.answerable} + ${row.unanswerable}`,
    ...FIGURES.map((figure) => format(row[figure])),
  ]);
  const misses = report.misses.map(({ id, rank }) => `${id} (${rank ?? "none"})`).join(" ");
  const wrong = report.wrongVerdicts
    .map(({ id, confidence }) => `${id} (${confidence.toFixed(2)})`)
    .join(" ");
  const fallen = verdict
    .filter((item) => item.hasFallen)
    .map((item) => `FALLEN ${item.figure}: ${format(item.measured)}, was ${format(item.baseline)}`);
  return [
    `\n${set}`,
    table([head, ...body]),
    `not first: ${misses || "none"}`,
    `wrongly answered or refused: ${wrong || "none"}`,
    `answered without every fact: ${report.withoutFacts.join(" ") || "none"}`,
    `per question, index in memory: ${report.cpuMsPerQuestion.toFixed(2)} ms CPU, ${report.wallMsPerQuestion.toFixed(2)} ms elapsed (both include the embedded database)`,
    ...fallen,
  ].join("\n");
}

function format(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(3);
}
