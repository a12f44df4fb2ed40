import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { BadLine, ImportedContact } from "../core/contact-import.ts";
import type { ConsentChange, Identifier } from "../core/contacts.ts";
import { isLanguage, type Language } from "../core/language.ts";
import { type Column, plain } from "./read-heading.ts";
import type { FileLine } from "./read-lines.ts";

const MAX_NAME = 200;
const MAX_FIELD = 1000;
const MAX_TAGS = 20;
const MAX_EVIDENCE = 500;
export const TAG = /^[\p{L}\p{N}][\p{L}\p{N} ._:-]{0,49}$/u;

const QUOTE_NOT_CLOSED =
  'A quotation mark begins here and never ends; one within a cell is doubled: "Ana ""la de Otoya""".';

const UNREADABLE_CHARACTERS =
  "Its letters are written otherwise than those of the lines before it: save the whole file as UTF-8.";

const CONSENTS: Readonly<Record<string, "granted" | "refused" | "unknown">> = {
  granted: "granted",
  yes: "granted",
  si: "granted",
  sim: "granted",
  refused: "refused",
  no: "refused",
  nao: "refused",
  unknown: "unknown",
  "": "unknown",
};

export interface LineRules {
  readonly columns: readonly Column[];
  /** Of numbers that are written without one; undefined: each must have its own. */
  readonly country: CountryCode | undefined;
  /** A consent is not given in the future. */
  readonly now: Date;
}

/** What a line says of a contact, or every rule that it breaks. */
export function toContact(
  { line, cells }: FileLine,
  { columns, country, now }: LineRules,
): ImportedContact | readonly BadLine[] {
  const problems: BadLine[] = [];
  const bad = (column: string | undefined, rule: string, message: string) =>
    void problems.push({ line, column, rule, message });
  if (cells === undefined) {
    bad(undefined, "quote-not-closed", QUOTE_NOT_CLOSED);
    return problems;
  }
  if (cells.some((cell) => cell.includes("\uFFFD"))) {
    bad(undefined, "unreadable-characters", UNREADABLE_CHARACTERS);
    return problems;
  }
  if (cells.length !== columns.length) {
    bad(
      undefined,
      "cell-count",
      `The heading has ${columns.length} cells, this line ${cells.length}.`,
    );
    return problems;
  }
  const read = (kind: Column["kind"]): string => {
    const index = columns.findIndex((column) => column.kind === kind);
    return clean(cells[index] ?? "");
  };
  const contact = {
    line,
    identifiers: readIdentifiers(read, country, bad),
    name: readName(read("name"), bad),
    language: readLanguage(read("language"), bad),
    tags: readTags(read("tags"), bad),
    fields: readFields(columns, cells, bad),
    consent: readConsent(read, now, bad),
  };
  return problems.length > 0 ? problems : contact;
}

type Read = (kind: Column["kind"]) => string;
type Bad = (column: string | undefined, rule: string, message: string) => void;

/** Without the apostrophe that an export puts before what a spreadsheet would take for a formula. */
function clean(cell: string): string {
  const trimmed = cell.trim();
  return /^'[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(trimmed) ? trimmed.slice(1) : trimmed;
}

function readIdentifiers(
  read: Read,
  country: CountryCode | undefined,
  bad: Bad,
): readonly Identifier[] {
  const [phone, telegram] = [read("phone"), read("telegram")];
  const identifiers: Identifier[] = [];
  if (phone !== "") {
    const international = phone.normalize("NFKC").replace(/^00/, "+");
    const parsed = parsePhoneNumberFromString(international, country);
    if (parsed?.isPossible()) identifiers.push({ kind: "phone", value: parsed.number });
    else bad("phone", "phone-malformed", "A phone number has its country's code: +506 8888 7777.");
  }
  if (telegram !== "") {
    if (/^\d{4,20}$/.test(telegram)) identifiers.push({ kind: "telegram", value: telegram });
    else bad("telegram", "telegram-malformed", "The number of a Telegram account: 123456789.");
  }
  if (phone === "" && telegram === "") {
    bad(undefined, "identifier-missing", "A phone number or a Telegram id is needed.");
  }
  return identifiers;
}

function readName(name: string, bad: Bad): string | undefined {
  if (name.length > MAX_NAME) bad("name", "too-long", `At most ${MAX_NAME} characters.`);
  return name === "" ? undefined : name;
}

function readLanguage(language: string, bad: Bad): Language | undefined {
  if (language === "") return undefined;
  const code = language.toLowerCase().slice(0, 2);
  if (isLanguage(code)) return code;
  bad("language", "language-unknown", "One of es, pt, en.");
  return undefined;
}

function readTags(text: string, bad: Bad): readonly string[] {
  const tags = [...new Set(text.split("|").map((tag) => tag.trim()))].filter((tag) => tag !== "");
  if (tags.length > MAX_TAGS) bad("tags", "too-many", `At most ${MAX_TAGS} tags, apart by |.`);
  if (!tags.every((tag) => TAG.test(tag))) {
    bad(
      "tags",
      "tag-malformed",
      "A tag has at most 50 letters, digits, spaces and . _ : -, as in vip|prensa.",
    );
  }
  return tags;
}

function readFields(
  columns: readonly Column[],
  cells: readonly string[],
  bad: Bad,
): Readonly<Record<string, string>> {
  const entries = columns.flatMap((column, index): [string, string][] => {
    const value = clean(cells[index] ?? "");
    if (column.kind !== "field" || value === "") return [];
    if (value.length > MAX_FIELD) {
      bad(`field:${column.name}`, "too-long", `At most ${MAX_FIELD} characters.`);
    }
    return [[column.name, value]];
  });
  return Object.fromEntries(entries);
}

function readConsent(read: Read, now: Date, bad: Bad): ConsentChange | undefined {
  const state = CONSENTS[plain(read("consent"))];
  if (state === undefined) {
    bad("consent", "consent-unknown", "One of granted, refused, unknown.");
    return undefined;
  }
  if (state === "unknown") return undefined;
  const evidence = read("consent-evidence");
  if (state === "granted" && evidence === "") {
    bad(
      "consent_evidence",
      "evidence-missing",
      "Where it can be looked up: form 12 of 2026-03-01.",
    );
  }
  if (evidence.length > MAX_EVIDENCE) {
    bad("consent_evidence", "too-long", `At most ${MAX_EVIDENCE} characters.`);
  }
  const givenAt = readDate(read("consent-at"));
  if (givenAt === undefined || givenAt > now) {
    bad(
      "consent_at",
      "date-malformed",
      "When it was given, in the past: 2026-03-01 or 2026-03-01T15:30:00Z.",
    );
    return undefined;
  }
  return { state, evidence: evidence === "" ? "import" : evidence, givenAt };
}

const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

function readDate(text: string): Date | undefined {
  if (!DATE.test(text)) return undefined;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) || !at.toISOString().startsWith(text.slice(0, 4))
    ? undefined
    : at;
}
