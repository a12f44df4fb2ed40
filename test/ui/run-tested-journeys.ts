import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repositoryRoot } from "../services/harness/repository.ts";
import type { Cell } from "./cell.ts";

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const PLACES = [
  "test/browser/admin-ui",
  "test/browser/web-chat",
  "test/browser/gazette-page",
  "test/browser/whatsapp-line",
  "test/browser/session-page",
];

/** Every test of the pages in a real browser, told one by one; they keep their pictures under artifacts/ themselves. */
export function runTestedJourneys(): readonly Cell[] {
  const folder = mkdtempSync(path.join(tmpdir(), "pregonero-journeys-"));
  try {
    const file = path.join(folder, "report.json");
    const root = repositoryRoot();
    const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
    const run = spawnSync(
      process.execPath,
      [vitest, "run", "--project", "browser", "--reporter=json", `--outputFile=${file}`, ...PLACES],
      { cwd: root, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"], maxBuffer: 64 << 20 },
    );
    if (run.error !== undefined) throw run.error;
    const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Report;
    const cells = testResults.flatMap(toCells);
    if (cells.length === 0) throw new Error(`No journey was run:\n${run.stderr.slice(-2_000)}`);
    return cells;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function toCells({ name, status, assertionResults }: Report["testResults"][number]): Cell[] {
  const file = path.basename(name, ".test.ts");
  const told = assertionResults.map(
    ({ fullName, status: seen }): Cell => ({
      what: `${file}: ${fullName}`,
      seen,
      promised: "passed",
      holds: seen === "passed",
    }),
  );
  // A file that does not load, or whose preparation fails, may tell of no test at all.
  if (status === "passed" || told.some(({ holds }) => !holds)) return told;
  return [...told, { what: file, seen: status, promised: "passed", holds: false }];
}
