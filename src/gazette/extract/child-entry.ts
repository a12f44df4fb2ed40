import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface ChildEntry {
  readonly file: string;
  readonly flags: readonly string[];
}

/**
 * Where a child process starts (`path` is relative to the module at `from`, without its ending), and the flags
 * that it needs. Built, it is a JavaScript file. From the sources (tests), Node 20 cannot read it: a loader hook
 * strips the types first, with the compiler that the project is built with.
 */
export function childEntry(path: string, from: string): ChildEntry {
  const isSource = from.endsWith(".ts");
  const file = fileURLToPath(new URL(isSource ? `${path}.ts` : `${path}.js`, from));
  return { file, flags: [...confinement(), ...(isSource ? ["--import", loaderUrl()] : [])] };
}

/**
 * Node's permission model: the child writes no file and starts no process. It reads (fonts, training
 * data), loads the canvas and runs the recogniser's thread. The flag lost its prefix with Node 24.
 */
function confinement(): readonly string[] {
  const major = Number(process.versions.node.split(".")[0]);
  const flag = major >= 24 ? "--permission" : "--experimental-permission";
  return [flag, "--allow-fs-read=*", "--allow-worker", "--allow-addons"];
}

function loaderUrl(): string {
  const compiler = pathToFileURL(createRequire(import.meta.url).resolve("typescript")).href;
  const hooks = `
    import { readFile } from "node:fs/promises";
    import { fileURLToPath } from "node:url";
    import ts from ${JSON.stringify(compiler)};
    export async function load(url, context, next) {
      if (!url.endsWith(".ts")) return next(url, context);
      const text = await readFile(fileURLToPath(url), "utf8");
      const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
      return { format: "module", shortCircuit: true, source: ts.transpileModule(text, { compilerOptions }).outputText };
    }`;
  return dataUrl(
    `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hooks))});`,
  );
}

function dataUrl(script: string): string {
  return `data:text/javascript,${encodeURIComponent(script)}`;
}
