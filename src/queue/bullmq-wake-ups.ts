import { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "../core/logger.ts";
import type { Hop, WakeUps } from "../core/wake-up.ts";
import { DEFAULT_DRAIN_MS } from "./embedded-wake-ups.ts";
import { createLookLoop, type Look, type LookLoop } from "./look-loop.ts";
import { endRedis, openRedis } from "./redis-connection.ts";

export interface BullMqWakeUpsOptions {
  readonly redisUrl: string;
  /** Longest time that due work waits for a look when a wake was lost (Redis down or flushed) or its time came. */
  readonly pollIntervalMs: number;
  /** How long `close` waits for running looks before it aborts their signal. Default 10,000 ms. */
  readonly drainMs?: number;
  /**
   * At most one call per hop goes to Redis in this time; those between share the next one. Default 50 ms:
   * 20 calls per second and hop, whatever the load.
   */
  readonly minimumGapMs?: number;
  /** Separates installations that share a Redis. Default `pregonero`. */
  readonly prefix?: string;
  readonly logger: Logger;
}

/**
 * Wake-ups between processes, by one BullMQ job per hop. The job carries nothing: it says "look".
 *
 * Its id is fixed, so that however often a hop is woken at most one job waits in Redis. A process that
 * is idle takes it, completes it *before* it looks (a wake that comes during the look is a new job), and
 * looks. A process that is busy takes none; if it became busy while it waited for one, it passes the job
 * on. A look that leaves work behind wakes another process. Nothing rests on Redis: each process also
 * polls, and a job that dies with its process is put back by BullMQ's stalled check within 10 s.
 */
export function createBullMqWakeUps(options: BullMqWakeUpsOptions): WakeUps {
  const { redisUrl, logger } = options;
  const hops = new Map<Hop, HopLine>();
  // Calls fail at once while Redis is away: a wake that cannot be made now is not worth keeping.
  const sending = openRedis(redisUrl, "wake", logger, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 2_000,
  });
  let taking: Redis | undefined;
  let closing: Promise<void> | undefined;

  function lineOf(hop: Hop): HopLine {
    let line = hops.get(hop);
    if (line === undefined) {
      line = createHopLine(hop, sending, options);
      hops.set(hop, line);
    }
    return line;
  }

  async function close(): Promise<void> {
    const lines = [...hops.values()];
    // Before BullMQ closes: it would wait for commands that Redis, when it is away, never answers.
    if (taking !== undefined) endRedis(taking);
    await Promise.all(lines.map((line) => line.drain()));
    endRedis(sending);
    await Promise.all(lines.map((line) => line.close()));
  }

  return {
    wake(hop) {
      if (closing === undefined) lineOf(hop).wake();
    },
    listen(hop, look) {
      if (closing !== undefined) return;
      // BullMQ needs commands of a worker to wait for the connection rather than to fail.
      taking ??= openRedis(redisUrl, "look", logger, { maxRetriesPerRequest: null });
      lineOf(hop).listen(look, taking);
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

const DEFAULT_PREFIX = "pregonero";

interface HopLine {
  wake(): void;
  listen(look: Look, connection: Redis): void;
  /**
   * No further job is taken and no further look starts; resolves when the running one has ended. Work that
   * it leaves is passed on to another process.
   */
  drain(): Promise<void>;
  /** After `drain`, and after the sending connection was ended. */
  close(): Promise<void>;
}

function createHopLine(hop: Hop, sending: Redis, options: BullMqWakeUpsOptions): HopLine {
  const { logger, prefix = DEFAULT_PREFIX } = options;
  let loop: LookLoop | undefined;
  let taker: JobTaker | undefined;
  const jobs = createJobAdder(hop, prefix, sending);
  const others = createThrottle(options.minimumGapMs ?? 50, async () => {
    // Redis away: at least this process looks; the others at their next poll.
    if (!(await jobs.add())) loop?.wake();
  });

  return {
    wake() {
      // An idle process need not ask another one; a burst that is too much for it does, by the work left.
      if (loop?.isIdle) loop.wake();
      else others.call();
    },
    listen(look, connection) {
      if (loop !== undefined)
        throw new TypeError(`Hop "${hop}" already has a look in this process.`);
      const { pollIntervalMs, drainMs = DEFAULT_DRAIN_MS } = options;
      const onWorkLeft = () => others.call();
      loop = createLookLoop({ hop, look, pollIntervalMs, drainMs, logger, onWorkLeft });
      taker = takeJobs({ hop, connection, prefix, loop, passOn: onWorkLeft });
    },
    async drain() {
      await Promise.all([taker?.close(), loop?.close()]);
    },
    async close() {
      others.stop();
      await jobs.close();
    },
  };
}

function createJobAdder(hop: Hop, prefix: string, connection: Redis) {
  let queue: Queue | undefined;

  function open(): Queue {
    const opened = new Queue(hop, {
      connection,
      prefix,
      // BullMQ notes each step in a stream; nobody reads it.
      streams: { events: { maxLen: 100 } },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    opened.on("error", () => {});
    return opened;
  }

  async function close(): Promise<void> {
    const closing = queue;
    queue = undefined;
    await closing?.close().catch(() => {});
  }

  return {
    /** Adds the hop's one job; Redis ignores it while it is there. False when Redis did not take it. */
    async add(): Promise<boolean> {
      if (connection.status !== "ready") return false;
      queue ??= open();
      try {
        await queue.add("look", {}, { jobId: "look" });
        return true;
      } catch {
        // A queue whose first contact with Redis failed stays broken: the next call opens another.
        await close();
        return false;
      }
    },
    close,
  };
}

/** Runs `call` at once, then at most every `gapMs`, never twice at once; calls in between share one later run. */
function createThrottle(gapMs: number, run: () => Promise<void>) {
  let isRunning = false;
  let isWanted = false;
  let isStopped = false;
  let gap: NodeJS.Timeout | undefined;

  async function start(): Promise<void> {
    isWanted = false;
    isRunning = true;
    await run();
    isRunning = false;
    if (isStopped) return;
    gap = setTimeout(() => {
      gap = undefined;
      if (isWanted) void start();
    }, gapMs);
  }

  return {
    call() {
      if (isStopped) return;
      isWanted = true;
      if (!isRunning && gap === undefined) void start();
    },
    stop() {
      isStopped = true;
      clearTimeout(gap);
    },
  };
}

interface JobTaker {
  close(): Promise<void>;
}

/** Takes the hop's job whenever this process is idle, and looks. */
function takeJobs(options: {
  readonly hop: Hop;
  readonly connection: Redis;
  readonly prefix: string;
  readonly loop: LookLoop;
  readonly passOn: () => void;
}): JobTaker {
  const { loop } = options;
  // Jobs are fetched by hand (docs.bullmq.io/patterns/manually-fetching-jobs): only an idle process asks.
  const worker = new Worker(options.hop, null, {
    connection: options.connection,
    prefix: options.prefix,
    autorun: false,
    lockDuration: 5_000,
    stalledInterval: 5_000,
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    drainDelay: 5,
  });
  worker.on("error", () => {});
  const token = worker.id;
  const closed = new AbortController();
  const whenClosed = new Promise<undefined>((resolve) => {
    closed.signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });

  /** False when it came back without a job. */
  async function takeOne(): Promise<boolean> {
    await loop.whenIdle();
    if (closed.signal.aborted) return false;
    // BullMQ waits on a connection of its own, which does not answer once Redis and then the worker are gone.
    const job = await Promise.race([worker.getNextJob(token, { block: true }), whenClosed]);
    if (job === undefined) return false;
    const wasIdle = loop.isIdle;
    // Fails when Redis was flushed meanwhile; the look is due all the same.
    await job.moveToCompleted(null, token, false).catch(() => {});
    if (!wasIdle) options.passOn();
    loop.wake();
    return true;
  }

  async function takeAll(): Promise<void> {
    let emptyReturns = 0;
    while (!closed.signal.aborted) {
      const began = performance.now();
      const isTaken = await takeOne().catch(() => false);
      // An empty-handed return normally comes after `drainDelay`; while Redis is away it comes at once.
      emptyReturns = isTaken || performance.now() - began > 500 ? 0 : emptyReturns + 1;
      if (emptyReturns > 3) await pause(500, closed.signal);
    }
  }

  void worker.startStalledCheckTimer().catch(() => {});
  const ended = takeAll();
  return {
    async close() {
      closed.abort();
      await worker.close(true).catch(() => {});
      await ended;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
