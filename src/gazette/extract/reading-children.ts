import type { ChildProcess } from "node:child_process";
import type { ExtractLimits } from "./limits.ts";
import { openInChild, type PdfChild, startChild } from "./pdf-child.ts";
import { readResidentMiB } from "./resident-memory.ts";

/** How long a child waits for another document. It holds up to `MAX_KEPT_SHARE` of the memory limit meanwhile. */
const IDLE_MS = 10_000;
/** Documents that one child reads at most, so that whatever pdfjs may leave behind does not add up. */
const MAX_DOCUMENTS = 50;
/** A child that kept more than this of its memory limit would refuse a document that a new one reads. */
const MAX_KEPT_SHARE = 0.25;

/**
 * Children that read text layers. Starting one and loading pdfjs takes 0.2 s, and the first pages take
 * three times as long as later ones, because V8 compiles what runs often: so one child that has read its
 * document well waits a while for the next. PDFs run no code in it, it writes nothing and dials nowhere;
 * whatever made one fail, by its own fault or by a limit, ends it, and each document has the whole limits.
 */
export interface ReadingChildren {
  /** Runs the task on a child that has the PDF open. At most one child is kept for later. */
  use<Result>(
    bytes: Uint8Array,
    signal: AbortSignal,
    task: (child: PdfChild) => Promise<Result>,
  ): Promise<Result>;
}

interface KeptChild {
  readonly process: ChildProcess;
  readonly documentCount: number;
}

export function createReadingChildren(limits: ExtractLimits): ReadingChildren {
  let waiting: (KeptChild & { readonly timer: NodeJS.Timeout }) | undefined;

  async function take(): Promise<KeptChild> {
    if (waiting !== undefined) {
      const { process, documentCount, timer } = waiting;
      waiting = undefined;
      clearTimeout(timer);
      process.ref();
      process.channel?.ref();
      if (await isFit(process, limits)) return { process, documentCount };
      process.kill("SIGKILL");
    }
    return { process: startChild(limits), documentCount: 0 };
  }

  function keep(child: KeptChild): void {
    if (waiting !== undefined || child.documentCount >= MAX_DOCUMENTS) {
      child.process.kill("SIGKILL");
      return;
    }
    const timer = setTimeout(() => {
      waiting = undefined;
      child.process.kill("SIGKILL");
    }, IDLE_MS);
    // A process that has nothing else to do ends, and its child goes with it.
    timer.unref();
    child.process.unref();
    child.process.channel?.unref();
    waiting = { ...child, timer };
  }

  return {
    async use(bytes, signal, task) {
      signal.throwIfAborted();
      const taken = await take();
      const child = await openInChild(bytes, limits, signal, taken.process);
      try {
        const result = await task(child);
        keep({ process: taken.process, documentCount: taken.documentCount + 1 });
        return result;
      } catch (error) {
        child.close();
        throw error;
      }
    },
  };
}

/** Whether it lives (what died and was not yet noticed has no memory), and has given back what its last document took. */
async function isFit(child: ChildProcess, limits: ExtractLimits): Promise<boolean> {
  if (child.pid === undefined || !child.connected) return false;
  const keptMiB = (await readResidentMiB(child.pid)) ?? 0;
  return keptMiB > 0 && keptMiB <= MAX_KEPT_SHARE * limits.maxMemoryMiB && child.connected;
}
