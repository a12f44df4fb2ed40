import { fold } from "../detect-language.ts";

/** A sentence without its marks, and the passages that it cites. */
export interface MarkedSentence {
  readonly text: string;
  readonly marks: readonly number[];
}

/** Sentences of a line. Marks stand before or after the full stop, as models write both. */
export function sentencesOf(line: string): readonly MarkedSentence[] {
  const sentences: { readonly text: string; marks: readonly number[] }[] = [];
  for (const piece of splitSentences(line)) {
    const leading = LEADING_MARKS.exec(piece)?.[0] ?? "";
    const before = readMarks(leading);
    const { text, marks } = readMarks(piece.slice(leading.length));
    const previous = sentences.at(-1);
    const isEmpty = text.replace(/[.\s]/g, "") === "";
    // `Una frase. [1] Otra. [2]`: a mark belongs to the sentence before it, unless that has its own.
    if (previous !== undefined && (isEmpty || previous.marks.length === 0)) {
      previous.marks = [...previous.marks, ...before.marks, ...(isEmpty ? marks : [])];
      if (!isEmpty) sentences.push({ text, marks });
    } else if (text !== "") {
      sentences.push({ text, marks: [...before.marks, ...marks] });
    }
  }
  return sentences;
}

const MARK = /\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g;
const LEADING_MARKS = new RegExp(`^(?:${MARK.source})+`);

function readMarks(piece: string): MarkedSentence {
  const marks: number[] = [];
  const text = piece.replace(MARK, (_, list: string) => {
    for (const mark of list.split(/[,;]/)) marks.push(Number(mark));
    return "";
  });
  return { text: text.trim(), marks };
}

/** Abbreviations of gazettes after which a full stop does not end the sentence, without accents. */
const ABBREVIATIONS = new Set(
  `art arts no n nro num sr sra srta sres dr dra drs lic licda lcda lcdo ing arq prof s a p pp pag pags inc av avda c
  st mr mrs ms ltda ltd cia d ud uds exp co corp hnos tel ext gral dpto depto apdo km m mts aprox ej vs vol cap fracc
  r u ee uu bs cnpj cpf n0 proc res fl fls e g i o jr`.split(/\s+/),
);

function splitSentences(line: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  for (const match of line.matchAll(/[.!?…]+["»”')]*(?=\s|\[|$)/g)) {
    const end = match.index + match[0].length;
    const rest = line.slice(end).trimStart();
    if (
      match[0] === "." &&
      rest !== "" &&
      !rest.startsWith("[") &&
      goesOn(line.slice(start, match.index), rest)
    ) {
      continue;
    }
    pieces.push(line.slice(start, end));
    start = end;
  }
  pieces.push(line.slice(start));
  return pieces;
}

function goesOn(before: string, rest: string): boolean {
  if (/^\p{Ll}/u.test(rest)) return true;
  const lastWord = fold(before.slice(-24).toLowerCase()).match(/[a-z]+$/)?.[0];
  // One letter is an initial: `P. K. 26`, `S. A.`.
  return lastWord !== undefined && (lastWord.length === 1 || ABBREVIATIONS.has(lastWord));
}
