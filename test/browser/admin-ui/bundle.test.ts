import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findPackageRoot } from "../../../src/package-root.ts";
import { buildInterface } from "./desk-under-test.ts";

const folder = path.join(findPackageRoot(), "dist", "admin-ui");
/** Issue 6: what is loaded before anything can be done. */
const FIRST_LOAD_BYTES = 250_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

/** What is loaded of the catalogues when one speaks Spanish, English or Portuguese. */
const LANGUAGES = [["es"], ["en"], ["es", "pt"]] as const;

/** As the router names them: the module of each, and the parts whose words come with it. */
function routes() {
  const router = readFileSync(
    path.join(findPackageRoot(), "admin-ui/src/shell/router.tsx"),
    "utf8",
  );
  return [...router.matchAll(/withWords\(\s*import\("\.\.\/([^"]+)"\)([^)]*)\)/g)].map(
    ([, view, named = ""]) => ({
      view: `src/${view}`,
      parts: [...named.matchAll(/"([\w-]+)"/g)].map(([, part]) => part ?? ""),
    }),
  );
}

describe("what the admin interface is built into", () => {
  let chunks: Readonly<Record<string, Chunk>>;
  beforeAll(() => {
    buildInterface();
    chunks = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8"));
  });

  const withImports = (name: string, found = new Set<string>()): ReadonlySet<string> => {
    if (!found.has(name)) {
      found.add(name);
      for (const each of chunks[name]?.imports ?? []) withImports(each, found);
    }
    return found;
  };

  const sizeOf = (names: Iterable<string>) =>
    [...names].reduce(
      (sum, name) => sum + statSync(path.join(folder, `${chunks[name]?.file}.gz`)).size,
      0,
    );

  it.each(routes())(
    "loads $view with its words in at most 250 kB, whatever the language",
    ({ view, parts }) => {
      const modules = [...withImports("src/main.tsx"), ...withImports(view)];
      for (const languages of LANGUAGES) {
        const words = languages.flatMap((language) =>
          ["", ...parts.map((part) => `-${part}`)].map((part) => `src/i18n/${language}${part}.ts`),
        );
        const bytes = sizeOf(new Set([...modules, ...words.filter((name) => !/\/pt-/.test(name))]));
        expect(bytes).toBeGreaterThan(50_000);
        expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
      }
    },
  );

  it("knows every view of the router", () => {
    expect(routes().length).toBeGreaterThan(5);
    expect(routes().filter(({ view }) => !(view in chunks))).toEqual([]);
  });

  it("keeps each file beside its compressed forms, and no map of its sources", () => {
    const files = readdirSync(path.join(folder, "assets"));
    const plain = files.filter((file) => /\.(js|css)$/.test(file));
    expect(plain.length).toBeGreaterThan(5);
    for (const file of plain) {
      expect(files).toContain(`${file}.gz`);
      expect(files).toContain(`${file}.br`);
    }
    expect(files.filter((file) => file.endsWith(".map"))).toEqual([]);
  });
});
