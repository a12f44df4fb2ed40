import { createHash, timingSafeEqual } from "node:crypto";
import { InputFile } from "grammy";
import type {
  AcknowledgesButtons,
  BotAccount,
  Channel,
  Connects,
  DownloadsFiles,
  Polls,
  ReceivesWebhooks,
  ReportsReactions,
  SendOutcome,
  ShowsPicture,
  ShowsTyping,
  WebhookRequest,
} from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";
import { isPregoneroError } from "../../src/core/errors.ts";
import type { Logger } from "../../src/core/logger.ts";
import { createPictureReader } from "./bot-picture.ts";
import { parseChatKey } from "./chat-address.ts";
import { syncCommandMenu } from "./command-menu.ts";
import { callTelegram, inspectWebhook, removeWebhook, setWebhook } from "./connection.ts";
import { createFileDownloader } from "./download-file.ts";
import { createFloodScope } from "./flood-scope.ts";
import { readFailure, toSendOutcome } from "./map-error.ts";
import { pollUpdates } from "./poll-updates.ts";
import { render, type TelegramPart } from "./render.ts";
import { toGrammySignal } from "./signals.ts";
import { createTelegramApis, type TelegramApis } from "./telegram-apis.ts";
import { toIncoming } from "./to-incoming.ts";
import { toReactions } from "./to-reactions.ts";

export type TelegramChannel = Channel &
  ReceivesWebhooks &
  ReportsReactions &
  Polls &
  ShowsTyping &
  AcknowledgesButtons &
  DownloadsFiles &
  ShowsPicture &
  Connects;

export interface TelegramChannelOptions {
  /** `https://api.telegram.org`, a local Bot API server, or the stand-in. */
  readonly apiRoot: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Milliseconds for one ordinary call; 15,000 by default. An upload has at least 60,000. */
  readonly callTimeoutMs?: number;
}

/**
 * Telegram's limits are not published exactly; these keep below what its FAQ names ("My bot is hitting
 * limits"). A group allows 20 messages in any minute: 5 at once and one each 4 s make 20. Notifications to
 * many: 30 in any second, replies to who wrote not counted: 4 at once and one each 40 ms make 29, the rest is
 * for calls that arrive unevenly. Three go together ("sequential or about three in parallel", grammY's notes on
 * flood); the fourth slot makes up for a claim that came late.
 */
const PACE = {
  privateChat: { intervalMs: 1_000, burst: 3 },
  groupChat: { intervalMs: 4_000, burst: 5 },
  bulk: { intervalMs: 40, burst: 4, batch: 3 },
} as const;

/** Bot API, sendChatAction: "The status is set for 5 seconds or less". */
const TYPING_LASTS_MS = 5_000;

/**
 * Telegram over the Bot API, any number of bots. Holds per bot a grammY client once it was used, and the
 * webhook address it was connected to; connections are shared. Tokens and texts appear in no log and no error.
 */
export function createTelegramChannel(options: TelegramChannelOptions): TelegramChannel {
  const { logger, clock } = options;
  const apis = createTelegramApis(options);
  const flood = createFloodScope(clock);
  const webhookUrls = new Map<string, string>();
  const downloadFile = createFileDownloader({ apiRoot: options.apiRoot, apis });

  return {
    name: "telegram",
    pace: PACE,
    typingLastsMs: TYPING_LASTS_MS,
    render,

    async send(bot, chatKey, channelPart, { signal }) {
      const part = channelPart as TelegramPart;
      const outcome = await sendOnce(apis, flood, { bot, chatKey, part, signal });
      const isFormatRefused = outcome.kind === "refused" && outcome.reason === "bad-entities";
      if (!isFormatRefused || part.kind !== "text" || part.entities.length === 0) return outcome;
      // Refused for its formatting, so certainly not sent: the words matter more than their style.
      logger.warn("formatting-refused", { botId: bot.botId, entities: part.entities.length });
      const plain = { ...part, entities: [] };
      return sendOnce(apis, flood, { bot, chatKey, part: plain, signal });
    },

    verifyWebhook,
    readUpdate: (bot, body) => toIncoming(bot, body, clock),
    readReactions: (_bot, body) => toReactions(body),

    async poll(bot, accept, signal) {
      await pollUpdates({ api: apis.of(bot), bot, logger, clock }, accept, signal);
    },

    async showTyping(bot, chatKey, signal) {
      const address = parseChatKey(chatKey);
      if (address === undefined) return;
      await quietly(logger, bot, "sendChatAction", () =>
        apis.of(bot).sendChatAction(
          {
            chat_id: address.chatId,
            action: "typing",
            ...(address.threadId !== undefined && { message_thread_id: address.threadId }),
          },
          toGrammySignal(signal),
        ),
      );
    },

    async acknowledgeButton(bot, callbackKey, signal) {
      await quietly(logger, bot, "answerCallbackQuery", () =>
        apis
          .of(bot)
          .answerCallbackQuery({ callback_query_id: callbackKey }, toGrammySignal(signal)),
      );
    },

    downloadFile,
    readPicture: createPictureReader({ apis, downloadFile }),

    async identify({ token }, signal) {
      const api = apis.withToken(token);
      const me = await callTelegram("getMe", () => api.getMe(toGrammySignal(signal)));
      return { networkId: String(me.id), username: me.username, name: me.first_name };
    },

    async connect(bot, webhookUrl, signal) {
      const api = apis.of(bot);
      if (webhookUrl === undefined) {
        await removeWebhook(api, bot, signal);
        webhookUrls.delete(bot.botId);
      } else {
        await setWebhook(api, bot, webhookUrl, signal);
        webhookUrls.set(bot.botId, webhookUrl);
      }
      // The menu is a courtesy: receiving must neither wait for it nor fail with it.
      void quietly(logger, bot, "setMyCommands", () =>
        syncCommandMenu(api, toGrammySignal(signal)),
      );
    },

    async disconnect(bot, signal) {
      try {
        await removeWebhook(apis.of(bot), bot, signal);
      } catch (error) {
        // With a revoked token or another owner's webhook, nothing of ours is left to undo.
        const isUndone = ["bad-credentials", "webhook-owned-elsewhere"].some((code) =>
          isPregoneroError(error, code),
        );
        if (!isUndone) throw error;
      } finally {
        apis.forget(bot);
        flood.forget(bot.botId);
        webhookUrls.delete(bot.botId);
      }
    },

    async inspect(bot, signal) {
      try {
        const ports = { api: apis.of(bot), bot, clock };
        return await inspectWebhook(ports, webhookUrls.get(bot.botId), signal);
      } catch (error) {
        if (!isPregoneroError(error)) throw error;
        return {
          isHealthy: false,
          evidence: `${error.message}.`,
          ...(error.code === "bad-credentials" && {
            code: "credentials-refused",
            action: "Give the bot a valid token.",
          }),
        };
      }
    },
  };
}

/** Telegram echoes the secret that setWebhook gave it. Digests have one length, so that length tells nothing. */
function verifyWebhook(bot: BotAccount, { headers }: WebhookRequest): boolean {
  const expected = bot.secrets.webhookSecret ?? "";
  const given = headers["x-telegram-bot-api-secret-token"];
  if (expected === "" || typeof given !== "string") return false;
  return timingSafeEqual(digest(expected), digest(given));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

async function sendOnce(
  apis: TelegramApis,
  flood: ReturnType<typeof createFloodScope>,
  call: {
    readonly bot: BotAccount;
    readonly chatKey: string;
    readonly part: TelegramPart;
    readonly signal: AbortSignal;
  },
): Promise<SendOutcome> {
  const address = parseChatKey(call.chatKey);
  if (address === undefined) {
    return { kind: "refused", reason: "chat-not-found", retry: "never", contactLost: true };
  }
  let api: ReturnType<TelegramApis["of"]>;
  try {
    api = apis.of(call.bot);
  } catch {
    return {
      kind: "refused",
      reason: "bad-credentials",
      retry: "never",
      scope: "bot",
      needsAuth: true,
    };
  }
  const target = {
    chat_id: address.chatId,
    ...(address.threadId !== undefined && { message_thread_id: address.threadId }),
  };
  try {
    const message = await callSend(api, target, call.part, call.signal);
    flood.noteSent(call.bot.botId, address.chatId);
    return { kind: "sent", networkMessageId: String(message.message_id) };
  } catch (error) {
    return toSendOutcome(readFailure(error), (retryAfterMs) =>
      flood.scopeOf(call.bot.botId, address.chatId, retryAfterMs),
    );
  }
}

function callSend(
  api: ReturnType<TelegramApis["of"]>,
  target: { chat_id: number; message_thread_id?: number },
  part: TelegramPart,
  signal: AbortSignal,
): Promise<{ message_id: number }> {
  if (part.kind === "document") {
    const bytes = Buffer.from(part.contentBase64, "base64");
    return api.sendDocument(
      {
        ...target,
        document: new InputFile(bytes, part.fileName),
        ...(part.caption !== "" && { caption: part.caption }),
      },
      toGrammySignal(signal),
    );
  }
  return api.sendMessage(
    {
      ...target,
      text: part.text,
      ...(part.entities.length > 0 && { entities: [...part.entities] }),
      link_preview_options: { is_disabled: true },
      ...(part.buttonRows.length > 0 && {
        reply_markup: {
          inline_keyboard: part.buttonRows.map((row) =>
            row.map(({ label, data }) => ({ text: label, callback_data: data })),
          ),
        },
      }),
    },
    toGrammySignal(signal),
  );
}

/** For what is best effort: a failure is noted for whoever looks closely, and that is all. */
async function quietly(
  logger: Logger,
  bot: BotAccount,
  method: string,
  run: () => Promise<unknown>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    const failure = readFailure(error);
    const reason = failure.kind === "answered" ? failure.description : failure.reason;
    logger.debug("telegram-courtesy-failed", { botId: bot.botId, method, reason });
  }
}
