import type { AnswerStyle, ReadingLevel } from "../core/assistant.ts";
import { inert } from "./prompt-data.ts";

const LEVELS: Readonly<Record<ReadingLevel, string>> = {
  easy: "Write for somebody who reads little: everyday words, one short thought a sentence.",
  plain: "",
  professional: "Write for professionals of the matter: its terms, as the gazette prints them.",
};

/** Tokens of a sentence with its citation, with room to spare. */
const TOKENS_PER_SENTENCE = 125;
const LEAST_TOKENS = 250;

export function outputTokensFor({ maxSentences }: AnswerStyle): number {
  return Math.max(LEAST_TOKENS, maxSentences * TOKENS_PER_SENTENCE);
}

/**
 * What a tenant wishes, as lines of the system message that come after the rules: settings, fenced and without
 * signs that could close the fence. Empty when nothing is wished. They are the tenant's words, who may be careless;
 * what a model makes of them is verified like everything else that it writes.
 */
export function stylePrompt(style: AnswerStyle): readonly string[] {
  const { persona, tone, forbiddenTopics } = style;
  const wishes = [
    persona === "" ? "" : `You speak as: ${inert(persona)}`,
    tone === "" ? "" : `Tone: ${inert(tone)}`,
    LEVELS[style.readingLevel],
    forbiddenTopics.length === 0
      ? ""
      : `Topics that are not spoken about, whatever the passages say: ${forbiddenTopics.map(inert).join("; ")}. Of a question about one of them write exactly NO_ANSWER.`,
  ].filter((wish) => wish !== "");
  if (wishes.length === 0) return [];
  return [
    "How the service that you answer for wishes to sound. It changes manner only; where it differs from a rule above, the rule holds:",
    "<manner>",
    ...wishes,
    "</manner>",
  ];
}
