import { type ChildProcess, fork } from "node:child_process";
import type { ChildEntry } from "./child-entry.ts";
import { readResidentMiB } from "./resident-memory.ts";

/** How often the child's memory is looked at. A decompressor fills about 50 MiB in that time. */
const WATCH_INTERVAL_MS = 100;

/** What is said when a job does not come to an answer. */
export interface ChildFailures {
  tooSlow(maxSeconds: number): Error;
  tooHungry(maxMemoryMiB: number): Error;
  died(how: string): Error;
}

/** A process that reads what strangers made: without environment, without writing and without starting others. */
export function startConfinedChild(entry: ChildEntry, maxMemoryMiB: number): ChildProcess {
  return fork(entry.file, [], {
    // No environment: what holds the document holds no secret.
    env: {},
    execArgv: [
      `--max-old-space-size=${Math.floor(maxMemoryMiB * 0.75)}`,
      // Most of what is made dies young: with a young generation of 16 MiB from the start (V8 begins with 1) it is collected less often.
      "--min-semi-space-size=16",
      "--no-warnings",
      ...entry.flags,
    ],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}

/**
 * Sends one job and resolves with its answer. The child is killed, never asked, when it exceeds a limit or the signal
 * aborts; rejects with one of `failures`, or the signal's reason.
 */
export function askConfinedChild<Report>(
  child: ChildProcess,
  job: object,
  options: {
    readonly maxSeconds: number;
    readonly maxMemoryMiB: number;
    readonly signal: AbortSignal;
    readonly failures: ChildFailures;
    /** False: it told of its progress, and the answer is still to come. */
    readonly isAnswer: (report: Report) => boolean;
  },
): Promise<Report> {
  const { signal, maxSeconds, maxMemoryMiB, failures } = options;
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
    function onMessage(report: unknown): void {
      if (options.isAnswer(report as Report)) settle(() => resolve(report as Report));
    }
    const onAbort = () => kill(signal.reason);
    const onError = (error: Error) => kill(failures.died(error.message));
    // V8 aborts the process when its heap is full.
    const onExit = (code: number | null, by: string | null) =>
      kill(
        by === "SIGABRT" || code === 134
          ? failures.tooHungry(maxMemoryMiB)
          : failures.died(by ?? `exit code ${code}`),
      );
    const deadline = setTimeout(() => kill(failures.tooSlow(maxSeconds)), maxSeconds * 1_000);
    const watch = setInterval(() => {
      if (child.pid === undefined) return;
      void readResidentMiB(child.pid).then((used) => {
        if (used !== undefined && used > maxMemoryMiB) kill(failures.tooHungry(maxMemoryMiB));
      });
    }, WATCH_INTERVAL_MS);
    signal.addEventListener("abort", onAbort, { once: true });
    child.on("message", onMessage).on("exit", onExit).on("error", onError);
    if (signal.aborted) onAbort();
    else child.send(job, (error) => error && kill(failures.died(error.message)));
  });
}
