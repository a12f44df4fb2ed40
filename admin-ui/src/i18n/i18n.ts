import i18next, { type i18n as I18n } from "i18next";
import { initReactI18next } from "react-i18next";
import type { es } from "./es.ts";

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
    readonly resources: { readonly translation: typeof es };
  }
}

const CATALOGUES: Readonly<Record<UiLanguage, () => Promise<object>>> = {
  es: async () => (await import("./es.ts")).es,
  en: async () => (await import("./en.ts")).en,
  pt: async () => (await import("./pt.ts")).pt,
};

const KEPT_AS = "pregonero-language";

/** Loads one catalogue: Spanish and English are complete, and what Portuguese lacks is said in Spanish. */
export async function startI18n(): Promise<I18n> {
  await i18next.use(initReactI18next).init({
    lng: "es",
    fallbackLng: "es",
    keySeparator: false,
    nsSeparator: false,
    resources: {},
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
  await speak(preferred());
  return i18next;
}

/** Loads the catalogue when it is first wanted. */
export async function speak(language: UiLanguage): Promise<void> {
  for (const needed of language === "pt" ? (["es", "pt"] as const) : [language]) {
    if (i18next.hasResourceBundle(needed, "translation")) continue;
    i18next.addResourceBundle(needed, "translation", await CATALOGUES[needed]());
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  localStorage.setItem(KEPT_AS, language);
}

function preferred(): UiLanguage {
  const wanted = [localStorage.getItem(KEPT_AS), ...navigator.languages];
  for (const tag of wanted) {
    const known = LANGUAGES.find((language) => tag?.toLowerCase().startsWith(language));
    if (known !== undefined) return known;
  }
  return "es";
}
