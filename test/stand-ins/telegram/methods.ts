import { ApiRefusal, badRequest } from "./api-refusal.ts";
import { checkEntities } from "./entities.ts";
import type { Parameters, UploadedFile } from "./parameters.ts";
import type { BotState, ChatState, InlineButton, SentMessage, World } from "./world.ts";
import { toApiBot, toApiChat } from "./world.ts";

/** What the methods work with. */
export interface MethodContext {
  readonly world: World;
  readonly now: () => number;
  /** Throws 429 when the chat has had its share. */
  readonly spend: (botId: number, chatId: number) => void;
  readonly onSent: (message: SentMessage) => void;
  readonly onTyping: (chat: ChatState, bot: BotState, untilMs: number) => void;
  /** Called when the client hangs up during a long poll. */
  readonly onHangUp: (stop: () => void) => void;
}

type Method = (bot: BotState, parameters: Parameters, context: MethodContext) => unknown;

/** Bot API, sendMessage.text and sendDocument.caption. */
const MAX_TEXT = 4096;
const MAX_CAPTION = 1024;
/** Bot API, "Sending files": 50 MB by multipart. */
const MAX_UPLOAD_BYTES = 50 * 1024 * 1024;
/** Bot API, getFile: 20 MB. */
const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024;
/** Bot API, sendChatAction: 5 seconds or less. */
const TYPING_MS = 5_000;
const WEBHOOK_PORTS = new Set(["", "443", "80", "88", "8443"]);
const ACTIONS = new Set(
  "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note".split(
    " ",
  ),
);

const methods: Readonly<Record<string, Method>> = {
  getMe: (bot) => ({
    ...toApiBot(bot),
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  }),
  sendMessage(bot, parameters, context) {
    refuseParseMode(parameters);
    const text = parameters.text("text").trimEnd();
    if (text.trim() === "") throw badRequest("message text is empty");
    if (text.length > MAX_TEXT) throw badRequest("message is too long");
    const entities = checkEntities(text, parameters.json("entities"));
    return accept(bot, parameters, context, { text, entities });
  },
  sendDocument(bot, parameters, context) {
    const reference = parameters.text("document");
    const file =
      parameters.files.get(reference.replace(/^attach:\/\//, "")) ??
      parameters.files.get("document");
    if (file === undefined) throw badRequest("there is no document in the request");
    if (file.bytes.length === 0) throw badRequest("file must be non-empty");
    if (file.bytes.length > MAX_UPLOAD_BYTES) throw new ApiRefusal(413, "Request Entity Too Large");
    const caption = parameters.text("caption");
    if (caption.length > MAX_CAPTION) throw badRequest("message caption is too long");
    const entities = checkEntities(caption, parameters.json("caption_entities"));
    return accept(bot, parameters, context, { text: caption, entities, document: file });
  },
  editMessageText(bot, parameters, { world }) {
    refuseParseMode(parameters);
    const chat = writableChat(world, bot, parameters.chatId());
    const messageId = parameters.integer("message_id", 0);
    const message = world.sent.find(
      (sent) => sent.chatId === chat.id && sent.messageId === messageId && sent.botId === bot.id,
    );
    if (message === undefined) throw badRequest("message to edit not found");
    const text = parameters.text("text");
    if (text.trim() === "") throw badRequest("message text is empty");
    if (text.length > MAX_TEXT) throw badRequest("MESSAGE_TOO_LONG");
    const entities = checkEntities(text, parameters.json("entities"));
    if (message.text === text && JSON.stringify(message.entities) === JSON.stringify(entities)) {
      throw badRequest(
        "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
      );
    }
    Object.assign(message, { text, entities });
    return toApiMessage(bot, chat, message);
  },
  sendChatAction(bot, parameters, { world, now, onTyping }) {
    const chat = writableChat(world, bot, parameters.chatId());
    if (!ACTIONS.has(parameters.text("action")))
      throw badRequest("wrong parameter action in request");
    const untilMs = now() + TYPING_MS;
    chat.typingUntilMs.set(bot.id, untilMs);
    onTyping(chat, bot, untilMs);
    return true;
  },
  answerCallbackQuery(bot, parameters, { world }) {
    const callback = world.callbacks.get(parameters.text("callback_query_id"));
    if (callback === undefined || callback.botId !== bot.id || callback.isAnswered) {
      throw badRequest("query is too old and response timeout expired or query ID is invalid");
    }
    if (parameters.text("text").length > 200) throw badRequest("MESSAGE_TOO_LONG");
    callback.isAnswered = true;
    return true;
  },
  getUserProfilePhotos(bot, parameters) {
    if (parameters.integer("user_id", 0) !== bot.id) throw badRequest("user not found");
    const { pictureId } = bot;
    const photos = [160, 320, 640].map((px) => ({
      file_id: pictureId,
      file_unique_id: `${pictureId} ${px}`,
      width: px,
      height: px,
    }));
    return pictureId === undefined
      ? { total_count: 0, photos: [] }
      : { total_count: 1, photos: [photos] };
  },
  getFile(_bot, parameters, { world }) {
    const fileId = parameters.text("file_id");
    const file = world.files.get(fileId);
    if (file === undefined)
      throw badRequest("wrong file_id or the file is temporarily unavailable");
    if (file.bytes.length > MAX_DOWNLOAD_BYTES) throw badRequest("file is too big");
    return {
      file_id: fileId,
      file_unique_id: fileId,
      ...(file.statedBytes !== undefined && { file_size: file.statedBytes }),
      file_path: file.path,
    };
  },
  getChat: (bot, parameters, { world }) => toApiChat(writableChat(world, bot, parameters.chatId())),
  setMyCommands(bot, parameters) {
    const commands = parameters.json("commands");
    if (!Array.isArray(commands)) throw badRequest("can't parse commands: expected an Array");
    for (const { command, description } of commands) {
      if (!/^\/?[a-z0-9_]{1,32}$/.test(String(command))) throw badRequest("BOT_COMMAND_INVALID");
      const length = String(description).length;
      if (length < 1 || length > 256) throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
    }
    bot.commands.set(parameters.text("language_code"), commands);
    return true;
  },
  getMyCommands: (bot, parameters) => bot.commands.get(parameters.text("language_code")) ?? [],
  setWebhook(bot, parameters) {
    const url = parameters.text("url");
    const dropPending = parameters.boolean("drop_pending_updates");
    const options = { allowed: parameters.json("allowed_updates"), dropPending };
    if (url === "") {
      bot.feed.setWebhook(undefined, options);
      return true;
    }
    const secretToken = parameters.text("secret_token");
    if (!/^[A-Za-z0-9_-]{0,256}$/.test(secretToken))
      throw badRequest("secret token contains unallowed characters");
    const maxConnections = Math.min(100, Math.max(1, parameters.integer("max_connections", 40)));
    bot.feed.setWebhook({ url: toWebhookUrl(url), secretToken, maxConnections }, options);
    return true;
  },
  deleteWebhook(bot, parameters) {
    const dropPending = parameters.boolean("drop_pending_updates");
    bot.feed.setWebhook(undefined, { allowed: undefined, dropPending });
    return true;
  },
  getWebhookInfo: (bot) => bot.feed.info(),
  getUpdates(bot, parameters, { onHangUp }) {
    const offset = parameters.text("offset");
    return bot.feed.poll(
      {
        offset: offset === "" || offset === "0" ? undefined : Number(offset),
        limit: Math.min(100, Math.max(1, parameters.integer("limit", 100))),
        timeoutSeconds: Math.min(50, Math.max(0, parameters.integer("timeout", 0))),
        allowed: parameters.json("allowed_updates"),
      },
      onHangUp,
    );
  },
};

/** The Bot API takes method names in any case. */
const byLowerCase = new Map(
  Object.entries(methods).map(([name, method]) => [name.toLowerCase(), method]),
);

export function findMethod(name: string): Method | undefined {
  return byLowerCase.get(name.toLowerCase());
}

function accept(
  bot: BotState,
  parameters: Parameters,
  context: MethodContext,
  content: { text: string; entities: SentMessage["entities"]; document?: UploadedFile },
): unknown {
  const chat = writableChat(context.world, bot, parameters.chatId());
  const buttons = readButtons(parameters);
  context.spend(bot.id, chat.id);
  const threadId = parameters.integer("message_thread_id", 0);
  const message: SentMessage = {
    botId: bot.id,
    chatId: chat.id,
    messageId: chat.nextMessageId,
    threadId: threadId === 0 ? undefined : threadId,
    text: content.text,
    entities: content.entities,
    buttons,
    document: content.document,
    atMs: context.now(),
  };
  chat.nextMessageId += 1;
  chat.typingUntilMs.delete(bot.id);
  context.onSent(message);
  return toApiMessage(bot, chat, message);
}

/** The chat, if this bot may write there; else the refusal in Telegram's words. */
function writableChat(world: World, bot: BotState, chatId: number): ChatState {
  const chat = world.chats.get(chatId);
  if (chat === undefined) throw badRequest("chat not found");
  if (chat.migratedTo !== undefined) {
    throw new ApiRefusal(400, "Bad Request: group chat was upgraded to a supergroup chat", {
      migrate_to_chat_id: chat.migratedTo,
    });
  }
  if (chat.isDeactivated) throw new ApiRefusal(403, "Forbidden: user is deactivated");
  if (chat.blockedBots.has(bot.id)) {
    throw new ApiRefusal(
      403,
      chat.type === "private"
        ? "Forbidden: bot was blocked by the user"
        : `Forbidden: bot was kicked from the ${chat.type} chat`,
    );
  }
  if (!chat.bots.has(bot.id)) {
    if (chat.type !== "private") throw badRequest("chat not found");
    throw new ApiRefusal(403, "Forbidden: bot can't initiate conversation with a user");
  }
  return chat;
}

function readButtons(parameters: Parameters): readonly (readonly InlineButton[])[] {
  const markup = parameters.json("reply_markup");
  if (typeof markup !== "object" || markup === null || !("inline_keyboard" in markup)) return [];
  const rows: unknown = markup.inline_keyboard;
  if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
    throw badRequest("can't parse inline keyboard: expected an Array of Arrays");
  }
  for (const button of rows.flat() as Partial<InlineButton>[]) {
    if (typeof button.text !== "string" || button.text.trim() === "") {
      throw badRequest(
        "can't parse inline keyboard button: inline keyboard button text must be non-empty",
      );
    }
    const data = button.callback_data;
    if (data === undefined && button.url === undefined)
      throw badRequest("text buttons are unallowed in the inline keyboard");
    const bytes = Buffer.byteLength(data ?? "x");
    if (bytes < 1 || bytes > 64) throw badRequest("BUTTON_DATA_INVALID");
  }
  return rows as InlineButton[][];
}

function refuseParseMode(parameters: Parameters): void {
  if (parameters.text("parse_mode") === "") return;
  throw new ApiRefusal(501, "Not Implemented: this stand-in reads entities, not parse_mode");
}

/** Telegram takes HTTPS on four ports only; here plain HTTP on the loopback interface is taken too. */
function toWebhookUrl(text: string): URL {
  if (!URL.canParse(text)) throw badRequest("bad webhook: invalid URL specified");
  const url = new URL(text);
  const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol === "http:" && isLoopback) return url;
  if (url.protocol !== "https:")
    throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  if (!isLoopback && !WEBHOOK_PORTS.has(url.port)) {
    throw badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
  }
  return url;
}

export function toApiMessage(
  bot: BotState,
  chat: ChatState,
  message: SentMessage,
): Record<string, unknown> {
  const content =
    message.document === undefined
      ? { text: message.text, ...(message.entities.length > 0 && { entities: message.entities }) }
      : {
          document: {
            file_id: `doc-${message.chatId}-${message.messageId}`,
            file_unique_id: String(message.messageId),
            file_name: message.document.fileName,
            file_size: message.document.bytes.length,
          },
          ...(message.text !== "" && { caption: message.text }),
        };
  return {
    message_id: message.messageId,
    from: toApiBot(bot),
    chat: toApiChat(chat),
    date: Math.floor(message.atMs / 1000),
    ...(message.threadId !== undefined && {
      message_thread_id: message.threadId,
      is_topic_message: true,
    }),
    ...content,
    ...(message.buttons.length > 0 && { reply_markup: { inline_keyboard: message.buttons } }),
  };
}
