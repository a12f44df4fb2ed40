import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { inRoot, say } from "./paths.mjs";

const lockFile = inRoot("dist", ".preparing");
const LOOK_EVERY_MS = 200;

/**
 * Runs `work` while no other process of this checkout installs or builds, so that `npm start` in one
 * terminal and `ask` in another do not both write node_modules. A lock whose process died is taken over.
 */
export async function whilePreparing(work) {
  mkdirSync(inRoot("dist"), { recursive: true });
  let hasWaited = false;
  while (!takeLock()) {
    if (!hasWaited) say("Another pregonero command is installing or building; waiting for it …");
    hasWaited = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    release();
    process.removeListener("exit", release);
  }
}

function takeLock() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isHeld()) rmSync(lockFile, { force: true });
    return false;
  }
}

function isHeld() {
  try {
    const pid = Number(readFileSync(lockFile, "utf8"));
    // Created but not yet written: its owner is at it this very moment.
    if (!pid) return Date.now() - statSync(lockFile).mtimeMs < 5_000;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
