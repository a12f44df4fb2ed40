import type { PublishedPeriod } from "../../core/subscriptions.ts";
import { fold } from "../detect-language.ts";

const VERBS =
  "que (?:salio|se publico|publicaron|trae|trajo|hubo|hay(?: de nuevo)?)|o que (?:saiu|foi publicado|publicaram|houve|ha(?: de novo)?)|what (?:came out|was published|is new|s new|is published)";
const GAZETTE =
  "(?: (?:en|na|no|in))?(?: (?:la gaceta|el diario oficial|el boletin|no diario oficial|diario oficial|the gazette))?";
const ALL_OF = new RegExp(`^(?:${VERBS})${GAZETTE} `);
const DIGESTS =
  /^((dame |un |quiero )*(el )?resumen (de |del )|(um |quero )*(o )?resumo (de |da |do )|(a )?(summary|digest) of )/;

/** Each as a whole text, in front of which articles may stand. */
const PERIODS: readonly (readonly [string, PublishedPeriod])[] = [
  ["anteayer|antier|antes de ayer|anteontem|the day before yesterday", "day-before-yesterday"],
  ["(?:el dia de |del dia de |de )?(?:hoy|hoje|today)|el dia|dia|the day", "today"],
  ["(?:el dia de |de )?(?:ayer|ontem|yesterday)", "yesterday"],
  ["(?:de |en |na |da )?(?:la )?semana (?:pasada|passada|anterior)|(?:of )?last week", "last-week"],
  ["(?:(?:de |en )?(?:la|esta)|nesta|desta|na|a) semana|semana|(?:of )?(?:the|this) week", "week"],
  [
    "(?:de |del |en |no |do )?(?:el |o )?mes (?:pasado|passado|anterior)|(?:of )?last month",
    "last-month",
  ],
  [
    "(?:de |en |durante )?este mes|el mes|mes|neste mes|deste mes|o mes|(?:of )?(?:the|this) month",
    "month",
  ],
];

const WHOLE = PERIODS.map(([pattern, period]) => [new RegExp(`^(?:${pattern})$`), period] as const);
/** Within a question only what says unmistakably when: "el dia" and "mes" alone are other things. */
const WITHIN: readonly (readonly [RegExp, PublishedPeriod])[] = [
  [/ (?:anteayer|antier|anteontem|the day before yesterday) /, "day-before-yesterday"],
  [/ (?:de )?(?:hoy|hoje|today) /, "today"],
  [/ (?:de )?(?:ayer|ontem|yesterday) /, "yesterday"],
  [/ (?:(?:de |en )?la |na |da )semana (?:pasada|passada|anterior) | last week /, "last-week"],
  [/ (?:(?:de |en )?esta|nesta|desta) semana | (?:de|en) la semana | this week /, "week"],
  [/ (?:del |el |no |do |en el )mes (?:pasado|passado|anterior) | last month /, "last-month"],
  [/ (?:de |en |durante )?(?:este|neste|deste) mes | this month /, "month"],
];

const NEWS = `${VERBS}|que (?:cambio|cambios|novedades|noticias)(?: hay| hubo)?|(?:o )?que mudou|what changed|(?:hay |hubo |houve |any |some |os |as |los |las |dame (?:los |las )?)*(?:cambios|novedades|noticias|publicaciones|mudancas|novidades|alteracoes|publicacoes|changes|news|updates)(?: hay| hubo| houve)?|(?:dame |un |el |um |o |a )*(?:resumen|resumo|summary|digest)`;
const ABOUT =
  "sobre|acerca de(?:l)?|respecto (?:a|de)l?|en materia de|relacionad[oa]s? con|a respeito d[eoa]|about|on|regarding|concerning|de|del|da|do";
const SUBJECT = new RegExp(`^(?:${NEWS})${GAZETTE} (?:${ABOUT}) (?<subject>.+)$`);
const ARTICLE = /^(?:el|la|los|las|o|a|os|as|the) /;
/** "¿Qué hay de nuevo?" asks for everything. */
const NO_SUBJECT =
  /^(?:nuevo|nueva|novo|new|(?:la |el |o )?(?:gaceta|diario oficial|boletin|gazette))$/;
const MAX_SUBJECT = 80;

/** Of questions that name a time and nothing else, that time: they ask for all of it. */
export function asksWhatWasPublished(text: string): PublishedPeriod | undefined {
  const said = wordsOf(text);
  const asked = ALL_OF.exec(said) ?? DIGESTS.exec(said);
  if (asked === null) return undefined;
  const rest = said.slice(asked[0].length).trim();
  return WHOLE.find(([pattern]) => pattern.test(rest))?.[1];
}

/** Of questions for what is new of a subject in a time, both: "cambios sobre pensiones este mes". */
export function asksForNewsOf(
  text: string,
): { readonly period: PublishedPeriod; readonly subject: string } | undefined {
  const said = ` ${wordsOf(text)} `;
  const [pattern, period] = WITHIN.find(([one]) => one.test(said)) ?? [];
  if (pattern === undefined || period === undefined) return undefined;
  const rest = said.replace(pattern, " ").replace(/ +/g, " ").trim();
  const subject = SUBJECT.exec(rest)?.groups?.subject?.replace(ARTICLE, "");
  if (subject === undefined || NO_SUBJECT.test(subject) || subject.length > MAX_SUBJECT) {
    return undefined;
  }
  return { period, subject: asWritten(text, subject) };
}

function wordsOf(text: string): string {
  return fold(text.toLowerCase())
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
}

/** The words as they were typed, accents and capitals included; the folded ones when they stand apart there. */
function asWritten(text: string, subject: string): string {
  const words = [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map(([word]) => word);
  const wanted = subject.split(" ");
  const start = words.findIndex((_, at) =>
    wanted.every((word, offset) => wordsOf(words[at + offset] ?? "") === word),
  );
  return start === -1 ? subject : words.slice(start, start + wanted.length).join(" ");
}
