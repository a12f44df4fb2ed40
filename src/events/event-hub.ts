import { EVENTS_TOPIC, type EventLog, type LoggedEvent } from "../core/events.ts";
import type { TenantId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { LiveEvents } from "../core/wake-up.ts";

/** An event, and how it is written to a stream: once, for however many read it. */
export interface ToldEvent {
  readonly event: LoggedEvent;
  readonly frame: string;
}

export interface EventFollower {
  readonly tenantId: TenantId;
  /** Must not throw, nor wait. */
  tell(told: ToldEvent): void;
}

/**
 * The one reader of the log in a process: it asks whether something was appended, and hands it on to whoever follows
 * the tenant. A process that nobody follows asks nothing.
 */
export interface EventHub {
  /**
   * Tells `follower` first what follows `after` (undefined: nothing of the past), then what comes, without a gap and
   * without a repetition. `isOpen` is asked between pages of the past, `drained` waited for. Resolves when the past is
   * told: `reset` when it is not kept that far back, and only what comes is told; with the position from which on the
   * follower misses nothing.
   */
  follow(
    follower: EventFollower,
    past: {
      readonly after: number | undefined;
      readonly isOpen: () => boolean;
      readonly drained: () => Promise<void>;
    },
  ): Promise<{ readonly kind: "caught-up" | "reset"; readonly position: number }>;
  leave(follower: EventFollower): void;
  /** The newest that followers were told of. */
  position(): number;
}

/** A stretch of the log: what is told of it, and how far it goes. */
interface Page {
  readonly told: readonly ToldEvent[];
  readonly upTo: number;
}

/** What no wake-up told of is found at most this late. */
const POLL_MS = 300;
const PAGE = 500;
/** Events kept at hand: a storm of reconnecting pages asks the database nothing. About 300 bytes each. */
const MAX_RECENT = 5_000;

export function createEventHub(ports: {
  readonly log: EventLog;
  readonly liveEvents: LiveEvents;
  readonly logger: Logger;
}): EventHub {
  /** Those that are still told the past are interested, and have not joined. */
  const interested = new Set<EventFollower>();
  const followers = new Map<TenantId, Set<EventFollower>>();
  /** All that follow position `recentFrom`, up to `position`. */
  let recent: ToldEvent[] = [];
  let recentFrom = 0;
  let position = 0;
  let running: { starting: Promise<void>; stop(): void } | undefined;

  function tell(event: LoggedEvent): void {
    const told = { event, frame: frameOf(event) };
    position = event.position;
    recent.push(told);
    for (const follower of followersOf(followers, event.tenantId)) follower.tell(told);
  }

  function trim(): void {
    if (recent.length <= MAX_RECENT) return;
    recent = recent.slice(recent.length - MAX_RECENT / 2);
    recentFrom = (recent[0]?.event.position ?? position + 1) - 1;
  }

  async function look(): Promise<void> {
    for (;;) {
      const events = await ports.log.readAfter(position, PAGE);
      for (const event of events) tell(event);
      trim();
      if (events.length < PAGE) return;
    }
  }

  function start() {
    const looking = repeat(POLL_MS, look, (error) =>
      ports.logger.warn("event-log-unreadable", { error }),
    );
    const unsubscribe = ports.liveEvents.subscribe(EVENTS_TOPIC, looking.now);
    const starting = ports.log.bounds().then(({ head }) => {
      recent = [];
      position = head;
      recentFrom = head;
      looking.now();
    });
    // Whoever waits for it hears of it; the next one begins anew.
    starting.catch(() => stop());
    function stop(): void {
      unsubscribe();
      looking.stop();
      if (running === self) running = undefined;
    }
    const self = { starting, stop };
    return self;
  }

  function join(follower: EventFollower): void {
    const set = followers.get(follower.tenantId) ?? new Set();
    followers.set(follower.tenantId, set.add(follower));
  }

  async function readPage(tenantId: TenantId, after: number): Promise<Page> {
    const upTo = position;
    const events = await ports.log.replay(tenantId, after, upTo, PAGE);
    const told = events.map((event) => ({ event, frame: frameOf(event) }));
    return { told, upTo: events.length < PAGE ? upTo : (events.at(-1)?.position ?? upTo) };
  }

  function pageAtHand(after: number): Page {
    const from = recent.findIndex(({ event }) => event.position > after);
    const told = from < 0 ? [] : recent.slice(from, from + PAGE);
    return { told, upTo: told.at(-1)?.event.position ?? position };
  }

  const isAtHand = (after: number) => after >= recentFrom && after <= position;

  return {
    position: () => position,
    async follow(follower, past) {
      const { after } = past;
      interested.add(follower);
      running ??= start();
      await running.starting;
      const kept = after === undefined || isAtHand(after) || (await isKept(ports.log, after));
      let at = kept ? (after ?? position) : position;
      while (past.isOpen()) {
        const page = at < recentFrom ? await readPage(follower.tenantId, at) : pageAtHand(at);
        // Nothing is waited for since it was looked: what comes next comes to a follower that has joined.
        if (page.told.length === 0 && page.upTo === position) {
          if (past.isOpen()) join(follower);
          break;
        }
        for (const told of page.told) {
          if (isFor(told, follower)) follower.tell(told);
          await past.drained();
        }
        at = page.upTo;
      }
      return { kind: kept ? "caught-up" : "reset", position };
    },
    leave(follower) {
      const set = followers.get(follower.tenantId);
      if (set?.delete(follower) && set.size === 0) followers.delete(follower.tenantId);
      interested.delete(follower);
      if (interested.size === 0) running?.stop();
    },
  };
}

/** Neither older than the log, nor of another log that was ahead of this one (a restored database). */
async function isKept(log: EventLog, after: number): Promise<boolean> {
  const { head, floor } = await log.bounds();
  return after >= floor && after <= head;
}

function isFor({ event }: ToldEvent, { tenantId }: EventFollower): boolean {
  return event.tenantId === undefined || event.tenantId === tenantId;
}

function followersOf(
  followers: ReadonlyMap<TenantId, ReadonlySet<EventFollower>>,
  tenantId: TenantId | undefined,
): Iterable<EventFollower> {
  if (tenantId !== undefined) return followers.get(tenantId) ?? [];
  return [...followers.values()].flatMap((set) => [...set]);
}

function frameOf({ position, kind, tenantId, happenedAt, detail }: LoggedEvent): string {
  const data = { tenantId: tenantId ?? null, at: happenedAt.toISOString(), ...detail };
  return `id: ${position}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Runs `work` now and then, never twice at once; what is asked for meanwhile is done after. */
function repeat(
  intervalMs: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): { now(): void; stop(): void } {
  let isRunning = false;
  let isAsked = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function run(): Promise<void> {
    clearTimeout(timer);
    isAsked = true;
    if (isRunning) return;
    isRunning = true;
    while (isAsked && !isStopped) {
      isAsked = false;
      await work().catch(onError);
    }
    isRunning = false;
    if (!isStopped) timer = setTimeout(run, intervalMs).unref();
  }
  return {
    now: () => void run(),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
