import type { CannedReply } from "../core/desk.ts";
import { LANGUAGES, type Language } from "../core/language.ts";

/** What the places of a canned reply may be called, in any language. */
const PLACES: Readonly<Record<string, "name" | "agent" | "date">> = {
  nombre: "name",
  nome: "name",
  name: "name",
  agente: "agent",
  agent: "agent",
  fecha: "date",
  data: "date",
  date: "date",
};

/** Names of places in a text that nothing fills. */
export function unknownPlaces(text: string): readonly string[] {
  return [...text.matchAll(/\{([^{}\s]{1,40})\}/g)]
    .map(([, place = ""]) => place)
    .filter((place) => PLACES[place.toLowerCase()] === undefined);
}

/**
 * The reply in the citizen's language, else in the first that it has, its places filled. What fills one is text, and
 * is not looked through for places again.
 */
export function fillCanned(
  reply: Pick<CannedReply, "texts">,
  language: Language,
  values: { readonly name: string | undefined; readonly agent: string; readonly date: string },
): string {
  const text = [language, ...LANGUAGES].map((one) => reply.texts[one]).find((one) => one) ?? "";
  const filled = text.replace(/\{([^{}\s]{1,40})\}/g, (whole, place: string) => {
    const known = PLACES[place.toLowerCase()];
    return known === undefined ? whole : (values[known] ?? "");
  });
  // "Hola, {nombre}:" to somebody whose name nobody knows.
  return filled
    .replace(/[ \t]*,[ \t]*(?=[:;.!?\n]|$)/g, "")
    .replace(/[ \t]{2,}/g, " ")
    .trim();
}
