import type { Source } from "../../core/gazette.ts";
import type { CollectionSettings, Weekday } from "../../core/newsroom.ts";

/** A gazette that is collected by name. */
export interface CollectionPreset {
  readonly name: string;
  readonly source: Omit<Source, "sourceId" | "tenantId">;
  readonly settings: CollectionSettings;
  /**
   * Whether the address is known for sure, by several who use it today. Undefined: it is, and collecting begins when
   * it is added. Otherwise why not: it is added paused, for somebody to check, correct and resume.
   */
  readonly doubt: string | undefined;
}

const MONDAY_TO_FRIDAY: readonly Weekday[] = [1, 2, 3, 4, 5];
const MONDAY_TO_SATURDAY: readonly Weekday[] = [1, 2, 3, 4, 5, 6];

/** Hours and patience are ours, not a promise of any gazette: operators change them. */
const USUAL = {
  weekdays: MONDAY_TO_FRIDAY,
  expectedAt: "06:00",
  lateAfterMinutes: 4 * 60,
  missingAfterMinutes: 36 * 60,
  lookEveryMinutes: 15,
  pauseSeconds: 2,
  recheckDays: 3,
  checksDate: true,
} as const;

const COSTA_RICA = { language: "es", country: "CR", timeZone: "America/Costa_Rica" } as const;
/** Fixed days off of Costa Rica's labour code, article 148, and the two of Holy Week. */
const COSTA_RICAN_HOLIDAYS = [
  "01-01",
  "easter-3",
  "easter-2",
  "04-11",
  "05-01",
  "07-25",
  "08-15",
  "09-15",
  "12-25",
];
const IMPRENTA = "www.imprentanacional.go.cr";

export const COLLECTION_PRESETS: readonly CollectionPreset[] = [
  {
    name: "la-gaceta",
    source: { slug: "la-gaceta", name: "La Gaceta", ...COSTA_RICA },
    settings: {
      ...USUAL,
      locator: {
        kind: "address",
        url: `https://${IMPRENTA}/pub/{yyyy}/{MM}/{dd}/COMP_{dd}_{MM}_{yyyy}.pdf`,
      },
      hosts: [IMPRENTA],
      holidays: COSTA_RICAN_HOLIDAYS,
    },
    doubt: undefined,
  },
  {
    name: "la-gaceta-alcances",
    source: { slug: "la-gaceta-alcances", name: "La Gaceta: alcances", ...COSTA_RICA },
    settings: {
      ...USUAL,
      locator: {
        kind: "numbered",
        url: `https://${IMPRENTA}/pub/{yyyy}/{MM}/{dd}/ALCA{n}_{dd}_{MM}_{yyyy}.pdf`,
        firstNumber: 1,
        maxMisses: 5,
      },
      hosts: [IMPRENTA],
      holidays: COSTA_RICAN_HOLIDAYS,
    },
    doubt:
      "An alcance's address (ALCA78_19_06_2026.pdf) holds a number that runs through the year: put the next one into firstNumber. That numbers are never left out in longer rows is not known for sure.",
  },
  {
    name: "boletin-judicial",
    source: { slug: "boletin-judicial", name: "Boletín Judicial", ...COSTA_RICA },
    settings: {
      ...USUAL,
      locator: {
        kind: "address",
        url: `https://${IMPRENTA}/pub-boletin/{yyyy}/{MM}/bol_{dd}_{MM}_{yyyy}.pdf`,
      },
      hosts: [IMPRENTA],
      holidays: COSTA_RICAN_HOLIDAYS,
    },
    doubt:
      "This is where the Imprenta Nacional had it. Since 3 July 2023 the Poder Judicial publishes it, at an address that is not known for sure: good for back-filling what is older.",
  },
  {
    name: "boe",
    source: {
      slug: "boe",
      name: "Boletín Oficial del Estado",
      language: "es",
      country: "ES",
      timeZone: "Europe/Madrid",
    },
    settings: {
      ...USUAL,
      weekdays: MONDAY_TO_SATURDAY,
      expectedAt: "07:30",
      // Its open data: the summary of a day, with the address of each PDF. Announcements (BOE-B) are left out.
      locator: {
        kind: "listing",
        url: "https://www.boe.es/datosabiertos/api/boe/sumario/{yyyy}{MM}{dd}",
        selector: undefined,
        links: [
          "https://www.boe.es/boe/dias/{yyyy}/{MM}/{dd}/pdfs/BOE-S-*.pdf",
          "https://www.boe.es/boe/dias/{yyyy}/{MM}/{dd}/pdfs/BOE-A-*.pdf",
        ],
      },
      hosts: ["www.boe.es"],
      holidays: [],
      // Some two hundred files a day, which are signed and do not change; corrections are acts of their own.
      recheckDays: 0,
    },
    doubt: undefined,
  },
  {
    name: "dof",
    source: {
      slug: "dof",
      name: "Diario Oficial de la Federación",
      language: "es",
      country: "MX",
      timeZone: "America/Mexico_City",
    },
    settings: {
      ...USUAL,
      locator: {
        kind: "address",
        url: "https://diariooficial.gob.mx/abrirPDF.php?archivo={dd}{MM}{yyyy}-MAT.pdf&anio={yyyy}&repo=repositorio/",
      },
      hosts: ["diariooficial.gob.mx", "www.dof.gob.mx", "dof.gob.mx"],
      holidays: ["01-01", "05-01", "09-16", "12-25"],
    },
    doubt:
      "Two forms of the address of the morning edition are in use (repo=repositorio/ here, repo= at www.dof.gob.mx), and its servers are not reached with every TLS library; the evening edition (-VES) comes on some days only.",
  },
  {
    name: "dou",
    source: {
      slug: "dou",
      name: "Diário Oficial da União",
      language: "pt",
      country: "BR",
      timeZone: "America/Sao_Paulo",
    },
    settings: { ...USUAL, locator: { kind: "upload" }, hosts: [], holidays: [] },
    doubt:
      "Its signed PDFs are behind a sign-in (INLABS): send them by upload, or give the address of a copy that is open.",
  },
];

export function presetNamed(name: string): CollectionPreset | undefined {
  return COLLECTION_PRESETS.find((preset) => preset.name === name);
}
