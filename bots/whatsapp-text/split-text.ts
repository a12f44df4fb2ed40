import { isAddress, type MarkedText, slice } from "./marked-text.ts";
import { toTypedText } from "./typed-text.ts";

/** Stands for a text of white space only, which WhatsApp does not send. */
const NOTHING_TO_SAY = "…";

/** A preferred cut that would leave less than this share of what fits is passed over for the next kind. */
const LEAST_FILL = 0.25;
const PREFERRED_CUTS = [/\n[^\S\n]*\n/g, /\n/g, /[.!?…:;][)"'”»\]]*\s/g, /\s/g];

/**
 * Pieces of at most `maxLength` UTF-16 code units each, formatting signs included. Cuts at the last paragraph,
 * line, sentence or word that fits, in that order; never inside an address that fits as a whole, nor inside a
 * grapheme. At least one piece; none is blank or begins or ends with white space.
 */
export function splitText(whole: MarkedText, maxLength: number): MarkedText[] {
  const pieces = cutPositions(whole, maxLength).map(([start, end]) => slice(whole, start, end));
  return pieces.length > 0 ? pieces : [{ text: NOTHING_TO_SAY, marks: [] }];
}

/** As `splitText`, but what comes last has at most `maxLastLength` code units. */
export function splitTextWithTail(
  whole: MarkedText,
  { maxLength, maxLastLength }: { readonly maxLength: number; readonly maxLastLength: number },
): MarkedText[] {
  const ranges = cutPositions(whole, maxLength);
  const last = ranges.at(-1);
  if (last === undefined) return [{ text: NOTHING_TO_SAY, marks: [] }];
  const [start, end] = last;
  const tail = cutPositions(slice(whole, start, end), maxLastLength);
  const tailStart = start + (tail.at(-1)?.[0] ?? 0);
  if (tail.length > 1) {
    const beforeTail = start + (tail.at(-2)?.[1] ?? 0);
    ranges.splice(-1, 1, [start, beforeTail], [tailStart, end]);
  }
  return ranges.map(([from, to]) => slice(whole, from, to));
}

function cutPositions(whole: MarkedText, maxLength: number): [number, number][] {
  const ranges: [number, number][] = [];
  let start = skipBlank(whole.text, 0);
  while (start < whole.text.length) {
    let end = Math.min(whole.text.length, start + maxLength);
    for (;;) {
      end = cut(whole, start, end);
      const excess = toTypedText(slice(whole, start, end)).length - maxLength;
      if (excess <= 0) break;
      end = Math.max(start + 1, end - excess);
    }
    const trimmed = start + whole.text.slice(start, end).trimEnd().length;
    if (trimmed > start) ranges.push([start, trimmed]);
    start = skipBlank(whole.text, end);
  }
  return ranges;
}

function cut({ text, marks }: MarkedText, start: number, end: number): number {
  if (end === text.length) return end;
  const around = (position: number) =>
    marks.find((mark) => isAddress(mark) && mark.start < position && position < mark.end);
  // One more unit, so that white space just behind what fits counts as a cut.
  const window = text.slice(start, end + 1);
  for (const least of [(end - start) * LEAST_FILL, 1]) {
    for (const pattern of PREFERRED_CUTS) {
      let best = 0;
      for (const match of window.matchAll(pattern)) {
        const position = match.index + match[0].trimEnd().length;
        const isUsable = position >= least && position <= end - start;
        if (isUsable && around(start + position) === undefined) best = position;
      }
      if (best > 0) return start + best;
    }
  }
  const address = around(end);
  return graphemeCut(text, start, address && address.start > start ? address.start : end);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** The longest emoji sequences in use have about 35 units; what is longer may be cut, but between code points. */
const GRAPHEME_WINDOW = 64;

function graphemeCut(text: string, start: number, end: number): number {
  const from = Math.max(start, end - GRAPHEME_WINDOW);
  const window = text.slice(from, end + GRAPHEME_WINDOW);
  const boundary = graphemes.segment(window).containing(end - from)?.index ?? 0;
  if (boundary > 0) return from + boundary;
  const splitsPair = /[\ud800-\udbff]$/.test(text.slice(start, end)) && end - start > 1;
  return splitsPair ? end - 1 : end;
}

function skipBlank(text: string, from: number): number {
  const next = text.slice(from).search(/\S/);
  return next === -1 ? text.length : from + next;
}
