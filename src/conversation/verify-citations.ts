import type { RetrievedPassage } from "../core/answer.ts";
import type { Language } from "../core/language.ts";
import { contentWords, numbersIn, stem } from "./content-words.ts";
import { detectLanguage, fold } from "./detect-language.ts";

/** What is left of a model's text after each sentence was held against the passages that it cites. */
export interface VerifiedText {
  /** Sentences that are supported, with `[n]` renumbered from 1 in order of appearance. Empty: nothing stood. */
  readonly text: string;
  /** Passages that the text cites: `[1]` is the first. */
  readonly passages: readonly RetrievedPassage[];
  readonly sentencesKept: number;
  readonly sentencesRemoved: number;
  readonly citationsRemoved: number;
}

/** Share of a sentence's content words that the cited passage must have, when both are in one language. */
const SHARED_WORDS = 0.5;
/** Across languages only names and cognates are shared. */
const SHARED_WORDS_ACROSS = 0.15;

/**
 * Keeps the sentences whose citations exist among `passages` (`[n]` is the n-th, from 1) and support them:
 * every number of the sentence is in the passage or its place, and enough of its content words. A citation
 * that does not support is removed; a sentence left without one is removed with it.
 */
export function verifyCitations(
  written: string,
  passages: readonly RetrievedPassage[],
  language: Language,
): VerifiedText {
  const evidence = passages.map((found) => toEvidence(found, language));
  const cited: RetrievedPassage[] = [];
  let kept = 0;
  let removed = 0;
  let citationsRemoved = 0;
  const lines = written.split("\n").map((line) => {
    const sentences: string[] = [];
    for (const { text, marks } of sentencesOf(line)) {
      const isSupported = supportTest(text);
      const supporting = marks.filter((mark) => {
        const proof = evidence[mark - 1];
        return proof !== undefined && isSupported(proof);
      });
      citationsRemoved += marks.length - supporting.length;
      if (supporting.length === 0) {
        if (/\p{L}/u.test(text)) removed += 1;
        continue;
      }
      kept += 1;
      sentences.push(`${text} ${renumber(supporting)}`);
    }
    return sentences.join(" ");
  });

  function renumber(marks: readonly number[]): string {
    const numbers = marks.flatMap((mark) => {
      const found = passages[mark - 1];
      if (found === undefined) return [];
      const index = cited.indexOf(found);
      return [index === -1 ? cited.push(found) : index + 1];
    });
    return [...new Set(numbers)].map((number) => `[${number}]`).join("");
  }

  return {
    text: lines.filter((line) => line !== "").join("\n"),
    passages: cited,
    sentencesKept: kept,
    sentencesRemoved: removed,
    citationsRemoved,
  };
}

interface Evidence {
  readonly stems: ReadonlySet<string>;
  /** Numbers of the passage and of its place, see `numbersIn`. */
  readonly numbers: ReadonlySet<string>;
  readonly isSameLanguage: boolean;
}

function toEvidence(found: RetrievedPassage, language: Language): Evidence {
  const { heading, text, page, printedPage } = found.passage;
  const place = `${found.sourceName} ${found.editionNumber ?? ""} ${found.date} ${page} ${printedPage ?? ""}`;
  const whole = `${heading}\n${text}\n${place}`;
  const numbers = numbersIn(whole);
  return {
    stems: new Set([...contentWords(whole)].map(stem)),
    numbers,
    isSameLanguage: detectLanguage(text, language) === language,
  };
}

function supportTest(sentence: string): (evidence: Evidence) => boolean {
  const numbers = [...numbersIn(sentence)];
  const stems = [...contentWords(sentence)].filter((word) => !/^\d/.test(word)).map(stem);
  return (evidence) => {
    if (!numbers.every((number) => evidence.numbers.has(number))) return false;
    if (stems.length === 0) return numbers.length > 0;
    const shared = stems.filter((word) => evidence.stems.has(word)).length;
    const needed = evidence.isSameLanguage ? SHARED_WORDS : SHARED_WORDS_ACROSS;
    return shared >= Math.max(1, Math.ceil(stems.length * needed));
  };
}

/** Sentences of a line without their marks. Marks stand before or after the full stop, as models write both. */
function sentencesOf(line: string): readonly { text: string; marks: readonly number[] }[] {
  const sentences: { text: string; marks: readonly number[] }[] = [];
  for (const piece of splitSentences(line)) {
    const marks: number[] = [];
    const text = piece
      .replace(/\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g, (_, list: string) => {
        for (const mark of list.split(/[,;]/)) marks.push(Number(mark));
        return "";
      })
      .trim();
    const previous = sentences.at(-1);
    // `Una frase. [1]`: the mark belongs to the sentence before it.
    if (text.replace(/[.\s]/g, "") === "" && previous !== undefined) {
      sentences[sentences.length - 1] = {
        text: previous.text,
        marks: [...previous.marks, ...marks],
      };
    } else if (text !== "") {
      sentences.push({ text, marks });
    }
  }
  return sentences;
}

/** Abbreviations of gazettes after which a full stop does not end the sentence, without accents. */
const ABBREVIATIONS = new Set([
  "art",
  "arts",
  "no",
  "n",
  "num",
  "sr",
  "sra",
  "dr",
  "dra",
  "lic",
  "ing",
  "s",
  "a",
  "p",
  "pag",
  "inc",
  "av",
  "st",
  "mr",
  "mrs",
  "ltda",
  "cia",
  "d",
  "ud",
  "uds",
  "exp",
]);

function splitSentences(line: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  for (const match of line.matchAll(/[.!?…]+["»”')]*(?=\s|\[|$)/g)) {
    const end = match.index + match[0].length;
    const lastWord = fold(line.slice(start, match.index).toLowerCase()).match(/[a-z]+$/)?.[0];
    const rest = line.slice(end).trimStart();
    const isAbbreviation =
      match[0] === "." &&
      lastWord !== undefined &&
      ABBREVIATIONS.has(lastWord) &&
      rest !== "" &&
      !rest.startsWith("[");
    if (isAbbreviation) continue;
    pieces.push(line.slice(start, end));
    start = end;
  }
  pieces.push(line.slice(start));
  return pieces;
}
