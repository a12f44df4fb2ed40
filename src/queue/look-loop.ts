import type { Logger } from "../core/logger.ts";
import type { Hop } from "../core/wake-up.ts";

export type Look = (signal: AbortSignal) => Promise<boolean>;

/**
 * One hop's looks in this process, never two at once.
 *
 * - *idle*: no look runs; a wake or the poll timer starts one.
 * - *looking*: a look runs; wakes are remembered and cause exactly one more look after it.
 * - *closed*: no further look starts. Ends nothing that runs.
 */
export interface LookLoop {
  /** Starts a look soon, after the I/O events at hand, so that wakes of one burst share it. */
  wake(): void;
  readonly isIdle: boolean;
  /** Resolves when idle or closed; at once when it already is. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

export interface LookLoopOptions {
  readonly hop: Hop;
  readonly look: Look;
  /** Longest pause between the end of a look and the beginning of the next. */
  readonly pollIntervalMs: number;
  /** How long `close` lets a running look end by itself before its signal aborts. */
  readonly drainMs: number;
  /** Called when a look left work behind, before the next one starts. */
  readonly onWorkLeft: () => void;
  readonly logger: Logger;
}

export function createLookLoop(options: LookLoopOptions): LookLoop {
  const { hop, look, pollIntervalMs, logger } = options;
  const abort = new AbortController();
  let isWanted = false;
  let isClosed = false;
  let soon: NodeJS.Immediate | undefined;
  let poll: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let idleWaiters: (() => void)[] = [];

  function wake(): void {
    isWanted = true;
    if (isClosed || running !== undefined || soon !== undefined) return;
    soon = setImmediate(start);
  }

  function start(): void {
    soon = undefined;
    if (isClosed || running !== undefined) return;
    clearTimeout(poll);
    running = lookUntilDone().finally(() => {
      running = undefined;
      if (!isClosed) poll = setTimeout(wake, pollIntervalMs);
      releaseWaiters();
    });
  }

  async function lookUntilDone(): Promise<void> {
    do {
      isWanted = false;
      try {
        if (await look(abort.signal)) {
          isWanted = true;
          options.onWorkLeft();
        }
      } catch (error) {
        // The store is away or the look is broken: wait for the poll instead of spinning on wakes.
        isWanted = false;
        if (!isClosed) logger.warn("look-failed", { hop, error });
      }
    } while (isWanted && !isClosed);
  }

  function releaseWaiters(): void {
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const release of waiters) release();
  }

  const isIdle = () => running === undefined && soon === undefined;

  poll = setTimeout(wake, 0);
  return {
    wake,
    get isIdle() {
      return isIdle();
    },
    async whenIdle() {
      while (!isIdle() && !isClosed) {
        await new Promise<void>((resolve) => idleWaiters.push(resolve));
      }
    },
    async close() {
      isClosed = true;
      clearTimeout(poll);
      clearImmediate(soon);
      soon = undefined;
      releaseWaiters();
      if (running === undefined) return;
      const drain = setTimeout(() => abort.abort(), options.drainMs);
      await running;
      clearTimeout(drain);
    },
  };
}
