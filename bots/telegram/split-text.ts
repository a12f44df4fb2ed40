import type { MessageEntity } from "grammy/types";

export interface StyledText {
  readonly text: string;
  /** Ascending by offset; UTF-16 code units. */
  readonly entities: readonly MessageEntity[];
}

/** Bot API, sendMessage.text: 1-4096 characters after entities parsing. UTF-16 code units are never fewer. */
export const MAX_TEXT_LENGTH = 4096;
/** Telegram shows the first 100 entities of a message (core.telegram.org/api/entities; python-telegram-bot `MessageLimit.MESSAGE_ENTITIES`). */
export const MAX_ENTITIES = 100;
/** Bytes of all entities together, of which Telegram takes about 9,500 (tdlib/telegram-bot-api#165, #374). */
export const MAX_ENTITY_BYTES = 9_500;

/** Stands for a text of white space only, which Telegram refuses. */
const NOTHING_TO_SAY = "…";

/** A preferred cut that would leave less than this share of what fits is passed over for the next kind. */
const LEAST_FILL = 0.25;

/**
 * Splits into messages that Telegram accepts whole. Cuts at the last paragraph, line, sentence or word that
 * fits, in that order, outside of entities; an entity or word longer than a message is cut inside, on a
 * grapheme boundary, and goes on in the next. At least one piece; none is blank or begins or ends with
 * white space.
 */
export function splitText({ text, entities }: StyledText): StyledText[] {
  const pieces: StyledText[] = [];
  let start = skipBlank(text, 0);
  while (start < text.length) {
    const end = cut(text, entities, start, furthestEnd(text, entities, start));
    const piece = slice(text, entities, start, end);
    if (piece.text !== "") pieces.push(piece);
    start = skipBlank(text, end);
  }
  return pieces.length > 0 ? pieces : [{ text: NOTHING_TO_SAY, entities: [] }];
}

/** How far a piece may reach by length, number of entities and their bytes. Always beyond `start`. */
function furthestEnd(text: string, entities: readonly MessageEntity[], start: number): number {
  let end = Math.min(text.length, start + MAX_TEXT_LENGTH);
  let count = 0;
  let bytes = 2;
  for (const entity of entities) {
    if (entity.offset + entity.length <= start) continue;
    if (entity.offset >= end) break;
    count += 1;
    bytes += Buffer.byteLength(JSON.stringify(entity)) + 1;
    if (count <= MAX_ENTITIES && bytes <= MAX_ENTITY_BYTES) continue;
    // A single entity above the bytes (a URL of kilobytes) is dropped by `slice`; it must not stop us here.
    if (entity.offset > start) end = entity.offset;
    break;
  }
  return end;
}

const PREFERRED_CUTS = [/\n[^\S\n]*\n/g, /\n/g, /[.!?…:;][)"'”»\]]*\s/g, /\s/g];

function cut(text: string, entities: readonly MessageEntity[], start: number, end: number): number {
  if (end === text.length) return end;
  const isInside = (position: number) =>
    entities.some((entity) => entity.offset < position && position < entity.offset + entity.length);
  // One more unit, so that white space just behind what fits counts as a cut.
  const window = text.slice(start, end + 1);
  const least = (end - start) * LEAST_FILL;
  for (const leastFill of [least, 1]) {
    for (const pattern of PREFERRED_CUTS) {
      let best = 0;
      for (const match of window.matchAll(pattern)) {
        const position = match.index + match[0].trimEnd().length;
        if (position >= leastFill && position <= end - start && !isInside(start + position))
          best = position;
      }
      if (best > 0) return start + best;
    }
  }
  if (!isInside(end)) return graphemeCut(text, start, end);
  const around = entities.filter(
    (entity) => entity.offset < end && end < entity.offset + entity.length,
  );
  const before = Math.min(...around.map((entity) => entity.offset));
  if (before > start) return graphemeCut(text, start, before);
  return wordCut(text, start, end);
}

/** Inside one long entity, a word's end is still better than its middle. */
function wordCut(text: string, start: number, end: number): number {
  const lastSpace = text.slice(start, end).search(/\s\S*$/);
  return lastSpace > 0 ? start + lastSpace : graphemeCut(text, start, end);
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

function slice(
  text: string,
  entities: readonly MessageEntity[],
  start: number,
  end: number,
): StyledText {
  const piece = text.slice(start, end).trimEnd();
  const stop = start + piece.length;
  const kept: MessageEntity[] = [];
  let bytes = 2;
  for (const entity of entities) {
    const offset = Math.max(entity.offset, start);
    const length = Math.min(entity.offset + entity.length, stop) - offset;
    if (length <= 0 || text.slice(offset, offset + length).trim() === "") continue;
    const moved = { ...entity, offset: offset - start, length };
    bytes += Buffer.byteLength(JSON.stringify(moved)) + 1;
    if (kept.length === MAX_ENTITIES || bytes > MAX_ENTITY_BYTES) break;
    kept.push(moved);
  }
  return { text: piece, entities: kept };
}

function skipBlank(text: string, from: number): number {
  const next = text.slice(from).search(/\S/);
  return next === -1 ? text.length : from + next;
}
