/** Weighted characters of one post (docs.x.com, "Counting characters"; twitter-text configuration v3). */
export const MAX_POST_WEIGHT = 280;
/** Whatever its length, an address is shortened by t.co to this. */
const URL_WEIGHT = 23;
/** Code points that weigh 1; all others weigh 2 (twitter-text configuration v3, `ranges`). */
const LIGHT: readonly (readonly [number, number])[] = [
  [0, 4_351],
  [8_192, 8_205],
  [8_208, 8_223],
  [8_242, 8_247],
];

/** What X links as a word of its own: under a top-level domain that it knows, in plain characters. */
const ADDRESS =
  /^https?:\/\/(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?(?:\/[\w.~/%-]*(?:\?[\w.~/%=&+!*'()-]*[\w=/&-])?)?$/i;
/** What X may link, with a scheme or without, and wherever in a word it begins: it weighs at least as much as a link. */
const MAYBE_ADDRESS = /[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(?:[/?#:]\S*)?/gu;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The weight of a text as X counts it, or more; never less. Emoji of several characters weigh less on X. */
export function weigh(text: string): number {
  let weight = 0;
  for (const word of text.normalize("NFC").split(/(\s+)/)) weight += weighWord(word);
  return weight;
}

function weighWord(word: string): number {
  if (ADDRESS.test(word)) return URL_WEIGHT;
  let weight = weighCharacters(word);
  for (const [found] of word.matchAll(MAYBE_ADDRESS)) {
    weight += Math.max(0, URL_WEIGHT - weighCharacters(found));
    // What X links may end before what was found: several may be in it.
    weight += URL_WEIGHT * (found.split(/[/?#:]/).filter((part) => part.includes(".")).length - 1);
  }
  return weight;
}

function weighCharacters(text: string): number {
  let weight = 0;
  for (const character of text) weight += weightOf(character.codePointAt(0) ?? 0);
  return weight;
}

function weightOf(codePoint: number): number {
  return LIGHT.some(([from, to]) => codePoint >= from && codePoint <= to) ? 1 : 2;
}

/**
 * Cuts a line into pieces of at most `limit`, at spaces where there are some; never inside what is read as one
 * character. A piece that goes on ends with ` …`, the next one begins with `… `. `limit` is at least 30.
 */
export function cutByWeight(line: string, limit: number): readonly string[] {
  if (weigh(line) <= limit) return [line];
  const pieces: string[] = [];
  let piece = "";
  // Room for the mark at either end.
  const room = limit - 6;
  for (const word of line.split(" ").flatMap((each) => cutWord(each, room))) {
    const longer = piece === "" ? word : `${piece} ${word}`;
    if (weigh(longer) <= room) piece = longer;
    else {
      pieces.push(piece);
      piece = word;
    }
  }
  if (piece !== "") pieces.push(piece);
  const last = pieces.length - 1;
  return pieces.map((text, at) => `${at > 0 ? "… " : ""}${text}${at < last ? " …" : ""}`);
}

function cutWord(word: string, limit: number): readonly string[] {
  if (weigh(word) <= limit) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== "" && weigh(piece + segment) > limit) {
      pieces.push(piece);
      piece = "";
    }
    piece += segment;
  }
  return [...pieces, piece];
}
