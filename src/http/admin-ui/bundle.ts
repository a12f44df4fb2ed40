import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** What the admin interface was built into: names under `/admin/`. */
export interface Bundle {
  readonly script: string;
  readonly styles: readonly string[];
  /** Loaded with the first script, so that the browser asks for them at once. */
  readonly imports: readonly string[];
}

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
  const imported = [...reach(chunks, entry.imports)].flatMap((name) => chunks[name] ?? []);
  return {
    script: entry.file,
    styles: [entry, ...imported].flatMap(({ css }) => css),
    imports: imported.map(({ file }) => file),
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
