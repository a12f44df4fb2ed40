import { readFileSync } from "node:fs";
import { inRoot, say } from "./paths.mjs";

/** Ends with a sentence rather than a syntax error on a Node that cannot run us. */
export function checkNode() {
  const wanted = JSON.parse(readFileSync(inRoot("package.json"), "utf8")).engines.node.replace(
    ">=",
    "",
  );
  const isOld =
    wanted.localeCompare(process.versions.node, undefined, { numeric: true, sensitivity: "base" }) >
    0;
  if (!isOld) return;
  say(
    `Node ${process.versions.node} is too old: Pregonero needs ${wanted} or newer (https://nodejs.org).`,
  );
  process.exit(1);
}
