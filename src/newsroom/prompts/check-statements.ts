import { checkGrounding } from "../../conversation/check-grounding.ts";
import { sentencesOf } from "../../conversation/grounding/sentences.ts";
import { withoutInstructions } from "../../conversation/injected-text.ts";
import { toPlainText } from "../../conversation/plain-text.ts";
import { type VerifiedText, verifyCitations } from "../../conversation/verify-citations.ts";
import type { RetrievedPassage } from "../../core/answer.ts";
import type { Language } from "../../core/language.ts";
import type { LanguageModel } from "../../core/language-model.ts";
import type { Question } from "../../core/question.ts";
import type { Payer } from "../../core/spending.ts";
import { PROMPT_RULES } from "./write-request.ts";

/** What the check says of one statement. */
export interface CheckedText {
  /** Without links, markup and marks of its own. */
  readonly text: string;
  /** Of those that it cites, the passages that say so. Empty: none does. */
  readonly standing: readonly RetrievedPassage[];
}

/**
 * Holds a statement against the passages that it cites, as answers are held: each of its sentences must have every
 * number, date, amount and name in one of them, and enough of its words. One sentence that does not stand takes the
 * statement with it, and so does one that speaks to a model instead of to people.
 */
export function checkText(
  written: string,
  cited: readonly RetrievedPassage[],
  language: Language,
): CheckedText {
  const sentences = sentencesIn(written);
  const text = sentences.join(" ");
  const fallen: CheckedText = { text, standing: [] };
  if (sentences.length === 0 || cited.length === 0) return fallen;
  if (withoutInstructions(text) !== text) return fallen;
  const verified = verifyMarked(sentences, cited, language);
  const isWhole = verified.sentencesRemoved === 0 && verified.sentencesKept >= sentences.length;
  return isWhole ? { text, standing: verified.passages } : fallen;
}

/**
 * Asks a model besides whether each sentence is supported, as answers are asked about. It can only take away: whatever
 * goes wrong leaves what was checked by words.
 */
export async function standsForModel(
  text: string,
  cited: readonly RetrievedPassage[],
  model: LanguageModel,
  how: {
    readonly language: Language;
    readonly payer: Pick<Payer, "tenantId" | "messageId">;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const { language, payer, signal } = how;
  const verified = verifyMarked(sentencesIn(text), cited, language);
  const question: Question = {
    ...payer,
    text: "",
    language,
    sources: [],
    date: undefined,
    history: [],
    note() {},
  };
  const endsAt = performance.now() + CHECK_MS;
  return (
    (await checkGrounding(model, question, verified, { language, signal, endsAt })) === verified
  );
}

const CHECK_MS = 10_000;

function sentencesIn(written: string): readonly string[] {
  const plain = toPlainText(written, undefined).replace(/\s+/g, " ").trim();
  return sentencesOf(plain)
    .map(({ text }) => text)
    .filter((text) => /\p{L}/u.test(text));
}

/** Every sentence cites all that the statement does; those that do not say it fall. */
function verifyMarked(
  sentences: readonly string[],
  cited: readonly RetrievedPassage[],
  language: Language,
): VerifiedText {
  const marks = cited.map((_, index) => `[${index + 1}]`).join("");
  const marked = sentences.map((sentence) => `${sentence} ${marks}`).join("\n");
  return verifyCitations(marked, cited, language, PROMPT_RULES);
}

/**
 * Whether a text is the passage's own: sentences one after the other from where one begins, to where one ends or to an
 * ellipsis. Half a sentence may say the opposite of the whole, and is no quotation.
 */
export function isQuotation(text: string, { passage }: RetrievedPassage): boolean {
  const whole = oneLine(passage.text);
  const isCut = text.endsWith("…");
  const quoted = isCut ? text.slice(0, -1).trimEnd() : text;
  if (!/\p{L}{3}/u.test(quoted)) return false;
  for (let at = whole.indexOf(quoted); at !== -1; at = whole.indexOf(quoted, at + 1)) {
    const before = whole.slice(0, at).trimEnd();
    const after = whole.slice(at + quoted.length);
    const begins = before === "" || SENTENCE_END.test(before);
    const ends = isCut ? /^(?!\p{L})/u.test(after) : after === "" || SENTENCE_END.test(quoted);
    if (begins && ends) return true;
  }
  return false;
}

const SENTENCE_END = /[.!?…]["»”')]*$/;

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
