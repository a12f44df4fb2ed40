import type { RetrievedPassage } from "../core/answer.ts";
import type { ModelNeed } from "../core/language-model.ts";
import { contentWords } from "./content-words.ts";
import { SHOWN_LENGTH } from "./grounding/evidence.ts";

/** More words than these about a matter are several matters, or a story. */
const LONG_QUESTION_WORDS = 25;

/** Why a question is for the large chain; undefined: it is for the usual one. The first rule that holds is told. */
export function modelNeedOf(
  asked: { readonly text: string; readonly intent: string },
  shown: readonly RetrievedPassage[],
  largeContextCharacters: number,
): ModelNeed | undefined {
  if (asked.intent === "comparison") return "comparison";
  if (contentWords(asked.text).size > LONG_QUESTION_WORDS) return "long-question";
  const characters = shown.reduce(
    (sum, { passage }) => sum + Math.min(passage.text.length, SHOWN_LENGTH),
    0,
  );
  return characters > largeContextCharacters ? "long-context" : undefined;
}
