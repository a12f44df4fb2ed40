import { contentWords } from "./content-words.ts";

/** Words this short differ in meaning by their last letter: they match whole, or in the plural. */
const SHORT = 6;

/**
 * Place in the list of the first topic that a text is about; undefined: of none. It is about a topic when it holds
 * every word of it that says something, in whatever form: `despido` is in "¿Me pueden despedir?" not, in "los
 * despidos" it is.
 */
export function forbiddenTopicOf(text: string, topics: readonly string[]): number | undefined {
  if (topics.length === 0) return undefined;
  const words = [...contentWords(text)];
  const found = topics.findIndex((topic) => {
    const wanted = [...contentWords(topic)];
    return wanted.length > 0 && wanted.every((one) => words.some((word) => isSameWord(one, word)));
  });
  return found === -1 ? undefined : found;
}

function isSameWord(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (/^(e?s)$/.test(long.slice(short.length)) && long.startsWith(short)) return true;
  if (short.length < SHORT || /\d/.test(short) || long.length - short.length > 3) return false;
  return long.startsWith(short.slice(0, -1));
}
