import type { Citation, RetrievedPassage } from "../core/answer.ts";
import type { GazetteDate } from "../core/gazette.ts";
import type { Language } from "../core/language.ts";
import type { Span } from "../core/message.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { documentName, documentUrl, sectionOf } from "./cite-document.ts";

/** Makes the citation of a passage. `publicUrl` has no trailing slash; undefined: the url is a path. */
export function cite(
  found: RetrievedPassage,
  options: {
    readonly number: number;
    readonly quote: string;
    readonly language: Language;
    readonly publicUrl: string | undefined;
  },
): Citation {
  const { passage, document } = found;
  const section = sectionOf(found, options.language);
  return {
    number: options.number,
    passageId: passage.passageId,
    editionId: passage.editionId,
    source: found.source,
    edition: foundName(found, options.language),
    date: found.date,
    page: passage.page,
    printedPage: passage.printedPage,
    quote: options.quote,
    url:
      document === undefined
        ? pageUrl(options.publicUrl, {
            source: found.source,
            date: found.date,
            page: passage.page,
            documentName: found.documentName,
            highlight: passage.passageId,
          })
        : documentUrl(options.publicUrl, document, {
            page: passage.page,
            highlight: passage.passageId,
          }),
    ...(section === undefined ? {} : { section }),
  };
}

/** `La Gaceta n.º 220`, or `Reglamento de parques (versión 2)`. */
export function foundName(found: RetrievedPassage, language: Language): string {
  const { sourceName, editionNumber, document } = found;
  return document === undefined
    ? editionName(sourceName, editionNumber, language)
    : documentName(sourceName, document, language);
}

/** `, página 21`, or `, Artículo 5`. */
export function foundPlace(found: RetrievedPassage, language: Language): string {
  const section = sectionOf(found, language);
  return section === undefined ? pagePhrase(found.passage, language) : `, ${section}`;
}

/** `La Gaceta n.º 220`. */
export function editionName(
  sourceName: string,
  editionNumber: string | undefined,
  language: Language,
): string {
  if (editionNumber === undefined || editionNumber === "") return sourceName;
  return `${sourceName} ${catalogue(language).numberMark} ${editionNumber}`;
}

/** Address of a page of an edition, as the HTTP interface serves it. */
export function pageUrl(
  publicUrl: string | undefined,
  place: {
    readonly source: string;
    readonly date: GazetteDate;
    readonly page: number;
    readonly documentName: string;
    readonly highlight?: string;
  },
): string {
  const path = `/gazettes/${encodeURIComponent(place.source)}/${place.date}/pages/${place.page}`;
  const highlight =
    place.highlight === undefined ? "" : `&hl=${encodeURIComponent(place.highlight)}`;
  return `${publicUrl ?? ""}${path}?document=${encodeURIComponent(place.documentName)}${highlight}`;
}

/** `[1] La Gaceta n.º 220, 14 nov 2014, p. 21`, its place a link when the address is absolute. */
export function citationLine(citation: Citation, language: Language): readonly Span[] {
  const { pageMark } = catalogue(language);
  const page = citation.section ?? `${pageMark} ${citation.printedPage ?? citation.page}`;
  const place = `${citation.edition}, ${shortDate(citation.date, language)}, ${page}`;
  return [{ text: `[${citation.number}] ` }, linked(place, citation.url)];
}

/** A span with its link, when channels can open it: a path alone they cannot. */
export function linked(text: string, url: string): Span {
  return url.startsWith("http://") || url.startsWith("https://") ? { text, url } : { text };
}

/** Page as a sentence names it: the printed number where there is one, else the page of the PDF, said so. */
function pagePhrase(
  page: { readonly page: number; readonly printedPage: string | undefined },
  language: Language,
): string {
  const { pageWord } = catalogue(language);
  return page.printedPage === undefined
    ? `, ${pageWord} ${page.page} (PDF)`
    : `, ${pageWord} ${page.printedPage}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
/** Dates as written out; the same few editions are cited over and over. */
const written = new Map<string, string>();
const MAX_WRITTEN = 1_000;

/** `14 nov 2014`. */
export function shortDate(date: GazetteDate, language: Language): string {
  return writeDate(date, language, "medium");
}

/** `14 de noviembre de 2014`. */
export function longDate(date: GazetteDate, language: Language): string {
  return writeDate(date, language, "long");
}

function writeDate(date: GazetteDate, language: Language, style: "medium" | "long"): string {
  const key = `${date} ${language} ${style}`;
  const known = written.get(key);
  if (known !== undefined) return known;
  const text = formatDate(date, language, style);
  if (written.size >= MAX_WRITTEN) written.clear();
  written.set(key, text);
  return text;
}

function formatDate(date: GazetteDate, language: Language, style: "medium" | "long"): string {
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time)) return date;
  const key = `${language} ${style}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    // Making a formatter costs a hundred times what using one does.
    formatter = new Intl.DateTimeFormat(catalogue(language).locale, {
      dateStyle: style,
      timeZone: "UTC",
    });
    formatters.set(key, formatter);
  }
  return formatter.format(time);
}
