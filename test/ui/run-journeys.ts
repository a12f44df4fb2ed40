import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { repositoryRoot } from "../services/harness/repository.ts";
import type { Cell } from "./cell.ts";

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Every test of the pages in a real browser, told one by one; they keep their pictures under artifacts/ themselves. */
export function runJourneys(): readonly Cell[] {
  const folder = mkdtempSync(path.join(tmpdir(), "pregonero-journeys-"));
  try {
    const file = path.join(folder, "report.json");
    const root = repositoryRoot();
    const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
    const places = ["test/browser/admin-ui", "test/browser/web-chat", "test/browser/gazette-page"];
    const run = spawnSync(
      process.execPath,
      [vitest, "run", "--project", "browser", "--reporter=json", `--outputFile=${file}`, ...places],
      { cwd: root, encoding: "utf8" },
    );
    if (run.error !== undefined) throw run.error;
    const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Report;
    const cells = testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(
        ({ fullName, status }): Cell => ({
          what: `${path.basename(name, ".test.ts")}: ${fullName}`,
          seen: status,
          promised: "passed",
          holds: status === "passed",
        }),
      ),
    );
    if (cells.length === 0) throw new Error(`No journey was run:\n${run.stderr.slice(-2_000)}`);
    return cells;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
