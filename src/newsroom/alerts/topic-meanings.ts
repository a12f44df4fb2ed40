import type { AlertMeanings, TextMeaning } from "../../core/alert-meanings.ts";
import type { EditionId, TenantId } from "../../core/ids.ts";
import type { Embedder } from "../../core/language-model.ts";
import type { Logger } from "../../core/logger.ts";
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

export interface MeaningPorts {
  readonly meanings: AlertMeanings;
  readonly embedder: Embedder;
  readonly logger: Logger;
}

/** What topics and editions have to do with each other beyond their words. */
export interface TopicMeanings {
  readonly embedderId: string;
  /** Gives the alerts of a tenant that wait for them their vectors: one call for each text that is not there yet. */
  embedWaiting(tenantId: TenantId, signal: AbortSignal): Promise<number>;
  /** All texts of a tenant that are near to something in the edition. */
  near(
    tenantId: TenantId,
    editionId: EditionId,
    index: EditionIndex,
    signal: AbortSignal,
  ): Promise<NearActs>;
  /** As `near`, of one topic, for each edition that is asked. An embedder that fails finds nothing. */
  nearTopic(
    tenantId: TenantId,
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

export function createTopicMeanings({ meanings, embedder, logger }: MeaningPorts): TopicMeanings {
  const { id: embedderId } = embedder;
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
    tenantId: TenantId,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly TextMeaning[]> {
    const passages = texts.length === 0 ? [] : await drawn(tenantId);
    if (passages.length === 0) return [];
    const made: TextMeaning[] = [];
    for (let start = 0; start < texts.length; start += embedder.maxTextsPerCall) {
      const batch = texts.slice(start, start + embedder.maxTextsPerCall);
      const vectors = await embedder.embed(batch, signal);
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
    await meanings.keep(tenantId, embedderId, await make(tenantId, missing, signal), of);
    return waiting.length;
  }

  return {
    embedderId,
    async embedWaiting(tenantId, signal) {
      let embedded = 0;
      for (let count = 0; count < STEPS_PER_TURN && !signal.aborted; count++) {
        const done = await step(tenantId, signal);
        embedded += done;
        if (done < STEP) break;
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
    async nearTopic(tenantId, topic) {
      const signal = AbortSignal.timeout(SAMPLE_TIMEOUT_MS);
      const texts = [...new Set(meaningTexts(topic))];
      let found: readonly TextMeaning[] = [];
      try {
        const known = await meanings.find(tenantId, embedderId, texts);
        const missing = texts.filter((text) => !known.some((one) => one.text === text));
        const made = await make(tenantId, missing, signal);
        if (made.length > 0) await meanings.keep(tenantId, embedderId, made, []);
        found = [...known, ...made];
      } catch (error) {
        logger.warn("alert-not-embedded", { embedder: embedderId, error });
      }
      return async (editionId, index) => {
        if (found.length === 0) return new Map();
        const passages = await meanings.readPassages(tenantId, editionId, embedderId);
        return findNear(blockOf(index, passages), found, new AbortController().signal);
      };
    },
  };
}
