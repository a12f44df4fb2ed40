import type { TextSection } from "./convert-protocol.ts";

/** About 2,500 pages. */
export const MAX_CHARACTERS = 5_000_000;
export const MAX_SECTIONS = 5_000;
const MAX_HEADING = 160;

/** An article of a law begins a section, although it is seldom set as a heading. */
const ARTICLE =
  /^(Art(?:[íi]culo|igo|icle|\.)\s*(?:\d{1,4}|[úu]nico|primero|[IVXLC]{1,7})(?:\s*(?:bis|ter|quater))?)\s*[º°ª]?\s*(?:[.:)–—-]|$)/i;
/** Parts of a law, when they stand alone in their line. */
const PART =
  /^(?:CAP[IÍ]TULO|T[IÍ]TULO|SECCI[ÓO]N|SE[CÇ][AÃ]O|LIBRO|ANEXO|CHAPTER|PART|SECTION)\s+(?:[IVXLC]{1,7}|\d{1,3}|[ÚU]NICO|PRIMERO|SEGUNDO|TERCERO)\b.{0,120}$/i;
/** Below any heading that a document sets itself. */
const PART_LEVEL = 7;
const ARTICLE_LEVEL = 8;

export interface Sections {
  /** `level` from 1, the outermost. */
  addHeading(level: number, text: string): void;
  addText(text: string): void;
  end(): readonly TextSection[];
}

/** Gathers what is read, in order, under its headings. */
export function createSections(): Sections {
  const done: { headings: string[]; paragraphs: string[] }[] = [];
  let trail: { readonly level: number; readonly text: string }[] = [];
  let paragraphs: string[] = [];

  function close(): void {
    if (paragraphs.length > 0) done.push({ headings: trail.map(({ text }) => text), paragraphs });
    paragraphs = [];
  }
  function enter(level: number, text: string): void {
    close();
    trail = [...trail.filter((heading) => heading.level < level), { level, text }];
  }
  return {
    addHeading(level, text) {
      const heading = squeeze(text).slice(0, MAX_HEADING);
      if (heading !== "") enter(level, heading);
    },
    addText(text) {
      const paragraph = squeeze(text);
      if (paragraph === "") return;
      const article = ARTICLE.exec(paragraph)?.[1];
      if (article !== undefined) enter(ARTICLE_LEVEL, squeeze(article));
      else if (PART.test(paragraph)) {
        enter(PART_LEVEL, paragraph);
        return;
      }
      paragraphs.push(paragraph);
    },
    end() {
      close();
      return done;
    },
  };
}

function squeeze(text: string): string {
  return text
    .replace(/[\s\u00a0]+/g, " ")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g, "")
    .trim();
}
