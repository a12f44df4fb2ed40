import { servicesMissing } from "../services/harness/binaries.ts";
import { startPostgres } from "../services/harness/postgres.ts";
import { type Fault, listPoints, runCrash } from "./crash-cell.ts";
import type { Verdict } from "./ledger.ts";

/**
 * `npm run verify:journey [-- --quick] [-- part of a place's name]`: kills a process of the line at every place between
 * two awaits of every hop (and freezes it there, to wake after another took over), and prints what became
 * of six messages with two parts each. `--quick` (CI) kills at the first visit of each place only. Exits 1 when anything was lost or
 * doubled, or came out of order without the ledger saying so: `late` are parts given up as unknown that a frozen
 * process still sent.
 */
const missing = servicesMissing();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
/** Runs at the same time; each has a database, a network and processes of its own. */
const SIDE_BY_SIDE = 3;
const isQuick = process.argv.includes("--quick");
const wanted = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const postgres = await startPostgres();
let failures = 0;
try {
  const points = await listPoints(postgres);
  const cells = [...points].flatMap(([point, visits]) => cellsOf(point, visits));
  const chosen = cells.filter(({ point }) => point.includes(wanted));
  console.log(`${points.size} places, ${chosen.length} runs of 6 messages with 2 parts each\n`);
  console.log(row("place", "visit", "deed", "lost", "doubled", "unknown", "late", "disorder", ""));
  let unknown = 0;
  const waiting = [...chosen];
  const runNext = async (): Promise<void> => {
    const fault = waiting.shift();
    if (fault === undefined) return;
    const verdict = await runCrash(postgres, fault);
    const fallsShort = !isSound(verdict, fault);
    if (fallsShort) failures += 1;
    unknown += verdict.unknown;
    const remark = fallsShort ? "FALLS SHORT" : verdict.isReached ? "" : "not reached";
    const { lost, doubled, unknown: unsure, late, disordered } = verdict;
    const figures = [fault.visit, fault.deed, lost, doubled, unsure, late, disordered].map(String);
    console.log(row(fault.point, ...figures, remark));
    return runNext();
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, runNext));
  console.log(
    `\n${chosen.length} runs, ${failures} fall short; ${unknown} parts are marked unknown, none silently.`,
  );
} finally {
  await postgres.stop();
}
process.exit(failures === 0 ? 0 : 1);

/** The first visit of each place, and one in the midst of the work; what holds a lease is also frozen. */
function cellsOf(point: string, visits: number): Fault[] {
  if (isQuick) return [{ point, visit: 1, deed: "kill" }];
  const later = visits >= 3 ? [{ point, visit: Math.ceil(visits / 2), deed: "kill" as const }] : [];
  const isHeld = /^(answer|deliver|conversation|conversations|outbox|channel)\b/.test(point);
  const frozen = isHeld ? [{ point, visit: 1, deed: "freeze" as const }] : [];
  return [{ point, visit: 1, deed: "kill" }, ...later, ...frozen];
}

/** Only a process that stood still inside its call may be late: nothing of the dead arrives any more. */
function isSound({ lost, doubled, disordered, late }: Verdict, { deed }: Fault): boolean {
  return lost + doubled + disordered === 0 && (late === 0 || deed === "freeze");
}

function row(place: string, ...cells: readonly string[]): string {
  return [place.padEnd(46), ...cells.map((cell) => cell.padEnd(8))].join(" ").trimEnd();
}
