import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * Prints `N passed, N failed` over vitest's JSON reports in a folder. Steps without a report (named after
 * the folder) that failed count as one failed test each. What failed is named again with its first lines, for the end of
 * a log is all that some machines keep, and the slowest files are told. Exits 1 when something failed or nothing ran.
 */
const SUITES = ["test", "test:services"];
const [folder, ...failedSteps] = process.argv.slice(2);
let passed = 0;
let failed = failedSteps.filter((step) => !SUITES.includes(step)).length;
let skipped = 0;
const durations = [];
for (const suite of SUITES) {
  const file = readdirSync(folder).find((name) => name === `${suite.replace("test:", "")}.json`);
  const report = file && JSON.parse(readFileSync(path.join(folder, file), "utf8"));
  passed += report?.numPassedTests ?? 0;
  failed += report?.numFailedTests ?? 0;
  for (const file of report?.testResults ?? []) {
    tellFailures(file);
    durations.push([
      (file.endTime - file.startTime) / 1000,
      path.relative(process.cwd(), file.name),
    ]);
  }
  skipped += (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  // A suite that failed without a failed test: it did not load, or left something running.
  if (failedSteps.includes(suite) && !(report?.numFailedTests > 0)) failed += 1;
}
tellSlowest();
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** Where the time goes, for whoever wants to shorten it. */
function tellSlowest() {
  durations.sort(([one], [other]) => other - one);
  const all = durations.reduce((sum, [seconds]) => sum + seconds, 0);
  console.log(`\n${durations.length} files, ${all.toFixed(0)} s in all; the slowest:`);
  for (const [seconds, file] of durations.slice(0, 15))
    console.log(`  ${seconds.toFixed(1)} s  ${file}`);
}

function tellFailures({ name, message, assertionResults }) {
  const file = path.relative(process.cwd(), name);
  if (message) console.log(`\n${file}\n${firstLines([message])}`);
  for (const { status, fullName, failureMessages } of assertionResults) {
    if (status === "failed") console.log(`\n${file} > ${fullName}\n${firstLines(failureMessages)}`);
  }
}

function firstLines(messages) {
  return messages.join("\n").split("\n").slice(0, 15).join("\n");
}
