import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensurePackages } from "./packages.mjs";
import { inRoot, root, say } from "./paths.mjs";
import { whilePreparing } from "./prepare-lock.mjs";

const PRODUCT = ["src", "bots", "providers"];
/** What `npm run bench`, `verify:*` and `stand-in:*` need besides. */
export const WORKSHOP = ["test", "bench"];

/**
 * Translates the TypeScript of the product (and of `extraFolders`) into dist/, file by file and only what
 * changed; other files are copied, so that a module finds its page or fixture beside itself. Types are not
 * checked here but by `npm run check`: erasable syntax makes each file translatable by itself, which takes
 * a second where the type checker takes ten.
 */
export async function build(extraFolders = []) {
  const folders = [...PRODUCT, ...extraFolders];
  if (staleFiles(folders).length === 0 && orphans(folders).length === 0) return;
  await whilePreparing(async () => {
    for (const file of orphans(folders)) rmSync(file, { force: true });
    const stale = staleFiles(folders);
    if (stale.length === 0) return;
    const startedAt = Date.now();
    if (stale.length > 20) say(`Building ${stale.length} files …`);
    const translate = await translator();
    for (const file of stale) write(file, translate);
    if (stale.length > 20) say(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
  });
}

const outputOf = (file) => inRoot("dist", file.replace(/\.ts$/, ".js"));

function sources(folders) {
  return folders.flatMap((folder) =>
    existsSync(inRoot(folder))
      ? readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !/\.(test|contract|d)\.ts$/.test(entry.name))
          .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      : [],
  );
}

function staleFiles(folders) {
  return sources(folders).filter((file) => {
    const output = statSync(outputOf(file), { throwIfNoEntry: false });
    return output === undefined || output.mtimeMs < statSync(inRoot(file)).mtimeMs;
  });
}

/** Outputs whose source was renamed or deleted: they would still be found by imports and by migrations. */
function orphans(folders) {
  const expected = new Set(
    sources(folders).flatMap((file) =>
      file.endsWith(".ts") ? [outputOf(file), `${outputOf(file)}.map`] : [outputOf(file)],
    ),
  );
  return folders.flatMap((folder) =>
    existsSync(inRoot("dist", folder))
      ? readdirSync(inRoot("dist", folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.join(entry.parentPath, entry.name))
          .filter((file) => !expected.has(file))
      : [],
  );
}

async function translator() {
  const { default: ts } = await import("typescript");
  const { compilerOptions } = ts.readConfigFile(inRoot("tsconfig.json"), ts.sys.readFile).config;
  const options = {
    ...ts.convertCompilerOptionsFromJson(compilerOptions, root).options,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    rootDir: undefined,
    incremental: false,
  };
  return (file) => {
    const fileName = path.relative(path.dirname(outputOf(file)), inRoot(file));
    const result = ts.transpileModule(readFileSync(inRoot(file), "utf8"), {
      compilerOptions: options,
      fileName,
      reportDiagnostics: true,
    });
    if (result.diagnostics.length > 0) {
      const [first] = result.diagnostics;
      say(`${file} cannot be built: ${ts.flattenDiagnosticMessageText(first.messageText, " ")}`);
      process.exit(1);
    }
    return result;
  };
}

function write(file, translate) {
  const output = outputOf(file);
  mkdirSync(path.dirname(output), { recursive: true });
  if (!file.endsWith(".ts")) {
    copyFileSync(inRoot(file), `${output}.part`);
    renameSync(`${output}.part`, output);
    return;
  }
  const { outputText, sourceMapText } = translate(file);
  writeFileSync(`${output}.map`, sourceMapText);
  // Renamed into place: a process that starts meanwhile never reads half a module.
  writeFileSync(`${output}.part`, outputText);
  renameSync(`${output}.part`, output);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensurePackages();
  await build(process.argv.includes("--workshop") ? WORKSHOP : []);
}
