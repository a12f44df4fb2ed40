import { cpus, loadavg } from "node:os";
import { findPostgres } from "../services/harness/binaries.ts";
import { runCoverageLedger } from "./coverage-ledger.ts";
import { runFaultTable } from "./fault-table.ts";
import { runPublishingTable } from "./publishing-table.ts";
import type { VerifiedTable } from "./verdict.ts";

/**
 * `npm run verify:newsroom [-- table …] [-- --quick]`: what is promised of the newsroom, and what is seen. `faults`: 30
 * days of three gazettes on simulated time, with every fault of their sites and with processes that are killed
 * (PostgreSQL). `coverage`: every page of every PDF beside the repository, or of `sample`. With `--quick` 8 days, and
 * `sample`, in less than a minute. `publishing`: what stands on networks after 1,000 deaths of a process. Prints Markdown; exits 1 when a cell falls short.
 */
const TABLES: Readonly<
  Record<string, (options: { readonly isQuick: boolean }) => Promise<VerifiedTable>>
> = { faults: runFaultTable, coverage: runCoverageLedger, publishing: runPublishingTable };

const isQuick = process.argv.includes("--quick");
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = asked.filter((name) => TABLES[name] === undefined);
if (unknown.length > 0) {
  refuse(`No table ${unknown.join(", ")}. There are: ${Object.keys(TABLES).join(", ")}.`);
}
const wanted = asked.length === 0 ? Object.keys(TABLES) : asked;
if (wanted.includes("faults") && findPostgres() === undefined) {
  refuse("PostgreSQL 15 or newer is not installed here: apt-get install postgresql.");
}
const shortfalls: string[] = [];
for (const name of wanted) {
  const table = TABLES[name];
  if (table === undefined) continue;
  const startedAt = performance.now();
  const verified = await table({ isQuick });
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  console.log(`## ${name} (${seconds} s; ${cpus().length} cores, load ${load})\n`);
  console.log(`${verified.text}\n`);
  shortfalls.push(...verified.shortfalls.map((shortfall) => `${name}: ${shortfall}`));
}
for (const shortfall of shortfalls) console.log(`SHORT  ${shortfall}`);
console.log(
  shortfalls.length === 0 ? "Everything holds." : `${shortfalls.length} cells fall short.`,
);
process.exit(shortfalls.length === 0 ? 0 : 1);

function refuse(why: string): never {
  console.error(why);
  process.exit(64);
}
