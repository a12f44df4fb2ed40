import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { memoryMegabytes } from "../../bots/whatsapp-web/session/process-tree.ts";
import type { EphemeralPostgres } from "../services/harness/postgres.ts";
import { openWhatsAppCell, type WhatsAppCell, type WhatsAppEngine } from "./whatsapp-cell.ts";

export interface SessionsSize {
  readonly sessions: number;
  readonly idleSeconds: number;
  readonly minutes: number;
}

export interface SessionsVerdict {
  /** Of one session at rest: its browser. */
  readonly idleMegabytes: number;
  /** Of one session at rest: share of a core, its browser and the process that drives it. */
  readonly idleCore: number;
  readonly messages: number;
  readonly lost: number;
  readonly doubled: number;
  /** Sessions that were not `ready` at the end. */
  readonly notReady: number;
  /** Seconds from a message's arrival to its answer; people's bursts are waited for 2.5 s of them. */
  readonly p50: number;
  readonly p95: number;
  /** Under traffic, of all sessions together. */
  readonly busyCores: number;
  readonly busyMegabytes: number;
}

/** Somebody writes to one of the accounts this often. */
const EVERY_MS = 1_500;
const CHATS = 12;
const READY_MS = 180_000;
const SETTLE_MS = 120_000;
/** Of the kernel's clock in /proc/PID/stat: 100 everywhere that Linux runs Chromium. */
const TICKS_PER_SECOND = 100;

/** Accounts on stand-ins of their own, each held by a process of its own: first at rest, then written to by turns. */
export async function runSessions(
  postgres: EphemeralPostgres,
  size: SessionsSize,
  options: { readonly engine: WhatsAppEngine; readonly chromiumPath: string },
): Promise<SessionsVerdict> {
  const cells: WhatsAppCell[] = [];
  const pidsOf = (cell: WhatsAppCell) => [...cell.browsers(), ...cell.lines()];
  const allPids = () => cells.flatMap(pidsOf);
  try {
    for (let index = 0; index < size.sessions; index++) {
      const cell = await openWhatsAppCell(postgres, { ...options, answers: true });
      cells.push(cell);
      cell.start();
      await cell.untilReport(({ state }) => state === "ready", READY_MS);
    }
    const idle = await coresUsed(allPids, size.idleSeconds * 1_000);
    const [first] = cells;
    const idleMegabytes = (first && (await memoryMegabytes(first.browsers()))) ?? Number.NaN;
    const [talked, busyCores] = await Promise.all([
      talk(cells, size.minutes),
      coresUsed(allPids, size.minutes * 60_000),
    ]);
    const busyMegabytes = (await memoryMegabytes(allPids())) ?? Number.NaN;
    await untilAnswered(cells, talked);
    const reports = await Promise.all(cells.map((cell) => cell.report()));
    return {
      idleMegabytes,
      idleCore: idle / size.sessions,
      messages: talked.length,
      ...judge(cells, talked),
      notReady: reports.filter((report) => report?.state !== "ready").length,
      busyCores,
      busyMegabytes,
    };
  } finally {
    await Promise.all(cells.map((cell) => cell.close()));
  }
}

interface Asked {
  readonly cell: WhatsAppCell;
  readonly token: string;
  readonly atMs: number;
}

async function talk(cells: readonly WhatsAppCell[], minutes: number): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const untilMs = Date.now() + minutes * 60_000;
  while (Date.now() < untilMs) {
    const index = asked.length;
    const cell = cells[index % cells.length];
    if (cell === undefined) break;
    const token = `s${index}x`;
    const chat = Math.floor(index / cells.length) % CHATS;
    asked.push({ cell, token, atMs: Date.now() });
    cell.standIn.receive({ chat: `506880000${chat + 10}@c.us`, text: `${token} ¿qué hay?` });
    await pause(EVERY_MS);
  }
  return asked;
}

async function untilAnswered(
  cells: readonly WhatsAppCell[],
  asked: readonly Asked[],
): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (performance.now() < deadline) {
    const answers = answersBy(cells);
    if (asked.every(({ cell, token }) => (answers.get(cell)?.get(token)?.length ?? 0) > 0)) break;
    await pause(500);
  }
  // What is doubled comes after the last one that was waited for.
  await pause(3_000);
}

function judge(cells: readonly WhatsAppCell[], asked: readonly Asked[]) {
  const answers = answersBy(cells);
  const timesOf = ({ cell, token }: Asked) => answers.get(cell)?.get(token) ?? [];
  const seconds = asked
    .flatMap((one) =>
      timesOf(one)
        .slice(0, 1)
        .map((atMs) => (atMs - one.atMs) / 1_000),
    )
    .sort((one, other) => one - other);
  const at = (share: number) => seconds[Math.floor(seconds.length * share)] ?? Number.NaN;
  return {
    lost: asked.filter((one) => timesOf(one).length === 0).length,
    doubled: asked.filter((one) => timesOf(one).length > 1).length,
    p50: at(0.5),
    p95: at(0.95),
  };
}

/** When each token was said back, by account. */
function answersBy(cells: readonly WhatsAppCell[]) {
  return new Map(
    cells.map((cell) => {
      const times = new Map<string, number[]>();
      for (const { text, atMs } of cell.standIn.sent()) {
        for (const [token] of text.matchAll(/\bs\d+x\b/g)) {
          times.set(token, [...(times.get(token) ?? []), atMs]);
        }
      }
      return [cell, times] as const;
    }),
  );
}

/** Cores that these processes kept busy over the time, on average. A browser opened anew on the way counts from then on. */
async function coresUsed(pids: () => readonly number[], ms: number): Promise<number> {
  const before = new Map(pids().map((pid) => [pid, cpuSeconds(pid)]));
  const startedAt = performance.now();
  await pause(ms);
  const elapsed = (performance.now() - startedAt) / 1_000;
  const used = pids().reduce((sum, pid) => sum + cpuSeconds(pid) - (before.get(pid) ?? 0), 0);
  return used / elapsed;
}

/** Of one process, by /proc; 0 for one that has ended. */
function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold blanks: state is field 3, user and system time are 14 and 15 (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}
