import { randomUUID } from "node:crypto";
import { link, readFile, rename, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { PregoneroError } from "../core/errors.ts";

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same pid; empty where the system does not say. */
  readonly startTicks: string;
  readonly since: string;
}

/**
 * Takes the directory for this process until the returned function is called or the process dies.
 * A lock left by a dead process is taken over. Throws `data-directory-busy` naming the living holder.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const lockFile = path.join(directory, "pregonero.lock");
  const mine = path.join(directory, `pregonero.lock.${process.pid}.${randomUUID()}`);
  const holder: Holder = {
    pid: process.pid,
    startTicks: await startTicks(process.pid),
    since: new Date().toISOString(),
  };
  await writeFile(mine, JSON.stringify(holder));
  try {
    // Twice: once against a lock that may be stale, once after that one was moved away.
    for (let attempt = 0; attempt < 2; attempt++) {
      if (await linkExclusively(mine, lockFile)) {
        return async () => {
          await unlink(lockFile).catch(() => {});
        };
      }
      await moveAwayIfStale(lockFile, mine);
    }
    throw await busy(lockFile, directory);
  } finally {
    await unlink(mine).catch(() => {});
  }
}

/** `link` is atomic and fails when the name exists, on every file system that Node runs on. */
async function linkExclusively(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function moveAwayIfStale(lockFile: string, mine: string): Promise<void> {
  const before = await readHolder(lockFile);
  if (before === undefined || (await isAlive(before.holder))) return;
  const grave = `${mine}.stale`;
  try {
    await rename(lockFile, grave);
  } catch {
    return;
  }
  // Between the reading and the renaming another process may have taken over: put its lock back.
  const moved = await readFile(grave, "utf8").catch(() => "");
  if (moved !== before.text) await linkExclusively(grave, lockFile);
  await unlink(grave).catch(() => {});
}

async function readHolder(lockFile: string): Promise<{ holder: Holder; text: string } | undefined> {
  try {
    const text = await readFile(lockFile, "utf8");
    return { holder: JSON.parse(text) as Holder, text };
  } catch {
    return undefined;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const ticks = await startTicks(holder.pid);
  return holder.startTicks === "" || ticks === "" || ticks === holder.startTicks;
}

/** Field 22 of /proc/pid/stat (proc(5)): start of the process in clock ticks since boot. */
async function startTicks(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

async function busy(lockFile: string, directory: string): Promise<PregoneroError> {
  const found = await readHolder(lockFile);
  const who = found
    ? `process ${found.holder.pid} (since ${found.holder.since})`
    : "another process";
  return new PregoneroError(
    "data-directory-busy",
    `The data directory ${directory} is in use by ${who}. Stop that process, or give this one another DATA_DIR.`,
  );
}
