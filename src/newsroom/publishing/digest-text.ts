import type { GazetteDate } from "../../core/gazette.ts";
import type { Language } from "../../core/language.ts";
import type { ApprovedCitation, ApprovedStatement, ApprovedText } from "../../core/prompts.ts";

/** Links under one statement: the first pages that bear it out. */
const MAX_LINKS = 3;

/** One place that bears a statement out, and the address of its lines. */
export interface Place {
  /** `La Gaceta, 14 nov 2014, p. 21`. */
  readonly name: string;
  readonly url: string;
}

/** In the order of the citations, each page once. */
export function placesOf(
  { citations }: ApprovedStatement,
  language: Language,
  publicUrl: string,
): readonly Place[] {
  const places = new Map<string, Place>();
  for (const citation of citations) {
    const name = nameOf(citation, language);
    if (!places.has(name)) places.set(name, { name, url: absolute(citation.link, publicUrl) });
  }
  return [...places.values()].slice(0, MAX_LINKS);
}

/** `La Gaceta, 14 nov 2014`, of each edition that it sums up, with the address of its page. */
export function editionsOf(text: ApprovedText, publicUrl: string): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { sourceSlug, sourceName, date } of text.editions) {
    const url = `${publicUrl}/gazettes/${encodeURIComponent(sourceSlug)}/${date}`;
    places.set(url, { name: `${oneLine(sourceName)}, ${shortDate(date, text.language)}`, url });
  }
  return [...places.values()];
}

/**
 * One line without control characters, and without marks that turn the direction of what follows. Words come from a
 * PDF and from a model: an `@name` among them addresses nobody.
 */
export function oneLine(text: string): string {
  return (
    text
      .normalize("NFC")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")
      .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
      .replace(/(^|[^\p{L}\p{N}_@.])@(?=[A-Za-z0-9_])/gu, "$1@\u200b")
      .replace(/ {2,}/g, " ")
      .trim()
  );
}

/** `14 nov 2014`. */
export function shortDate(date: GazetteDate, language: Language): string {
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time)) return date;
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(time);
}

function nameOf(citation: ApprovedCitation, language: Language): string {
  const { sourceName, date, pdfPage, printedPage } = citation;
  const page = printedPage === undefined ? `p. ${pdfPage} (PDF)` : `p. ${oneLine(printedPage)}`;
  return `${oneLine(sourceName)}, ${shortDate(date, language)}, ${page}`;
}

function absolute(link: string, publicUrl: string): string {
  return link.startsWith("/") ? `${publicUrl}${link}` : link;
}
