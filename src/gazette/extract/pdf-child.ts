import type { ChildProcess } from "node:child_process";
import { PregoneroError } from "../../core/errors.ts";
import { childEntry } from "./child-entry.ts";
import type { ChildJob, ChildReport } from "./child-protocol.ts";
import { askConfinedChild, startConfinedChild } from "./confined-child.ts";
import type { ExtractLimits } from "./limits.ts";

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

export function startChild({ maxMemoryMiB }: ExtractLimits): ChildProcess {
  return startConfinedChild(childEntry("./extract-child", import.meta.url), maxMemoryMiB);
}

function runJob(
  child: ChildProcess,
  { maxMemoryMiB }: ExtractLimits,
  job: ChildJob,
  { signal, maxSeconds, onProgress }: JobOptions,
): Promise<ChildReport> {
  return askConfinedChild<ChildReport>(child, job, {
    maxSeconds,
    maxMemoryMiB,
    signal,
    failures: { tooSlow, tooHungry, died },
    isAnswer(report) {
      if (report.kind === "progress") onProgress?.(report.page, report.pageCount);
      return report.kind !== "progress";
    },
  }).then((report) => {
    if (report.kind === "failed") throw failure(report);
    return report;
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

function tooHungry(maxMemoryMiB: number): PregoneroError {
  return new PregoneroError(
    "pdf-too-hungry",
    `Reading the PDF took more than ${maxMemoryMiB} MiB of memory and was stopped. It may hold a decompression bomb; if you trust it, print it to a new PDF and ingest that.`,
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
