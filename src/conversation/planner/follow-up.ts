import type { Question } from "../../core/question.ts";
import type { Turn } from "../../core/turn.ts";
import { contentWords } from "../content-words.ts";
import { fold } from "../detect-language.ts";

/** A place that an earlier answer cited. */
export type CitedPlace = Pick<Turn["citations"][number], "editionId" | "page">;

/** What the citizen asked before, when the new question seems to go on from it. */
export interface Thread {
  /**
   * `continues`: the question says so ("¿y quién la firma?", "¿qué dice ese decreto?"). `may-continue`: it is
   * too short to search by ("¿cuánto era la multa?"), and the passages decide.
   */
  readonly kind: "continues" | "may-continue";
  /** The earlier question, with what was asked of it since. */
  readonly earlier: string;
  /** What the last answer cited. */
  readonly cited: readonly CitedPlace[];
}

const MAX_EARLIER_LENGTH = 400;
/** Fewer words than these that say what a question is about do not find an act. */
const TOO_FEW_WORDS = 2;
const FEW_WORDS = 3;

const BEGINS_WITH_AND = /^[¿¡\s]*(y|e|and|pero|mas|but)\s/i;
/** Words that point back, folded: "eso", "ese decreto", "la misma ley", "that order", "nesse edital". */
const POINTS_BACK =
  /\b(eso|esa|ese|esos|esas|dicho|dicha|dichos|dichas|el mismo|la misma|aquel|aquella|isso|esse|essa|nesse|nessa|desse|dessa|o mesmo|a mesma|that (law|order|act|decree|notice|one)|those|the same|its?)\b/;

/**
 * Whether the question goes on from an earlier one, by rules in Spanish, Portuguese and English. Undefined
 * when it stands by itself or nothing was asked before. `namesDate`: the question itself says a date or a gazette.
 */
export function findThread(
  question: Pick<Question, "text" | "history">,
  namesDate: boolean,
): Thread | undefined {
  const { text, history } = question;
  const asked = history.findLastIndex((turn) => isQuestion(turn, text));
  const earlier = history[asked]?.text;
  if (earlier === undefined) return undefined;
  const words = contentWords(text).size;
  const saysSo =
    (BEGINS_WITH_AND.test(text) && words <= FEW_WORDS) ||
    (POINTS_BACK.test(fold(text.toLowerCase())) && words <= FEW_WORDS + 1);
  const isShort = words <= TOO_FEW_WORDS && !namesDate && !/\d|\p{Ll}\s+\p{Lu}/u.test(text);
  if (!saysSo && !isShort) return undefined;
  return {
    kind: saysSo ? "continues" : "may-continue",
    earlier: withItsOwnThread(history.slice(0, asked), earlier).slice(-MAX_EARLIER_LENGTH),
    cited: history.slice(asked).findLast(({ speaker }) => speaker === "assistant")?.citations ?? [],
  };
}

/** A follow-up of a follow-up is searched with the question that began it. */
function withItsOwnThread(before: readonly Turn[], text: string): string {
  if (contentWords(text).size > FEW_WORDS) return text;
  const first = before.findLast((turn) => isQuestion(turn, text));
  return first === undefined ? text : `${first.text}\n${text}`;
}

function isQuestion({ speaker, text }: Turn, now: string): boolean {
  return (
    speaker === "citizen" && !text.startsWith("/") && text !== now && contentWords(text).size > 0
  );
}
