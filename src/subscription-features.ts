import {
  alertReply,
  digestReply,
  templateReply,
} from "./conversation/subscriptions/compose-news.ts";
import type { Channel, ChannelName } from "./core/channel.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import type { Embedder } from "./core/language-model.ts";
import type { Logger } from "./core/logger.ts";
import type { ComposeNews } from "./core/subscriptions.ts";
import type { WakeUps } from "./core/wake-up.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import { createEditionMatching } from "./newsroom/alerts/match-editions.ts";
import { createNewsReleaser } from "./newsroom/alerts/release-news.ts";
import { createSubscriptionDesk } from "./newsroom/alerts/subscription-desk.ts";
import { createTopicMeanings } from "./newsroom/alerts/topic-meanings.ts";
import type { Database } from "./store/database.ts";
import { createAlertLedger } from "./store/subscriptions/alert-ledger.ts";
import { createAlertMeanings } from "./store/subscriptions/alert-meanings.ts";
import { createEditionTexts } from "./store/subscriptions/edition-texts.ts";
import { createNewsRelease } from "./store/subscriptions/news-release.ts";
import { createNewsTemplates } from "./store/subscriptions/news-templates.ts";
import { createStemmer } from "./store/subscriptions/stemmer.ts";
import { createSubscriptionAdmin } from "./store/subscriptions/subscription-admin.ts";
import { createSubscriptionList } from "./store/subscriptions/subscription-rows.ts";

/** An edition that came in is matched at most this much later. */
const MATCH_EVERY_MS = 3_000;
/** Vectors of words that nobody wants to be told of any more. */
const FORGET_EVERY_MS = 3_600_000;
/** What waits at most between two looks at what is due to be told. */
const RELEASE_EVERY_MS = 1_000;

/** What citizens are subscribed to, as they and the staff see it. */
export function createSubscriptionFeatures({
  database,
  cipher,
  embedder,
  clock,
  logger,
}: {
  readonly database: Database;
  readonly cipher: Cipher;
  /** Metered. */
  readonly embedder: Embedder | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  const stemmer = createStemmer(database);
  const texts = createEditionTexts(database);
  const subscriptions = createSubscriptionList(database, cipher);
  const alertMeanings = createAlertMeanings(database, cipher);
  const meanings =
    embedder && createTopicMeanings({ meanings: alertMeanings, embedder, clock, logger });
  return {
    stemmer,
    texts,
    alertMeanings,
    /** Undefined: alerts are found by their words alone. */
    meanings,
    desk: createSubscriptionDesk({ subscriptions, texts, stemmer, meanings }),
    admin: createSubscriptionAdmin(database, cipher),
    templates: createNewsTemplates(database),
  };
}

/** The scheduler's part: editions are matched, alerts and digests fed to the outbox, until closed. Any number of processes may. */
export function startNews(
  installation: Installation,
  wakeUps: WakeUps,
): { close(): Promise<void> } {
  const { database, cipher, channels, subscriptionFeatures, clock, logger, exporter } =
    installation;
  const { metrics } = exporter;
  const newerThanDays = installation.config.newsDays;
  const stop = new AbortController();
  const match = createEditionMatching({
    ledger: createAlertLedger(database, cipher),
    texts: subscriptionFeatures.texts,
    stemmer: subscriptionFeatures.stemmer,
    meanings: subscriptionFeatures.meanings,
    clock,
    logger,
    metrics,
    newerThanDays,
  });
  const release = createNewsReleaser({
    release: createNewsRelease(database, cipher, newerThanDays),
    compose: createComposeNews(channels, () => installation.site.url),
    wakeUps,
    logger,
    metrics,
  });
  const { alertMeanings } = subscriptionFeatures;
  const forget = async (signal: AbortSignal) => {
    for (const tenantId of await alertMeanings.listTenants()) {
      if (!signal.aborted) await alertMeanings.forgetUnused(tenantId);
    }
  };
  const guarded = (name: string, work: (signal: AbortSignal) => Promise<unknown>) => async () => {
    try {
      await work(stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) logger.warn(name, { error });
    }
  };
  const rounds = [
    every(MATCH_EVERY_MS, guarded("editions-not-matched", match)),
    every(RELEASE_EVERY_MS, guarded("news-not-released", release)),
    every(FORGET_EVERY_MS, guarded("alert-words-not-forgotten", forget)),
  ];
  return {
    async close() {
      stop.abort();
      await Promise.all(rounds.map((round) => round.close()));
    },
  };
}

/** What a channel sends of an alert or a digest. */
export function createComposeNews(
  channels: ReadonlyMap<ChannelName, Channel>,
  publicUrl: () => string | undefined,
): ComposeNews {
  return (message, name, template) => {
    const url = publicUrl();
    const plain = () =>
      message.kind === "alert" ? alertReply(message, url) : digestReply(message, url);
    const reply = template === undefined ? plain() : templateReply(message, template, url);
    return channels.get(name)?.render(reply) ?? [];
  };
}
