import { detectEntities, type Entity } from "./entities.ts";
import { toApiMessage } from "./methods.ts";
import type { ApiUpdate } from "./update-feed.ts";
import {
  addChat,
  type BotState,
  type ChatState,
  type SentMessage,
  type StandInBot,
  toApiBot,
  toApiChat,
  type World,
} from "./world.ts";

export interface SayOptions {
  /** The bot that gets it; the first one by default. In a group every bot gets it. */
  readonly bot?: StandInBot;
  readonly group?: StandInGroup;
  readonly entities?: readonly Entity[];
  readonly replyTo?: SentMessage;
  readonly threadId?: number;
}

/** What a person's deed came to. `updateId` is undefined when the bot does not want such updates. */
export interface Deed {
  readonly messageId: number;
  readonly updateId: number | undefined;
}

/** A person with a Telegram account. Everything they do reaches the bots as updates. */
export interface StandInUser {
  readonly id: number;
  /** Opens the chat with the bot as if `/start` had been handled long ago: no update is made. */
  open(bot?: StandInBot): void;
  send(text: string, options?: SayOptions): Deed;
  /** Sends a message with other content: `{ photo: […], caption }`, `{ sticker: … }` as the Bot API writes it. */
  sendMedia(fields: Readonly<Record<string, unknown>>, options?: SayOptions): Deed;
  edit(messageId: number, text: string, options?: SayOptions): Deed;
  /** Taps the button with this data under a message of a bot; returns the id of the callback. */
  tap(message: SentMessage, data: string): string;
  /** Puts these emoji under a message of a bot, in place of what stood there; none: takes them away. */
  react(message: SentMessage, emoji: readonly string[]): Pick<Deed, "updateId">;
  block(bot?: StandInBot): void;
  unblock(bot?: StandInBot): void;
  /** The account is deleted. */
  deactivate(): void;
}

export interface StandInGroup {
  readonly id: number;
  addBot(bot: StandInBot, by: StandInUser): void;
  removeBot(bot: StandInBot, by: StandInUser): void;
  /** Becomes a supergroup with another id, as Telegram does when a group grows. */
  migrate(newId: number): StandInGroup;
}

interface Ports {
  readonly world: World;
  readonly now: () => number;
  /** Tells observers (the page) what people do. */
  readonly onSaid: (
    chatId: number,
    userId: number,
    content: Readonly<Record<string, unknown>>,
  ) => void;
}

export function createUser(
  ports: Ports,
  id: number,
  options: { firstName?: string; languageCode?: string } = {},
): StandInUser {
  const { world, now } = ports;
  const own =
    world.chats.get(id) ??
    addChat(world, {
      id,
      type: "private",
      title: options.firstName ?? `User ${id}`,
      languageCode: options.languageCode,
    });
  const from = {
    id,
    is_bot: false,
    first_name: own.title,
    ...(own.languageCode && { language_code: own.languageCode }),
  };
  const seconds = () => Math.floor(now() / 1000);
  /** By chat and message, as they stand. */
  const reactions = new Map<string, readonly string[]>();

  function say(
    kind: "message" | "edited_message",
    fields: Readonly<Record<string, unknown>>,
    say: SayOptions,
  ): Deed {
    const chat = say.group === undefined ? own : mustGet(world, say.group.id);
    const bots = say.group === undefined ? [resolveBot(world, say.bot)] : membersOf(world, chat);
    if (say.group === undefined) for (const bot of bots) chat.bots.add(bot.id);
    const messageId = Number(fields.message_id ?? chat.nextMessageId++);
    const message = {
      message_id: messageId,
      from,
      chat: toApiChat(chat),
      date: seconds(),
      ...(say.threadId !== undefined && {
        message_thread_id: say.threadId,
        is_topic_message: true,
      }),
      ...(say.replyTo && { reply_to_message: repliedTo(world, chat, say.replyTo) }),
      ...fields,
    };
    ports.onSaid(chat.id, id, message);
    const updates = bots.map((bot) => bot.feed.push(chat.id, kind, message));
    return { messageId, updateId: updates[0]?.update_id };
  }

  const withText = (text: string, options: SayOptions) => {
    const entities = options.entities ?? detectEntities(text);
    return { text, ...(entities.length > 0 && { entities }) };
  };

  return {
    id,
    open(given) {
      own.bots.add(resolveBot(world, given).id);
    },
    send: (text, say_ = {}) => say("message", withText(text, say_), say_),
    sendMedia: (fields, say_ = {}) => say("message", fields, say_),
    edit: (messageId, text, say_ = {}) =>
      say(
        "edited_message",
        { message_id: messageId, edit_date: seconds(), ...withText(text, say_) },
        say_,
      ),
    tap(message, data) {
      const bot = botById(world, message.botId);
      const chat = mustGet(world, message.chatId);
      const callbackId = String(world.nextId++);
      world.callbacks.set(callbackId, { botId: bot.id, isAnswered: false });
      ports.onSaid(chat.id, id, { tapped: data });
      bot.feed.push(chat.id, "callback_query", {
        id: callbackId,
        from,
        message: toApiMessage(bot, chat, message),
        chat_instance: String(chat.id),
        data,
      });
      return callbackId;
    },
    react(message, emoji) {
      const bot = botById(world, message.botId);
      const chat = mustGet(world, message.chatId);
      const key = `${chat.id} ${message.messageId}`;
      const toTypes = (some: readonly string[]) =>
        some.map((one) => ({ type: "emoji", emoji: one }));
      const update = bot.feed.push(chat.id, "message_reaction", {
        chat: toApiChat(chat),
        message_id: message.messageId,
        user: from,
        date: seconds(),
        old_reaction: toTypes(reactions.get(key) ?? []),
        new_reaction: toTypes(emoji),
      });
      reactions.set(key, emoji);
      ports.onSaid(chat.id, id, { reacted: emoji.join(" ") });
      return { updateId: update?.update_id };
    },
    block(given) {
      const bot = resolveBot(world, given);
      own.blockedBots.add(bot.id);
      pushMembership(bot, own, from, seconds(), "member", "kicked");
    },
    unblock(given) {
      const bot = resolveBot(world, given);
      own.blockedBots.delete(bot.id);
      pushMembership(bot, own, from, seconds(), "kicked", "member");
    },
    deactivate() {
      own.isDeactivated = true;
    },
  };
}

export function createGroup(
  ports: Ports,
  id: number,
  options: { title?: string; type?: "group" | "supergroup" } = {},
): StandInGroup {
  const { world, now } = ports;
  const chat =
    world.chats.get(id) ??
    addChat(world, { id, type: options.type ?? "group", title: options.title ?? `Group ${id}` });
  const seconds = () => Math.floor(now() / 1000);
  const person = (user: StandInUser) => ({
    id: user.id,
    is_bot: false,
    first_name: mustGet(world, user.id).title,
  });
  return {
    id,
    addBot(given, by) {
      const bot = resolveBot(world, given);
      chat.bots.add(bot.id);
      chat.blockedBots.delete(bot.id);
      pushMembership(bot, chat, person(by), seconds(), "left", "member");
    },
    removeBot(given, by) {
      const bot = resolveBot(world, given);
      chat.blockedBots.add(bot.id);
      pushMembership(bot, chat, person(by), seconds(), "member", "kicked");
    },
    migrate(newId) {
      const next = addChat(world, { id: newId, type: "supergroup", title: chat.title });
      for (const botId of chat.bots) next.bots.add(botId);
      chat.migratedTo = newId;
      const about = (of: ChatState, fields: object) => ({
        message_id: of.nextMessageId++,
        from: { id: 1087968824, is_bot: true, first_name: "Group" },
        sender_chat: toApiChat(of),
        chat: toApiChat(of),
        date: seconds(),
        ...fields,
      });
      for (const bot of membersOf(world, next)) {
        bot.feed.push(id, "message", about(chat, { migrate_to_chat_id: newId }));
        bot.feed.push(newId, "message", about(next, { migrate_from_chat_id: id }));
      }
      return createGroup(ports, newId);
    },
  };
}

function pushMembership(
  bot: BotState,
  chat: ChatState,
  from: object,
  date: number,
  before: string,
  after: string,
): ApiUpdate | undefined {
  const user = toApiBot(bot);
  return bot.feed.push(chat.id, "my_chat_member", {
    chat: toApiChat(chat),
    from,
    date,
    old_chat_member: { user, status: before },
    new_chat_member: { user, status: after },
  });
}

function repliedTo(world: World, chat: ChatState, message: SentMessage): object {
  return toApiMessage(botById(world, message.botId), chat, message);
}

export function resolveBot(world: World, bot: StandInBot | undefined): BotState {
  const state = bot === undefined ? world.bots.values().next().value : world.bots.get(bot.token);
  if (state === undefined) throw new Error("The stand-in has no such bot: call addBot first");
  return state;
}

export function botById(world: World, botId: number): BotState {
  const bot = [...world.bots.values()].find(({ id }) => id === botId);
  if (bot === undefined) throw new Error(`The stand-in has no bot ${botId}`);
  return bot;
}

function mustGet(world: World, chatId: number): ChatState {
  const chat = world.chats.get(chatId);
  if (chat === undefined) throw new Error(`The stand-in has no chat ${chatId}`);
  return chat;
}

function membersOf(world: World, chat: ChatState): BotState[] {
  return [...world.bots.values()].filter(
    ({ id }) => chat.bots.has(id) && !chat.blockedBots.has(id),
  );
}
