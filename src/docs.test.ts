import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const pages = [
  ...readdirSync(root).filter((file) => file.endsWith(".md")),
  ...readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.join("docs", file)),
];

/** As GitHub makes the anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function brokenLinks(page: string): string[] {
  const links = [...read(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)];
  return links.flatMap(([, link = ""]) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(root, target))) return [link];
    if (anchor === undefined) return [];
    const headings = read(target)
      .split("\n")
      .filter((line) => line.startsWith("#"));
    return headings.some((heading) => anchorOf(heading) === anchor) ? [] : [link];
  });
}

describe("the pages", () => {
  it.each(pages)("%s links only to what is there", (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it("give a reason for every dependency", () => {
    const page = read("docs/dependencies.md");
    const { dependencies, devDependencies } = JSON.parse(read("package.json"));
    const named = [...page.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    const covers = (name: string) => (known: string) =>
      known === name || (known.endsWith("/*") && name.startsWith(known.slice(0, -1)));
    const unexplained = Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !named.some(covers(name)),
    );
    expect(unexplained).toEqual([]);
  });

  it("name only scripts that package.json has", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const called = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, name = ""]) => name),
    );
    expect(called.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
