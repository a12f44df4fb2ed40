import { ACT_TITLE, DIVISION, FORMULA, INSTITUTION, SECTION } from "./act-rules.ts";
import {
  type BodyType,
  capitalShare,
  type DocumentLine,
  fill,
  isCentred,
} from "./document-line.ts";

/** What the gazette says above an act: its part, who issues it. */
export interface Context {
  readonly section: string;
  readonly issuingBody: string;
  /** What a summary groups its entries under within an institution (`Nombramientos`). */
  readonly topic: string;
}

export type HeadingKind = "section" | "institution" | "act-title" | "other";

export interface Heading {
  readonly kind: HeadingKind;
  readonly text: string;
  readonly size: number;
  /** See `TextLine.gapAbove`. */
  readonly gapAbove: number;
  readonly lines: readonly DocumentLine[];
}

/** Whether the line is set as a heading: short, and in capitals or centred in another type than the text. */
export function isHeadingLine(line: DocumentLine, body: BodyType): boolean {
  const { text } = line;
  // Leaders belong to a table of contents.
  if (text.length > 160 || !/\p{L}{3}/u.test(text) || /\.{4}/.test(text)) return false;
  if (FORMULA.test(text) || DIVISION.test(text) || /^[\d.-]+\s*[-–]|;\s*$|\p{Lu}:\s+\S/u.test(text))
    return false;
  const isCapitals = capitalShare(text) >= 0.8;
  const differs = line.font !== body.font || Math.abs(line.size - body.size) > 0.6;
  const isLarge = line.size >= body.size * 1.12;
  // What is quoted names a statute or a firm.
  if (/[“”"«»]/.test(text) && !ACT_TITLE.test(text)) return false;
  if (isLarge && SECTION.test(text)) return true;
  if (isCapitals) {
    if (ACT_TITLE.test(text) && /\d/.test(text) && (isCentred(line) || fill(line) > 0.85))
      return true;
    const speaks = INSTITUTION.test(text) || SECTION.test(text) || ACT_TITLE.test(text);
    return (
      (isCentred(line) && (differs || speaks)) ||
      (isLarge && differs) ||
      (speaks && differs && fill(line) < 0.95)
    );
  }
  const stands = isLarge || (line.font !== body.font && line.gapAbove >= 0.35);
  return (
    differs && stands && isCentred(line) && fill(line) < 0.6 && /^\p{Lu}.*[^,;:.]$/u.test(text)
  );
}

/** Joins heading lines that run on, and says what each heading is. */
export function readHeadings(lines: readonly DocumentLine[]): Heading[] {
  const groups: DocumentLine[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group !== undefined && previous !== undefined && runsOn(previous, line)) group.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => {
    const text = group.map((line) => line.text).join(" ");
    return {
      kind: headingKind(text),
      text,
      size: group[0]?.size ?? 0,
      gapAbove: group[0]?.gapAbove ?? 0,
      lines: group,
    };
  });
}

function runsOn(previous: DocumentLine, line: DocumentLine): boolean {
  if (Math.abs(previous.size - line.size) > 0.3 || line.gapAbove > 1) return false;
  if (ACT_TITLE.test(line.text) || SECTION.test(line.text)) return false;
  if (/[,]$|\b(?:DE|DEL|DA|DO|DOS|DAS|LA|LAS|LOS|EL|Y|E|EN|PARA|POR)$/i.test(previous.text))
    return true;
  if (/^(?:DE|DEL|DA|DO|DOS|DAS|Y|E|EN|PARA|POR)\b/i.test(line.text)) return true;
  return line.gapAbove < 0.3 && previous.font === line.font && !INSTITUTION.test(line.text);
}

function headingKind(text: string): HeadingKind {
  if (SECTION.test(text)) return "section";
  if (ACT_TITLE.test(text)) return "act-title";
  if (capitalShare(text) >= 0.8 && INSTITUTION.test(text)) return "institution";
  return "other";
}

/**
 * Keeps track of the headings above the current line. A section ends the sections and institutions
 * before it; an institution ends those set as small or smaller. Headings of one block stand together.
 */
export class HeadingTrail {
  #sections: Heading[] = [];
  #institutions: Heading[] = [];
  #topic = "";

  enterTopic(text: string): void {
    this.#topic = text;
  }

  enter(block: readonly Heading[]): void {
    if (block.some(({ kind }) => kind === "section" || kind === "institution")) this.#topic = "";
    let isFirstInstitution = true;
    let isFirstSection = true;
    for (const heading of block) {
      if (heading.kind === "section") {
        if (isFirstSection)
          this.#sections = this.#sections.filter((known) => known.size > heading.size + 0.2);
        this.#sections.push(heading);
        this.#institutions = [];
        isFirstSection = false;
      } else if (heading.kind === "institution") {
        if (isFirstInstitution) {
          this.#institutions = this.#institutions.filter(
            (known) => known.size > heading.size + 0.2,
          );
        }
        this.#institutions.push(heading);
        isFirstInstitution = false;
      }
    }
  }

  context(): Context {
    return {
      section: this.#sections
        .map((heading) => heading.text)
        .join(" · ")
        .slice(0, 300),
      issuingBody: this.#institutions
        .map((heading) => heading.text)
        .join(" · ")
        .slice(0, 300),
      topic: this.#topic.slice(0, 100),
    };
  }
}
