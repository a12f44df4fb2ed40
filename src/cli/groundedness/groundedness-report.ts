import { table } from "../terminal.ts";
import type { GroundednessReport, GroundednessRow } from "./measure-groundedness.ts";

/** Of the true sentences, at least this share is to reach the citizen. */
const KEPT_OF_TRUE = 0.95;
/** Of a true sentence that cites another passage than its own: some notices are printed twice with small changes. */
const CITED_RIGHTLY = 0.95;

/** What falls short of the promise: every invention is removed, nearly all that is true is kept. */
export function shortfallsOf(report: GroundednessReport): readonly string[] {
  const told = report.rows.filter(
    ({ expected, right, written }) => expected === "remove" && right < written,
  );
  const miscited = report.rows.filter(
    ({ expected, right, written }) =>
      expected === "cite-rightly" && right < written * CITED_RIGHTLY,
  );
  return [
    ...told.map(({ kind, wrong }) => `FALLEN ${kind}: reached the citizen: ${wrong.join(" | ")}`),
    ...miscited.map(({ kind, wrong }) => `FALLEN ${kind}: ${wrong.join(" | ")}`),
    ...(report.keptOfTrue < KEPT_OF_TRUE
      ? [`FALLEN true sentences kept: ${report.keptOfTrue.toFixed(3)}, promised ${KEPT_OF_TRUE}`]
      : []),
  ];
}

export function formatGroundedness(set: string, report: GroundednessReport): string {
  const ofKind = (wanted: (row: GroundednessRow) => boolean) => report.rows.filter(wanted);
  const rows = (some: readonly GroundednessRow[]) =>
    some.map(({ kind, written, right }) => [
      kind,
      String(written),
      String(right),
      (right / written).toFixed(3),
    ]);
  return [
    `\n${set}: groundedness, ${report.questions} answers of a model that mixes true and invented sentences`,
    table([
      ["true, retold", "written", "kept", "share"],
      ...rows(ofKind(({ expected }) => expected === "keep")),
    ]),
    table([
      ["untrue or wrongly cited", "written", "removed", "share"],
      ...rows(ofKind(({ expected }) => expected !== "keep")),
    ]),
    `true sentences kept: ${report.keptOfTrue.toFixed(3)}; inventions removed: ${report.removedOfInvented.toFixed(3)}`,
    ...shortfallsOf(report),
  ].join("\n");
}
