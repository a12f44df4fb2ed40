import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ: fixed at 100 on every Linux that Node supports (time(7)). */
const TICKS_PER_SECOND = 100;

/** CPU seconds that these processes and all their descendants, alive or reaped, have used so far. */
export function cpuSeconds(pids: readonly number[]): number {
  const processes = readProcesses();
  return sumTree(processes, pids, (entry) => entry.ticks) / TICKS_PER_SECOND;
}

/** Resident memory of these processes and all their descendants; shared pages count in each. */
export function residentBytes(pids: readonly number[]): number {
  return sumTree(readProcesses(), pids, (entry) => entry.residentBytes);
}

interface ProcessEntry {
  readonly parent: number;
  /** utime + stime + cutime + cstime. */
  readonly ticks: number;
  readonly residentBytes: number;
}

const PAGE_BYTES = 4096;

function readProcesses(): ReadonlyMap<number, ProcessEntry> {
  const processes = new Map<number, ProcessEntry>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const entry = readProcess(Number(name));
    if (entry !== undefined) processes.set(Number(name), entry);
  }
  return processes;
}

/** Fields of /proc/pid/stat (proc(5)), counted after the command, which may contain spaces. */
function readProcess(pid: number): ProcessEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const field = (number: number) => fields[number - 3] ?? 0;
    return {
      parent: field(4),
      ticks: field(14) + field(15) + field(16) + field(17),
      residentBytes: field(24) * PAGE_BYTES,
    };
  } catch {
    // It ended between the listing and the reading.
    return undefined;
  }
}

function sumTree(
  processes: ReadonlyMap<number, ProcessEntry>,
  roots: readonly number[],
  value: (entry: ProcessEntry) => number,
): number {
  let sum = 0;
  for (const [pid, entry] of processes) {
    if (descends(processes, pid, roots)) sum += value(entry);
  }
  return sum;
}

function descends(
  processes: ReadonlyMap<number, ProcessEntry>,
  pid: number,
  roots: readonly number[],
): boolean {
  for (let at = pid; at > 1; at = processes.get(at)?.parent ?? 0) {
    if (roots.includes(at)) return true;
  }
  return false;
}
