import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { WORDS } from "./words.ts";

type Catalogue = Readonly<Record<string, string>>;

const folder = path.join(import.meta.dirname, "..");
const router = path.join(folder, "shell", "router.tsx");
const read = (file: string) => readFileSync(file, "utf8");
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/^i18n|\.test\./.test(file))
  .map((file) => path.join(folder, file));

/** Of a count, i18next adds the form. */
const withoutForm = (key: string) => key.replace(/_(one|many|other)$/, "");
const placesOf = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).sort();
const found = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, first]) => first ?? "");

/** The file, and what it imports, now or later; but not the views, which the router alone imports later. */
function withImports(file: string, seen = new Set<string>()): ReadonlySet<string> {
  const isOurs = file.startsWith(folder) && /\.tsx?$/.test(file) && !file.includes("/i18n/");
  if (seen.has(file) || !isOurs) return seen;
  seen.add(file);
  const imports = file === router ? /from\s*"(\.[^"]+)"/g : /(?:from|import\()\s*"(\.[^"]+)"/g;
  for (const name of found(read(file), imports)) {
    withImports(path.join(path.dirname(file), name), seen);
  }
  return seen;
}

describe("the catalogues", () => {
  const spanish = new Map<string, Catalogue>();
  const english = new Map<string, Catalogue>();
  const portuguese: Catalogue[] = [];
  const all: Record<string, string> = {};
  beforeAll(async () => {
    for (const [part, loads] of Object.entries(WORDS)) {
      const { es, en } = loads;
      const words: Catalogue = Object.assign({}, ...Object.values(await es()));
      spanish.set(part, words);
      english.set(part, Object.assign({}, ...Object.values(await en())));
      Object.assign(all, words);
      if ("pt" in loads) portuguese.push(...Object.values(await loads.pt()));
    }
  });

  const keysOf = (parts: readonly string[]) =>
    new Set(parts.flatMap((part) => Object.keys(spanish.get(part) ?? {})).map(withoutForm));
  const begunIn = (text: string) => found(text, /`([a-zA-Z0-9.-]+\.)\$\{/g);

  /** What the files say that these parts have no words for, though some part has. */
  function unknownIn(files: Iterable<string>, parts: readonly string[]): readonly string[] {
    const text = [...files].map(read).join("\n");
    const own = keysOf(parts);
    const known = new Set(Object.keys(all).map(withoutForm));
    const begun = begunIn(text);
    const said = found(text, /"([a-zA-Z0-9.-]+)"/g).filter((key) => known.has(key));
    const built = [...known].filter((key) => begun.some((start) => key.startsWith(start)));
    return [...new Set([...said, ...built])].filter((key) => !own.has(key));
  }

  it("are all named among the parts", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => /^es.*\.ts$/.test(file));
    expect(files.length).toBe(spanish.size);
  });

  it("have the same keys in Spanish and English, each in one part alone", () => {
    for (const [part, words] of spanish) {
      expect(Object.keys(english.get(part) ?? {}).sort(), part).toEqual(Object.keys(words).sort());
    }
    const count = [...spanish.values()].reduce((sum, words) => sum + Object.keys(words).length, 0);
    expect(Object.keys(all).length).toBe(count);
  });

  it("have the same places to fill in in every language", () => {
    for (const catalogue of [...english.values(), ...portuguese]) {
      for (const [key, text] of Object.entries(catalogue)) {
        expect(placesOf(text), key).toEqual(placesOf(all[key] ?? ""));
      }
    }
  });

  it("lack nothing that a view says", () => {
    const keys = new Set(Object.keys(all).map(withoutForm));
    const said = found(sources.map(read).join("\n"), /\bt\(\s*"([a-zA-Z0-9.-]+)"/g);
    expect(said.length).toBeGreaterThan(100);
    expect(said.filter((key) => !keys.has(key))).toEqual([]);
  });

  it("hold nothing that no view says", () => {
    const text = sources.map(read).join("\n");
    const quoted = new Set(found(text, /"([a-zA-Z0-9.-]+)"/g));
    const begun = begunIn(text);
    const unsaid = Object.keys(all)
      .map(withoutForm)
      .filter((key) => !quoted.has(key) && !begun.some((start) => key.startsWith(start)));
    expect(unsaid).toEqual([]);
  });

  it("come with the route of each view that says them", () => {
    const shell = withImports(path.join(folder, "main.tsx"));
    expect(unknownIn(shell, ["shell"])).toEqual([]);
    const routes = [...read(router).matchAll(/withWords\(\s*import\("([^"]+)"\)([^)]*)\)/g)];
    expect(routes.length).toBeGreaterThan(5);
    for (const [, view = "", named = ""] of routes) {
      const files = withImports(path.join(path.dirname(router), view));
      const own = [...files].filter((file) => !shell.has(file));
      // What a view opens later brings its own words.
      const later = own.flatMap((file) =>
        found(read(file), /withWords\(\s*import\("[^"]+"\)([^)]*)\)/g),
      );
      const parts = found([named, ...later].join(" "), /"([\w-]+)"/g);
      expect(unknownIn(own, ["shell", ...parts]), view).toEqual([]);
    }
  });
});
