import type { Conversations, Lease } from "../core/ledgers.ts";
import type { Logger } from "../core/logger.ts";

interface HeldLease {
  /** Aborts when the lease was lost: whoever works under it stops, since its commit would be refused. */
  readonly signal: AbortSignal;
  letGo(): void;
}

/** Renews the leases of turns that take long, all in one statement, three times per lease's length. */
export function keepLeases(
  conversations: Conversations,
  leaseMs: number,
  logger: Logger,
): { hold(lease: Lease): HeldLease; close(): void } {
  const held = new Map<Lease, AbortController>();
  let timer: NodeJS.Timeout | undefined;

  async function renew(): Promise<void> {
    const leases = [...held.keys()];
    try {
      const kept = new Set(await conversations.renew(leases, leaseMs));
      for (const lease of leases) {
        if (!kept.has(lease)) held.get(lease)?.abort(new Error("lease lost"));
      }
    } catch (error) {
      // The store is away: the leases may still be renewed in time; the fence decides in the end.
      logger.warn("lease-renewal-failed", { leases: leases.length, error });
    }
  }

  function stopTimer(): void {
    clearInterval(timer);
    timer = undefined;
  }

  return {
    hold(lease) {
      const controller = new AbortController();
      held.set(lease, controller);
      timer ??= setInterval(() => void renew(), leaseMs / 3);
      return {
        signal: controller.signal,
        letGo() {
          held.delete(lease);
          if (held.size === 0) stopTimer();
        },
      };
    },
    close: stopTimer,
  };
}
