import type { PlacedLine } from "../../core/gazette.ts";
import type { PassageDraft } from "../../core/gazette-store.ts";
import type { Language } from "../../core/language.ts";
import { DIVISION } from "./act-rules.ts";
import { joinLines, type Vocabulary } from "./dehyphenate.ts";
import { capitalShare, type DocumentLine, fill, withoutLeaders } from "./document-line.ts";

/** About this many characters make a passage (measured with BM25 on the dev set: see docs on retrieval). */
const TARGET = 900;
/** Never more than this, a single paragraph included. */
const LIMIT = 1_800;
/** At the end of a page a passage ends, too, unless it is shorter than this. */
const PAGE_END_MIN = 400;
/** What is left of an act joins the passage before when it is shorter than this. */
const REMAINDER = 220;

/**
 * Cuts the lines of one act into passages: at paragraphs, else at ends of sentences, else at lines.
 * Leaders are left out; none remain of lines that are nothing else.
 */
export function cutPassages(
  lines: readonly DocumentLine[],
  heading: string,
  vocabulary: Vocabulary,
  language: Language,
): PassageDraft[] {
  const told = lines
    .map((line) => ({ ...line, text: withoutLeaders(line.text) }))
    .filter((line) => line.text !== "");
  const groups = groupLines(told);
  let division = "";
  return groups.map((group) => {
    const first = group[0];
    if (first !== undefined && startsDivision(first)) division = first.text.slice(0, 120);
    const passage = setPassage(group, vocabulary, language);
    return { ...passage, heading: division === "" ? heading : `${heading} · ${division}` };
  });
}

/** Whether a paragraph begins with this line, seen from the line before it in the act. */
export function beginsParagraph(previous: DocumentLine, line: DocumentLine): boolean {
  if (line.page !== previous.page || line.columnLeft !== previous.columnLeft) {
    return /[.:;]$/.test(previous.text) && fill(previous) < 0.85;
  }
  if (line.gapAbove > 0.8 && line.gapAbove < 9) return true;
  if (DIVISION.test(line.text)) return true;
  if (/^(?:[–−•▪\-*]|[a-zA-Z]\)|\d{1,2}[.)]|[IVX]+\s*[-–.])\s/.test(line.text)) return true;
  const indent = line.x - line.columnLeft;
  const previousIndent = previous.x - previous.columnLeft;
  if (
    indent > previousIndent + 0.8 * line.size &&
    indent > line.size &&
    /[.:;)»”"]$/.test(previous.text)
  )
    return true;
  const isShort =
    previous.columnRight - (previous.x + previous.width) >
    0.18 * (line.columnRight - line.columnLeft);
  return isShort && /^[\p{Lu}\d]/u.test(line.text);
}

export function startsDivision(line: DocumentLine): boolean {
  return (
    DIVISION.test(line.text) &&
    line.text.length < 160 &&
    (fill(line) < 0.9 || capitalShare(line.text) > 0.7 || /^Art/.test(line.text))
  );
}

function groupLines(lines: readonly DocumentLine[]): DocumentLine[][] {
  const groups: DocumentLine[][] = [];
  let group: DocumentLine[] = [];
  let length = 0;
  let remaining = lines.reduce((sum, line) => sum + line.text.length + 1, 0);
  lines.forEach((line, index) => {
    const previous = lines[index - 1];
    if (previous !== undefined && length > 0 && endsBefore(line, previous, length, remaining)) {
      groups.push(group);
      group = [];
      length = 0;
    }
    group.push(line);
    length += line.text.length + 1;
    remaining -= line.text.length + 1;
  });
  if (group.length > 0) groups.push(group);
  return groups;
}

function endsBefore(
  line: DocumentLine,
  previous: DocumentLine,
  length: number,
  remaining: number,
): boolean {
  if (length + line.text.length > LIMIT) return true;
  if (remaining < REMAINDER && length + remaining <= LIMIT && line.page === previous.page)
    return false;
  if (line.page !== previous.page && length >= PAGE_END_MIN) return true;
  if (startsDivision(line) && length >= PAGE_END_MIN) return true;
  if (length >= TARGET * 0.75 && beginsParagraph(previous, line)) return true;
  if (length >= TARGET && /[.;:]$/.test(previous.text)) return true;
  return length >= TARGET * 1.5 && /[,)]$/.test(previous.text);
}

function setPassage(
  group: readonly DocumentLine[],
  vocabulary: Vocabulary,
  language: Language,
): PassageDraft {
  let text = "";
  const placed: PlacedLine[] = [];
  let previous: DocumentLine | undefined;
  for (const line of group) {
    if (previous !== undefined) {
      if (beginsParagraph(previous, line)) text += "\n";
      else {
        const joined = joinLines(text, line.text, vocabulary, language);
        text = joined.before + joined.glue;
      }
    }
    const box = line.displayed ?? line;
    placed.push({
      page: line.page,
      x: round(box.x),
      y: round(box.y),
      width: round(box.width),
      height: round(box.height),
      textStart: text.length,
    });
    text += line.text;
    previous = line;
  }
  const first = group[0];
  return {
    heading: "",
    text,
    page: first?.page ?? 1,
    lastPage: group.at(-1)?.page ?? 1,
    printedPage: first?.printedPage,
    lines: placed,
  };
}

/** A tenth of a point is finer than any screen shows. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
