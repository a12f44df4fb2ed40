import type { Source } from "../core/gazette.ts";

/** A gazette that is known before anybody adds it. */
export type SourcePreset = Omit<Source, "sourceId" | "tenantId"> & {
  /** Finds the edition's number in the text of its first pages; first group. */
  readonly numberPattern?: RegExp;
};

/** Public gazettes by slug. A file of another gazette is ingested under a source that a tenant added. */
export const SOURCE_PRESETS: readonly SourcePreset[] = [
  {
    slug: "la-gaceta",
    name: "La Gaceta",
    language: "es",
    country: "CR",
    timeZone: "America/Costa_Rica",
    numberPattern: /La Gaceta\s+N[º°o.]*\s*(\d{1,3})\b/i,
  },
  {
    slug: "boe",
    name: "Boletín Oficial del Estado",
    language: "es",
    country: "ES",
    timeZone: "Europe/Madrid",
    numberPattern: /N[úu]m\.\s*(\d{1,3})\b/,
  },
  {
    slug: "dof",
    name: "Diario Oficial de la Federación",
    language: "es",
    country: "MX",
    timeZone: "America/Mexico_City",
    numberPattern: /No\.\s+de\s+edici[óo]n\s+del\s+mes:?\s*(\d+)/i,
  },
  {
    slug: "diario-oficial-df",
    name: "Diário Oficial do Distrito Federal",
    language: "pt",
    country: "BR",
    timeZone: "America/Sao_Paulo",
    numberPattern: /N[º°o.]\s*(\d{1,3})\b/,
  },
  {
    slug: "dou",
    name: "Diário Oficial da União",
    language: "pt",
    country: "BR",
    timeZone: "America/Sao_Paulo",
    numberPattern: /N[º°o.]\s*(\d{1,3})\b/,
  },
  {
    slug: "querido-diario",
    name: "Diário Oficial do Município",
    language: "pt",
    country: "BR",
    timeZone: "America/Sao_Paulo",
    numberPattern: /Edi[çc][ãa]o\s+n?[º°o.]*\s*(\d{1,5})/i,
  },
  {
    slug: "ni-la-gaceta",
    name: "La Gaceta, Diario Oficial",
    language: "es",
    country: "NI",
    timeZone: "America/Managua",
    numberPattern: /No\.\s*(\d{1,3})\b/,
  },
  {
    slug: "senapi-bo",
    name: "Gaceta Oficial de Bolivia: SENAPI",
    language: "es",
    country: "BO",
    timeZone: "America/La_Paz",
  },
  {
    slug: "onapi-do",
    name: "Boletín de la ONAPI",
    language: "es",
    country: "DO",
    timeZone: "America/Santo_Domingo",
  },
  {
    slug: "diario-oficial-co",
    name: "Diario Oficial",
    language: "es",
    country: "CO",
    timeZone: "America/Bogota",
    numberPattern: /Edici[óo]n\s+(\d{2}\.?\d{3})/i,
  },
  {
    slug: "boletin-oficial-ar",
    name: "Boletín Oficial de la República Argentina",
    language: "es",
    country: "AR",
    timeZone: "America/Argentina/Buenos_Aires",
    numberPattern: /(?:N[º°o.]|N[úu]mero)\s*(\d{2}\.?\d{3})/,
  },
  {
    slug: "federal-register",
    name: "Federal Register",
    language: "en",
    country: "US",
    timeZone: "America/New_York",
    numberPattern: /\bNo\.\s*(\d{1,3})\b/,
  },
];

export function presetOf(slug: string): SourcePreset | undefined {
  return SOURCE_PRESETS.find((preset) => preset.slug === slug);
}
