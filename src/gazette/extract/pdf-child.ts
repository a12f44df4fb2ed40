import { type ChildProcess, fork } from "node:child_process";
import { PregoneroError } from "../../core/errors.ts";
import { childEntry } from "./child-entry.ts";
import type { ChildJob, ChildReport } from "./child-protocol.ts";
import type { ExtractLimits } from "./limits.ts";
import { readResidentMiB } from "./resident-memory.ts";

/** How often the child's memory is looked at. A decompressor fills about 50 MiB in that time. */
const WATCH_INTERVAL_MS = 100;

/** A process that has one PDF open. It is killed, never asked, when it exceeds a limit. */
export interface PdfChild {
  readonly processId: number | undefined;
  readonly pageCount: number;
  /** One job at a time. Throws `pdf-too-slow`, `pdf-too-hungry`, what the job threw, or the signal's reason. */
  run(job: ChildJob, options: JobOptions): Promise<ChildReport>;
  close(): void;
}

export interface JobOptions {
  readonly maxSeconds: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (page: number, pageCount: number) => void;
}

/**
 * Opens the PDF in a child, started for it unless one is given; what that one had open is closed. Kills the child
 * and throws what opening throws (`pdf-broken`, `pdf-encrypted`, …).
 */
export async function openInChild(
  bytes: Uint8Array,
  limits: ExtractLimits,
  signal: AbortSignal,
  kept?: ChildProcess,
): Promise<PdfChild> {
  if (kept === undefined) signal.throwIfAborted();
  const child = kept ?? startChild(limits);
  const run = (job: ChildJob, options: JobOptions) => runJob(child, limits, job, options);
  try {
    const opened = await run(
      { kind: "open", bytes, maxPages: limits.maxPages },
      { maxSeconds: limits.maxSeconds, signal },
    );
    const pageCount = opened.kind === "opened" ? opened.pageCount : 0;
    return { processId: child.pid, pageCount, run, close: () => child.kill("SIGKILL") };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

export function startChild(limits: ExtractLimits): ChildProcess {
  const entry = childEntry();
  return fork(entry.file, [], {
    // No environment: what holds the PDF holds no secret.
    env: {},
    execArgv: [
      `--max-old-space-size=${Math.floor(limits.maxMemoryMiB * 0.75)}`,
      // Most of what pdfjs makes dies young: with a young generation of 16 MiB from the start (V8 begins with 1) it is collected less often.
      "--min-semi-space-size=16",
      "--no-warnings",
      ...entry.flags,
    ],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

function runJob(
  child: ChildProcess,
  limits: ExtractLimits,
  job: ChildJob,
  options: JobOptions,
): Promise<ChildReport> {
  const { signal, maxSeconds, onProgress } = options;
  return new Promise((resolve, reject) => {
    function settle(finish: () => void): void {
      clearTimeout(deadline);
      clearInterval(watch);
      signal.removeEventListener("abort", onAbort);
      child.off("message", onMessage).off("exit", onExit).off("error", onError);
      finish();
    }
    function kill(error: unknown): void {
      settle(() => {
        child.kill("SIGKILL");
        reject(error);
      });
    }
    function onMessage(report: ChildReport): void {
      if (report.kind === "progress") onProgress?.(report.page, report.pageCount);
      else if (report.kind === "failed") settle(() => reject(failure(report)));
      else settle(() => resolve(report));
    }
    const onAbort = () => kill(signal.reason);
    const onError = (error: Error) => kill(died(error.message));
    // V8 aborts the process when its heap is full.
    const onExit = (code: number | null, by: string | null) =>
      kill(by === "SIGABRT" || code === 134 ? tooHungry(limits) : died(by ?? `exit code ${code}`));
    const deadline = setTimeout(() => kill(tooSlow(maxSeconds)), maxSeconds * 1_000);
    const watch = setInterval(() => {
      if (child.pid === undefined) return;
      void readResidentMiB(child.pid).then((used) => {
        if (used !== undefined && used > limits.maxMemoryMiB) kill(tooHungry(limits));
      });
    }, WATCH_INTERVAL_MS);
    signal.addEventListener("abort", onAbort, { once: true });
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
    if (signal.aborted) onAbort();
    else child.send(job, (error) => error && kill(died(error.message)));
  });
}

function failure(report: ChildReport & { kind: "failed" }): PregoneroError {
  const status = report.status === undefined ? {} : { status: report.status };
  return new PregoneroError(report.code, report.message, status);
}

function tooSlow(maxSeconds: number): PregoneroError {
  return new PregoneroError(
    "pdf-too-slow",
    `Reading the PDF took longer than ${maxSeconds} s and was stopped. Split it and ingest the parts.`,
    { status: 413 },
  );
}

function tooHungry(limits: ExtractLimits): PregoneroError {
  return new PregoneroError(
    "pdf-too-hungry",
    `Reading the PDF took more than ${limits.maxMemoryMiB} MiB of memory and was stopped. It may hold a decompression bomb; if you trust it, print it to a new PDF and ingest that.`,
    { status: 413 },
  );
}

function died(how: string): PregoneroError {
  return new PregoneroError(
    "pdf-broken",
    `The process that read the PDF died (${how}). The file may be damaged: download it again.`,
    { status: 400 },
  );
}
