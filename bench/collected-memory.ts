import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ServerProcess } from "../test/services/harness/server-process.ts";
import { residentBytes } from "./process-usage.ts";

const PRELOAD = pathToFileURL(path.join(import.meta.dirname, "collect-on-signal.js")).href;

/** Flags for Node under which `createCollectedMemory` can measure a process. */
export const COLLECTING_FLAGS: readonly string[] = ["--expose-gc", "--import", PRELOAD];

/** V8 gives pages back in the background: most are back after half of this. */
const GIVING_BACK_MS = 1_000;

/**
 * The memory that a process holds: resident bytes once its garbage was collected. Without that the figure is
 * mostly how much the machine has, since V8 collects the later the more memory is free.
 */
export function createCollectedMemory(
  measured: Pick<ServerProcess, "pid" | "printed">,
): () => Promise<number> {
  let collections = 0;
  return async () => {
    collections += 1;
    process.kill(measured.pid, "SIGUSR2");
    await measured.printed(new RegExp(`^garbage collected ${collections}$`, "m"));
    await new Promise((resolve) => setTimeout(resolve, GIVING_BACK_MS));
    return residentBytes([measured.pid]);
  };
}
