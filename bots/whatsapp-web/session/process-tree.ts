import { readdir, readFile } from "node:fs/promises";

/** One process as /proc tells it. */
interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly command: readonly string[];
}

/**
 * The processes of the browser that works on this profile: its main process, found by the profile in its command
 * line, with all its descendants and its process group. Empty where there is no /proc.
 */
export async function browserProcesses(profileDirectory: string): Promise<readonly number[]> {
  const all = await readProcesses();
  const argument = `--user-data-dir=${profileDirectory}`;
  const found = new Set(
    all.filter(({ command }) => command.includes(argument)).map(({ pid }) => pid),
  );
  // Only groups that such a process leads: a browser that somebody started in the group of their shell takes nobody along.
  const groups = new Set(
    all.filter(({ pid, group }) => found.has(pid) && pid === group).map(({ pid }) => pid),
  );
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pid, parent, group } of all) {
      if (found.has(pid) || !(found.has(parent) || groups.has(group))) continue;
      found.add(pid);
      grew = true;
    }
  }
  found.delete(process.pid);
  return [...found];
}

/** Kills them, and waits until they are gone. Returns how many there were. */
export async function killBrowser(profileDirectory: string): Promise<number> {
  let killed = 0;
  // What is being forked while we look is found by the next look.
  for (let round = 0; round < 50; round += 1) {
    const pids = await browserProcesses(profileDirectory);
    if (pids.length === 0) return killed;
    if (round === 0) killed = pids.length;
    for (const pid of pids) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 20 + round * 5));
  }
  return killed;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself between the look and the blow.
  }
}

/** Memory of the processes in megabytes, pages that they share counted once. Undefined where the system does not tell. */
export async function memoryMegabytes(pids: readonly number[]): Promise<number | undefined> {
  const sizes = await Promise.all(pids.map(proportionalKilobytes));
  const known = sizes.filter((size) => size !== undefined);
  if (known.length === 0) return undefined;
  return Math.round(known.reduce((sum, size) => sum + size, 0) / 1024);
}

async function proportionalKilobytes(pid: number): Promise<number | undefined> {
  const text =
    (await readText(`/proc/${pid}/smaps_rollup`)) ?? (await readText(`/proc/${pid}/status`));
  const match = text && (/^Pss:\s+(\d+) kB/m.exec(text) ?? /^VmRSS:\s+(\d+) kB/m.exec(text));
  return match ? Number(match[1]) : undefined;
}

async function readProcesses(): Promise<readonly ProcessEntry[]> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const entries = await Promise.all(pids.map(readProcess));
  return entries.filter((entry) => entry !== undefined);
}

async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  const [fields, commandLine] = await Promise.all([
    statFields(pid),
    readText(`/proc/${pid}/cmdline`),
  ]);
  // A zombie has no memory, no command and nothing left to kill.
  if (fields === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
  return {
    pid,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    command: toArguments(commandLine ?? ""),
  };
}

/** Chromium rewrites its title: its arguments are then joined by blanks. */
function toArguments(commandLine: string): readonly string[] {
  return commandLine.split("\0").flatMap((part) => [part, ...part.split(" ")]);
}

/** The fields after the name, which may hold anything: state, parent, group, … (proc(5)). */
async function statFields(pid: number): Promise<readonly string[] | undefined> {
  const stat = await readText(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
