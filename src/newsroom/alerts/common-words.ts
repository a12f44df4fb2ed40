import { LANGUAGES } from "../../core/language.ts";
import type { AlertTopic, Stemmer } from "../../core/subscriptions.ts";
import { foldWords } from "../../retrieval/words.ts";

/**
 * A topic without the words and phrases that match nothing, since all of their words stand everywhere (`chooseKeys`), and
 * those, as they were typed. Names and places stand as they are written, and phrases keep the words between others.
 */
export async function leaveOutCommonWords(
  topic: AlertTopic,
  stemmer: Pick<Stemmer, "stemsOf">,
): Promise<{ readonly topic: AlertTopic; readonly leftOut: readonly string[] }> {
  const { body, section, ...rest } = topic;
  const typed = [...topic.anyOf.flat(), ...topic.without, body ?? "", section ?? ""];
  const telling = await findTellingWords(new Set(typed.flatMap(wordsOf)), stemmer);
  const says = (term: string) => wordsOf(term).some((word) => telling.has(word));
  const kept = {
    ...rest,
    anyOf: topic.anyOf.map((terms) => terms.filter(says)).filter((terms) => terms.length > 0),
    without: topic.without.filter(says),
    ...(body !== undefined && says(body) && { body }),
    ...(section !== undefined && says(section) && { section }),
  };
  const leftOut = typed.filter((term) => term !== "" && !says(term));
  return { topic: kept, leftOut: [...new Set(leftOut)] };
}

/** What one language says all the time tells little in the others. */
export async function findTellingWords(
  words: ReadonlySet<string>,
  stemmer: Pick<Stemmer, "stemsOf">,
): Promise<ReadonlySet<string>> {
  const byLanguage = await Promise.all(
    LANGUAGES.map((language) => stemmer.stemsOf(language, words)),
  );
  return new Set([...words].filter((word) => byLanguage.every((stems) => stems.get(word))));
}

function wordsOf(typed: string): readonly string[] {
  return foldWords(typed).map(({ word }) => word);
}
