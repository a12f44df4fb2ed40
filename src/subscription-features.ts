import { alertReply, digestReply } from "./conversation/subscriptions/compose-news.ts";
import type { Channel, ChannelName } from "./core/channel.ts";
import type { Cipher } from "./core/cipher.ts";
import type { ComposeNews } from "./core/subscriptions.ts";
import type { WakeUps } from "./core/wake-up.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import { createEditionMatching } from "./newsroom/alerts/match-editions.ts";
import { createNewsReleaser } from "./newsroom/alerts/release-news.ts";
import { createSubscriptionDesk } from "./newsroom/alerts/subscription-desk.ts";
import type { Database } from "./store/database.ts";
import { createAlertLedger } from "./store/subscriptions/alert-ledger.ts";
import { createEditionTexts } from "./store/subscriptions/edition-texts.ts";
import { createNewsRelease } from "./store/subscriptions/news-release.ts";
import { createStemmer } from "./store/subscriptions/stemmer.ts";
import { createSubscriptionAdmin } from "./store/subscriptions/subscription-admin.ts";
import { createSubscriptionList } from "./store/subscriptions/subscription-rows.ts";

/** An edition that came in is matched at most this much later. */
const MATCH_EVERY_MS = 3_000;
/** What waits at most between two looks at what is due to be told. */
const RELEASE_EVERY_MS = 1_000;

/** What citizens are subscribed to, as they and the staff see it. */
export function createSubscriptionFeatures({
  database,
  cipher,
}: {
  readonly database: Database;
  readonly cipher: Cipher;
}) {
  const stemmer = createStemmer(database);
  const texts = createEditionTexts(database);
  const subscriptions = createSubscriptionList(database, cipher);
  return {
    stemmer,
    texts,
    desk: createSubscriptionDesk({ subscriptions, texts, stemmer }),
    admin: createSubscriptionAdmin(database, cipher),
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
  return (message, name) => {
    const reply =
      message.kind === "alert"
        ? alertReply(message, publicUrl())
        : digestReply(message, publicUrl());
    return channels.get(name)?.render(reply) ?? [];
  };
}
