import type { Language } from "../../../core/language.ts";
import type { ApprovedText } from "../../../core/prompts.ts";
import { editionsOf, oneLine, placesOf } from "../digest-text.ts";
import { cutByWeight, MAX_POST_WEIGHT, weigh } from "./weigh-text.ts";

/** Longer threads nobody reads; what is left over is said, with the address of the edition. */
const MAX_POSTS = 25;
const MAX_TITLE_WEIGHT = 180;

const LEFT_OVER: Readonly<Record<Language, (count: number) => string>> = {
  es: (count) => `Y ${count} más, en la edición:`,
  pt: (count) => `E mais ${count}, na edição:`,
  en: (count) => `And ${count} more, in the edition:`,
};

/**
 * The posts of a thread, each at most 280 as X counts: the title with the edition, then the statements, each with the
 * addresses of its lines. Where all of it fits in one post, it is one. No two posts are the same, for X takes none twice.
 */
export function planThread(text: ApprovedText, publicUrl: string): readonly string[] {
  const [first, ...others] = editionsOf(text, publicUrl);
  const about = first === undefined ? publicUrl : first.url;
  const [title = ""] = cutByWeight(oneLine(text.title), MAX_TITLE_WEIGHT);
  const more = others.length === 0 ? "" : ` (+${others.length})`;
  const editionLine = first === undefined ? "" : `${first.name}${more}\n`;
  const heading = firstFitting([`${title}\n${editionLine}${about}`, `${title}\n${about}`]);
  const statements = text.statements.map((statement) => {
    const urls = placesOf(statement, text.language, publicUrl).map(({ url }) => url);
    return { words: oneLine(statement.text), urls: urls.length === 0 ? [about] : urls };
  });
  const [only] = statements;
  if (statements.length === 1 && only !== undefined) {
    const whole = `${title}\n\n${only.words}\n${only.urls.join(" ")}`;
    if (weigh(whole) <= MAX_POST_WEIGHT) return [whole];
  }
  const posts = [heading];
  for (const [at, { words, urls }] of statements.entries()) {
    const pieces = piecesOf(words, urls).filter((piece) => !posts.includes(piece));
    const isLast = at === statements.length - 1;
    // One place is kept for saying what is left over.
    if (posts.length + pieces.length > MAX_POSTS - (isLast ? 0 : 1)) {
      posts.push(`${LEFT_OVER[text.language](statements.length - at)}\n${about}`);
      break;
    }
    posts.push(...pieces);
  }
  return posts;
}

/** A statement in as few posts as it needs; each has an address, the last has all. */
function piecesOf(words: string, urls: readonly string[]): readonly string[] {
  const whole = `${words}\n${urls.join(" ")}`;
  if (weigh(whole) <= MAX_POST_WEIGHT) return [whole];
  const tail = `\n${urls.join(" ")}`;
  const pieces = cutByWeight(words, MAX_POST_WEIGHT - weigh(tail));
  return pieces.map((piece, at) =>
    at === pieces.length - 1 ? `${piece}${tail}` : `${piece}\n${urls[0] ?? ""}`,
  );
}

/** The first that fits; the last one is made to fit. */
function firstFitting(texts: readonly string[]): string {
  return texts.find((text) => weigh(text) <= MAX_POST_WEIGHT) ?? texts.at(-1) ?? "";
}
