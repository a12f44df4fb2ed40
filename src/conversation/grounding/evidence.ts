import type { RetrievedPassage } from "../../core/answer.ts";
import type { Language } from "../../core/language.ts";
import { stem } from "../content-words.ts";
import { detectLanguage } from "../detect-language.ts";
import { signaturesIn } from "../signatures.ts";
import { readNegations } from "./polarity.ts";
import type { ReadDate } from "./read-dates.ts";
import { readFacts } from "./read-facts.ts";
import { readTokens, type Token } from "./tokens.ts";
import { unitNamed } from "./units.ts";
import { meaning } from "./vocabulary.ts";

/** What a passage proves, in forms that compare. */
export interface Evidence {
  readonly language: Language;
  readonly tokens: readonly Token[];
  /** Values with the units that they stand with, `""` for none, and where. */
  readonly numbers: ReadonlyMap<
    string,
    { readonly units: ReadonlySet<string>; readonly at: readonly number[] }
  >;
  /** Units named apart from any number: the heads of a table. */
  readonly looseUnits: ReadonlySet<string>;
  readonly dates: readonly ReadDate[];
  /** Numbers of its pages, in the PDF and printed. */
  readonly pages: ReadonlySet<string>;
  readonly edition: string | undefined;
  /** Folded words by where they stand. */
  readonly words: ReadonlyMap<string, readonly number[]>;
  readonly stems: ReadonlySet<string>;
  readonly meanings: ReadonlySet<string>;
  readonly affirmed: ReadonlySet<string>;
  readonly negated: ReadonlySet<string>;
  /** Folded words of the places where somebody signs: name, office, town. */
  readonly signatures: ReadonlySet<string>;
}

/** Characters of a passage that a model is shown: what it was not shown proves nothing that it says. */
export const SHOWN_LENGTH = 1_800;

export function toEvidence(found: RetrievedPassage, language: Language): Evidence {
  const { heading, text, page, lastPage, printedPage } = found.passage;
  const spoken = detectLanguage(text, language);
  const place = `${found.sourceName}\n${found.source}`;
  const shown = text.slice(0, SHOWN_LENGTH);
  const tokens = readTokens(`${heading}\n${shown}\n${place}`);
  const facts = readFacts(tokens, spoken);
  const words = new Map<string, number[]>();
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "word") push(words, token.folded, index);
  }
  addCompanyForms(words, tokens);
  const { at, stems: negated } = readNegations(tokens, spoken);
  const affirmed = new Set<string>();
  for (const [word, positions] of words) {
    if (positions.some((position) => !at.has(position))) affirmed.add(stem(word));
  }
  const [year, month, day] = found.date.split("-").map(Number);
  const edition = month === undefined ? [] : [{ day, month, year }];
  return {
    language: spoken,
    tokens,
    numbers: indexNumbers(tokens, facts.numbers),
    looseUnits: readLooseUnits(tokens, facts.taken),
    dates: [...facts.dates, ...edition],
    pages: new Set([printedPage, String(page), String(lastPage)].flatMap((each) => each ?? [])),
    edition: found.editionNumber,
    words,
    stems: new Set([...words.keys()].map(stem)),
    meanings: new Set([...words.keys()].map(meaning)),
    affirmed,
    negated,
    signatures: new Set(
      signaturesIn(shown)
        .flatMap(readTokens)
        .map(({ folded }) => folded),
    ),
  };
}

function readLooseUnits(
  tokens: readonly Token[],
  numbers: ReadonlySet<number>,
): ReadonlySet<string> {
  const units = new Set<string>();
  for (const [index, { folded }] of tokens.entries()) {
    const unit = folded.length === 1 && /[a-z]/.test(folded) ? undefined : unitNamed(folded);
    if (unit !== undefined && !numbers.has(index - 1) && !numbers.has(index + 1)) units.add(unit);
  }
  return units;
}

function indexNumbers(
  tokens: readonly Token[],
  facts: ReturnType<typeof readFacts>["numbers"],
): Evidence["numbers"] {
  const numbers = new Map<string, { units: Set<string>; at: number[] }>();
  const add = (value: string, unit: string | undefined, at: number) => {
    const known = numbers.get(value) ?? { units: new Set(), at: [] };
    known.units.add(unit ?? "");
    known.at.push(at);
    numbers.set(value, known);
  };
  for (const { value, parts, unit, from } of facts) {
    add(value, unit, from);
    for (const part of parts) if (part !== value) add(part, unit, from);
  }
  for (const { digits, from } of chains(tokens)) add(digits, undefined, from);
  return numbers;
}

/** Digits of numbers that are written in groups: `3-101-240810`, `385/067`. */
export function chains(
  tokens: readonly Token[],
): readonly { readonly digits: string; readonly from: number; readonly to: number }[] {
  const found: { digits: string; from: number; to: number }[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (tokens[at]?.kind !== "number") continue;
    let to = at + 1;
    while (/^[-/.]$/.test(tokens[to]?.raw ?? "") && isChained(tokens, to)) to += 2;
    if (to === at + 1) continue;
    const parts = tokens.slice(at, to).filter(({ kind }) => kind === "number");
    found.push({
      digits: parts
        .map(({ raw }) => raw.replace(/[.,]/g, ""))
        .join("")
        .replace(/^0+(?=\d)/, ""),
      from: at,
      to,
    });
    at = to - 1;
  }
  return found;
}

function isChained(tokens: readonly Token[], at: number): boolean {
  const [before, mark, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  return after?.kind === "number" && before?.end === mark?.start && mark?.end === after.start;
}

/** `S. A.` is `SA` and `Sociedad Anónima`, and the other way round. */
function addCompanyForms(words: Map<string, number[]>, tokens: readonly Token[]): void {
  for (const [index, { folded }] of tokens.entries()) {
    const next = tokens[index + 1]?.folded === "." ? tokens[index + 2] : tokens[index + 1];
    const isShort = folded === "s" && next?.folded === "a";
    const isLong = folded === "sociedad" && next?.folded === "anonima";
    if (isShort || isLong || folded === "sa") {
      for (const form of ["sa", "sociedad", "anonima"]) push(words, form, index);
    }
    if (folded === "ltda" || folded === "limitada") {
      for (const form of ["ltda", "limitada"]) push(words, form, index);
    }
    if (folded === "cia" || folded === "compania") {
      for (const form of ["cia", "compania"]) push(words, form, index);
    }
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
