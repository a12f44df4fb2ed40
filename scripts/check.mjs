import { spawnSync } from "node:child_process";
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

/** Runs all gates (or those whose name contains an argument), then says which failed. Returns the exit code. */
export function check(only) {
  const chosen = Object.entries(GATES).filter(
    ([name]) => only.length === 0 || only.some((word) => name.includes(word)),
  );
  const failed = chosen.filter(([name, args]) => !passes(name, args)).map(([name]) => name);
  say(
    failed.length === 0
      ? `check: ${chosen.length} gates passed`
      : `check: failed: ${failed.join("; ")}`,
  );
  return failed.length === 0 && chosen.length > 0 ? 0 : 1;
}

function passes(name, args) {
  const startedAt = Date.now();
  const gate = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 64e6 });
  const hasPassed = gate.status === 0;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  say(`${hasPassed ? "passed" : "FAILED"}  ${name} (${seconds} s)`);
  if (!hasPassed) say(`${gate.stdout}${gate.stderr}${gate.error?.message ?? ""}`.trimEnd());
  return hasPassed;
}
