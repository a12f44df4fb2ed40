import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { ensurePackages } from "./packages.mjs";
import { inRoot, say } from "./paths.mjs";

const output = inRoot("dist", "admin-ui");
/** What the interface is made of; package-lock.json for the packages in it. */
const SOURCES = ["admin-ui", "client", "package-lock.json"];
/** Of the last build: the hash of its sources. */
const mark = path.join(output, "sources");

/** Whether dist/admin-ui was built from the sources as they are. */
export function isUiBuilt() {
  return existsSync(mark) && readFileSync(mark, "utf8") === hashSources();
}

/**
 * Builds the admin interface into dist/admin-ui when its sources have changed. The folder is exchanged whole: whoever
 * asks meanwhile gets the former one, or the page that says to wait.
 */
async function buildUi() {
  const hash = hashSources();
  if (existsSync(mark) && readFileSync(mark, "utf8") === hash) return;
  const startedAt = Date.now();
  const part = `${output}.${process.pid}`;
  try {
    const { build } = await import("vite");
    await build({
      configFile: inRoot("admin-ui", "vite.config.ts"),
      build: { outDir: part },
      logLevel: "warn",
    });
    compress(path.join(part, "assets"));
    writeFileSync(path.join(part, "sources"), hash);
    // Another process may have been faster: what it built is in use already.
    if (!isUiBuilt()) exchange(part);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  say(`Admin interface built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/** Of two that come at the same moment, one stays. */
function exchange(part) {
  const former = `${part}.former`;
  try {
    if (existsSync(output)) renameSync(output, former);
    renameSync(part, output);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
  } finally {
    rmSync(former, { recursive: true, force: true });
  }
}

function hashSources() {
  const hash = createHash("sha256");
  for (const file of SOURCES.flatMap(filesOf).sort()) {
    hash
      .update(path.relative(inRoot("."), file))
      .update("\0")
      .update(readFileSync(file));
  }
  return hash.digest("hex");
}

function filesOf(name) {
  const place = inRoot(name);
  if (!existsSync(place)) return [];
  if (path.extname(name) === ".json") return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Once here rather than at each request. */
function compress(folder) {
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(path.join(folder, name));
    writeFileSync(path.join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    writeFileSync(path.join(folder, `${name}.br`), brotliCompressSync(bytes));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Whoever starts this from a test has another one, and React has a slower half for it.
  process.env.NODE_ENV = "production";
  await ensurePackages();
  await buildUi();
}
