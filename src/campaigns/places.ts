import type { Span } from "../core/message.ts";

/** What a value may bring into a message: one line of ordinary length, whatever a file or a network says. */
const MAX_VALUE_LENGTH = 300;
/** `{{` and `}}` are braces; `{name}` and `{name|instead}` are places. */
const PLACE = /\{\{|\}\}|\{([\p{L}\p{N}_ .-]{1,60})(?:\|([^{}\n]{0,200}))?\}/gu;
/** A link, bold, italic, code: marks touch their words, and never stand within one (`fecha_de_pago`). */
const MARK =
  /\[([^\]\n]{1,200})\]\((https?:\/\/[^\s()]{1,2000})\)|(?<![\p{L}\p{N}_*])\*(?=\S)([^*\n]{0,1000}\S)\*(?![\p{L}\p{N}_*])|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]{0,1000}\S)_(?![\p{L}\p{N}_])|`([^`\n]{1,1000})`/gu;

export type Values = Readonly<Record<string, string>>;

/** Names of the places without a value to fall back on, each once, in small letters. */
export function placesNeeded(...texts: readonly string[]): readonly string[] {
  const names = texts.flatMap((text) =>
    [...text.matchAll(PLACE)].flatMap(([, name, instead]) =>
      name === undefined || instead !== undefined ? [] : [toKey(name)],
    ),
  );
  return [...new Set(names)];
}

/** The text with its places filled; undefined: one has neither a value nor something to fall back on. */
export function fillPlaces(
  text: string,
  values: Values,
  toText: (value: string) => string = (value) => value,
): string | undefined {
  let isWhole = true;
  const filled = text.replace(PLACE, (found, name?: string, instead?: string) => {
    if (name === undefined) return found.slice(1);
    const value = lookUp(values, toKey(name)) ?? instead;
    if (value === undefined) isWhole = false;
    return value === undefined ? "" : toText(value);
  });
  return isWhole ? filled : undefined;
}

/**
 * Paragraphs of a marked text, one a line. Marks are read before places are filled: a value is words, whatever signs
 * it has. In an address a value is percent-encoded. Undefined as above.
 */
export function toParagraphs(text: string, values: Values): Span[][] | undefined {
  let isWhole = true;
  const fill = (part: string, encode = false): string => {
    const filled = fillPlaces(part, values, encode ? encodeURIComponent : undefined);
    if (filled === undefined) isWhole = false;
    return filled ?? "";
  };
  const paragraphs = text.split("\n").map((line) => {
    const spans: Span[] = [];
    let end = 0;
    for (const found of line.matchAll(MARK)) {
      if (found.index > end) spans.push({ text: fill(line.slice(end, found.index)) });
      spans.push(toSpan(found, fill));
      end = found.index + found[0].length;
    }
    if (end < line.length || spans.length === 0) spans.push({ text: fill(line.slice(end)) });
    return spans;
  });
  return isWhole ? paragraphs : undefined;
}

function toSpan(
  [, label, url, bold, italic, code]: RegExpMatchArray,
  fill: (part: string, encode?: boolean) => string,
): Span {
  if (label !== undefined && url !== undefined) return { text: fill(label), url: fill(url, true) };
  if (bold !== undefined) return { text: fill(bold), style: "bold" };
  if (italic !== undefined) return { text: fill(italic), style: "italic" };
  return { text: fill(code ?? ""), style: "code" };
}

function toKey(name: string): string {
  return name.trim().toLowerCase();
}

function lookUp(values: Values, key: string): string | undefined {
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  const line = value
    ?.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, MAX_VALUE_LENGTH)
    .toWellFormed();
  return line === "" ? undefined : line;
}
