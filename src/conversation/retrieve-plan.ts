import type { Retrieval, RetrievalQuery, RetrievedPassage, Retriever } from "../core/answer.ts";
import type { Logger } from "../core/logger.ts";
import type { Question } from "../core/question.ts";
import { contentWords, stem } from "./content-words.ts";
import type { Aspect } from "./planner/aspects.ts";
import type { CitedPlace, Thread } from "./planner/follow-up.ts";
import type { TurnPlan } from "./planner/plan-question.ts";
import type { Interest } from "./preferences.ts";
import { retrievePassages } from "./retrieve-passages.ts";

/** Passages asked of retrieval. */
const PASSAGES = 8;
/** Best passages among which what was talked about must be. */
const BEST = 3;

interface Ports {
  readonly retriever: Retriever;
  readonly logger: Logger;
}

export interface Retrieved {
  /** What the passages were searched by, and are quoted for. */
  readonly searched: string;
  readonly retrieval: Retrieval;
  /** The passages that a quotation is from; undefined: of all. */
  readonly quoted?: readonly RetrievedPassage[];
  /** What became of the gazettes that the person reads first; undefined: nothing to tell. */
  readonly preferred?: "only-elsewhere" | { readonly alsoElsewhere: readonly string[] };
}

/**
 * Carries out a plan's searches, and notes in the passport what they found. Gazettes that the person reads
 * first are searched by themselves, and beside all the others: theirs is the answer where they have one, and
 * it is told where else there is one.
 */
export async function retrievePlan(
  ports: Ports,
  question: Question,
  plan: TurnPlan,
  interest: Interest | undefined,
  signal: AbortSignal,
): Promise<Retrieved> {
  const everywhere = searchThread(ports, question, plan, signal);
  if (interest === undefined || plan.sources !== undefined) return everywhere;
  const { sources } = interest;
  const [all, first] = await Promise.all([
    everywhere,
    searchThread(ports, question, { ...plan, sources }, signal),
  ]);
  const isOther = ({ source }: RetrievedPassage) => !sources.includes(source);
  if (first.retrieval.isAnswerable && !first.retrieval.passages.some(isOther)) {
    const others = all.retrieval.isAnswerable
      ? all.retrieval.passages.slice(0, BEST).filter(isOther)
      : [];
    const alsoElsewhere = [...new Set(others.map(({ sourceName }) => sourceName))];
    return { ...first, ...(alsoElsewhere.length === 0 ? {} : { preferred: { alsoElsewhere } }) };
  }
  const isElsewhere =
    all.retrieval.isAnswerable && all.retrieval.passages.slice(0, 1).some(isOther);
  return { ...all, ...(isElsewhere ? { preferred: "only-elsewhere" } : {}) };
}

async function searchThread(
  ports: Ports,
  question: Question,
  plan: TurnPlan,
  signal: AbortSignal,
): Promise<Retrieved> {
  const search = (text: string) => searchOnce(ports, question, plan, text, signal);
  const found = await Promise.all(plan.searches.map(search));
  const together = merge(found);
  const aspect = plan.thread?.aspect;
  if (aspect !== undefined) return ofAspect(question, plan.thread, aspect, together);
  const isOfThread =
    plan.thread?.kind !== "may-continue" ||
    staysWithThread(together, plan.thread.cited, question.text);
  if (isOfThread) return { searched: plan.question, retrieval: together };
  question.note("planned", { planner: plan.planner, thread: "not-continued" });
  return { searched: question.text, retrieval: await search(question.text) };
}

/**
 * Of the act that was talked about, the passages that show what is asked of it: who signs stands where no word
 * says so. Without one, the question is not answered by quoting the same again.
 */
function ofAspect(
  question: Question,
  thread: Thread | undefined,
  aspect: Aspect,
  retrieval: Retrieval,
): Retrieved {
  const { passages } = retrieval;
  const showing = actsOf(passages, thread?.cited ?? []).map((act) =>
    passages.flatMap((found) => {
      const shown = actOf(found) === act ? aspect.find(found.passage.text) : undefined;
      return shown === undefined ? [] : [{ found, shown }];
    }),
  );
  // Who signs, and since when, stands at the end of an act.
  const last = showing
    .find((found) => found.length > 0)
    ?.toSorted((a, b) => b.found.passage.position - a.found.passage.position)[0];
  question.note("planned", { aspect: aspect.name, isShown: last !== undefined });
  if (last === undefined) {
    return { searched: question.text, retrieval: { ...retrieval, isAnswerable: false } };
  }
  const others = passages.filter((found) => found !== last.found);
  return {
    searched: last.shown,
    retrieval: { ...retrieval, isAnswerable: true, passages: [last.found, ...others] },
    quoted: [last.found],
  };
}

/** The acts that were cited, in that order; the best passage's when none of them was found again. */
function actsOf(
  passages: readonly RetrievedPassage[],
  cited: readonly CitedPlace[],
): readonly string[] {
  const found = cited.flatMap((place) => passages.find((one) => isCited(one, [place])) ?? []);
  return [...new Set((found.length > 0 ? found : passages.slice(0, 1)).map(actOf))];
}

function actOf({ passage }: RetrievedPassage): string {
  return `${passage.editionId} ${passage.actPosition}`;
}

/** On a page that was cited, or beside one. */
function isCited({ passage }: RetrievedPassage, cited: readonly CitedPlace[]): boolean {
  return cited.some(
    ({ editionId, page }) =>
      editionId === passage.editionId && page >= passage.page - 1 && page <= passage.lastPage + 1,
  );
}

/** When a date or gazette that was asked for has nothing, the rest is searched, to name the nearest pages only. */
async function searchOnce(
  ports: Ports,
  question: Question,
  { language, dates, sources }: TurnPlan,
  text: string,
  signal: AbortSignal,
): Promise<Retrieval> {
  const filters = {
    ...(dates === undefined ? {} : { dates }),
    ...(sources === undefined ? {} : { sources }),
  };
  const query: RetrievalQuery = { question: text, language, limit: PASSAGES };
  const found = await retrievePassages(ports, question, { ...query, ...filters }, signal);
  question.note("retrieved", toNote(found));
  if (found.passages.length > 0 || (dates === undefined && sources === undefined)) return found;
  return { ...(await retrievePassages(ports, question, query, signal)), isAnswerable: false };
}

/** Of several searches the best of each in turn, each passage once. */
function merge(found: readonly Retrieval[]): Retrieval {
  const [first, ...others] = found;
  if (first === undefined) throw new TypeError("A plan has at least one search.");
  if (others.length === 0) return first;
  const passages = new Map<string, RetrievedPassage>();
  for (let rank = 0; rank < PASSAGES; rank += 1) {
    for (const { passages: list } of found) {
      const passage = list[rank];
      if (passage !== undefined) passages.set(passage.passage.passageId, passage);
    }
  }
  return {
    passages: [...passages.values()].slice(0, PASSAGES),
    isAnswerable: found.some(({ isAnswerable }) => isAnswerable),
    confidence: Math.max(...found.map(({ confidence }) => confidence)),
    evidence: first.evidence,
  };
}

/**
 * Whether a question too short to search by is about what was just talked about: a passage beside those cited
 * has its words. "¿Cuánto era la multa?" after a decree that sets one, and not "¿cuánto cuesta el gas?" after it.
 */
function staysWithThread(
  { passages }: Retrieval,
  cited: readonly CitedPlace[],
  asked: string,
): boolean {
  const wanted = [...contentWords(asked)].map(stem);
  return passages.slice(0, BEST).some((found) => {
    if (!isCited(found, cited)) return false;
    const { passage } = found;
    const words = new Set([...contentWords(`${passage.heading} ${passage.text}`)].map(stem));
    return wanted.every((word) => words.has(word));
  });
}

function toNote(retrieval: Retrieval): Readonly<Record<string, unknown>> {
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return {
    isAnswerable: retrieval.isAnswerable,
    confidence: round(retrieval.confidence),
    evidence: retrieval.evidence,
    passages: retrieval.passages.map(({ passage, score, ranks }) => ({
      passageId: passage.passageId,
      page: passage.page,
      score: round(score),
      ...ranks,
    })),
  };
}
