import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { inRoot, say } from "./paths.mjs";

/**
 * Positive control of the import directions: every rule must be seen broken in scripts/planted-violations,
 * where each is broken once. A cruiser that silently reads nothing (dependency-cruiser 17 under a
 * TypeScript that it does not know) would otherwise pass everything.
 */
const { forbidden } = createRequire(import.meta.url)(inRoot(".dependency-cruiser.cjs"));
const cruise = spawnSync(
  process.execPath,
  [
    inRoot("node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
    "--config",
    inRoot(".dependency-cruiser.cjs"),
    "--output-type",
    "json",
    "src",
    "bots",
    "providers",
    "client",
    "admin-ui",
  ],
  { cwd: inRoot("scripts/planted-violations"), encoding: "utf8", maxBuffer: 64e6 },
);
let seen;
try {
  seen = new Set(
    JSON.parse(cruise.stdout).summary.violations.map((violation) => violation.rule.name),
  );
} catch {
  say(`dependency-cruiser gave no report: ${cruise.stderr || cruise.stdout}`);
  process.exit(1);
}
const unseen = forbidden.map((rule) => rule.name).filter((name) => !seen.has(name));
if (unseen.length > 0) {
  say(`Planted violations that were not seen: ${unseen.join(", ")}`);
  process.exitCode = 1;
} else {
  say(`${seen.size} planted violations seen`);
}
