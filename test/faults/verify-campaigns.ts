import { cpus, loadavg } from "node:os";
import { servicesMissing } from "../services/harness/binaries.ts";
import { startPostgres } from "../services/harness/postgres.ts";
import { openCampaignCell } from "./campaign-cell.ts";
import { type CampaignVerdict, runCampaign } from "./campaign-run.ts";

/**
 * `npm run verify:campaigns [-- --quick]`: one campaign of 10,000 contacts (600 with `--quick`, for CI) by three workers
 * on PostgreSQL and Redis, at Telegram's pace, before a Telegram that keeps to its limits. 3 in 100 have blocked the
 * bot, 1 in 100 is refused once with 429 and retry_after; two workers are killed with kill -9, and the campaign is paused
 * and resumed. Citizens ask all the while, before it and in its pauses too. Prints what was promised and what was seen; exits 1 when a cell
 * falls short. The whole takes twelve minutes, the quick one two.
 */
const missing = servicesMissing();
if (missing !== undefined) {
  console.error(missing);
  process.exit(1);
}
const isQuick = process.argv.includes("--quick");
const CONTACTS = isQuick ? 600 : 10_000;
/** Together with as long before it, enough for a 95th percentile that one slow reply does not make. */
const PAUSES = isQuick ? 2 : 6;
const PAUSE_MS = isQuick ? 8_000 : 15_000;
/** 10,000 at 25 a second, each 429 with its wait, and a minute until the attempts of the dead are given up. */
const TIMEOUT_MS = isQuick ? 400_000 : 1_500_000;
/** Each killed worker had at most half of its 128 places filled with broadcasts. */
const MOST_UNKNOWN = 2 * 64;
/** On a busy machine two samples of the same thing differ by so much. */
const SLACK_MS = 150;
const SLACK_RATIO = 1.5;

const postgres = await startPostgres();
let failures = 0;
try {
  const cell = await openCampaignCell(postgres, CONTACTS);
  try {
    const verdict = await runCampaign(cell, {
      pauses: PAUSES,
      pauseMs: PAUSE_MS,
      timeoutMs: TIMEOUT_MS,
    });
    print(verdict, cell.blocked.size, cell.slowed);
  } finally {
    await cell.close();
  }
} finally {
  await postgres.stop();
}
process.exit(failures === 0 ? 0 : 1);

function print(verdict: CampaignVerdict, blocked: number, slowed: number): void {
  const { report, recipients } = verdict;
  const unknown = sum(report, "unknown");
  const refused = sum(report, "failed: blocked");
  const without = percentile(verdict.repliesWithoutMs, 0.95);
  const during = percentile(verdict.repliesDuringMs, 0.95);
  console.log(
    `${CONTACTS} contacts, two workers killed, ${PAUSES} pauses, ${Math.round(verdict.seconds)} s; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  row("recipients on record, each contact once", CONTACTS, recipients, recipients === CONTACTS);
  row("eligible, neither reached nor unknown", 0, verdict.missing, verdict.missing === 0);
  row("reached more than once", 0, verdict.doubled, verdict.doubled === 0);
  row("reached, and reported as if not", 0, verdict.misreported, verdict.misreported === 0);
  row("blocked (403), listed as failed", blocked, refused, Math.abs(blocked - refused) <= unknown);
  row("unknown, after two kills", `≤ ${MOST_UNKNOWN}`, unknown, unknown <= MOST_UNKNOWN);
  row("refused once with 429, reached in the end", slowed, verdict.refusedForLimits, true);
  row("sent while paused", 0, verdict.sentWhilePaused, verdict.sentWhilePaused === 0);
  const limit = Math.max(without * SLACK_RATIO, without + SLACK_MS);
  row(
    "p95 of replies without it → during, ms",
    `${Math.round(without)} → ≤ ${Math.round(limit)}`,
    Math.round(during),
    during <= limit,
  );
  console.log(
    `\nreplies: ${verdict.repliesWithoutMs.length} without it (p50 ${Math.round(percentile(verdict.repliesWithoutMs, 0.5))} ms), ${verdict.repliesDuringMs.length} during (p50 ${Math.round(percentile(verdict.repliesDuringMs, 0.5))} ms)`,
  );
  console.log(`report: ${JSON.stringify(report)}`);
}

function row(promise: string, expected: number | string, seen: number, isKept: boolean): void {
  if (!isKept) failures += 1;
  const cells = [promise.padEnd(44), String(expected).padEnd(14), String(seen).padEnd(8)];
  console.log([...cells, isKept ? "" : "FALLS SHORT"].join(" ").trimEnd());
}

function sum(report: CampaignVerdict["report"], prefix: string): number {
  return Object.entries(report).reduce(
    (total, [key, count]) => total + (key.startsWith(prefix) ? count : 0),
    0,
  );
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
