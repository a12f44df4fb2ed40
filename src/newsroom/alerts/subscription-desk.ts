import type { BotId, TenantId } from "../../core/ids.ts";
import type { EditionTexts, Stemmer, SubscriptionDesk } from "../../core/subscriptions.ts";
import { chooseKeys } from "./choose-keys.ts";
import { leaveOutCommonWords } from "./common-words.ts";
import type { EditionIndex } from "./edition-index.ts";
import { createTopicMatcher, toMatchedAct } from "./match-topic.ts";
import { isTimeZone, nextDigestAt } from "./news-times.ts";
import { createEditionOpener } from "./open-editions.ts";
import type { TopicMeanings } from "./topic-meanings.ts";
import { readTopic, wordsOf } from "./topic-terms.ts";

/** Of the last editions, a sample reads so many pages: a day or two of a large gazette. */
const SAMPLE_PAGES = 400;

export interface SubscriptionDeskPorts {
  readonly subscriptions: Pick<SubscriptionDesk, "list" | "timeZoneOf" | "isOff" | "publishedIn">;
  readonly texts: EditionTexts;
  readonly stemmer: Stemmer;
  /** Absent: a sample is of words alone. */
  readonly meanings?: Pick<TopicMeanings, "nearTopic"> | undefined;
}

/** What the conversation needs to know before somebody subscribes. */
export function createSubscriptionDesk({
  subscriptions,
  texts,
  stemmer,
  meanings,
}: SubscriptionDeskPorts): SubscriptionDesk {
  const open = createEditionOpener({ texts, stemmer });
  return {
    ...subscriptions,
    async list(tenantId, conversationId) {
      const mine = await subscriptions.list(tenantId, conversationId);
      return Promise.all(
        mine.map(async (one) =>
          one.topic === undefined
            ? one
            : { ...one, topic: (await leaveOutCommonWords(one.topic, stemmer)).topic },
        ),
      );
    },
    leaveOutCommonWords: (topic) => leaveOutCommonWords(topic, stemmer),
    isTimeZone,
    nextDigestAt: (draft, after) => nextDigestAt(after, draft),
    keysOf: (tenantId, topic) => chooseKeys(tenantId, topic, stemmer),
    async sample(bot, topic, limit, payer) {
      const terms = readTopic(topic);
      const words = new Set(wordsOf(terms));
      const found: Awaited<ReturnType<SubscriptionDesk["sample"]>>[number][] = [];
      const near = payer && (await meanings?.nearTopic(payer, topic));
      for await (const index of newest(bot)) {
        const stems = await stemmer.stemsOf(index.text.language, words);
        const others = await near?.(index.text.edition.editionId, index);
        const match = createTopicMatcher(index, (word) => stems.get(word), others);
        for (const hit of match(terms)) {
          const act = toMatchedAct(index, hit);
          if (act !== undefined) found.push({ edition: index.text.edition, act });
          if (found.length >= limit) return found;
        }
      }
      return found;
    },
  };

  async function* newest(bot: {
    readonly tenantId: TenantId;
    readonly botId: BotId;
  }): AsyncGenerator<EditionIndex> {
    for (const editionId of await texts.listNewest(bot, SAMPLE_PAGES)) {
      const index = await open(bot.tenantId, editionId);
      if (index !== undefined) yield index;
    }
  }
}
