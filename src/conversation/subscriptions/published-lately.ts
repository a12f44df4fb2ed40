import type { Clock } from "../../core/clock.ts";
import type { Language } from "../../core/language.ts";
import { textReply } from "../../core/message.ts";
import type { PublishedNews } from "../../core/published-news.ts";
import type { PublishedPeriod, SubscriptionDesk } from "../../core/subscriptions.ts";
import type { TurnInput } from "../../core/turn.ts";
import { alertTexts } from "../catalogue/alert-texts.ts";
import { newsTexts } from "../catalogue/news-texts.ts";
import type { Said } from "../turn-outcome.ts";
import { listEditions } from "./compose-news.ts";

/** What was published in that time, as each gazette's own zone counts days: from what is known of editions, no model. */
export async function tellPublished(
  ports: {
    readonly subscriptions: SubscriptionDesk;
    /** Absent: nobody is told why there is none. */
    readonly news?: Pick<PublishedNews, "whyNothing"> | undefined;
    readonly publicUrl?: string | undefined;
    readonly clock: Clock;
  },
  input: TurnInput,
  period: PublishedPeriod,
  language: Language,
): Promise<Said> {
  const texts = alertTexts(language);
  const bot = { tenantId: input.tenantId, botId: input.bot.botId };
  const now = ports.clock.now();
  const editions = await ports.subscriptions.publishedIn(bot, period, now);
  input.note("planned", { published: period, editions: editions.length });
  if (editions.length === 0) {
    const absences = (await ports.news?.whyNothing(bot, period, now)) ?? [];
    const reasons = absences.map(({ sourceName, absence, expectedAt }) =>
      newsTexts(language).absent[absence](sourceName, period, expectedAt),
    );
    return { replies: [textReply([texts.nothingIn[period], ...reasons].join("\n"))] };
  }
  const heading = { text: texts.publishedIn[period], style: "bold" } as const;
  const paragraphs = [[heading], ...listEditions(editions, language, ports.publicUrl)];
  return { replies: [{ kind: "text", paragraphs }] };
}
