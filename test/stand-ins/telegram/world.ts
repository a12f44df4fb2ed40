import type { Entity } from "./entities.ts";
import type { UploadedFile } from "./parameters.ts";
import type { UpdateFeed } from "./update-feed.ts";

export interface StandInBot {
  readonly token: string;
  readonly id: number;
  readonly username: string;
  readonly name: string;
}

/** A bot with what the server knows of it. */
export interface BotState extends StandInBot {
  readonly feed: UpdateFeed;
  /** Menus by language code, `""` for the default. */
  readonly commands: Map<string, readonly unknown[]>;
  /** The file_id of its picture. */
  pictureId: string | undefined;
}

export interface ChatState {
  id: number;
  readonly type: "private" | "group" | "supergroup";
  readonly title: string;
  readonly languageCode: string | undefined;
  nextMessageId: number;
  /** Ids of bots that may write here. */
  readonly bots: Set<number>;
  readonly blockedBots: Set<number>;
  readonly typingUntilMs: Map<number, number>;
  migratedTo: number | undefined;
  isDeactivated: boolean;
}

export interface InlineButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}

/** A message that a bot has sent and Telegram has accepted. */
export interface SentMessage {
  readonly botId: number;
  readonly chatId: number;
  readonly messageId: number;
  readonly threadId: number | undefined;
  /** Text, or a document's caption. */
  text: string;
  entities: readonly Entity[];
  readonly buttons: readonly (readonly InlineButton[])[];
  readonly document: UploadedFile | undefined;
  readonly atMs: number;
}

/** A file that a person sent, as the Bot API gives it out. */
export interface HeldFile {
  readonly bytes: Buffer;
  /** What getFile says of its size. */
  readonly statedBytes: number | undefined;
  readonly path: string;
}

/** The state of the whole stand-in. */
export interface World {
  readonly bots: Map<string, BotState>;
  readonly chats: Map<number, ChatState>;
  readonly sent: SentMessage[];
  /** By file_id. */
  readonly files: Map<string, HeldFile>;
  readonly callbacks: Map<string, { readonly botId: number; isAnswered: boolean }>;
  nextId: number;
}

export function createWorld(): World {
  return {
    bots: new Map(),
    chats: new Map(),
    sent: [],
    files: new Map(),
    callbacks: new Map(),
    nextId: 1,
  };
}

export function addChat(
  world: World,
  chat: { id: number; type: ChatState["type"]; title: string; languageCode?: string | undefined },
): ChatState {
  const state: ChatState = {
    ...chat,
    languageCode: chat.languageCode,
    nextMessageId: 1,
    bots: new Set(),
    blockedBots: new Set(),
    typingUntilMs: new Map(),
    migratedTo: undefined,
    isDeactivated: false,
  };
  world.chats.set(chat.id, state);
  return state;
}

export function toApiChat(chat: ChatState): Record<string, unknown> {
  return chat.type === "private"
    ? { id: chat.id, type: "private", first_name: chat.title }
    : { id: chat.id, type: chat.type, title: chat.title };
}

export function toApiBot(bot: StandInBot): Record<string, unknown> {
  return { id: bot.id, is_bot: true, first_name: bot.name, username: bot.username };
}
