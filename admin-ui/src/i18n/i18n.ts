import i18next, { type i18n as I18n } from "i18next";
import { initReactI18next } from "react-i18next";
import { type AllWords, type Part, WORDS } from "./words.ts";

export const LANGUAGES = ["es", "en", "pt"] as const;
export type UiLanguage = (typeof LANGUAGES)[number];

/** In its own words, for whoever cannot read the present one. */
export const LANGUAGE_NAMES: Readonly<Record<UiLanguage, string>> = {
  es: "Español",
  en: "English",
  pt: "Português",
};

declare module "i18next" {
  interface CustomTypeOptions {
    readonly defaultNS: "translation";
    readonly keySeparator: false;
    readonly nsSeparator: false;
    readonly resources: { readonly translation: AllWords };
  }
}

type Load = () => Promise<Readonly<Record<string, Readonly<Record<string, string | undefined>>>>>;

const KEPT_AS = "pregonero-language";

/** Parts that were wanted until now. */
const begun = new Set<Part>(["shell"]);
const added = new Set<Load>();

/**
 * Spanish and English are complete, and what Portuguese lacks is said in Spanish. Resolves with the words of the shell;
 * those of a view may be asked for at once.
 */
export async function startI18n(): Promise<I18n> {
  const language = preferred();
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "es",
    keySeparator: false,
    nsSeparator: false,
    // With resources it is ready at once.
    resources: {},
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
  await speak(language);
  return i18next;
}

/** Loads what it needs of the language, then changes to it: nothing is ever shown without its words. */
export async function speak(language: UiLanguage): Promise<void> {
  let count: number;
  do {
    count = begun.size;
    await loadWords(language);
  } while (begun.size > count);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  localStorage.setItem(KEPT_AS, language);
}

/** For a route: the module, once the words of its parts are there too. */
export async function withWords<Module>(
  module: Promise<Module>,
  ...parts: readonly Part[]
): Promise<Module> {
  for (const part of parts) begun.add(part);
  const [loaded] = await Promise.all([module, loadInPresentLanguage()]);
  return loaded;
}

/** Whoever changes the language meanwhile has it in the new one. */
async function loadInPresentLanguage(): Promise<void> {
  let language: string;
  do {
    ({ language } = i18next);
    await loadWords(LANGUAGES.find((each) => each === language) ?? "es");
  } while (i18next.language !== language);
}

async function loadWords(language: UiLanguage): Promise<void> {
  const needed = language === "pt" ? (["es", "pt"] as const) : [language];
  await Promise.all([...begun].flatMap((part) => needed.map((each) => add(part, each))));
}

/** Once is enough; what failed, for want of a network, is asked for again. */
async function add(part: Part, language: UiLanguage): Promise<void> {
  const loads: Readonly<Partial<Record<UiLanguage, Load>>> = WORDS[part];
  const load = loads[language];
  if (load === undefined || added.has(load)) return;
  for (const words of Object.values(await load())) {
    i18next.addResourceBundle(language, "translation", words);
  }
  added.add(load);
}

function preferred(): UiLanguage {
  const wanted = [localStorage.getItem(KEPT_AS), ...navigator.languages];
  for (const tag of wanted) {
    const known = LANGUAGES.find((language) => tag?.toLowerCase().startsWith(language));
    if (known !== undefined) return known;
  }
  return "es";
}
