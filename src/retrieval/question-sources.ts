import type { Source } from "../core/gazette.ts";
import { LANGUAGES, type Language } from "../core/language.ts";
import { foldWords } from "./words.ts";

export type PlannedSource = Pick<Source, "slug" | "name" | "country" | "timeZone">;

/** Said of any gazette, these name none. */
const COMMON_NAMES: ReadonlySet<string> = new Set(["", "otra", "gaceta", "boletin", "diario"]);

/** Kinds of publication: with an article before them they stand for a gazette, and tie a date to it. */
export const PUBLICATION_WORDS: ReadonlySet<string> = new Set(
  `gaceta gacetas boletin boletines diario diarios edicion ediciones publicacion gazeta jornal edicao
   edicoes boletim gazette bulletin edition issue journal boe alcance`.split(/\s+/),
);

/**
 * Sources named in the question: by slug ("boe"), by name ("La Gaceta"), by initials, or by an acronym in
 * their name ("SENAPI"). A name that is only part of a longer one that was named too is not meant.
 */
export function findSources(
  question: string,
  sources: readonly PlannedSource[],
): readonly PlannedSource[] {
  const words = foldWords(question).map((item) => item.word);
  const text = ` ${words.join(" ")} `;
  const named = sources.flatMap((source) => {
    const { shortNames, spellings } = namesOf(source);
    const isAbbreviated = shortNames.some((name) => words.includes(name));
    const spelt = spellings.find((spelling) => text.includes(` ${spelling} `));
    if (!isAbbreviated && spelt === undefined) return [];
    return [{ source, spelt: isAbbreviated ? undefined : spelt }];
  });
  return named
    .filter(
      ({ spelt }) =>
        spelt === undefined ||
        !named.some((other) => other.spelt !== spelt && other.spelt?.includes(spelt)),
    )
    .map(({ source }) => source);
}

/** What people call a source. */
interface SourceNames {
  /** Initials, and acronyms in its name. */
  readonly shortNames: readonly string[];
  readonly spellings: readonly string[];
  /** All single words that stand for it. */
  readonly words: readonly string[];
}

/** Kept as long as the list that the source was read in: the same few sources come with every question. */
const NAMES = new WeakMap<PlannedSource, SourceNames>();

function namesOf(source: PlannedSource): SourceNames {
  const known = NAMES.get(source);
  if (known !== undefined) return known;
  const name = nameWords(source);
  const acronyms = name.filter((word) => isAcronym(source.name, word));
  const slug = foldWords(source.slug).map((item) => item.word);
  const names = {
    shortNames: [...initials(name), ...acronyms.filter((word) => word.length >= 4)],
    spellings: spellings(source),
    words: [...initials(name), ...slug.filter((word) => word.length > 2), ...acronyms],
  };
  NAMES.set(source, names);
  return names;
}

/** Longest first. "La Gaceta, Diario Oficial" is also called "La Gaceta". */
function spellings(source: PlannedSource): readonly string[] {
  const whole = nameWords(source).join(" ");
  const beforePunctuation = foldWords(source.name.split(/[,:(–—]/)[0] ?? "")
    .map((item) => item.word)
    .join(" ");
  const slug = foldWords(source.slug)
    .map((item) => item.word)
    .join(" ");
  return [whole, beforePunctuation, slug].filter((name) => !COMMON_NAMES.has(name));
}

/** Words that stand for one of these gazettes: initials, slugs of one word, acronyms in their names. */
export function wordsNaming(sources: readonly PlannedSource[]): ReadonlySet<string> {
  return new Set(sources.flatMap((source) => namesOf(source).words));
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

/**
 * Words of a question that say which gazette is meant rather than what is asked of it: of its name, its
 * slug, and its country's name in our languages ("bolivia"). A passage need not
 * contain them.
 */
export function contextWords(
  source: Readonly<{ source: string; sourceName: string; country: string }>,
): ReadonlySet<string> {
  const known = CONTEXT_WORDS.get(source.source + source.sourceName);
  if (known !== undefined) return known;
  const name = foldWords(source.sourceName).map((item) => item.word);
  const countries = LANGUAGES.flatMap((language) =>
    foldWords(countryName(source.country, language)).map((item) => item.word),
  );
  const words = [...name, ...initials(name), ...foldWords(source.source).map((item) => item.word)];
  const context = new Set(
    [...words, ...countries].filter((word) => !/^(d[aeo]l?s?|l[ao]s?|e|y)$/.test(word)),
  );
  CONTEXT_WORDS.set(source.source + source.sourceName, context);
  return context;
}

/** A handful of sources, asked for with every question. */
const CONTEXT_WORDS = new Map<string, ReadonlySet<string>>();

function countryName(code: string, language: Language): string {
  if (!/^[A-Z]{2}$/.test(code)) return "";
  return new Intl.DisplayNames([language], { type: "region" }).of(code) ?? "";
}
