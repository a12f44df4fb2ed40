import type { CitedDocument, RetrievedPassage } from "../core/answer.ts";
import type { Language } from "../core/language.ts";

const WORDS: Readonly<Record<Language, { readonly version: string; readonly section: string }>> = {
  es: { version: "versión", section: "sección" },
  pt: { version: "versão", section: "seção" },
  en: { version: "version", section: "section" },
};

/** `Reglamento de parques (versión 2)`. */
export function documentName(
  title: string,
  { version }: CitedDocument,
  language: Language,
): string {
  return `${title} (${WORDS[language].version} ${version})`;
}

/** The heading that the passage stands under, as people say it; undefined: it is of a page. */
export function sectionOf(
  { passage, document }: RetrievedPassage,
  language: Language,
): string | undefined {
  if (document === undefined || document.isPaged) return undefined;
  const heading = passage.heading.split(" · ").at(-1) ?? "";
  return heading === "" ? `${WORDS[language].section} ${passage.page}` : heading;
}

/** Address of a page or section of a public document; empty for another: whoever asks may not open it. */
export function documentUrl(
  publicUrl: string | undefined,
  document: CitedDocument,
  place: { readonly page: number; readonly highlight: string },
): string {
  if (!document.isPublic) return "";
  const { documentId, version } = document;
  return `${publicUrl ?? ""}/documents/${documentId}/versions/${version}/pages/${place.page}?hl=${place.highlight}`;
}
