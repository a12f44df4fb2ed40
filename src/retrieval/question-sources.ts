import type { Source } from "../core/gazette.ts";
import { foldWords } from "./words.ts";

export type PlannedSource = Pick<Source, "slug" | "name" | "country" | "timeZone">;

/** Words of a gazette's name that other gazettes share, and so name none. */
const COMMON_NAME_WORDS = new Set(
  `boletin oficial del de la el los las estado gaceta diario gazette official diarios municipal registro
   da do dos das e y journal bulletin daily the of`.split(/\s+/),
);

/** Kinds of publication: with an article before them they stand for a gazette, and tie a date to it. */
export const PUBLICATION_WORDS: ReadonlySet<string> = new Set(
  `gaceta gacetas boletin boletines diario diarios edicion ediciones publicacion gazeta jornal edicao
   edicoes boletim gazette bulletin edition issue journal boe alcance`.split(/\s+/),
);

/**
 * Sources named in the question: by slug ("boe"), by the whole name ("La Gaceta"), by its initials, or
 * by a word of it that no other source shares ("SENAPI"). When two sources bear the name that is asked
 * for, both are meant.
 */
export function findSources(
  question: string,
  sources: readonly PlannedSource[],
): readonly PlannedSource[] {
  const words = foldWords(question).map((item) => item.word);
  const text = ` ${words.join(" ")} `;
  const wordUses = new Map<string, number>();
  for (const source of sources) {
    for (const word of new Set(nameWords(source)))
      wordUses.set(word, (wordUses.get(word) ?? 0) + 1);
  }
  return sources.filter((source) => {
    const name = nameWords(source);
    const slug = foldWords(source.slug).map((item) => item.word);
    // A name of one everyday word ("La Gaceta" in a country with one) is still asked for by it.
    if (text.includes(` ${name.join(" ")} `) || text.includes(` ${slug.join(" ")} `)) return true;
    if (initials(name).some((letters) => words.includes(letters))) return true;
    return name.some(
      (word) =>
        word.length >= 4 &&
        !COMMON_NAME_WORDS.has(word) &&
        wordUses.get(word) === 1 &&
        isAcronym(source.name, word) &&
        words.includes(word),
    );
  });
}

/** Words that stand for one of these gazettes: initials, slugs of one word, acronyms in their names. */
export function wordsNaming(sources: readonly PlannedSource[]): ReadonlySet<string> {
  return new Set(
    sources.flatMap((source) => [
      ...initials(nameWords(source)),
      ...foldWords(source.slug)
        .map((item) => item.word)
        .filter((word) => word.length > 2),
      ...nameWords(source).filter((word) => isAcronym(source.name, word)),
    ]),
  );
}

function nameWords(source: PlannedSource): readonly string[] {
  return foldWords(source.name).map((item) => item.word);
}

/** With and without the small words: `boe` for Boletín Oficial del Estado. At least three letters. */
function initials(name: readonly string[]): readonly string[] {
  const big = name.filter(
    (word) => !/^(de|del|la|el|los|las|da|do|dos|das|e|y|of|the)$/.test(word),
  );
  return [name, big]
    .map((words) => words.map((word) => word[0]).join(""))
    .filter((s) => s.length >= 3);
}

/** Written in capitals in the source's name: an institution's acronym rather than a place or a word. */
function isAcronym(name: string, word: string): boolean {
  return foldWords(name).some(
    (item) => item.word === word && item.original === item.original.toUpperCase(),
  );
}
