import type { BotRegistry } from "../core/bot-registry.ts";
import { type Channel, type ChannelName, reconciles } from "../core/channel.ts";
import type { OutboxId } from "../core/ids.ts";
import type { Outbox, Sweep } from "../core/ledgers.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { WakeUps } from "../core/wake-up.ts";

/** Longer than any send may take, so that only the dead are swept. */
const ABANDONED_AFTER_MS = 60_000;
const RECONCILE_WITHIN_MS = 3_600_000;
const RECONCILE_TIMEOUT_MS = 30_000;

/**
 * Finds what a crash, a lost wake-up or an expired lease left behind. An expired lease needs no sweeping:
 * the next claim takes it.
 */
export function createSweeper(ports: {
  readonly sweep: Sweep;
  readonly outbox: Outbox;
  readonly registry: BotRegistry;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly wakeUps: WakeUps;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly abandonedAfterMs?: number;
  /** This process, when it sweeps for the accounts whose sessions it holds and for nothing else. */
  readonly heldBy?: string;
}) {
  /** Why parts stayed unknown at the last look: the log says it once, though each look asks again. */
  let told: ReadonlyMap<OutboxId, string> = new Map();
  const reconciling = [...ports.channels.values()].filter((channel) => reconciles(channel));

  async function sweepOnce(): Promise<void> {
    if (ports.heldBy === undefined) await sweepLine();
    else noteUnknown(await ports.sweep.settleTakenOver(ports.heldBy));
    if (reconciling.length > 0) await reconcileUnknown();
  }

  async function sweepLine(): Promise<void> {
    const unknown = await ports.sweep.settleAbandoned(ports.abandonedAfterMs ?? ABANDONED_AFTER_MS);
    const forgotten = await ports.sweep.wakeForgotten();
    noteUnknown(unknown);
    if (forgotten > 0) {
      ports.logger.warn("messages-forgotten", { conversations: forgotten });
      ports.wakeUps.wake("answer");
    }
  }

  function noteUnknown(parts: number): void {
    if (parts > 0) ports.logger.error("sends-abandoned", { parts });
    ports.metrics.count("outbox_parts_total", { outcome: "unknown" }, parts);
  }

  /** Looks at the network, where it can be looked at, whether an unknown part arrived. */
  async function reconcileUnknown(): Promise<void> {
    const parts = await ports.sweep.findUnknown(
      reconciling.map((channel) => channel.name),
      RECONCILE_WITHIN_MS,
      ports.heldBy,
    );
    const still = new Map<OutboxId, string>();
    for (const due of parts) {
      const bot = ports.registry.get(due.tenantId, due.botId);
      const channel = reconciling.find((candidate) => candidate.name === bot?.channel);
      if (bot === undefined || channel === undefined) continue;
      const outcome = await channel.reconcile(bot, due.chatKey, due.part, {
        signal: AbortSignal.timeout(RECONCILE_TIMEOUT_MS),
        outboxId: due.outboxId,
        lastInboundAt: due.lastInboundAt,
        attempts: due.attempts,
        ...(due.unknownSince && { unknownSince: due.unknownSince }),
      });
      if (outcome.kind === "unknown") {
        const { outboxId } = due;
        const { reason } = outcome;
        if (told.get(outboxId) !== reason) {
          ports.logger.warn("part-still-unknown", { outboxId, reason });
        }
        still.set(outboxId, reason);
        continue;
      }
      // Refused means that it is not there: it is sent again, once more on record.
      await ports.outbox.settle([
        {
          due,
          outcome,
          retryAfterMs: outcome.kind === "refused" ? 0 : undefined,
          isReconciled: true,
        },
      ]);
      ports.logger.info("part-reconciled", { outboxId: due.outboxId, outcome: outcome.kind });
      ports.wakeUps.wake(ports.heldBy === undefined ? "deliver" : "deliver-held");
    }
    told = still;
  }

  return { sweepOnce };
}
