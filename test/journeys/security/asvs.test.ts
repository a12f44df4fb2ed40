import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKLIST } from "../../security/checklist-rows.ts";
import { repositoryRoot } from "../../services/harness/repository.ts";

const STATES = ["met", "met by hand", "falls short", "left to the operator", "does not apply"];

const rows = readFileSync(path.join(repositoryRoot(), "docs/security/asvs.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| V\d/.test(line))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, section = "", state = "", where = ""]) => ({ section, state, where }));
const tried = new Set(CHECKLIST.filter(({ tests }) => tests !== undefined).map(({ id }) => id));
const citedBy = ({ where }: { readonly where: string }) => where.match(/\bS\d\d\b/g) ?? [];

describe("docs/security/asvs.md", () => {
  it("says of each of the 17 chapters how it stands", () => {
    const chapters = new Set(rows.map(({ section }) => Number(/^V(\d+)/.exec(section)?.[1])));
    expect([...chapters]).toEqual(Array.from({ length: 17 }, (_, at) => at + 1));
    expect(rows.filter(({ state }) => !STATES.includes(state))).toEqual([]);
  });

  it("calls met only what names rows of the checklist, each tried by tests", () => {
    const met = rows.filter(({ state }) => state === "met");
    expect(met.filter((row) => citedBy(row).length === 0)).toEqual([]);
    expect(rows.flatMap(citedBy).filter((id) => !tried.has(id))).toEqual([]);
  });
});
