import type {
  BegunAttempt,
  CollectionLedger,
  HeldSource,
  SourceLease,
} from "../../core/collection.ts";
import { isPregoneroError } from "../../core/errors.ts";
import type { FaultPoint } from "../../core/fault-point.ts";
import type { Logger } from "../../core/logger.ts";
import type { Metrics } from "../../core/metrics.ts";
import { type Collected, type CollectPorts, collectEdition } from "./collect-edition.ts";
import { settle } from "./edition-states.ts";
import { dayAfter, expectedDays, planEdition, todayIn } from "./expected-days.ts";

export interface CollectorPorts extends CollectPorts {
  readonly ledger: CollectionLedger;
  /** Names this process in leases and attempts. */
  readonly owner: string;
  /** In [0, 1): spreads looks. */
  readonly chance: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly faultPoint: FaultPoint;
}

/** A process that dies holds a source no longer than this. */
const LEASE_MS = 120_000;
const KEEP_EVERY_MS = 30_000;
/** Then the source goes back to the end of the queue: a long back-fill of one keeps no other waiting. */
const EDITIONS_AT_ONCE = 20;

/**
 * Looks for a source that is due, and does what is due of it: plans its days, collects what it lacks, tells people
 * what is late. One process at a time holds a source, and collects its editions one after the other, however long that
 * takes: nothing overruns. What a stop or a crash left undone is due at once when somebody looks again.
 * Resolves with whether there was a source.
 */
export function createCollector(ports: CollectorPorts): (stop: AbortSignal) => Promise<boolean> {
  const { ledger, clock, owner, logger } = ports;
  return async (stop) => {
    const lease = await ledger.claim(owner, clock.now(), LEASE_MS);
    if (lease === undefined) return false;
    const keeper = keepLease(ports, lease);
    const signal = AbortSignal.any([stop, keeper.lost]);
    try {
      await workOn(ports, lease, signal);
    } catch (error) {
      if (!isLost(error) && !signal.aborted) throw error;
      logger.info("source-let-go", { sourceId: lease.sourceId, isLost: !stop.aborted });
    } finally {
      await keeper.end();
      await ledger.release(lease, clock.now());
    }
    return !stop.aborted;
  };
}

async function workOn(
  ports: CollectorPorts,
  lease: SourceLease,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, clock } = ports;
  for (let count = 0; count < EDITIONS_AT_ONCE; count++) {
    // Read anew each time: somebody may have paused it, or changed what is looked for.
    const held = await ledger.read(lease);
    if (held === undefined || held.isPaused || signal.aborted) return;
    await plan(ports, lease, held);
    const begun = await ledger.begin(lease, clock.now());
    if (begun !== undefined) await carryOut(ports, lease, held, begun, signal);
    await tell(ports, lease);
    if (begun === undefined) return;
  }
}

/** Every day up to today, also those that passed while nobody looked. */
async function plan(ports: CollectorPorts, lease: SourceLease, held: HeldSource): Promise<void> {
  const { source, settings, plannedUntil } = held;
  const now = ports.clock.now();
  const today = todayIn(source.timeZone, now);
  if (plannedUntil > today) return;
  const days = expectedDays(settings, plannedUntil, today);
  const planned = days.map((day) => planEdition(settings, source.timeZone, day));
  await ports.ledger.plan(lease, planned, dayAfter(today), now);
}

async function carryOut(
  ports: CollectorPorts,
  lease: SourceLease,
  held: HeldSource,
  begun: BegunAttempt,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, clock, logger, metrics } = ports;
  ports.faultPoint("newsroom:begun");
  const collected = await collect(ports, lease, held, begun, signal);
  ports.faultPoint("newsroom:collected");
  const { found, ...told } = collected;
  const now = clock.now();
  const settlement = settle(begun, found, held.settings, { now, chance: ports.chance() });
  await ledger.settle(lease, begun, { ...settlement, ...told }, now);
  metrics.count("newsroom_attempts_total", { outcome: settlement.outcome });
  logger.info("edition-attempted", {
    source: held.source.slug,
    publishedOn: begun.expectation.publishedOn,
    attempt: begun.expectation.attempts,
    outcome: settlement.outcome,
    state: settlement.state,
    reason: settlement.reason?.code,
    documents: told.documentCount,
  });
}

async function collect(
  ports: CollectorPorts,
  lease: SourceLease,
  held: HeldSource,
  begun: BegunAttempt,
  signal: AbortSignal,
): Promise<Collected> {
  const nothing = { step: undefined, byteCount: 0, documentCount: 0, evidence: undefined };
  try {
    return await collectEdition(ports, held, begun, {
      note: (document) => ports.ledger.noteDocument(lease, begun.expectation.id, document),
      signal,
    });
  } catch (error) {
    if (isLost(error)) throw error;
    if (signal.aborted) return { ...nothing, found: { kind: "interrupted" } };
    ports.logger.warn("edition-not-collected", { sourceId: lease.sourceId, error });
    const reason = isPregoneroError(error)
      ? { code: error.code, detail: error.message }
      : { code: "internal", detail: "Something failed on our side; the log says what." };
    return { ...nothing, found: { kind: "failed", reason } };
  }
}

async function tell(
  { ledger, clock, logger, metrics }: CollectorPorts,
  lease: SourceLease,
): Promise<void> {
  for (const alert of await ledger.tellOverdue(lease, clock.now())) {
    metrics.count("newsroom_alerts_total", { state: alert.state });
    logger.warn("edition-overdue", {
      source: alert.slug,
      publishedOn: alert.publishedOn,
      state: alert.state,
      reason: alert.reason?.code,
    });
  }
}

function isLost(error: unknown): boolean {
  return isPregoneroError(error, "lease-lost");
}

/** Says every half minute that this process is at it, and learns when it is not the one any more. */
function keepLease({ ledger, clock, logger }: CollectorPorts, lease: SourceLease) {
  const lost = new AbortController();
  let keeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    keeping = ledger
      .keep(lease, clock.now(), LEASE_MS)
      .then((isKept) => {
        if (!isKept) lost.abort(new Error("The lease of the source is lost."));
      })
      // A store that is away for a moment takes the lease from nobody.
      .catch((error: unknown) => logger.warn("source-lease-not-kept", { error }));
  }, KEEP_EVERY_MS);
  return {
    lost: lost.signal,
    async end() {
      clearInterval(timer);
      await keeping;
    },
  };
}
