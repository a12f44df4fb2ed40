import type { Logger } from "../core/logger.ts";
import type { Hop, WakeUps } from "../core/wake-up.ts";
import { createLookLoop, type LookLoop } from "./look-loop.ts";

export interface EmbeddedWakeUpsOptions {
  /** Longest time that due work waits for a look when no wake told of it (a retry's time came, a crash). */
  readonly pollIntervalMs: number;
  /** How long `close` waits for running looks before it aborts their signal. Default 10,000 ms. */
  readonly drainMs?: number;
  readonly logger: Logger;
}

/** Wake-ups within one process. */
export function createEmbeddedWakeUps(options: EmbeddedWakeUpsOptions): WakeUps {
  const loops = new Map<Hop, LookLoop>();
  let isClosed = false;

  return {
    wake(hop) {
      loops.get(hop)?.wake();
    },
    listen(hop, look) {
      if (isClosed) return;
      if (loops.has(hop)) throw new TypeError(`Hop "${hop}" already has a look in this process.`);
      const { pollIntervalMs, logger, drainMs = DEFAULT_DRAIN_MS } = options;
      const onWorkLeft = () => {};
      loops.set(hop, createLookLoop({ hop, look, pollIntervalMs, drainMs, logger, onWorkLeft }));
    },
    async close() {
      isClosed = true;
      await Promise.all([...loops.values()].map((loop) => loop.close()));
    },
  };
}

/** Well under the 30 s that orchestrators give after SIGTERM. */
export const DEFAULT_DRAIN_MS = 10_000;
