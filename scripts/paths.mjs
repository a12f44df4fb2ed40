import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json, wherever the command was typed. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

export const inRoot = (...parts) => path.join(root, ...parts);

/** Progress goes to stderr, so that `pregonero ask --json | jq` sees the answer alone. */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
