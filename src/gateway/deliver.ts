import type { BotRegistry } from "../core/bot-registry.ts";
import type { BotAccount, Channel, ChannelName, SendOutcome } from "../core/channel.ts";
import type { FaultPoint } from "../core/fault-point.ts";
import { createGroupCommit } from "../core/group-commit.ts";
import type { DuePart, Outbox, SettledPart } from "../core/ledgers.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import { allOn, type Switches } from "../core/switches.ts";
import type { WakeUps } from "../core/wake-up.ts";
import { createWorkPool } from "./work-pool.ts";

/** Longer than any channel's own time-out, so that the channel classifies first. */
const SEND_TIMEOUT_MS = 30_000;
/** Pauses before a refused part is tried again when the network named no time of its own. */
const BACKOFF_MS = [1_000, 4_000, 15_000, 60_000, 300_000];
/** A part that is refused this often, each time with a wait, is given up. */
const MAX_ATTEMPTS = 20;
const MAX_PARTS_PER_CLAIM = 50;
/** Of this process's places, those that broadcasts may fill: a reply always finds one of the others. */
const BROADCAST_PLACES = 0.5;
/** What a broadcast leaves to be done is found by a look that comes this soon anyway: no look is spent on each. */
const SOON_MS = 500;
/**
 * An older claim is not acted on: this process stood still (suspended, starved), and the sweep may soon give
 * the attempt up. Well below the sweep's own limit, so that both never act on one part.
 */
const MAX_CLAIM_AGE_MS = 20_000;

export interface DeliverHopPorts {
  /** Unique per process: who made the attempt. */
  readonly owner: string;
  readonly outbox: Outbox;
  /** Which look this is: wakes itself. Default `deliver`; `deliver-held` with an outbox of held accounts. */
  readonly hop?: "deliver" | "deliver-held";
  readonly registry: BotRegistry;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly wakeUps: WakeUps;
  /** Absent: broadcasts are never off. */
  readonly switches?: Switches;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly faultPoint: FaultPoint;
  /** Calls to networks at once by this process; half of them are one tenant's at most. */
  readonly concurrency: number;
  /** Default 20,000 ms; must stay below the sweep's limit minus the time of one send. */
  readonly maxClaimAgeMs?: number;
}

/**
 * Hop 3. The attempt is on record before the call is made. What the network certainly refused may be tried
 * again; what it certainly took is sent; everything else is `unknown` and is never sent again unasked.
 */
export function createDeliverHop(ports: DeliverHopPorts) {
  const hop = ports.hop ?? "deliver";
  const pool = createWorkPool(ports.concurrency, () => ports.wakeUps.wake(hop));
  const paces = new Map([...ports.channels].map(([name, channel]) => [name, channel.pace]));
  const broadcastPlaces = Math.max(1, Math.floor(ports.concurrency * BROADCAST_PLACES));
  const { switches = allOn } = ports;
  const areBroadcastsOff = () => switches.offFor(undefined).has("broadcasts");
  let broadcastsUnderWay = 0;
  let nextBroadcast: NodeJS.Timeout | undefined;
  let nextBroadcastAt = 0;
  const settle = createGroupCommit(
    async (parts: readonly SettledPart[]) => {
      await ports.outbox.settle(parts);
      return parts;
    },
    { maxItems: MAX_PARTS_PER_CLAIM },
  );

  /** Sends all that is due now; resolves when nothing more can be claimed. */
  async function look(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      await pool.untilRoom();
      const places = Math.min(pool.room, MAX_PARTS_PER_CLAIM);
      const room = areBroadcastsOff() ? 0 : broadcastPlaces - broadcastsUnderWay;
      const { parts, nextBroadcastInMs } = await ports.outbox.claim(
        ports.owner,
        places,
        { room, paces, sparedTenants: switches.tenantsWithout("broadcasts") },
        pool.limits(),
      );
      if (nextBroadcastInMs !== undefined) lookAgainIn(nextBroadcastInMs);
      if (parts.length === 0) return false;
      ports.faultPoint("deliver:after-claim");
      // Broadcasts have places of their own, and must not count against the replies of their tenant.
      for (const part of parts) {
        pool.start(() => deliverOne(part), part.isBroadcast ? undefined : part);
      }
      // No reply was due, and the buckets are empty: another claim would find nothing, 25 times a second.
      const isCut = parts.length >= Math.min(places, room);
      if (nextBroadcastInMs !== undefined && !isCut && parts.every((part) => part.isBroadcast)) {
        return false;
      }
    }
    return true;
  }

  /** A bucket fills sooner than the next poll comes. */
  function lookAgainIn(waitMs: number): void {
    clearTimeout(nextBroadcast);
    nextBroadcastAt = performance.now() + waitMs;
    nextBroadcast = setTimeout(() => ports.wakeUps.wake(hop), waitMs);
    nextBroadcast.unref();
  }

  function looksSoon(): boolean {
    const inMs = nextBroadcastAt - performance.now();
    return inMs > 0 && inMs <= SOON_MS;
  }

  async function deliverOne(due: DuePart): Promise<void> {
    if (due.isBroadcast) broadcastsUnderWay += 1;
    try {
      ports.faultPoint("deliver:before-send");
      const outcome = await send(due);
      ports.faultPoint("deliver:after-send");
      const settled = { due, outcome, retryAfterMs: retryAfterMs(due, outcome) };
      await settle(settled);
      ports.faultPoint("deliver:after-settle");
      report(settled);
      // What stood behind this part in its conversation can go now; no reply stands behind a broadcast.
      if (!due.isBroadcast || !looksSoon()) ports.wakeUps.wake(hop);
    } catch (error) {
      // The row stays `attempting`; the sweep will call it unknown, which is what it is.
      ports.logger.error("send-not-settled", { outboxId: due.outboxId, error });
    } finally {
      if (due.isBroadcast) broadcastsUnderWay -= 1;
    }
  }

  async function send(due: DuePart): Promise<SendOutcome> {
    const bot = await ports.registry.lookUp(due.tenantId, due.botId);
    const channel = bot && ports.channels.get(bot.channel);
    if (bot === undefined || channel === undefined) {
      return { kind: "refused", reason: "bot-unknown", retry: "backoff" };
    }
    const startedAt = performance.now();
    if (startedAt - due.claimedAt > (ports.maxClaimAgeMs ?? MAX_CLAIM_AGE_MS)) {
      return { kind: "refused", reason: "claim-too-old", retry: "backoff" };
    }
    try {
      const outcome = await channel.send(bot, due.chatKey, due.part, {
        signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
        outboxId: due.outboxId,
        lastInboundAt: due.lastInboundAt,
      });
      return withoutStaleBlame(outcome, bot, ports.registry.get(due.tenantId, due.botId));
    } catch (error) {
      ports.logger.error("channel-threw", { outboxId: due.outboxId, channel: channel.name, error });
      return { kind: "unknown", reason: "channel-threw" };
    } finally {
      ports.metrics.observe("send_seconds", (performance.now() - startedAt) / 1000, {
        channel: channel.name,
      });
    }
  }

  function report({ due, outcome, retryAfterMs: waitMs }: SettledPart): void {
    const reason = outcome.kind === "sent" ? undefined : outcome.reason;
    ports.metrics.count("outbox_parts_total", {
      outcome: outcome.kind === "refused" && waitMs !== undefined ? "retried" : outcome.kind,
    });
    const fields = {
      outboxId: due.outboxId,
      messageId: due.messageId,
      attempt: due.attempts,
      reason,
      retryMs: waitMs,
    };
    if (outcome.kind === "sent") ports.logger.debug("part-sent", fields);
    else if (outcome.kind === "unknown") ports.logger.error("part-unknown", fields);
    else ports.logger.warn("part-refused", fields);
  }

  return {
    look,
    /** Waits for the sends under way; call after the last `look`. */
    async close(): Promise<void> {
      clearTimeout(nextBroadcast);
      await pool.untilIdle();
    },
  };
}

/** Refused for secrets that were exchanged during the call: the part goes again with those of now. */
function withoutStaleBlame(
  outcome: SendOutcome,
  used: BotAccount,
  current: BotAccount | undefined,
): SendOutcome {
  if (outcome.kind !== "refused" || outcome.needsAuth !== true || current === undefined) {
    return outcome;
  }
  if (JSON.stringify(used.secrets) === JSON.stringify(current.secrets)) return outcome;
  return { kind: "refused", reason: outcome.reason, retry: { afterMs: 0 } };
}

/** When a refused part goes again; undefined when it does not. */
export function retryAfterMs(
  due: Pick<DuePart, "attempts" | "waits">,
  outcome: SendOutcome,
): number | undefined {
  if (outcome.kind !== "refused") return undefined;
  const tries = due.attempts - due.waits;
  if (tries >= MAX_ATTEMPTS && outcome.isOwnPace !== true) return undefined;
  if (outcome.newChatKey !== undefined) return 0;
  // It waits with its bot until a person brings new credentials.
  if (outcome.needsAuth === true) return 0;
  if (typeof outcome.retry === "object") return outcome.retry.afterMs;
  return outcome.retry === "backoff" ? BACKOFF_MS[tries - 1] : undefined;
}
