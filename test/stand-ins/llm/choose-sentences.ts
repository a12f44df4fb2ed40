export interface ShownPassage {
  /** From 1, as it is cited. */
  readonly number: number;
  readonly heading: string;
  /** On one line. */
  readonly text: string;
}

/** Sentences that an answer has at most, and the characters of one that is not worth repeating. */
const MOST = 3;
const SHORTEST = 30;
const LONGEST = 320;
/** Share of the question's words that the best sentence and its heading need, or the passages do not answer. */
const LEAST_SHARE = 0.3;
/** Of the best one's score that a further sentence needs. */
const NEARLY = 0.75;

/** Words of questions, by their first letters: they ask, and say nothing. */
const ASKING = new Set(
  "que quien quie cual cuant cuand cuan donde dond como para sobre dice dicen hay esta este ese esa los las del una unos por con sus algo quier sabre saber compa difer entre orden resol".split(
    " ",
  ),
);
const PREFIX = 5;

/** The sentences with most of the question's words, each with its passage's mark; empty when none has enough. */
export function chooseSentences(
  question: string,
  passages: readonly ShownPassage[],
): readonly string[] {
  const asked = new Set([...words(question)].filter((word) => !ASKING.has(word)));
  if (asked.size === 0) return [];
  const scored = passages
    .flatMap(({ number, heading, text }) =>
      splitSentences(text).map((sentence) => {
        const own = count(asked, words(sentence));
        const context = count(asked, words(heading));
        return { number, sentence, own, score: own + context / 2, reach: own + context };
      }),
    )
    .filter(({ own }) => own > 0)
    .sort((a, b) => b.score - a.score || a.number - b.number);
  const [best] = scored;
  if (best === undefined || best.reach < asked.size * LEAST_SHARE) return [];
  return scored
    .filter(({ score }) => score >= best.score * NEARLY)
    .slice(0, MOST)
    .map(({ sentence, number }) => `${sentence.replace(/[.;:,]+$/, "")} [${number}].`);
}

function splitSentences(text: string): readonly string[] {
  return text
    .split(/(?<=[.;])\s+(?=[\p{Lu}«¿])/u)
    .map((sentence) => sentence.trim())
    .filter(({ length }) => length >= SHORTEST && length <= LONGEST);
}

/** First letters of the words, without accents: forms of one word meet, and many across languages. */
function words(text: string): ReadonlySet<string> {
  const folded = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return new Set((folded.match(/[a-z]{3,}|\d+/g) ?? []).map((word) => word.slice(0, PREFIX)));
}

function count(asked: ReadonlySet<string>, has: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of asked) if (has.has(word)) shared += 1;
  return shared;
}
