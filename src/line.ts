import { guardConversation } from "./contacts/guard-conversation.ts";
import { parseCommand } from "./conversation/commands.ts";
import { createConversation } from "./conversation/conversation.ts";
import { apologyReply } from "./conversation/format-reply.ts";
import { type BotAccount, holdsSessions } from "./core/channel.ts";
import type { FaultPoint } from "./core/fault-point.ts";
import type { WakeUps } from "./core/wake-up.ts";
import { createAnswerHop } from "./gateway/answer.ts";
import { createDeliverHop } from "./gateway/deliver.ts";
import { createSweeper } from "./gateway/sweep.ts";
import type { Installation } from "./installation.ts";
import { embedMissing } from "./retrieval/embed-missing.ts";
import { createConversations } from "./store/conversations.ts";
import { createOutbox } from "./store/outbox.ts";
import { createSweep } from "./store/sweep.ts";
import { answerWhileClosed } from "./tenants/closed-tenant.ts";

/** Conversations answered at once by one process: a slow model holds one place each. One tenant fills half. */
const ANSWER_CONCURRENCY = 128;
const DELIVER_CONCURRENCY = 128;
/** Cheap look-ups by partial indexes; what a crash left waits at most this much longer. */
const SWEEP_EVERY_MS = 10_000;
/** One for each session that a process can hold; each sends one part at a time. */
const HELD_CONCURRENCY = 32;
/** Sooner than the line's: whoever took a session over is waited for. */
const HELD_SWEEP_EVERY_MS = 5_000;
/** Far longer than any call of a model may take: the process that made it is gone. */
const CALL_ABANDONED_MS = 600_000;
const EMBED_EVERY_MS = 60_000;

/** Runs hops 2 and 3 in this process until closed. */
export function startWorker(
  installation: Installation,
  wakeUps: WakeUps,
  faultPoint: FaultPoint,
): { close(): Promise<void> } {
  const { database, cipher, registry, channels, owner, clock, logger } = installation;
  const { metrics } = installation.exporter;
  const { switches } = installation;
  const shared = { owner, registry, channels, wakeUps, switches, logger, metrics, faultPoint };
  const { retriever, gazetteStore, citizenData, selectQuote, answerer } = installation;
  const answer = createAnswerHop({
    ...shared,
    clock,
    conversations: createConversations(database, cipher, () =>
      installation.switches.offFor(undefined).has("new-conversations"),
    ),
    conversation: answerWhileClosed({ tenants: installation.access.tenants, clock })(
      guardConversation({ admissions: installation.contactFeatures.strangers })(
        createConversation({
          answerer,
          retriever,
          gazetteStore,
          citizenData,
          subscriptions: installation.subscriptionFeatures.desk,
          news: installation.news,
          questionLimits: installation.questionLimits,
          selectQuote,
          get publicUrl() {
            return installation.site.url;
          },
          channels,
          transcriber: installation.transcriber,
          securityEvents: installation.securityEvents,
          switches: installation.switches,
          modelOf: async ({ tenantId, bot, contactId }) =>
            (await installation.assistantOf(tenantId, bot.botId, contactId)).model,
          conductOf: async (tenantId, botId, contactId) =>
            (await installation.assistantOf(tenantId, botId, contactId)).conduct,
          clock,
          logger,
        }),
      ),
    ),
    isCommand: (text) => parseCommand(text) !== undefined,
    apology: (due) => apologyReply(due?.memory.language ?? "es"),
    concurrency: ANSWER_CONCURRENCY,
  });
  const deliver = createDeliverHop({
    ...shared,
    outbox: createOutbox(database, cipher),
    concurrency: DELIVER_CONCURRENCY,
  });
  wakeUps.listen("answer", answer.look);
  wakeUps.listen("deliver", deliver.look);
  return {
    async close() {
      await answer.close();
      await deliver.close();
    },
  };
}

/**
 * Sends for the accounts whose sessions this process holds, and looks up what became of what it is not certain of,
 * until closed. Nobody else does.
 */
export function startHeldDelivery(
  installation: Installation,
  wakeUps: WakeUps,
  faultPoint: FaultPoint,
): { close(): Promise<void> } {
  const { database, cipher, registry, channels, owner, logger } = installation;
  const { metrics } = installation.exporter;
  const outbox = createOutbox(database, cipher, "held");
  const shared = { registry, outbox, wakeUps, logger, metrics };
  const deliver = createDeliverHop({
    ...shared,
    owner,
    channels,
    hop: "deliver-held",
    switches: installation.switches,
    faultPoint,
    concurrency: HELD_CONCURRENCY,
  });
  const isHeld = ({ channel: name }: BotAccount) => {
    const channel = channels.get(name);
    return channel !== undefined && holdsSessions(channel);
  };
  // An installation without such an account is asked nothing, twice a second.
  const hasHeld = () => registry.list().some(isHeld);
  wakeUps.listen("deliver-held", async (signal) => hasHeld() && deliver.look(signal));
  const sweeper = createSweeper({
    ...shared,
    sweep: createSweep(database, cipher),
    channels: new Map([...channels].filter(([, channel]) => holdsSessions(channel))),
    heldBy: owner,
  });
  const sweeps = every(HELD_SWEEP_EVERY_MS, async () => {
    if (!hasHeld()) return;
    await sweeper.sweepOnce().catch((error: unknown) => logger.warn("sweep-failed", { error }));
  });
  return {
    async close() {
      await sweeps.close();
      await deliver.close();
    },
  };
}

/** Sweeps every ten seconds until closed; any number of processes may do so at once. */
export function startSweeper(
  installation: Installation,
  wakeUps: WakeUps,
): { close(): Promise<void> } {
  const { database, cipher, registry, channels, spending, logger } = installation;
  const sweeper = createSweeper({
    sweep: createSweep(database, cipher),
    outbox: createOutbox(database, cipher),
    registry,
    channels,
    wakeUps,
    logger,
    metrics: installation.exporter.metrics,
  });
  return every(SWEEP_EVERY_MS, async () => {
    try {
      await sweeper.sweepOnce();
      const calls = await spending.settleAbandoned(CALL_ABANDONED_MS);
      if (calls > 0) logger.warn("model-calls-abandoned", { calls });
    } catch (error) {
      logger.warn("sweep-failed", { error });
    }
  });
}

/**
 * Gives every passage its vector in the background, while words alone serve: what is ingested later is
 * found within a minute. Undefined without an embedder. Several processes at once only repeat each other.
 */
export function startEmbedding(installation: Installation): { close(): Promise<void> } | undefined {
  const { database, documentWork, embedder, logger, tenantId } = installation;
  if (embedder === undefined) return undefined;
  const stop = new AbortController();
  const rounds = every(EMBED_EVERY_MS, async () => {
    try {
      const tenantIds = [...new Set([tenantId, ...(await documentWork.listOwners())])];
      await embedMissing({ database, embedder, logger, tenantIds }, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) logger.warn("embedding-failed", { embedder: embedder.id, error });
    }
  });
  return {
    close() {
      stop.abort();
      return rounds.close();
    },
  };
}

/** Runs `work` now and `intervalMs` after each end of it. `close` waits for the run under way. */
export function every(intervalMs: number, work: () => Promise<void>): { close(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let running = run();
  async function run(): Promise<void> {
    await work();
    if (isClosed) return;
    timer = setTimeout(() => {
      running = run();
    }, intervalMs);
  }
  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
