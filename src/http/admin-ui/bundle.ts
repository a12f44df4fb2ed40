import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** What the admin interface was built into: names under `/admin/`. */
export interface Bundle {
  readonly script: string;
  readonly styles: readonly string[];
  /** Loaded with the first script, so that the browser asks for them at once. */
  readonly imports: readonly string[];
  /** The words of what is around every view. */
  wordsIn(language: string): readonly string[];
  /** What the view at an address loads besides, its words included; nothing when the address alone does not tell. */
  viewAt(address: string, language: string): readonly string[];
}

/** A view has its folder's name. `/admin` is Home; a list stays beside what is open of it. */
const VIEW = /^\/admin(?:\/([\w-]+)|\/(inbox|contacts)\/[^/]+)?\/?$/;
const ENTRY = "src/main.tsx";
const manifestShape = z.record(
  z.string(),
  z.object({
    file: z.string(),
    css: z.array(z.string()).default([]),
    imports: z.array(z.string()).default([]),
  }),
);

/**
 * Reads what stands in the folder at this moment: it is built beside the first start, and again when its sources have
 * changed. Undefined: nothing is built yet.
 */
export function createBundleReader(folder: string): () => Promise<Bundle | undefined> {
  const manifest = path.join(folder, "manifest.json");
  let known: { readonly mtimeMs: number; readonly bundle: Bundle } | undefined;
  return async () => {
    try {
      const { mtimeMs } = await stat(manifest);
      if (known?.mtimeMs !== mtimeMs) {
        known = { mtimeMs, bundle: parse(await readFile(manifest, "utf8")) };
      }
      return known.bundle;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  };
}

function parse(text: string): Bundle {
  const chunks = manifestShape.parse(JSON.parse(text));
  const entry = chunks[ENTRY];
  if (entry === undefined) throw new Error(`The manifest of the admin interface lacks ${ENTRY}.`);
  const first = reach(chunks, [ENTRY]);
  const loaded = [...first].flatMap((name) => chunks[name] ?? []);
  const besides = (names: readonly string[]) =>
    [...reach(chunks, names)].flatMap((name) => {
      const { file, css } = (first.has(name) ? undefined : chunks[name]) ?? {};
      return file === undefined ? [] : [file, ...(css ?? [])];
    });
  return {
    script: entry.file,
    styles: loaded.flatMap(({ css }) => css),
    imports: loaded.map(({ file }) => file).filter((file) => file !== entry.file),
    wordsIn: (language) => besides([`src/i18n/${language}.ts`]),
    viewAt(address, language) {
      const found = VIEW.exec(address);
      if (found === null) return [];
      const view = found[1] ?? found[2] ?? "home";
      return besides([`src/${view}/${view}.tsx`, `src/i18n/${language}-${view}.ts`]);
    },
  };
}

/** Also what is imported by what is imported. */
function reach(
  chunks: z.infer<typeof manifestShape>,
  names: readonly string[],
  found = new Set<string>(),
): ReadonlySet<string> {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    reach(chunks, chunks[name]?.imports ?? [], found);
  }
  return found;
}
