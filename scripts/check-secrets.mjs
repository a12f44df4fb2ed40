import { spawnSync } from "node:child_process";
import { inRoot, root, say } from "./paths.mjs";

/**
 * No file of the repository holds a secret, by secretlint's recommended rules; `.secretlintrc.json` names the made-up
 * passwords of tests. A password that is put together here must be seen, or the scan sees nothing.
 */
const CHUNK = 400;
const PLANTED = ["postgres:", "//root:hunter2x@db.example.com/x"].join("");

const listed = spawnSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" });
const files = listed.stdout
  .split("\0")
  .filter((file) => file !== "" && !/\.(pdf|png|docx|gz|traineddata)$/.test(file));

if (secretlint(["--stdinFileName", "planted.txt"], `url = "${PLANTED}"\n`).status === 0) {
  say("secretlint did not see the password that was planted.");
  process.exitCode = 1;
}
for (let at = 0; at < files.length; at += CHUNK) {
  const scan = secretlint(["--no-glob", ...files.slice(at, at + CHUNK)]);
  if (scan.status === 0) continue;
  say(`${scan.stdout}${scan.stderr}`.trimEnd());
  process.exitCode = 1;
}
if (files.length === 0) {
  say("Git lists no files: there is nothing to scan.");
  process.exitCode = 1;
}

function secretlint(args, input) {
  const program = inRoot("node_modules/secretlint/bin/secretlint.js");
  return spawnSync(process.execPath, [program, "--no-color", ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64e6,
    ...(input === undefined ? {} : { input }),
  });
}
