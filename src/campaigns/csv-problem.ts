/** What may be wrong with a line of a list, in English; `{…}` is filled with the problem's values. */
const SENTENCES = {
  unreadable: "the quotes do not close, or it is too long",
  "too-many-columns": "there are more than {most} columns",
  "column-twice": 'the column "{name}" is there twice',
  "no-contact-column": 'no column is named "contact", "telefono" or "telegram"',
  "no-lines": "there is no line below the head",
  "too-many-lines": "there are more than {most} lines",
  "other-width": "it has {seen} values for {wanted} columns",
  "contact-malformed": "contact must be the id of a contact",
  "names-nobody": "it names nobody: contact, telefono and telegram are empty",
  "number-malformed": "it is no phone number with its country, and no Telegram id",
} as const;

export type CsvProblemCode = keyof typeof SENTENCES;
export const CSV_PROBLEM_CODES = Object.keys(SENTENCES) as [CsvProblemCode, ...CsvProblemCode[]];

export interface CsvProblem {
  /** From 1; what is wrong with the whole file stands at its head. */
  readonly line: number;
  readonly code: CsvProblemCode;
  /** What the sentence is filled with. */
  readonly values: Readonly<Record<string, string | number>>;
  /** The sentence, in English. */
  readonly problem: string;
}

export function csvProblem(
  line: number,
  code: CsvProblemCode,
  values: CsvProblem["values"] = {},
): CsvProblem {
  const problem = SENTENCES[code].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  return { line, code, values, problem };
}
