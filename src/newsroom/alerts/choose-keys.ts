import type { TenantId } from "../../core/ids.ts";
import { LANGUAGES } from "../../core/language.ts";
import type { AlertTopic, Stemmer, TopicKeys } from "../../core/subscriptions.ts";
import { findTellingWords } from "./common-words.ts";
import { readTopic, type Term, wordsOf } from "./topic-terms.ts";

/** Headings repeat in every edition: a topic is found by one only when it has nothing else. */
const HEADING_FREQUENCY = 1e9;

interface Choice {
  readonly key: string;
  readonly lexeme: string;
  readonly isHeading: boolean;
}

/**
 * The keys by which editions find a topic (`keysOfIndex`): for each alternative, in each language, that of its rarest
 * word, since gazettes stem by their own language. Undefined: an alternative has only words that stand everywhere.
 */
export async function chooseKeys(
  tenantId: TenantId,
  topic: AlertTopic,
  stemmer: Stemmer,
): Promise<TopicKeys | undefined> {
  const terms = readTopic(topic);
  const { name, place, body, section } = terms;
  const alternatives = terms.anyOf.length === 0 ? [[]] : terms.anyOf;
  const words = new Set(wordsOf(terms));
  const keys = new Set<string>();
  const byLanguage = await Promise.all(
    LANGUAGES.map(async (language) => stemmer.stemsOf(language, words)),
  );
  const telling = await findTellingWords(words, stemmer);
  const choices = alternatives.map((alternative) =>
    byLanguage.map((stems): readonly Choice[] => {
      const stemmed = (prefix: "w" | "b" | "s", term: Term | undefined) =>
        stemmedChoices(prefix, term, stems, telling);
      return [
        ...alternative.flatMap((term) => stemmed("w", term)),
        ...[name, place].flatMap((term) => exactChoices(term, stems)),
        ...stemmed("b", body),
        ...stemmed("s", section),
      ];
    }),
  );
  const lexemes = new Set(choices.flat(2).map(({ lexeme }) => lexeme));
  const frequencies = await stemmer.frequenciesOf(tenantId, [...lexemes]);
  const costOf = ({ lexeme, isHeading }: Choice) =>
    (isHeading ? HEADING_FREQUENCY : 0) + (frequencies.get(lexeme) ?? 0);
  for (const alternative of choices) {
    const best = alternative.flatMap(
      (each) => each.toSorted((a, b) => costOf(a) - costOf(b))[0] ?? [],
    );
    if (best.length === 0) return undefined;
    for (const { key } of best) keys.add(key);
  }
  return [...keys];
}

function stemmedChoices(
  prefix: "w" | "b" | "s",
  term: Term | undefined,
  stems: ReadonlyMap<string, string | undefined>,
  telling: ReadonlySet<string>,
): readonly Choice[] {
  return (term?.words ?? []).flatMap((word) => {
    const lexeme = stems.get(word);
    if (lexeme === undefined || !telling.has(word)) return [];
    return [{ key: `${prefix}:${lexeme}`, lexeme, isHeading: prefix !== "w" }];
  });
}

/** Names and places stand as they are written, stop words and all. */
function exactChoices(
  term: Term | undefined,
  stems: ReadonlyMap<string, string | undefined>,
): readonly Choice[] {
  return (term?.words ?? []).map((word) => {
    const lexeme = stems.get(word);
    return { key: `n:${word}`, lexeme: lexeme ?? word, isHeading: lexeme === undefined };
  });
}
