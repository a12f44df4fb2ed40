import type { Language } from "../../core/language.ts";
import type { Span } from "../../core/message.ts";
import type { SubscriptionDesk, SubscriptionDraft } from "../../core/subscriptions.ts";
import type { TurnInput } from "../../core/turn.ts";
import { alertTexts } from "../catalogue/alert-texts.ts";
import { shortDate } from "../cite.ts";
import { tellAct } from "./compose-news.ts";
import { clockTime, describeTopic } from "./describe.ts";

export interface TellAlertPorts {
  readonly subscriptions?: Pick<SubscriptionDesk, "sample"> | undefined;
  /** Without a trailing slash. */
  readonly publicUrl?: string | undefined;
}

/** Acts shown of the last editions before somebody confirms. */
const SAMPLE = 3;

/** What an alert will tell of, what it would have told of lately, and when it is quiet. `leftOut` matches nothing. */
export async function tellAlert(
  ports: TellAlertPorts,
  input: TurnInput,
  draft: SubscriptionDraft,
  language: Language,
  leftOut: readonly string[],
): Promise<readonly (readonly Span[])[]> {
  const texts = alertTexts(language);
  const topic = draft.topic ?? { anyOf: [], without: [] };
  const { tenantId, messageId, contactId } = input;
  const bot = { tenantId, botId: input.bot.botId };
  const payer = { tenantId, messageId, contactId };
  const sample = (await ports.subscriptions?.sample(bot, topic, SAMPLE, payer)) ?? [];
  const { quietHours } = draft;
  const quiet =
    quietHours === undefined
      ? texts.noQuiet
      : texts.quiet(clockTime(quietHours.from), clockTime(quietHours.until));
  return [
    [{ text: texts.willTell(describeTopic(topic, texts)), style: "bold" }],
    ...(leftOut.length === 0
      ? []
      : [[{ text: texts.leftOut(leftOut.map((word) => `«${word}»`).join(", ")) }]]),
    [],
    [{ text: sample.length === 0 ? texts.emptySample : texts.sample }],
    ...sample.flatMap(({ edition, act }) => {
      const [title = [], ...reason] = tellAct(edition, act, language, ports.publicUrl);
      const from = `${edition.sourceName}, ${shortDate(edition.publishedOn, language)}: `;
      const [mark, ...rest] = title;
      return [[...(mark === undefined ? [] : [mark]), { text: from }, ...rest], ...reason];
    }),
    [],
    [{ text: `${quiet} (${draft.timeZone})` }],
  ];
}
