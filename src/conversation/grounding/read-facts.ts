import type { Language } from "../../core/language.ts";
import { isOne, readNumberWords, scaleOf } from "./number-words.ts";
import { datesAt, type ReadDate } from "./read-dates.ts";
import type { Token } from "./tokens.ts";
import { isTime, unitAt } from "./units.ts";

/** A number with what it is a number of. */
export interface NumberFact {
  /** Decimal, without separators of thousands, trailing zeros of decimals or leading zeros: `12500.5`. */
  readonly value: string;
  /** The same when a space is not read as a separator of thousands: `clase 36 100 metros`. */
  readonly parts: readonly string[];
  readonly unit: string | undefined;
  /** Index of its first token, and of the first after it. */
  readonly from: number;
  readonly to: number;
}

export interface Facts {
  readonly numbers: readonly NumberFact[];
  readonly dates: readonly ReadDate[];
  /** Tokens that are part of a number or date: not words any more. */
  readonly taken: ReadonlySet<number>;
}

/** Numbers, amounts and dates of a text, in whichever notation, as values that compare. */
export function readFacts(tokens: readonly Token[], language: Language): Facts {
  const numbers: NumberFact[] = [];
  const dates: ReadDate[] = [];
  const taken = new Set<number>();
  const readNumber = (at: number) => plainNumberAt(tokens, at, language);
  let at = 0;
  while (at < tokens.length) {
    const found = datesAt(tokens, at, readNumber);
    if (found !== undefined) {
      dates.push(...found.dates);
      for (let index = at; index < found.to; index += 1) taken.add(index);
      at = found.to;
      continue;
    }
    const number = numberAt(tokens, at, language);
    if (number === undefined) {
      at += 1;
      continue;
    }
    numbers.push(number);
    for (let index = at; index < number.to; index += 1) taken.add(index);
    at = number.to;
  }
  return { numbers, dates, taken };
}

function numberAt(
  tokens: readonly Token[],
  at: number,
  language: Language,
): NumberFact | undefined {
  const token = tokens[at];
  if (token === undefined || token.kind === "other") return undefined;
  if (token.kind === "number") return digitsAt(tokens, at);
  const words = readNumberWords(tokens, at, language);
  if (words !== undefined) {
    const to = at + words.length;
    const value = String(words.value);
    return { value, parts: [value], unit: unitAt(tokens, at, to), from: at, to };
  }
  if (!isOne(token.folded)) return undefined;
  const unit = unitAt(tokens, at, at + 1);
  return unit !== undefined && isTime(unit)
    ? { value: "1", parts: ["1"], unit, from: at, to: at + 1 }
    : undefined;
}

function digitsAt(tokens: readonly Token[], at: number): NumberFact {
  const joined = joinSpaced(tokens, at);
  let to = at + joined.length;
  let value = canonical(joined.join(""));
  const parts = joined.map(canonical);
  const scale = scaleOf(tokens[to]?.folded ?? "");
  if (scale !== undefined) {
    value = trimDecimals((Number(value) * scale).toFixed(2));
    to += 1;
  }
  // `3.º`, `1st`: the mark is the number's own.
  if (/^(?:o|a|º|ª|°|st|nd|rd|th)$/.test(tokens[to]?.folded ?? "") && isGlued(tokens, to)) to += 1;
  return {
    value,
    parts: scale === undefined ? parts : [value],
    unit: unitAt(tokens, at, to),
    from: at,
    to,
  };
}

function isGlued(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.end === tokens[at]?.start;
}

/** `30 000`, `1 234 567,89`: groups of three after one of up to three, a space apart. */
function joinSpaced(tokens: readonly Token[], at: number): readonly string[] {
  const groups = [tokens[at]?.raw ?? ""];
  if (!/^[1-9]\d{0,2}$/.test(groups[0] ?? "")) return groups;
  for (let next = at + 1; ; next += 1) {
    const [previous, token] = [tokens[next - 1], tokens[next]];
    if (token === undefined || previous === undefined || token.start - previous.end !== 1) break;
    if (!/^\d{3}(?:[.,]\d{1,2})?$/.test(token.raw)) break;
    groups.push(token.raw);
  }
  return groups;
}

function plainNumberAt(
  tokens: readonly Token[],
  at: number,
  language: Language,
): { readonly value: number; readonly length: number } | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === "number") {
    return /^\d{1,4}$/.test(token.raw) ? { value: Number(token.raw), length: 1 } : undefined;
  }
  return token.kind === "word" ? readNumberWords(tokens, at, language) : undefined;
}

/**
 * One notation of a number whose separators may be either way round. Groups of three after one kind of
 * separator are thousands (`12.500`, `3,101`); what follows the last of two kinds is decimals.
 */
export function canonical(printed: string): string {
  const last = Math.max(printed.lastIndexOf("."), printed.lastIndexOf(","));
  if (last === -1) return withoutZeros(printed);
  const separator = printed[last];
  const isOnlyKind = !printed.includes(separator === "." ? "," : ".");
  const groups = printed.split(/[.,]/);
  const areThousands =
    isOnlyKind &&
    /^[1-9]\d{0,2}$/.test(groups[0] ?? "") &&
    groups.slice(1).every((group) => group.length === 3);
  if (areThousands) return groups.join("");
  if (isOnlyKind && groups.length > 2) return groups.map(withoutZeros).join(".");
  const whole = printed.slice(0, last).replace(/[.,]/g, "");
  return trimDecimals(`${withoutZeros(whole)}.${printed.slice(last + 1)}`);
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}

function trimDecimals(value: string): string {
  return value.replace(/\.?0+$/, (zeros) =>
    zeros.startsWith(".") || value.includes(".") ? "" : zeros,
  );
}
