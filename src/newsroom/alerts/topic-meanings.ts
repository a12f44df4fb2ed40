import type { AlertMeanings, TextMeaning } from "../../core/alert-meanings.ts";
import type { Clock } from "../../core/clock.ts";
import { isPregoneroError } from "../../core/errors.ts";
import { asId, type EditionId, type MessageId, type TenantId } from "../../core/ids.ts";
import type { Embedder } from "../../core/language-model.ts";
import type { Logger } from "../../core/logger.ts";
import type { Payer } from "../../core/spending.ts";
import type { AlertTopic } from "../../core/subscriptions.ts";
import { checkVector } from "../../retrieval/embed-missing.ts";
import type { EditionIndex } from "./edition-index.ts";
import { blockOf, cutOf, findNear, type NearActs } from "./near-texts.ts";

/** Passages that each text is measured against. */
const DRAWN = 1_000;
/** An archive of fewer says nothing of what is usual: until then words alone find. */
const LEAST_DRAWN = 200;
/** How long a draw serves. */
const DRAW_MS = 3_600_000;
/** Subscriptions of one step. */
const STEP = 500;
/** Steps of one tenant before the others have their turn. */
const STEPS_PER_TURN = 20;
/** A citizen waits for the sample. */
const SAMPLE_TIMEOUT_MS = 3_000;
/** A tenant that has spent what it may is not asked about again for so long: words alone find meanwhile. */
const OVER_BUDGET_MS = 600_000;
const OVER_BUDGET: ReadonlySet<string> = new Set(["model-over-budget", "model-price-unknown"]);

export interface MeaningPorts {
  readonly meanings: AlertMeanings;
  /** Metered: what it reads is on the tenant's account. */
  readonly embedder: Embedder;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What topics and editions have to do with each other beyond their words. */
export interface TopicMeanings {
  readonly embedderId: string;
  /**
   * Gives the alerts of a tenant that wait for them their vectors: each text that is not there yet is read once, on the
   * tenant's account. When its budget does not allow it they go on waiting, which is logged, and words find.
   */
  embedWaiting(tenantId: TenantId, signal: AbortSignal): Promise<number>;
  /** All texts of a tenant that are near to something in the edition. */
  near(
    tenantId: TenantId,
    editionId: EditionId,
    index: EditionIndex,
    signal: AbortSignal,
  ): Promise<NearActs>;
  /** As `near`, of one topic, for each edition that is asked. An embedder that fails, or is too dear, finds nothing. */
  nearTopic(
    payer: Payer,
    topic: AlertTopic,
  ): Promise<(editionId: EditionId, index: EditionIndex) => Promise<NearActs>>;
}

/** The texts of a topic whose meaning counts: its alternatives, each as one. Headings, names and places are none. */
function meaningTexts({ anyOf }: Pick<AlertTopic, "anyOf">): readonly string[] {
  return anyOf.map(meaningText).filter((text) => text !== "");
}

export function meaningText(typed: readonly string[]): string {
  return typed.join(" ").replace(/\s+/g, " ").trim().toLowerCase();
}

export function createTopicMeanings(ports: MeaningPorts): TopicMeanings {
  const { meanings, embedder, clock, logger } = ports;
  const { id: embedderId } = embedder;
  /** Tenants that have spent what they may, and until when they are not asked about again. */
  const overBudgetUntil = new Map<TenantId, number>();
  let draw:
    | { readonly tenantId: TenantId; readonly at: number; readonly drawn: readonly Float32Array[] }
    | undefined;

  /** Empty: the archive is too small. */
  async function drawn(tenantId: TenantId): Promise<readonly Float32Array[]> {
    if (draw?.tenantId === tenantId && performance.now() - draw.at < DRAW_MS) return draw.drawn;
    const found = await meanings.drawPassages(tenantId, embedderId, DRAWN, LEAST_DRAWN);
    if (found.length > 0) draw = { tenantId, at: performance.now(), drawn: found };
    return found;
  }

  async function make(
    payer: Payer,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly TextMeaning[]> {
    const passages = texts.length === 0 ? [] : await drawn(payer.tenantId);
    if (passages.length === 0) return [];
    const made: TextMeaning[] = [];
    for (let start = 0; start < texts.length; start += embedder.maxTextsPerCall) {
      const batch = texts.slice(start, start + embedder.maxTextsPerCall);
      const vectors = await embedder.embed(batch, signal, payer);
      batch.forEach((text, at) => {
        const vector = checkVector(vectors[at], embedder);
        made.push({ text, vector, cut: cutOf(vector, passages) });
      });
    }
    return made;
  }

  async function step(tenantId: TenantId, signal: AbortSignal): Promise<number> {
    const waiting = await meanings.listWaiting(tenantId, embedderId, STEP);
    if (waiting.length === 0) return 0;
    const of = waiting.map(({ subscriptionId, topic }) => ({
      subscriptionId,
      texts: [...new Set(meaningTexts(topic))],
    }));
    const texts = [...new Set(of.flatMap((one) => one.texts))];
    const known = new Set(
      (await meanings.find(tenantId, embedderId, texts)).map(({ text }) => text),
    );
    const missing = texts.filter((text) => !known.has(text));
    if (missing.length > 0 && (await drawn(tenantId)).length === 0) return 0;
    // A subscription has the id of the message by which somebody subscribed. Of several, the first stands for all.
    const payer = { tenantId, messageId: asId<MessageId>(waiting[0]?.subscriptionId ?? "") };
    await meanings.keep(tenantId, embedderId, await make(payer, missing, signal), of);
    return waiting.length;
  }

  /** Whether it was the budget that refused; told in the log then. */
  function tellOverBudget(tenantId: TenantId, error: unknown): boolean {
    if (!isPregoneroError(error) || !OVER_BUDGET.has(error.code)) return false;
    const { code: reason, message: detail } = error;
    logger.warn("alerts-by-words-alone", { tenantId, embedder: embedderId, reason, detail });
    return true;
  }

  return {
    embedderId,
    async embedWaiting(tenantId, signal) {
      const now = clock.now().getTime();
      if (now < (overBudgetUntil.get(tenantId) ?? 0)) return 0;
      let embedded = 0;
      try {
        for (let count = 0; count < STEPS_PER_TURN && !signal.aborted; count++) {
          const done = await step(tenantId, signal);
          embedded += done;
          if (done < STEP) break;
        }
      } catch (error) {
        if (!tellOverBudget(tenantId, error)) throw error;
        overBudgetUntil.set(tenantId, now + OVER_BUDGET_MS);
      }
      if (embedded > 0)
        logger.debug("alerts-embedded", { tenantId, embedder: embedderId, embedded });
      return embedded;
    },
    async near(tenantId, editionId, index, signal) {
      const near = new Map<string, NonNullable<ReturnType<NearActs["get"]>>>();
      const block = blockOf(index, await meanings.readPassages(tenantId, editionId, embedderId));
      if (block.acts.length === 0) return near;
      let after: string | undefined;
      do {
        const { meanings: texts, next } = await meanings.read(tenantId, embedderId, after);
        for (const [text, acts] of await findNear(block, texts, signal)) near.set(text, acts);
        after = next;
      } while (after !== undefined);
      return near;
    },
    async nearTopic(payer, topic) {
      const { tenantId } = payer;
      const signal = AbortSignal.timeout(SAMPLE_TIMEOUT_MS);
      const texts = [...new Set(meaningTexts(topic))];
      let found: readonly TextMeaning[] = [];
      try {
        const known = await meanings.find(tenantId, embedderId, texts);
        const missing = texts.filter((text) => !known.some((one) => one.text === text));
        const made = await make(payer, missing, signal);
        if (made.length > 0) await meanings.keep(tenantId, embedderId, made, []);
        found = [...known, ...made];
      } catch (error) {
        if (!tellOverBudget(tenantId, error)) {
          logger.warn("alert-not-embedded", { tenantId, embedder: embedderId, error });
        }
      }
      return async (editionId, index) => {
        if (found.length === 0) return new Map();
        const passages = await meanings.readPassages(tenantId, editionId, embedderId);
        return findNear(blockOf(index, passages), found, new AbortController().signal);
      };
    },
  };
}
