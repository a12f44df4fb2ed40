import { fold } from "./detect-language.ts";

const WHO =
  "(?:persona(?: real| de verdad| humana)?|humano|ser humano|agente(?: humano)?|asesora?|operadora?|funcionari[oa]|representante|alguien(?: real)?|pessoa(?: real)?|atendente|alguem|human(?: being)?|person|agent|representative|operator|somebody|someone|real person)";

/** What people write who want no machine, in any of the languages, without accents. */
const ASKS: readonly RegExp[] = [
  `(?:quiero|quisiera|necesito|puedo|podria|podriamos|deseo|me gustaria|queria)(?: poder)? (?:hablar|chatear|comunicarme|conversar|contactar|que me atienda|que me contacte|que me llame)(?: con| a)? (?:una?o? |el |la |algun[ao]? )?${WHO}`,
  `(?:paseme|paseme|pasame|comuniqueme|comunicame|transfierame|transfiereme|conecteme|conectame) (?:con|a) (?:una?o? |el |la |algun[ao]? )?${WHO}`,
  `(?:hablar|atencion|ayuda) (?:con|de|por) (?:una |un |algun[ao]? )(?:persona|humano|agente|asesora?|operadora?)`,
  `(?:quero|queria|preciso|posso|gostaria de) (?:falar|conversar|ser atendid[oa])(?: com| por)? (?:uma? |o |a |algum[a]? )?${WHO}`,
  `(?:i (?:want|need|would like|d like)|can i|could i|may i|let me|please) (?:to )?(?:talk|speak|chat|get|be connected) ?(?:to|with)? (?:an? |the |some )?${WHO}`,
  `(?:connect|transfer|put) me (?:to|with|through to) (?:an? |the |some )?${WHO}`,
].map((pattern) => new RegExp(`(?:^|[^a-z])${pattern}(?:$|[^a-z])`));

/** The whole message: nobody asks the gazette that way. */
const ALONE =
  /^(?:una? |um |uma |an? )?(?:persona|humano|agente|asesora?|operadora?|pessoa|atendente|human|agent|representative|operator|persona real|pessoa real|real person|agente humano|human agent)(?: por favor| please)?$/;

/** Longer texts tell a story, and ask within it for something else as often as not. */
const MAX_LENGTH = 200;

/** Whether a text asks for a person instead of the bot. `more`: words of the tenant's own, each as a whole. */
export function asksForPerson(text: string, more: readonly string[]): boolean {
  const said = plain(text);
  if (said === "" || said.length > MAX_LENGTH) return false;
  if (ALONE.test(said) || ASKS.some((pattern) => pattern.test(said))) return true;
  return more.some((phrase) => {
    const wanted = plain(phrase);
    return wanted !== "" && ` ${said} `.includes(` ${wanted} `);
  });
}

function plain(text: string): string {
  return fold(text.toLowerCase())
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}
