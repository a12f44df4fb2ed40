import { PregoneroError } from "../../core/errors.ts";
import { childEntry } from "../../gazette/extract/child-entry.ts";
import { askConfinedChild, startConfinedChild } from "../../gazette/extract/confined-child.ts";
import type { ConvertJob, ConvertReport, TextSection } from "./convert-protocol.ts";

export interface ConvertLimits {
  readonly maxSeconds: number;
  /** Resident memory of the child process: what an archive that lies about its size runs into. */
  readonly maxMemoryMiB: number;
}

/** A DOCX of 2,000 pages takes 3 s and 350 MiB. */
const DEFAULT_LIMITS: ConvertLimits = { maxSeconds: 180, maxMemoryMiB: 768 };

/** Reads documents other than PDFs in a child process of their own. Rejects with a sentence for people. */
export type Convert = (job: ConvertJob, signal: AbortSignal) => Promise<readonly TextSection[]>;

export function createConverter(limits: ConvertLimits = DEFAULT_LIMITS): Convert {
  return async (job, signal) => {
    signal.throwIfAborted();
    const entry = childEntry("./convert-child", import.meta.url);
    const child = startConfinedChild(entry, limits.maxMemoryMiB);
    try {
      const report = await askConfinedChild<ConvertReport>(child, job, {
        ...limits,
        signal,
        failures: { tooSlow, tooHungry, died },
        isAnswer: () => true,
      });
      if (report.kind === "converted") return report.sections;
      const status = report.status === undefined ? {} : { status: report.status };
      throw new PregoneroError(report.code, report.message, status);
    } finally {
      child.kill("SIGKILL");
    }
  };
}

function tooSlow(maxSeconds: number): PregoneroError {
  return new PregoneroError(
    "document-too-slow",
    `Reading the document took longer than ${maxSeconds} s and was stopped. Split it and send the parts.`,
    { status: 413 },
  );
}

function tooHungry(maxMemoryMiB: number): PregoneroError {
  return new PregoneroError(
    "document-bomb",
    `Reading the document took more than ${maxMemoryMiB} MiB of memory and was stopped. If you trust it, save it anew with a word processor, without its pictures.`,
    { status: 413 },
  );
}

function died(how: string): PregoneroError {
  return new PregoneroError(
    "document-broken",
    `The process that read the document died (${how}). The file may be damaged: save it anew and send that.`,
    { status: 400 },
  );
}
