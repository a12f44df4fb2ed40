import type { BadLine } from "../core/contact-import.ts";
import { MAX_CONTACT_FIELDS } from "../core/contacts.ts";

/** What a column holds. */
export type Column =
  | { readonly kind: "phone" | "telegram" | "name" | "language" | "tags" }
  | { readonly kind: "consent" | "consent-at" | "consent-evidence" }
  | { readonly kind: "field"; readonly name: string }
  /** Written by our own export, and said by nobody else. */
  | { readonly kind: "ignored" };

/** Headings as people write them in our languages, without accents. */
const HEADINGS: Readonly<Record<string, Exclude<Column["kind"], "field">>> = {
  phone: "phone",
  telefono: "phone",
  telefone: "phone",
  whatsapp: "phone",
  telegram: "telegram",
  name: "name",
  nombre: "name",
  nome: "name",
  language: "language",
  idioma: "language",
  tags: "tags",
  etiquetas: "tags",
  consent: "consent",
  consentimiento: "consent",
  consentimento: "consent",
  "consent at": "consent-at",
  "fecha consentimiento": "consent-at",
  "data consentimento": "consent-at",
  "consent evidence": "consent-evidence",
  "evidencia consentimiento": "consent-evidence",
  "evidencia consentimento": "consent-evidence",
  id: "ignored",
  blocked: "ignored",
  allowed: "ignored",
  source: "ignored",
  "created at": "ignored",
  "last seen at": "ignored",
};

const FIELD = /^(?:field|campo)\s*:\s*(.{1,60})$/i;

/** The columns of a heading, or what is wrong with it. */
export function readHeading(
  cells: readonly string[],
): { readonly columns: readonly Column[] } | { readonly problems: readonly BadLine[] } {
  const problems: BadLine[] = [];
  const bad = (column: string | undefined, rule: string, message: string) =>
    problems.push({ line: 1, column, rule, message });
  const columns = cells.map((cell): Column => {
    const field = FIELD.exec(cell.trim())?.[1];
    if (field !== undefined) return { kind: "field", name: field.trim() };
    const kind = HEADINGS[plain(cell)];
    if (kind !== undefined) return { kind };
    bad(cell.slice(0, 60), "unknown-column", UNKNOWN_COLUMN);
    return { kind: "ignored" };
  });
  const names = columns.map((column) => (column.kind === "field" ? column.name : column.kind));
  const repeated = names.find((name, index) => name !== "ignored" && names.indexOf(name) !== index);
  if (repeated !== undefined) bad(repeated, "repeated-column", "Each column may be there once.");
  if (columns.filter(({ kind }) => kind === "field").length > MAX_CONTACT_FIELDS) {
    bad(undefined, "too-many-fields", `A contact has at most ${MAX_CONTACT_FIELDS} fields.`);
  }
  const has = (kind: Column["kind"]) => columns.some((column) => column.kind === kind);
  if (!has("phone") && !has("telegram")) {
    bad(undefined, "identifier-missing", "A column `phone` or `telegram` is needed.");
  }
  if (!has("consent")) {
    bad(
      "consent",
      "consent-missing",
      "A column `consent` is needed: granted, refused, or unknown.",
    );
  }
  return problems.length > 0 ? { problems } : { columns };
}

const UNKNOWN_COLUMN =
  "Columns are phone, telegram, name, language, tags, consent, consent_at, consent_evidence, and field:NAME for your own, such as field:barrio.";

/** For comparing: without accents, in lower case, words apart by one space. */
export function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .trim();
}
