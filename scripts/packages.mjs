import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { inRoot, root, say } from "./paths.mjs";
import { whilePreparing } from "./prepare-lock.mjs";

/** Installs what package-lock.json says when what npm recorded in node_modules is not what package-lock.json asks for. */
export async function ensurePackages() {
  if (isInstalled()) return;
  await whilePreparing(async () => {
    if (isInstalled()) return;
    const startedAt = Date.now();
    say("Installing packages (about a minute the first time) …");
    // Not `npm ci`: it refuses a lock file in which the binaries for other platforms are missing, as they
    // are when it was made behind a registry without them. --no-save keeps the lock file as it is.
    // --ignore-scripts: no package of ours needs one, and an install script is code run unread.
    const npm = spawnSync("npm", ["install", "--no-save", "--ignore-scripts", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
    });
    if (npm.status !== 0) {
      say(
        `npm install ended with ${npm.status ?? npm.signal ?? npm.error?.message}: see the lines above. Check the network and the disk, then run the same command again.`,
      );
      process.exit(1);
    }
    say(`Packages installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  });
}

/**
 * Whether every package of package-lock.json stands in node_modules in its version, as far as npm recorded
 * (`node_modules/.package-lock.json`). Optional ones may be missing: they are for other platforms.
 */
function isInstalled() {
  const wanted = readLock("package-lock.json");
  const present = readLock("node_modules/.package-lock.json");
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === "") return true;
    const found = present[place];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version;
  });
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(inRoot(file), "utf8")).packages;
  } catch {
    return undefined;
  }
}
