import type { Question } from "../../core/question.ts";
import type { Turn } from "../../core/turn.ts";
import { contentWords } from "../content-words.ts";
import { fold } from "../detect-language.ts";
import { recogniseSmallTalk } from "../small-talk.ts";
import { type Aspect, aspectOf, withoutAspect } from "./aspects.ts";
import { namesOtherSubject, switchSubject } from "./switch-subject.ts";

/** A place that an earlier answer cited. */
export type CitedPlace = Pick<Turn["citations"][number], "editionId" | "page">;

/** What the citizen asked before, when the new question seems to go on from it. */
export interface Thread {
  /**
   * `continues`: the question says so ("¿y quién la firma?", "¿qué dice ese decreto?"). `switches`: it asks the
   * same of something else ("¿y la de Ventimiglia?"). `may-continue`: it is too short to search by
   * ("¿cuánto era la multa?"), and the passages decide.
   */
  readonly kind: "continues" | "switches" | "may-continue";
  /** The question that began it, as it stands now. */
  readonly topic: string;
  /** What to search: the new question, understandable by itself. */
  readonly search: string;
  /** What is asked of the act that was talked about, where gazettes have words of their own for it. */
  readonly aspect: Aspect | undefined;
  /** It asks for other words than the gazette's ("¿y eso qué significa?"). */
  readonly asksToExplain: boolean;
  /** What the last answer to it cited. */
  readonly cited: readonly CitedPlace[];
}

/** What was being talked about when the new question came. */
interface Topic {
  readonly question: string;
  /** The last thing asked of it since. */
  readonly last: string | undefined;
  readonly cited: readonly CitedPlace[];
}

const MAX_TOPIC_LENGTH = 400;
/** Fewer words than these that say what a question is about do not find an act. */
const TOO_FEW_WORDS = 2;
const FEW_WORDS = 3;

const BEGINS_WITH_AND = /^[¿¡\s]*(y|e|and|pero|mas|but|so|entonces|entao|então)[\s,]/i;
/** Words that point back, folded: "eso", "ese decreto", "la misma ley", "that order", "nesse edital". */
const POINTS_BACK =
  /\b(eso|esa|ese|esos|esas|dicho|dicha|dichos|dichas|el mismo|la misma|aquel|aquella|isso|esse|essa|nesse|nessa|nisso|disso|desse|dessa|o mesmo|a mesma|that|that (law|order|act|decree|notice|one)|those|the same|its?)\b/;
/** A pronoun before the verb, folded: "quién la firma", "cuándo lo publicaron", "quem a assina". */
const PRONOUN =
  /\b(quien(es)?|quem) (la|lo|los|las|le|les|o|a|os|as) [a-z]+|^\W*(y )?(cuando|donde|como|cuanto|por que) (la|lo|los|las|le|les) [a-z]+\W*$/;
/** Words that ask what an answer means, folded: they find nothing in a gazette. */
const ASKS_TO_EXPLAIN =
  /\b(signific\w+|explic\w+|aclar\w+|detall\w+|quiere decir|quer dizer|mean(s|ing)?|explain\w*|more details?|in other words|otras palabras|outras palavras)\b/g;
/** The places below an answer say it, folded. */
const ASKS_WHERE = /\b(pagina|paginas|page|pages|donde|onde|where|edicion|edicao|issue)\b/;

/**
 * Whether the question goes on from an earlier one, by rules in Spanish, Portuguese and English. Undefined
 * when it stands by itself or nothing was asked before. `namesDate`: whether a text says a date or a gazette.
 */
export function findThread(
  question: Pick<Question, "text" | "history" | "summary">,
  namesDate: (text: string) => boolean,
): Thread | undefined {
  const { text, history, summary } = question;
  const isDated = namesDate(text);
  if (!mayLeanOnEarlier(text, isDated)) return undefined;
  const older = summary?.questions[0]?.question;
  let topic: Topic | undefined =
    older === undefined ? undefined : { question: older, last: undefined, cited: [] };
  for (const [at, turn] of history.entries()) {
    if (turn.speaker !== "citizen" || turn.text === text || !isQuestion(turn.text)) continue;
    const reply = history[at + 1];
    const cited = reply?.speaker === "assistant" ? reply.citations : [];
    topic = nextTopic(topic, turn.text, cited, namesDate);
  }
  return topic === undefined ? undefined : goOn(topic, text, isDated);
}

function nextTopic(
  topic: Topic | undefined,
  text: string,
  cited: readonly CitedPlace[],
  namesDate: (text: string) => boolean,
): Topic | undefined {
  if (topic === undefined && contentWords(text).size === 0) return undefined;
  const isDated = namesDate(text);
  const thread =
    topic === undefined || !mayLeanOnEarlier(text, isDated)
      ? undefined
      : goOn(topic, text, isDated);
  if (topic === undefined || thread === undefined)
    return { question: text, last: undefined, cited };
  if (thread.kind === "switches") return { question: thread.search, last: undefined, cited };
  const isOther =
    thread.kind === "may-continue" && cited.length > 0 && !overlaps(cited, topic.cited);
  if (isOther) return { question: text, last: undefined, cited };
  return { ...topic, last: text, cited: cited.length === 0 ? topic.cited : cited };
}

function goOn(topic: Topic, text: string, isDated: boolean): Thread | undefined {
  const earlier = topic.question.slice(0, MAX_TOPIC_LENGTH);
  const { cited } = topic;
  const switched = isDated ? undefined : switchSubject(earlier, text);
  if (switched !== undefined) {
    const topic = switched;
    const plain = { aspect: undefined, asksToExplain: false };
    return { kind: "switches", topic, search: topic, cited: [], ...plain };
  }
  const kind = leansBy(text, isDated);
  if (kind === undefined) return undefined;
  const { last } = topic;
  const points = pointsBack(text) && last !== undefined && contentWords(last).size > 0;
  const says = saysSomething(text);
  const aspect = kind === "continues" ? aspectOf(text) : undefined;
  const asksWhere = ASKS_WHERE.test(fold(text.toLowerCase()));
  const asksToExplain = !says && aspect === undefined && !asksWhere;
  const asked = says ? [text] : [];
  const search = [earlier, ...(points && aspect === undefined ? [last] : []), ...asked].join("\n");
  return { kind, topic: earlier, search, aspect, asksToExplain, cited };
}

function leansBy(text: string, isDated: boolean): "continues" | "may-continue" | undefined {
  const words = contentWords(text).size;
  const saysSo =
    (!isDated && contentWords(withoutAspect(text)).size === 0) ||
    (BEGINS_WITH_AND.test(text) && words <= FEW_WORDS) ||
    (pointsBack(text) && words <= FEW_WORDS + 1);
  if (saysSo) return "continues";
  const isShort = words <= TOO_FEW_WORDS && !isDated && !/\d|\p{Ll}\s+\p{Lu}/u.test(text);
  return isShort ? "may-continue" : undefined;
}

/** Cheaper than to read all that was said before: most questions stand by themselves. */
function mayLeanOnEarlier(text: string, isDated: boolean): boolean {
  return leansBy(text, isDated) !== undefined || namesOtherSubject(text);
}

function pointsBack(text: string): boolean {
  const folded = fold(text.toLowerCase());
  return POINTS_BACK.test(folded) || PRONOUN.test(folded);
}

/** Not "¿y eso qué significa?", nor "¿en qué página está?": what was asked before has all the words to search. */
function saysSomething(text: string): boolean {
  const folded = fold(text.toLowerCase());
  const rest = folded.replace(ASKS_TO_EXPLAIN, " ").replace(POINTS_BACK, " ");
  return contentWords(rest).size > 0;
}

/** Whether two answers cite the same place, or pages side by side. */
function overlaps(one: readonly CitedPlace[], other: readonly CitedPlace[]): boolean {
  return one.some(({ editionId, page }) =>
    other.some((place) => place.editionId === editionId && Math.abs(place.page - page) <= 1),
  );
}

/** Not a command, a tap, thanks, or mere signs. */
export function isQuestion(text: string): boolean {
  const isTap = /^\[\w+:.*\]$/u.test(text);
  return (
    !text.startsWith("/") &&
    !isTap &&
    /[\p{L}\p{N}]/u.test(text) &&
    recogniseSmallTalk(text) === undefined
  );
}
