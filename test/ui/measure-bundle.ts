import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { repositoryRoot } from "../services/harness/repository.ts";
import type { Cell } from "./cell.ts";
import type { UiGround } from "./ui-ground.ts";

const FIRST_LOAD_BYTES = 250_000;
const WIDGET_BYTES = 30_000;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly isDynamicEntry?: boolean;
}

/** What each view loads before anything can be done in it, and the widget: gzipped JavaScript. */
export async function measureBundle(ground: UiGround): Promise<readonly Cell[]> {
  const folder = path.join(repositoryRoot(), "dist", "admin-ui");
  const chunks = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")) as Readonly<
    Record<string, Chunk>
  >;
  const withImports = (name: string, found = new Set<string>()): ReadonlySet<string> => {
    if (!found.has(name)) {
      found.add(name);
      for (const each of chunks[name]?.imports ?? []) withImports(each, found);
    }
    return found;
  };
  const views = Object.entries(chunks)
    .filter(([name, chunk]) => chunk.isDynamicEntry === true && name.endsWith(".tsx"))
    .map(([name]) => name);
  const cells = views.map((view): Cell => {
    const names = new Set([
      ...withImports("src/main.tsx"),
      ...withImports(view),
      ...withImports("src/i18n/en.ts"),
    ]);
    const bytes = [...names].reduce(
      (sum, name) => sum + statSync(path.join(folder, `${chunks[name]?.file}.gz`)).size,
      0,
    );
    return kilobytes(`first load of ${view}`, bytes, FIRST_LOAD_BYTES);
  });
  const widget = await fetch(`${ground.url}/widget.js`);
  const bytes = gzipSync(Buffer.from(await widget.arrayBuffer())).length;
  return [...cells, kilobytes("widget.js", bytes, WIDGET_BYTES)];
}

function kilobytes(what: string, bytes: number, limit: number): Cell {
  return {
    what,
    seen: `${(bytes / 1000).toFixed(1)} kB`,
    promised: `≤ ${limit / 1000} kB`,
    holds: bytes <= limit,
  };
}
