import type { ArchivedDay } from "../../core/gazette-archive.ts";
import type { Language } from "../../core/language.ts";
import { countOf, EDITION_TEXTS } from "./edition-texts.ts";

/** `132 actos, 240 páginas`; the documents when there are several. */
export function dayFacts(
  day: Pick<ArchivedDay, "actCount" | "pageCount" | "documentCount">,
  language: Language,
): string {
  const texts = EDITION_TEXTS[language];
  return [
    ...(day.actCount > 0 ? [countOf(texts.acts, day.actCount, language)] : []),
    countOf(texts.pages, day.pageCount, language),
    ...(day.documentCount > 1 ? [countOf(texts.documents, day.documentCount, language)] : []),
  ].join(", ");
}
