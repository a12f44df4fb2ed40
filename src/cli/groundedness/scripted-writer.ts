import { detectLanguage } from "../../conversation/detect-language.ts";
import type { Language } from "../../core/language.ts";
import { INVENTIONS } from "./inventions.ts";
import { PARAPHRASES, tellAbroad } from "./paraphrases.ts";

/** A sentence that the scripted model writes, and what is to become of it. */
export interface ScriptedSentence {
  readonly kind: string;
  /** `keep`: true and rightly cited. `cite-rightly`: true, cites the wrong passage. `remove`: untrue or uncited. */
  readonly expected: "keep" | "cite-rightly" | "remove";
  readonly text: string;
  /** As it cites, from 1; 0: not at all. */
  readonly mark: number;
  /**
   * What must not reach the citizen; empty: the sentence as a whole. Of one that cites wrongly: what the passage
   * has that it should cite.
   */
  readonly lie: string;
}

/** A passage as the prompt shows it. */
interface Shown {
  readonly number: number;
  readonly text: string;
  /** Its place and heading: true as well. */
  readonly around: string;
}

/** Passages, and sentences of each, that are retold. */
const PASSAGES = 3;
const SENTENCES = 2;
/** Below what an adapter takes for a model that runs away: 24 characters for each of 500 tokens. */
const MAX_LENGTH = 11_500;

/**
 * A model that mixes what the passages of its prompt say, retold mechanically, with inventions. The same prompt
 * brings the same sentences.
 */
export function scriptSentences(
  prompt: string,
  language: Language,
  isAbroad: boolean,
): readonly ScriptedSentence[] {
  const passages = readPassages(prompt);
  const sentences: ScriptedSentence[] = [];
  const told = passages.filter(
    ({ text }) => isAbroad || detectLanguage(text, language) === language,
  );
  for (const shown of told.slice(0, PASSAGES)) {
    for (const sentence of pickSentences(shown.text)) {
      const other = passages.find(({ number }) => number !== shown.number);
      sentences.push(
        ...(isAbroad
          ? abroad(sentence, shown, language)
          : [
              ...truths(sentence, shown, language, other),
              ...lies(sentence, shown, language, other),
            ]),
      );
    }
  }
  return cut(unique(sentences));
}

/** The reply: several sentences a line, each with its mark before the full stop. */
export function writeReply(sentences: readonly ScriptedSentence[]): string {
  const written = sentences.map(({ text, mark }) => `${text}${mark === 0 ? "" : ` [${mark}]`}.`);
  const lines: string[] = [];
  for (let at = 0; at < written.length; at += 3) lines.push(written.slice(at, at + 3).join(" "));
  return lines.join("\n");
}

function truths(
  sentence: string,
  { number }: Shown,
  language: Language,
  other: Shown | undefined,
): readonly ScriptedSentence[] {
  const told = Object.entries(PARAPHRASES).flatMap(([kind, paraphrase]) => {
    const text = paraphrase(sentence, language);
    return text === undefined
      ? []
      : [{ kind, expected: "keep" as const, text, mark: number, lie: "" }];
  });
  const begin = "Consta que";
  const cited = (
    kind: string,
    words: string,
    mark: number,
    expected: "remove" | "cite-rightly",
  ) => ({
    kind,
    expected,
    text: `${words} ${sentence}`,
    mark,
    lie: expected === "cite-rightly" ? sentence : "",
  });
  return [
    ...told,
    cited("citation that does not exist", `${begin} aquí`, 99, "remove"),
    cited("no citation", `${begin} también`, 0, "remove"),
    ...(other === undefined
      ? []
      : [cited("citation of another passage", begin, other.number, "cite-rightly")]),
  ];
}

function lies(
  sentence: string,
  { number, text, around }: Shown,
  language: Language,
  other: Shown | undefined,
): readonly ScriptedSentence[] {
  return Object.entries(INVENTIONS).flatMap(([kind, invent]) => {
    const invented = invent({
      sentence,
      passage: `${around} ${text}`,
      other: other?.text ?? "",
      language,
    });
    return invented === undefined
      ? []
      : [{ kind, expected: "remove" as const, ...invented, mark: number }];
  });
}

function abroad(
  sentence: string,
  { number, text, around }: Shown,
  language: Language,
): readonly ScriptedSentence[] {
  const told = tellAbroad(sentence, language).map((each) => ({
    kind: "told in another language",
    expected: "keep" as const,
    text: each,
    mark: number,
    lie: "",
  }));
  const wrong = ["number with one digit changed", "date moved by a day", "invented name"].flatMap(
    (kind) => {
      const invented = INVENTIONS[kind]?.({
        sentence,
        passage: `${around} ${text}`,
        other: "",
        language: "es",
      });
      if (invented === undefined) return [];
      return tellAbroad(invented.text, language)
        .filter((each) => !told.some((truth) => truth.text === each))
        .map((each) => ({
          kind: `another language: ${kind}`,
          expected: "remove" as const,
          text: each,
          mark: number,
          lie: "",
        }));
    },
  );
  return [...told, ...wrong];
}

/** Its place, its heading in the first line, its text. */
const PASSAGE = /<passage number="(\d+)" place="([^"]*)">\n([^\n]*)\n([\s\S]*?)\n<\/passage>/g;

function readPassages(prompt: string): readonly Shown[] {
  return [...prompt.matchAll(PASSAGE)].map(([, number, place, heading, text]) => ({
    number: Number(number),
    text: (text ?? "").replace(/\s+/g, " "),
    around: `${place} ${heading}`,
  }));
}

/** Sentences of a chat's length that say most: dates, amounts, numbers, names. */
function pickSentences(text: string): readonly string[] {
  return text
    .split(/(?<=[\p{Ll}\d)]{2}[.;])\s+(?=\p{Lu})/u)
    .map((sentence) => sentence.trim().replace(/[.;:,]+$/, ""))
    .filter(
      (sentence) =>
        sentence.length >= 50 && sentence.length <= 320 && !/[[\]@‹›]|https?:|www\./.test(sentence),
    )
    .filter((sentence) => /^[\p{Lu}]/u.test(sentence) && /\p{Ll}{3}/u.test(sentence))
    .filter((sentence) => !/(?:\d|\p{L}{4,}|[)»”"])[.!?…]-? /u.test(sentence))
    .map((sentence) => ({ sentence, worth: worthOf(sentence) }))
    .sort((one, other) => other.worth - one.worth)
    .slice(0, SENTENCES)
    .map(({ sentence }) => sentence);
}

function worthOf(sentence: string): number {
  const has = (pattern: RegExp) => (pattern.test(sentence) ? 1 : 0);
  return (
    3 * has(/ de \p{L}+ (?:de|del) \d{4}|\d\/\d{2}\/\d{4}/u) +
    3 * has(/[$€₡]|\d\.\d{3}/) +
    has(/\d/) +
    has(/(?:dos|tres|diez) \p{L}/u) +
    2 * has(/\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u)
  );
}

/** Sentences that read alike could not be told apart in the answer. */
function unique(sentences: readonly ScriptedSentence[]): readonly ScriptedSentence[] {
  const seen = new Set<string>();
  return sentences.filter(({ text }) => !seen.has(text) && seen.add(text));
}

function cut(sentences: readonly ScriptedSentence[]): readonly ScriptedSentence[] {
  let length = 0;
  return sentences.filter(({ text }) => {
    if (length + text.length + 8 > MAX_LENGTH) return false;
    length += text.length + 8;
    return true;
  });
}
