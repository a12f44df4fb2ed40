import type { Clock } from "../../../src/core/clock.ts";

/** Stands still until it is moved. */
export function clockAt(startMs: number): Clock & { advance(ms: number): void } {
  let nowMs = startMs;
  return {
    now: () => new Date(nowMs),
    advance(ms) {
      nowMs += ms;
    },
  };
}
