import { execFile } from "node:child_process";
import { inRoot, root, say } from "./paths.mjs";

const bin = (name, file) => inRoot("node_modules", name, file);
const FOLDERS = ["src", "bots", "providers", "client", "admin-ui"];

/** Every gate, quickest first. Each is an array of arguments for Node. */
const GATES = {
  "format and lint": [bin("@biomejs/biome", "bin/biome"), "check", "--error-on-warnings", "."],
  "import directions": [
    bin("dependency-cruiser", "bin/dependency-cruise.mjs"),
    "--config",
    ".dependency-cruiser.cjs",
    ...FOLDERS,
  ],
  "import directions see a planted violation": [inRoot("scripts/check-planted.mjs")],
  "no secrets": [inRoot("scripts/check-secrets.mjs")],
  types: [bin("typescript", "bin/tsc"), "--noEmit", "-p", "tsconfig.json"],
  "types of the admin interface": [bin("typescript", "bin/tsc"), "-p", "admin-ui/tsconfig.json"],
  "dead code and dependencies": [bin("knip", "bin/knip.js"), "--no-progress"],
};

/** As many at a time as a small machine has cores; the type checker's memory allows no more on it. */
const AT_ONCE = 2;

/** Runs all gates (or those whose name contains an argument), then says which failed. Resolves with the exit code. */
export async function check(only) {
  const chosen = Object.entries(GATES).filter(
    ([name]) => only.length === 0 || only.some((word) => name.includes(word)),
  );
  const waiting = [...chosen];
  const failed = [];
  const runNext = async () => {
    for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
      if (!(await passes(...gate))) failed.push(gate[0]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runNext));
  say(
    failed.length === 0
      ? `check: ${chosen.length} gates passed`
      : `check: failed: ${failed.join("; ")}`,
  );
  return failed.length === 0 && chosen.length > 0 ? 0 : 1;
}

function passes(name, args) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      say(`${error ? "FAILED" : "passed"}  ${name} (${seconds} s)`);
      if (error) say(`${stdout}${stderr}`.trimEnd() || error.message);
      resolve(error === null);
    });
  });
}
