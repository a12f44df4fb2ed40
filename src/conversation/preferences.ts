import type { Language } from "../core/language.ts";
import type { Button, Reply } from "../core/message.ts";
import type { Preferences } from "../core/turn.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { buttonData, type PreferenceChange } from "./commands.ts";
import { fold } from "./detect-language.ts";
import type { NamedSource } from "./ports.ts";

/** The gazettes that a person reads first, and what they are called together. */
export interface Interest {
  readonly sources: readonly string[];
  readonly name: string;
}

/** A message with more gazettes than these to choose from is not read on a telephone. */
const MAX_CHOICES = 8;
/** Bot API, InlineKeyboardButton.callback_data. */
const MAX_DATA_BYTES = 64;

/** Undefined: nothing was chosen, or what was chosen is not read any more, or is all there is. */
export function interestOf(
  preferences: Preferences | undefined,
  known: readonly NamedSource[],
  language: Language,
): Interest | undefined {
  const interest = preferences?.interest;
  if (interest === undefined) return undefined;
  const chosen = known.filter((source) =>
    "source" in interest ? source.slug === interest.source : source.country === interest.country,
  );
  const [only] = chosen;
  if (only === undefined || chosen.length === known.length) return undefined;
  const name = "source" in interest ? only.name : countryName(only.country, language);
  return { sources: chosen.map(({ slug }) => slug), name };
}

/** What is chosen now, and a button for each other choice. */
export function showPreferences(
  preferences: Preferences | undefined,
  known: readonly NamedSource[],
  language: Language,
): Reply {
  const texts = catalogue(language).preferences;
  const level = preferences?.readingLevel ?? "normal";
  const lines = [
    texts.heading,
    texts.language(catalogue(language).languageName),
    texts.level(texts.levels[level]),
    texts.interest(interestOf(preferences, known, language)?.name ?? texts.allGazettes),
    texts.howToChange,
  ];
  const other = level === "simple" ? "normal" : "simple";
  const buttons: Button[] = [
    {
      label: texts.levelButtons[other],
      data: buttonData.preference({ kind: "level", level: other }),
    },
    ...interestButtons(preferences, known, language),
    { label: texts.languageButton, data: buttonData.command("language") },
  ];
  return { kind: "text", paragraphs: lines.map((text) => [{ text }]), buttons };
}

/** `preferences` with the change made; undefined when it names a gazette or country that is not read. */
export function changePreferences(
  preferences: Preferences | undefined,
  change: PreferenceChange,
  known: readonly NamedSource[],
): Preferences | undefined {
  const { interest: _, ...others } = preferences ?? {};
  switch (change.kind) {
    case "level":
      return { ...preferences, readingLevel: change.level };
    case "all":
      return others;
    case "source": {
      const { source } = change;
      return known.some(({ slug }) => slug === source)
        ? { ...others, interest: { source } }
        : undefined;
    }
    case "country": {
      const { country } = change;
      return known.some((one) => one.country === country)
        ? { ...others, interest: { country } }
        : undefined;
    }
    default:
      return change satisfies never;
  }
}

/** What is typed after the command, for channels without buttons: `simple`, `la-gaceta`, `Costa Rica`, `todas`. */
export function parsePreference(
  typed: string,
  known: readonly NamedSource[],
  language: Language,
): PreferenceChange | undefined {
  const word = fold(typed.trim().toLowerCase());
  if (/^(simple|simples|sencill[ao]|facil|easy|plain)$/.test(word)) {
    return { kind: "level", level: "simple" };
  }
  if (/^(normal|completa|completo|full)$/.test(word)) return { kind: "level", level: "normal" };
  if (/^(todas?|todos|all|any|cualquiera)$/.test(word)) return { kind: "all" };
  const named = known.find(({ slug, name }) => [slug, fold(name.toLowerCase())].includes(word));
  if (named !== undefined) return { kind: "source", source: named.slug };
  const country = known.find(
    (source) =>
      source.country.toLowerCase() === word ||
      fold(countryName(source.country, language).toLowerCase()) === word,
  );
  return country === undefined ? undefined : { kind: "country", country: country.country };
}

/** Countries with several gazettes first; nothing to choose where one gazette is all. */
function interestButtons(
  preferences: Preferences | undefined,
  known: readonly NamedSource[],
  language: Language,
): readonly Button[] {
  if (known.length < 2) return [];
  const texts = catalogue(language).preferences;
  const countries = [...new Set(known.map(({ country }) => country))].filter(
    (country) => known.filter((source) => source.country === country).length > 1,
  );
  const choices: readonly Button[] = [
    ...(countries.length === 1 && known.every(({ country }) => country === countries[0])
      ? []
      : countries
    ).map((country) => ({
      label: countryName(country, language),
      data: buttonData.preference({ kind: "country", country }),
    })),
    ...known.map(({ slug, name }) => ({
      label: name,
      data: buttonData.preference({ kind: "source", source: slug }),
    })),
  ];
  const short = choices.filter(({ data }) => Buffer.byteLength(data) <= MAX_DATA_BYTES);
  const all = { label: texts.allGazettes, data: buttonData.preference({ kind: "all" }) };
  return [...short.slice(0, MAX_CHOICES), ...(preferences?.interest === undefined ? [] : [all])];
}

function countryName(code: string, language: Language): string {
  return new Intl.DisplayNames([language], { type: "region", fallback: "code" }).of(code) ?? code;
}
