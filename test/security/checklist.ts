import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../services/harness/repository.ts";
import { CHECKLIST, type ChecklistRow } from "./checklist-rows.ts";

export const CHECKLIST_PAGE = path.join(repositoryRoot(), "docs", "security", "checklist.md");

/** What is wrong with a line: a file that is not there, a test that has no such name, neither test nor reason. */
export function problemsOf({ id, tests, reason }: ChecklistRow): readonly string[] {
  if (tests === undefined) return reason === undefined ? [`${id}: neither test nor reason`] : [];
  return Object.entries(tests).flatMap(([file, names]) => {
    let text: string;
    try {
      text = readFileSync(path.join(repositoryRoot(), file), "utf8");
    } catch {
      return [`${id}: there is no ${file}`];
    }
    return names
      .filter((name) => !text.includes(name))
      .map((name) => `${id}: ${file} has no test "${name}"`);
  });
}

export function checklistProblems(): readonly string[] {
  return CHECKLIST.flatMap(problemsOf);
}

/** docs/security/checklist.md. */
export function writeChecklist(): string {
  const rows = CHECKLIST.map(({ id, what, tests = {}, reason }) => {
    const named = Object.entries(tests).map(
      ([file, names]) => `\`${file}\`: ${names.map((name) => `“${name}”`).join(", ")}`,
    );
    return `| ${id} | ${what} | ${reason ?? named.join("<br>")} |`;
  });
  return `# Security checklist

Each line names the tests that hold it, by a piece of their names, or says why there is none. The page is written from
\`test/security/checklist-rows.ts\`; a test fails when it names a test that is not there, or is not what stands there.
The matrix of every route and caller, and what the registry knows of our packages: \`npm run verify:security\`.

| | what | where |
|---|---|---|
${rows.join("\n")}
`;
}
