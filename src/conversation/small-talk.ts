import { fold } from "./detect-language.ts";

const GREETINGS =
  words(`hola holi holaa ola oi buenas buenos buen bom boa dia dias tarde tardes noite noites noche
  noches hello hi hey good morning afternoon evening que tal como esta estas va vai tudo bem bien how are you
  saludos saludo pregonero bot amigo amiga`);
const THANKS =
  words(`gracias grax muchas muchisimas mil thanks thank you so much obrigado obrigada muito valeu brigado
  brigada ok okey okay vale listo perfecto perfeito perfect genial great buenisimo excelente excelent excellent
  entendido claro bueno de acuerdo chao chau adios tchau ate logo bye amable por tu su ayuda muy muchas ajuda pela
  your help`);
const THANKS_CORE =
  words(`gracias grax thanks thank obrigado obrigada valeu brigado brigada ok okey okay vale listo
  perfecto perfeito perfect genial great buenisimo excelente excellent entendido chao chau adios tchau bye`);
const GREETING_CORE = words(
  `hola holi holaa ola oi buenas buenos buen bom boa hello hi hey good saludos tal tudo how`,
);

/** Longer texts ask something. */
const MAX_WORDS = 7;

/** Whether a message only greets or only thanks (or says goodbye), in any of the languages. */
export function recogniseSmallTalk(text: string): "greeting" | "thanks" | undefined {
  if (text.length > 80) return undefined;
  const said = fold(text.toLowerCase()).match(/[a-z0-9]+/g) ?? [];
  if (said.length === 0 || said.length > MAX_WORDS) return undefined;
  if (!said.every((word) => GREETINGS.has(word) || THANKS.has(word))) return undefined;
  if (said.some((word) => THANKS_CORE.has(word))) return "thanks";
  return said.some((word) => GREETING_CORE.has(word)) ? "greeting" : undefined;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
