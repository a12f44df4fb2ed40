import type { BotId, TenantId } from "../core/ids.ts";
import type { PlaceLimits } from "../core/ledgers.ts";

/** Of the places that a tenant may hold, those that one of its bots may: another bot always finds some. */
const BOT_PART = 0.75;
const BUSY_BELOW = 0.25;

/** For whom a place is held. */
export interface Holder {
  readonly tenantId: TenantId;
  readonly botId: BotId;
}

/**
 * Work under way, bounded. `look` of a hop takes only as much as there is room for, and a slow item
 * holds one place, not the batch it was claimed with.
 *
 * A tenant may hold as many places as are free: one alone holds half of them, two a third each, and there is
 * always room for one more (dynamic thresholds, Choudhury & Hahne 1998, with alpha = 1). So nobody waits for
 * another tenant's slow model or network.
 */
export interface WorkPool {
  readonly room: number;
  /** What a claim may take now; who is not named holds no place. */
  limits(): PlaceLimits;
  /** Less than a quarter is left of all places, or of those that this holder may have. */
  isBusyFor(holder: Holder): boolean;
  /** Starts without waiting. `work` must not reject. Without a holder the place counts against nobody. */
  start(work: () => Promise<void>, holder?: Holder): void;
  /** Resolves when at least one place is free. */
  untilRoom(): Promise<void>;
  /** Resolves when nothing is under way. */
  untilIdle(): Promise<void>;
}

/** `onRoom` is called when a place is free again after `limits` kept somebody from taking one. */
export function createWorkPool(capacity: number, onRoom: () => void = () => {}): WorkPool {
  const underWay = new Set<Promise<void>>();
  const tenants = new Map<TenantId, Map<BotId, number>>();
  let isHeldBack = false;

  function take({ tenantId, botId }: Holder, by: 1 | -1): void {
    const bots = tenants.get(tenantId) ?? new Map<BotId, number>();
    const held = (bots.get(botId) ?? 0) + by;
    if (held > 0) tenants.set(tenantId, bots.set(botId, held));
    else if (bots.delete(botId) && bots.size === 0) tenants.delete(tenantId);
  }

  function end(running: Promise<void>, holder: Holder | undefined): void {
    underWay.delete(running);
    if (holder !== undefined) take(holder, -1);
    if (!isHeldBack) return;
    isHeldBack = false;
    onRoom();
  }

  return {
    get room() {
      return capacity - underWay.size;
    },
    limits() {
      const limits = limitsOf(tenants, capacity - underWay.size);
      isHeldBack = [...limits.holders.values()].includes(0);
      return limits;
    },
    isBusyFor({ tenantId, botId }) {
      const free = capacity - underWay.size;
      const { holders, otherTenant, otherBot } = limitsOf(tenants, free);
      const left = Math.min(holders.get(tenantId) ?? otherTenant, holders.get(botId) ?? otherBot);
      return Math.min(free / capacity, left / (heldBy(tenants.get(tenantId)) + left)) < BUSY_BELOW;
    },
    start(work, holder) {
      if (holder !== undefined) take(holder, 1);
      const running = work().finally(() => end(running, holder));
      underWay.add(running);
    },
    async untilRoom() {
      while (underWay.size >= capacity) await Promise.race(underWay);
    },
    async untilIdle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function limitsOf(
  tenants: ReadonlyMap<TenantId, ReadonlyMap<BotId, number>>,
  free: number,
): PlaceLimits {
  const holders = new Map<TenantId | BotId, number>();
  for (const [tenantId, bots] of tenants) {
    const held = heldBy(bots);
    const more = moreOf(held, free);
    holders.set(tenantId, more);
    for (const [botId, own] of bots) {
      holders.set(botId, Math.max(0, Math.ceil((held + more) * BOT_PART) - own));
    }
  }
  const otherTenant = moreOf(0, free);
  return { holders, otherTenant, otherBot: Math.ceil(otherTenant * BOT_PART) };
}

function heldBy(bots: ReadonlyMap<BotId, number> = new Map()): number {
  return [...bots.values()].reduce((sum, count) => sum + count, 0);
}

/** One by one, as long as more are free than held. */
function moreOf(held: number, free: number): number {
  return Math.max(0, Math.ceil((free - held) / 2));
}
