import { type MarkedText, toTypedText } from "./marked-text.ts";

/** WhatsApp takes 65,536 characters; people do not. The limit of the Cloud API's text body, so that both cut alike. */
export const MAX_TEXT_LENGTH = 4096;

/** Stands for a text of white space only, which the compose box does not send. */
const NOTHING_TO_SAY = "…";

/** A preferred cut that would leave less than this share of what fits is passed over for the next kind. */
const LEAST_FILL = 0.25;
const PREFERRED_CUTS = [/\n[^\S\n]*\n/g, /\n/g, /[.!?…:;][)"'”»\]]*\s/g, /\s/g];

/**
 * Typed texts of at most 4,096 UTF-16 code units each. Cuts at the last paragraph, line, sentence or word that
 * fits, in that order, never inside an address that fits as a whole, never inside a grapheme. At least one; none
 * is blank.
 */
export function splitText(whole: MarkedText): string[] {
  const pieces: string[] = [];
  let start = skipBlank(whole.text, 0);
  while (start < whole.text.length) {
    let end = Math.min(whole.text.length, start + MAX_TEXT_LENGTH);
    let piece = "";
    for (;;) {
      end = cut(whole, start, end);
      piece = toTypedText(slice(whole, start, end)).trim();
      if (piece.length <= MAX_TEXT_LENGTH) break;
      end = Math.max(start + 1, end - (piece.length - MAX_TEXT_LENGTH));
    }
    if (piece !== "") pieces.push(piece);
    start = skipBlank(whole.text, end);
  }
  return pieces.length > 0 ? pieces : [NOTHING_TO_SAY];
}

function cut({ text, marks }: MarkedText, start: number, end: number): number {
  if (end === text.length) return end;
  const around = (position: number) =>
    marks.find((mark) => mark.kind === "address" && mark.start < position && position < mark.end);
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
  if (address !== undefined && address.start > start)
    return graphemeCut(text, start, address.start);
  return graphemeCut(text, start, end);
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

function slice({ text, marks }: MarkedText, start: number, end: number): MarkedText {
  return {
    text: text.slice(start, end),
    marks: marks
      .map((mark) => ({
        kind: mark.kind,
        start: Math.max(mark.start, start) - start,
        end: Math.min(mark.end, end) - start,
      }))
      .filter((mark) => mark.start < mark.end),
  };
}

function skipBlank(text: string, from: number): number {
  const next = text.slice(from).search(/\S/);
  return next === -1 ? text.length : from + next;
}
