import { freePort } from "../test/services/harness/server-process.ts";
import { profileWhile } from "./cpu-profile.ts";
import { startProduct } from "./product.ts";
import { loadProduct } from "./sections/end-to-end.ts";
import { startBenchModel } from "./sections/model-link.ts";

/**
 * `node dist/bench/profile.js [seconds] [model]`: where the CPU of our process goes, per answered message; with
 * `model`, of answers that a model writes.
 */
const seconds = Number(process.argv[2] ?? 15);
const model = process.argv[3] === "model" ? await startBenchModel() : undefined;
const inspectorPort = await freePort();
const run = await startProduct({
  nodeFlags: [`--inspect=127.0.0.1:${inspectorPort}`],
  ...(model === undefined ? {} : { env: model.env }),
  postgresSettings: { shared_preload_libraries: "pg_stat_statements" },
});
try {
  await run.database.query("create extension pg_stat_statements");
  let answered = 0;
  const times = await profileWhile(inspectorPort, async () => {
    await run.database.query("select pg_stat_statements_reset()");
    const result = await loadProduct(run, seconds * 1_000);
    answered = result.answered;
    console.log(
      `${result.answersPerSecond.toFixed(0)} answers/s; CPU per answer: ${JSON.stringify(result.cpuMsPerAnswer)}`,
    );
  });
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  console.log(
    `${(total / answered).toFixed(2)} ms sampled per answer over ${answered} answers and the warm-up\n`,
  );
  for (const { name, place, ms } of times.slice(0, 40)) {
    console.log(
      `${((100 * ms) / total).toFixed(1).padStart(5)} %  ${(ms / answered).toFixed(3)} ms  ${name}  ${place}`,
    );
  }
  console.log("\nby file");
  for (const [file, ms] of byFile(times).slice(0, 40)) {
    console.log(
      `${((100 * ms) / total).toFixed(1).padStart(5)} %  ${(ms / answered).toFixed(3)} ms  ${file}`,
    );
  }
  await printStatements(answered);
} finally {
  await run.stop();
  await model?.close();
}
process.exit();

/** What PostgreSQL was asked, by the time that it took. */
async function printStatements(answered: number): Promise<void> {
  const rows = await run.database.query<{ calls: number; ms: number; rows: number; text: string }>(
    `select calls::int, total_exec_time as ms, rows::int, regexp_replace(query, '\\s+', ' ', 'g') as text
       from pg_stat_statements order by total_exec_time desc limit 25`,
  );
  console.log("\nby statement: calls, rows and ms of execution per answer");
  for (const { calls, ms, rows: count, text } of rows) {
    const each = [calls / answered, count / answered, ms / answered].map((value) =>
      value.toFixed(3),
    );
    console.log(`  ${each.join("  ")}  ${text.slice(0, 110)}`);
  }
}

function byFile(times: Awaited<ReturnType<typeof profileWhile>>): [string, number][] {
  const files = new Map<string, number>();
  for (const { name, place, ms } of times) {
    const file = place === "" ? name : place.replace(/:\d+$/, "");
    files.set(file, (files.get(file) ?? 0) + ms);
  }
  return [...files].sort((a, b) => b[1] - a[1]);
}
