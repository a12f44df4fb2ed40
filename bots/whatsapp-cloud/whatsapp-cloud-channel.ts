import type {
  AnswersChallenge,
  BotAccount,
  Channel,
  Connects,
  DownloadsFiles,
  ReceivesWebhooks,
  Reconciles,
  ReportsReactions,
  ReportsReceipts,
  SeesPhoneReplies,
  ShowsTyping,
} from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { Logger } from "../../src/core/logger.ts";
import { connectNumber, disconnectNumber, identifyNumber, inspectNumber } from "./connection.ts";
import { createFileDownloader } from "./download-file.ts";
import { createGraphClient, type GraphClient } from "./graph-client.ts";
import { PAIR_INTERVAL_MS } from "./map-error.ts";
import { createReconciler } from "./reconcile.ts";
import { type CloudPart, render } from "./render.ts";
import { isNumberId, sendPart } from "./send-part.ts";
import { createThroughputGuard } from "./throughput.ts";
import { toIncoming } from "./to-incoming.ts";
import { toPhoneReplies } from "./to-phone-replies.ts";
import { toReactions } from "./to-reactions.ts";
import { toReceipts } from "./to-receipts.ts";
import { answerChallenge, verifySignature } from "./verify-webhook.ts";

export type WhatsAppCloudChannel = Channel &
  ReceivesWebhooks &
  AnswersChallenge &
  ReportsReceipts &
  ReportsReactions &
  SeesPhoneReplies &
  Reconciles &
  ShowsTyping &
  DownloadsFiles &
  Connects;

export interface WhatsAppCloudChannelOptions {
  /** `https://graph.facebook.com`, or the stand-in; may end with a version (`/v25.0`). */
  readonly graphUrl: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Milliseconds for one ordinary call; 15,000 by default. */
  readonly callTimeoutMs?: number;
}

/**
 * To one person: a message each 6 s, with up to 45 at once that are then waited for (Cloud API, "Pair rate limits");
 * 20 leave room for what other programs send. To many: half of a number's 80 a second, the rest is for replies and
 * for what comes in. A number with less is kept below it by the throughput guard.
 */
const PAIR = { intervalMs: PAIR_INTERVAL_MS, burst: 20 } as const;
const PACE = {
  privateChat: PAIR,
  groupChat: PAIR,
  bulk: { intervalMs: 25, burst: 5, batch: 4 },
} as const;

/** People write in WhatsApp as they speak: a sentence a message. So long a pause ends what is answered together. */
const BURST_WINDOW_MS = 2_500;

/** Cloud API, "Typing indicators": until the answer, or for 25 s. */
const TYPING_LASTS_MS = 25_000;

/**
 * WhatsApp over Meta's Cloud API, any number of phone numbers. Holds connections to Graph and a count of this second's
 * messages for each number. Tokens, numbers of people and texts appear in no log and no error.
 */
export function createWhatsAppCloudChannel(
  options: WhatsAppCloudChannelOptions,
): WhatsAppCloudChannel {
  const { logger, clock } = options;
  const graph = createGraphClient(options);
  const throughput = createThroughputGuard(clock);
  const reconcile = createReconciler(clock);

  return {
    name: "whatsapp-cloud",
    pace: PACE,
    burstWindowMs: BURST_WINDOW_MS,
    typingLastsMs: TYPING_LASTS_MS,
    render,

    send: (bot, chatKey, part, sendOptions) =>
      sendPart({ graph, throughput, clock }, bot, chatKey, part as CloudPart, sendOptions),
    reconcile: async (_bot, _chatKey, _part, sendOptions) => reconcile(sendOptions),

    verifyWebhook: verifySignature,
    readUpdate: (bot, body) => toIncoming(bot, body, logger),
    readReceipts: (bot, body) => toReceipts(bot, body, logger),
    readReactions: (bot, body) => toReactions(bot, body, logger),
    readPhoneReplies: (bot, body) => toPhoneReplies(bot, body, logger),
    answerChallenge,

    async showTyping(bot, _chatKey, signal, answeredId) {
      if (answeredId !== undefined) await markTyping(graph, logger, { bot, answeredId, signal });
    },

    downloadFile: createFileDownloader(graph),

    identify: (secrets, signal, chosen = {}) =>
      identifyNumber(graph, { ...chosen, ...secrets }, signal),
    async connect(bot, webhookUrl, signal) {
      // The Cloud API cannot be polled: without a public address nothing comes in, and `inspect` says so.
      if (webhookUrl === undefined) return;
      await connectNumber({ graph, logger }, bot, webhookUrl, signal);
    },
    async disconnect(bot, signal) {
      throughput.forget(bot.botId);
      await disconnectNumber(graph, bot, signal);
    },
    inspect: (bot, signal) => inspectNumber(graph, bot, signal),
  };
}

/** Shows "typing…" and, with it, that the message was read: the Cloud API has no way to show the one alone. */
async function markTyping(
  graph: GraphClient,
  logger: Logger,
  {
    bot,
    answeredId,
    signal,
  }: { readonly bot: BotAccount; readonly answeredId: string; readonly signal: AbortSignal },
): Promise<void> {
  const numberId = bot.settings.networkId ?? "";
  if (!isNumberId(numberId)) return;
  const answer = await graph.call({
    method: "POST",
    path: `${numberId}/messages`,
    body: {
      json: {
        messaging_product: "whatsapp",
        status: "read",
        message_id: answeredId,
        typing_indicator: { type: "text" },
      },
    },
    accessToken: bot.secrets.accessToken ?? "",
    signal,
  });
  if (answer.kind === "ok") return;
  const reason = answer.kind === "error" ? `graph-${answer.error.code}` : answer.reason;
  logger.debug("whatsapp-courtesy-failed", { botId: bot.botId, reason });
}
