import type { Clock } from "../../../src/core/clock.ts";
import { memoryMegabytes } from "./process-tree.ts";

const MEASURE_EVERY_MS = 15_000;

interface Measured {
  readonly atMs: number;
  readonly pid?: number;
  readonly megabytes?: number;
}

/** What the browser's processes hold, asked for every 15 s at the most. */
export function createMeasuring(clock: Clock) {
  let measured: Measured = { atMs: 0 };

  return {
    isDue: () => clock.now().getTime() - measured.atMs >= MEASURE_EVERY_MS,
    latest: () => measured,
    /** `pids`: the browser's own first; none when there is no browser. */
    async measure(pids: readonly number[]): Promise<Measured> {
      const megabytes = await memoryMegabytes(pids);
      const [pid] = pids;
      measured = {
        atMs: clock.now().getTime(),
        ...(pid !== undefined && { pid }),
        ...(megabytes !== undefined && { megabytes }),
      };
      return measured;
    },
  };
}
