import type { Clock } from "../../core/clock.ts";
import type { Language } from "../../core/language.ts";
import { textReply } from "../../core/message.ts";
import type { PublishedPeriod, SubscriptionDesk } from "../../core/subscriptions.ts";
import type { TurnInput } from "../../core/turn.ts";
import { alertTexts } from "../catalogue/alert-texts.ts";
import { fold } from "../detect-language.ts";
import type { Said } from "../turn-outcome.ts";
import { listEditions } from "./compose-news.ts";

const VERBS =
  /^(que (salio|se publico|publicaron|trae|trajo|hay( de nuevo)?)|o que (saiu|foi publicado|publicaram|ha( de novo)?)|what (came out|was published|is new|s new|is published))( en| na| no| in)?( la gaceta| el diario oficial| el boletin| no diario oficial| the gazette)? /;
const DIGESTS =
  /^((dame |un |quiero )*(el )?resumen (de |del )|(um |quero )*(o )?resumo (de |da |do )|(a )?(summary|digest) of )/;
const PERIODS: readonly (readonly [RegExp, PublishedPeriod])[] = [
  [/^(hoy|el dia|dia|hoje|today|the day)$/, "today"],
  [/^(ayer|ontem|yesterday)$/, "yesterday"],
  [/^((de )?(la|esta|nesta|a) semana|semana|(the|this) week)$/, "week"],
  [/^(este mes|el mes|mes|neste mes|o mes|(the|this) month)$/, "month"],
];

/** Of questions that name a time and nothing else, that time: they ask for all of it. */
export function asksWhatWasPublished(text: string): PublishedPeriod | undefined {
  const said = fold(text.toLowerCase())
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
  const asked = VERBS.exec(said) ?? DIGESTS.exec(said);
  if (asked === null) return undefined;
  const rest = said.slice(asked[0].length).trim();
  return PERIODS.find(([pattern]) => pattern.test(rest))?.[1];
}

/** What was published in that time, as each gazette's own zone counts days: from what is known of editions, no model. */
export async function tellPublished(
  ports: {
    readonly subscriptions: SubscriptionDesk;
    readonly publicUrl?: string | undefined;
    readonly clock: Clock;
  },
  input: TurnInput,
  period: PublishedPeriod,
  language: Language,
): Promise<Said> {
  const texts = alertTexts(language);
  const bot = { tenantId: input.tenantId, botId: input.bot.botId };
  const editions = await ports.subscriptions.publishedIn(bot, period, ports.clock.now());
  input.note("planned", { published: period, editions: editions.length });
  if (editions.length === 0) return { replies: [textReply(texts.nothingIn[period])] };
  const heading = { text: texts.publishedIn[period], style: "bold" } as const;
  const paragraphs = [[heading], ...listEditions(editions, language, ports.publicUrl)];
  return { replies: [{ kind: "text", paragraphs }] };
}
