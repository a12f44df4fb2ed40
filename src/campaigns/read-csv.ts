import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import type { Identifier } from "../core/contacts.ts";
import { type CsvProblem, csvProblem } from "./csv-problem.ts";

/** One line of a list: by which its contact is found, and what its places are filled with. */
export interface CsvLine {
  /** From 1; the head is line 1. */
  readonly line: number;
  readonly contact:
    | { readonly kind: "contact"; readonly contactId: string }
    | { readonly kind: "identifier"; readonly identifier: Identifier };
  /** By column, in small letters. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface CsvReading {
  readonly lines: readonly CsvLine[];
  readonly problems: readonly CsvProblem[];
}

/** More would not be one campaign. */
const MAX_LINES = 100_000;
const MAX_COLUMNS = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Names that a column may have, in the order in which it is looked for. */
const COLUMNS = {
  contact: ["contact", "contacto", "contact_id"],
  phone: ["phone", "telefono", "teléfono"],
  telegram: ["telegram", "telegram_id"],
} as const;

/** Reads a list with a head, commas or semicolons between, UTF-8 with or without a byte order mark. */
export function readCsv(text: string): CsvReading {
  let rows: readonly { readonly record: string[]; readonly info: { readonly lines: number } }[];
  try {
    rows = parse(text, {
      info: true,
      bom: true,
      delimiter: [",", ";"],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      to: MAX_LINES + 2,
      max_record_size: 100_000,
    }) as unknown as typeof rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : 1;
    return { lines: [], problems: [csvProblem(line, "unreadable")] };
  }
  const [head, ...body] = rows;
  const names = (head?.record ?? []).map((name) => name.toLowerCase());
  const problem = checkHead(names) ?? checkLength(body.length);
  if (problem !== undefined) return { lines: [], problems: [problem] };
  const lines: CsvLine[] = [];
  const problems: CsvProblem[] = [];
  for (const { record, info } of body) {
    const read = readLine(names, record, info.lines);
    if ("problem" in read) problems.push(read);
    else lines.push(read);
  }
  return { lines, problems };
}

function checkHead(names: readonly string[]): CsvProblem | undefined {
  if (names.length > MAX_COLUMNS) return csvProblem(1, "too-many-columns", { most: MAX_COLUMNS });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return csvProblem(1, "column-twice", { name: twice });
  const isFound = Object.values(COLUMNS).some((known) =>
    known.some((name) => names.includes(name)),
  );
  return isFound ? undefined : csvProblem(1, "no-contact-column");
}

function checkLength(lines: number): CsvProblem | undefined {
  if (lines === 0) return csvProblem(1, "no-lines");
  return lines > MAX_LINES ? csvProblem(1, "too-many-lines", { most: MAX_LINES }) : undefined;
}

function readLine(
  names: readonly string[],
  cells: readonly string[],
  line: number,
): CsvLine | CsvProblem {
  if (cells.length !== names.length) {
    return csvProblem(line, "other-width", { seen: cells.length, wanted: names.length });
  }
  const variables = Object.fromEntries(
    names.flatMap((name, index) => (cells[index] ? [[name, cells[index]]] : [])),
  );
  const given = (kind: keyof typeof COLUMNS) =>
    COLUMNS[kind].map((name) => variables[name]).find((value) => value !== undefined);
  const contactId = given("contact")?.toLowerCase();
  if (contactId !== undefined) {
    if (!UUID.test(contactId)) return csvProblem(line, "contact-malformed");
    return { line, contact: { kind: "contact", contactId }, variables };
  }
  const phone = given("phone");
  const telegram = given("telegram");
  if (phone === undefined && telegram === undefined) {
    return csvProblem(line, "names-nobody");
  }
  const identifier: Identifier =
    phone === undefined
      ? { kind: "telegram", value: telegram ?? "" }
      : { kind: "phone", value: phone };
  return { line, contact: { kind: "identifier", identifier }, variables };
}
