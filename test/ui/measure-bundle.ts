import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { repositoryRoot } from "../services/harness/repository.ts";
import type { Cell } from "./cell.ts";
import type { UiGround } from "./ui-ground.ts";

const FIRST_LOAD_BYTES = 250_000;
const WIDGET_BYTES = 30_000;
/** What whoever is not signed in sees instead of every view. */
const SIGN_IN = "src/sign-in/sign-in.tsx";

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
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
  const parts = partsOfViews();
  const views = [...parts.keys(), SIGN_IN];
  const cells = views.map((view): Cell => {
    const names = new Set([
      ...withImports("src/main.tsx"),
      ...withImports(view),
      ...["", ...(parts.get(view) ?? [])].flatMap((part) => [
        ...withImports(`src/i18n/en${part === "" ? "" : `-${part}`}.ts`),
      ]),
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

/** The parts whose words come with each view, as the router names them. */
function partsOfViews(): ReadonlyMap<string, readonly string[]> {
  const router = path.join(repositoryRoot(), "admin-ui", "src", "shell", "router.tsx");
  const routes = readFileSync(router, "utf8").matchAll(
    /withWords\(\s*import\("\.\.\/([^"]+)"\)([^)]*)\)/g,
  );
  return new Map(
    [...routes].map(([, view = "", named = ""]) => [
      `src/${view}`,
      [...named.matchAll(/"([\w-]+)"/g)].map(([, part]) => part ?? ""),
    ]),
  );
}

function kilobytes(what: string, bytes: number, limit: number): Cell {
  return {
    what,
    seen: `${(bytes / 1000).toFixed(1)} kB`,
    promised: `≤ ${limit / 1000} kB`,
    holds: bytes <= limit,
  };
}
