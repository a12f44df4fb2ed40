import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { servicesMissing } from "../services/harness/binaries.ts";
import { startPostgres } from "../services/harness/postgres.ts";
import type { WhatsAppEngine } from "./whatsapp-cell.ts";
import { type ConformanceCell, runConformance } from "./whatsapp-conformance.ts";
import { runWhatsAppFault, WHATSAPP_FAULTS, type WhatsAppFault } from "./whatsapp-faults.ts";
import { runSessions, type SessionsSize } from "./whatsapp-sessions.ts";
import type { TalkSize } from "./whatsapp-talk.ts";

interface FaultCell {
  readonly fault: WhatsAppFault;
  readonly times: number;
  readonly name: string;
}

/**
 * `npm run verify:whatsapp [-- --quick] [-- part]`: WhatsApp Web in real browsers on stand-ins of its page, the line on
 * PostgreSQL. First what is detected (engine × era × language: every message once, in order, of the right person), then
 * what a fault costs (every message answered once, nothing left running, seconds to `ready`), once each and the deaths
 * and the lost network again and again; last ten sessions side by side, at rest and for an hour of traffic. `part` is
 * part of a cell's name: `conformance`, `faults`, `D/es`, `repeated`, `sessions`. Exits 1 when a cell falls short. The
 * whole takes five hours; parts may run side by side.
 */
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const chromiumPath = process.env.CHROMIUM_PATH ?? CHROMIUM.find((file) => existsSync(file)) ?? "";
const missing =
  servicesMissing() ??
  (existsSync(chromiumPath)
    ? undefined
    : "No Chromium here: apt-get install chromium, or set CHROMIUM_PATH.");
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
const isQuick = process.argv.includes("--quick");
const wanted = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const size: TalkSize = isQuick
  ? { messages: 40, chats: 6, reloads: 2 }
  : { messages: 1_000, chats: 50, reloads: 20 };
const sessionsSize: SessionsSize = isQuick
  ? { sessions: 2, idleSeconds: 20, minutes: 0.5 }
  : { sessions: 10, idleSeconds: 120, minutes: 60 };
const IDLE_MEGABYTES = 350;
const IDLE_CORE = 0.05;
const ANSWERED_WITHIN_SECONDS = 15;
/** Of 95 messages in 100, from the row's appearance. */
const DETECTED_WITHIN_MS = 1_000;
const ENGINES: readonly WhatsAppEngine[] = ["dom", "modules"];

const cells: readonly ConformanceCell[] = ENGINES.flatMap((engine) =>
  (["D", "C"] as const).flatMap((era) =>
    (["en", "es", "pt"] as const).map((language) => ({ engine, era, language })),
  ),
);
const nameOf = ({ engine, era, language }: ConformanceCell) =>
  `conformance whatsapp-web/${engine}/${era}/${language}`;
const STRIKES = isQuick ? 3 : 30;
const faultCells: readonly FaultCell[] = [
  ...WHATSAPP_FAULTS.map((fault) => ({ fault, times: 1, name: `faults ${fault.name}` })),
  ...WHATSAPP_FAULTS.filter(({ isRepeated }) => isRepeated).map((fault) => ({
    fault,
    times: STRIKES,
    name: `repeated ${fault.name} × ${STRIKES}`,
  })),
];

// The handlers of `exit` end what was started.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const load = loadavg()[0] ?? 0;
console.log(`${cpus().length} cores, load ${load.toFixed(1)} before anything of ours runs\n`);
const postgres = await startPostgres();
let passed = 0;
let failed = 0;
try {
  await conformance(cells.filter((cell) => nameOf(cell).includes(wanted)));
  await faults(faultCells.filter(({ name }) => name.includes(wanted)));
  if ("sessions".includes(wanted)) await sessions();
} finally {
  await postgres.stop();
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function conformance(chosen: readonly ConformanceCell[]): Promise<void> {
  if (chosen.length === 0) return;
  const { messages, chats, reloads } = size;
  console.log(
    `Conformance: ${messages} messages over ${chats} chats with ${reloads} reloads a cell\n`,
  );
  console.log(
    row(
      "channel / engine / era / language",
      "missed",
      "doubled",
      "wrong way",
      "misread",
      "disorder",
      "p50 ms",
      "p95 ms",
      "",
    ),
  );
  for (const cell of chosen) {
    const name = nameOf(cell).replace("conformance ", "");
    try {
      const seen = await runConformance(postgres, cell, size, chromiumPath);
      const { missed, doubled, wrongDirection, misattributed, disordered, p50, p95 } = seen;
      const wrong = [missed, doubled, wrongDirection, misattributed, disordered];
      const isSound = wrong.every((count) => count === 0) && p95 <= DETECTED_WITHIN_MS;
      const figures = [...wrong, p50, p95].map(String);
      console.log(row(name, ...figures, settle(isSound)));
      for (const example of seen.examples) console.log(`    ${example.slice(0, 160)}`);
    } catch (error) {
      console.log(row(name, settle(false), describe(error)));
    }
  }
}

async function faults(chosen: readonly FaultCell[]): Promise<void> {
  if (chosen.length === 0) return;
  const messages = isQuick ? 15 : 60;
  console.log(`\nFaults: at least ${messages} messages from five people around each\n`);
  console.log(
    row("fault", "lost", "doubled", "unknown", "orphans", "median s", "longest s", "limit", ""),
  );
  for (const { fault, times, name } of chosen) {
    const label = name.replace(/^(faults|repeated) /, "");
    try {
      const seen = await runWhatsAppFault(postgres, fault, {
        engine: "dom",
        chromiumPath,
        messages,
        times,
      });
      const { lost, doubled, unknown, orphans, limitSeconds, remark } = seen;
      const seconds = [...seen.secondsToReady].sort((one, other) => one - other);
      const longest = seconds.at(-1) ?? Number.NaN;
      const isSound =
        lost + doubled + orphans === 0 && longest <= limitSeconds && remark === undefined;
      const figures = [lost, doubled, unknown, orphans].map(String);
      const median = seconds[Math.floor(seconds.length / 2)] ?? Number.NaN;
      const rowTimes = [median.toFixed(1), longest.toFixed(1), String(limitSeconds)];
      console.log(row(label, ...figures, ...rowTimes, settle(isSound), remark ?? ""));
      for (const example of seen.examples) console.log(`    ${example}`);
    } catch (error) {
      console.log(row(label, settle(false), describe(error)));
    }
  }
}

async function sessions(): Promise<void> {
  const { sessions: count, minutes } = sessionsSize;
  console.log(`\nSessions: ${count} side by side, at rest and for ${minutes} min of traffic\n`);
  console.log(row("session at rest", "MB", "% of a core", ""));
  const seen = await runSessions(postgres, sessionsSize, { engine: "dom", chromiumPath });
  const { idleMegabytes, idleCore, p50, p95 } = seen;
  const isLight = idleMegabytes <= IDLE_MEGABYTES && idleCore <= IDLE_CORE;
  console.log(row("", String(idleMegabytes), (idleCore * 100).toFixed(1), settle(isLight)));
  const heads = ["lost", "doubled", "not ready", "p50 s", "p95 s", "cores", "MB", ""];
  console.log(row(`\n${seen.messages} messages`, ...heads));
  const counts = [seen.lost, seen.doubled, seen.notReady];
  const isSound = counts.every((each) => each === 0) && p95 <= ANSWERED_WITHIN_SECONDS;
  const figures = [p50.toFixed(1), p95.toFixed(1), seen.busyCores.toFixed(2)];
  const cells = [...counts.map(String), ...figures, String(seen.busyMegabytes)];
  console.log(row("", ...cells, settle(isSound)));
}

function settle(isSound: boolean): string {
  if (isSound) passed += 1;
  else failed += 1;
  return isSound ? "" : "FALLS SHORT";
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function row(name: string, ...cellsOfRow: readonly string[]): string {
  return [name.padEnd(38), ...cellsOfRow.map((cell) => cell.padEnd(11))].join(" ").trimEnd();
}
