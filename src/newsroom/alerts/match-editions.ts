import { createHash } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { EditionId, TenantId } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import type { Metrics } from "../../core/metrics.ts";
import type {
  AlertCandidate,
  AlertLedger,
  AlertMatch,
  EditionTexts,
  Stemmer,
} from "../../core/subscriptions.ts";
import { meaningKey } from "../../core/subscriptions.ts";
import { type EditionIndex, keysOfIndex } from "./edition-index.ts";
import { goThroughSteps } from "./match-steps.ts";
import { createTopicMatcher, type TopicHit, toMatchedAct } from "./match-topic.ts";
import type { NearActs } from "./near-texts.ts";
import { afterQuietHours } from "./news-times.ts";
import { createEditionOpener } from "./open-editions.ts";
import type { TopicMeanings } from "./topic-meanings.ts";
import { readTopic, wordsOf } from "./topic-terms.ts";

export interface MatchPorts {
  readonly ledger: AlertLedger;
  readonly texts: Pick<EditionTexts, "read" | "revisionOf">;
  readonly stemmer: Stemmer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Editions published longer ago than this many days when they come in tell nobody: somebody fills in an archive. */
  readonly newerThanDays: number;
  /** Absent: topics are found by their words alone. */
  readonly meanings?: Pick<TopicMeanings, "embedderId" | "embedWaiting" | "near"> | undefined;
}

/**
 * Matches the editions that came in against everybody's subscriptions, to the end or until the signal aborts. Any number
 * of processes may, at once; one that dies leaves a step undone, which the next look does again.
 */
export function createEditionMatching(ports: MatchPorts) {
  const { ledger, logger } = ports;
  const open = createEditionOpener(ports);

  return async function matchOnce(signal: AbortSignal): Promise<number> {
    let matched = 0;
    for (const tenantId of await ledger.listTenants()) {
      await embedWaiting(tenantId, signal);
      const { newerThanDays, meanings } = ports;
      for (const editionId of await ledger.listDue(tenantId, newerThanDays, meanings?.embedderId)) {
        if (signal.aborted) return matched;
        try {
          matched += await matchEdition(tenantId, editionId, signal);
        } catch (error) {
          if (signal.aborted) return matched;
          logger.warn("edition-not-matched", { editionId, error });
        }
      }
    }
    return matched;
  };

  /** An embedder that fails costs the meaning, not the alert. */
  async function embedWaiting(tenantId: TenantId, signal: AbortSignal): Promise<void> {
    try {
      await ports.meanings?.embedWaiting(tenantId, signal);
    } catch (error) {
      if (!signal.aborted) logger.warn("alerts-not-embedded", { tenantId, error });
    }
  }

  async function matchEdition(
    tenantId: TenantId,
    editionId: EditionId,
    signal: AbortSignal,
  ): Promise<number> {
    const startedAt = ports.clock.now().getTime();
    const begin = () => ledger.begin(tenantId, editionId);
    const cursor = await begin();
    const index = cursor === undefined ? undefined : await open(tenantId, editionId);
    if (cursor === undefined || index === undefined) return 0;
    const near: NearActs =
      (await ports.meanings?.near(tenantId, editionId, index, signal)) ?? new Map();
    const keys = new Set([...keysOfIndex(index), ...[...near.keys()].map(meaningKey)]);
    const { compared, matched } = await goThroughSteps(
      {
        begin,
        read: (from) => ledger.readCandidates(tenantId, editionId, keys, from),
        match: createBatchMatcher(index, ports, near),
        commit: (step, matches) => ledger.commit(tenantId, editionId, step, matches),
      },
      cursor,
      signal,
    );
    const seconds = (ports.clock.now().getTime() - startedAt) / 1_000;
    ports.metrics.observe("alert_matching_seconds", seconds);
    ports.metrics.count("alert_matches_total", {}, matched);
    logger.info("edition-matched", { editionId, compared, matched, seconds });
    return matched;
  }
}

/** Compares candidates with one edition. Exported for the bench. */
export function createBatchMatcher(
  index: EditionIndex,
  { stemmer, clock }: Pick<MatchPorts, "stemmer" | "clock">,
  near?: NearActs,
): (candidates: readonly AlertCandidate[]) => Promise<readonly AlertMatch[]> {
  let stems: ReadonlyMap<string, string | undefined> = new Map();
  const match = createTopicMatcher(index, (word) => stems.get(word), near);
  const actKeys = new Map<number, string>();
  const keyOf = (act: number) => {
    const known = actKeys.get(act) ?? actKey(index, act);
    actKeys.set(act, known);
    return known;
  };
  return async (candidates) => {
    const read = candidates.map((candidate) => ({ candidate, terms: readTopic(candidate.topic) }));
    const words = new Set(read.flatMap(({ terms }) => wordsOf(terms)));
    stems = await stemmer.stemsOf(index.text.language, words);
    const now = clock.now();
    // Nearly everybody has the same quiet hours, and reckoning with time zones is slow.
    const notBeforeOf = new Map<string, Date>();
    const afterQuiet = ({ timeZone, quietHours }: AlertCandidate) => {
      const key = `${timeZone} ${quietHours?.from} ${quietHours?.until}`;
      const known = notBeforeOf.get(key) ?? afterQuietHours(now, timeZone, quietHours);
      notBeforeOf.set(key, known);
      return known;
    };
    // Several keys of one topic may stand in the edition.
    const seen = new Set<string>();
    return read.flatMap(({ candidate, terms }) => {
      if (seen.has(candidate.subscriptionId)) return [];
      seen.add(candidate.subscriptionId);
      const hits = match(terms);
      if (hits.length === 0) return [];
      const notBefore = afterQuiet(candidate);
      return hits.flatMap((hit) =>
        toMatch(index, candidate, hit, { notBefore, actKey: keyOf(hit.act) }),
      );
    });
  };
}

function toMatch(
  index: EditionIndex,
  { subscriptionId }: AlertCandidate,
  hit: TopicHit,
  told: { readonly notBefore: Date; readonly actKey: string },
): readonly AlertMatch[] {
  const act = toMatchedAct(index, hit);
  return act === undefined ? [] : [{ subscriptionId, act, ...told }];
}

/** The words of an act, of one gazette and date: the same when a corrected edition repeats it. */
function actKey({ text, words, actStarts, wordIds }: EditionIndex, act: number): string {
  const start = actStarts[act] ?? 0;
  const end = actStarts[act + 1] ?? words.length;
  const spelling = spellingsOf(wordIds);
  const said = Array.from(words.subarray(start, end), (word) => spelling[word] ?? "").join(" ");
  const { source, publishedOn } = text.edition;
  return createHash("sha256").update(`${source} ${publishedOn} ${said}`).digest("base64");
}

const spellings = new WeakMap<ReadonlyMap<string, number>, readonly string[]>();

function spellingsOf(wordIds: ReadonlyMap<string, number>): readonly string[] {
  const known = spellings.get(wordIds) ?? [...wordIds.keys()];
  spellings.set(wordIds, known);
  return known;
}
