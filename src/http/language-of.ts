import type { Request } from "express";
import { LANGUAGES, type Language } from "../core/language.ts";

/** The language of ours that the reader's browser prefers; Spanish when none. `?lang=` overrides. */
export function languageOf(request: Request): Language {
  const asked = request.query.lang;
  const chosen = LANGUAGES.find((language) => language === asked);
  if (chosen !== undefined) return chosen;
  const accepted = request.acceptsLanguages();
  for (const wanted of accepted) {
    const language = LANGUAGES.find((candidate) => wanted.toLowerCase().startsWith(candidate));
    if (language !== undefined) return language;
  }
  return "es";
}
