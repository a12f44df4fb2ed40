import type { BotAccount } from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import { isLanguage } from "../../src/core/language.ts";
import type { IncomingContent, IncomingMessage, MediaKind } from "../../src/core/message.ts";
import { readAddressing } from "./addressing.ts";
import { toChatKey } from "./chat-address.ts";
import {
  type Message,
  type SentFile,
  type Update,
  type User,
  updateSchema,
} from "./update-schema.ts";

/**
 * Reads one update of the Bot API. Empty for what concerns nobody: channel posts, service messages,
 * other bots, live locations. `clock` dates taps, which Telegram does not. Throws `bad-update` (400).
 */
export function toIncoming(
  bot: BotAccount,
  body: unknown,
  clock: Clock,
): readonly IncomingMessage[] {
  const parsed = updateSchema.safeParse(body);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new PregoneroError("bad-update", `Not a Telegram update: see its field "${where}"`, {
      status: 400,
    });
  }
  const update = parsed.data;
  const incoming =
    (update.message && fromMessage(bot, update, update.message)) ??
    (update.edited_message && fromEdit(bot, update, update.edited_message)) ??
    fromTap(update, clock) ??
    fromMembership(update);
  return incoming === undefined ? [] : [incoming];
}

function fromMessage(
  bot: BotAccount,
  update: Update,
  message: Message,
): IncomingMessage | undefined {
  if (message.migrate_to_chat_id !== undefined) {
    // Its counterpart in the new group (migrate_from_chat_id) says the same again and is ignored: taken
    // in after this one, it would open a second conversation under the key that was left.
    const newChatKey = toChatKey(message.migrate_to_chat_id);
    return envelope(update, message, {
      content: { kind: "migration", newChatKey },
      isAddressed: false,
    });
  }
  if (!isFromPerson(message)) return undefined;
  const { text, isAddressed } = readAddressing(bot, message);
  const media = readMedia(message);
  if (media !== undefined) {
    return envelope(update, message, {
      isAddressed,
      content: {
        kind: "media",
        ...media,
        ...(text !== "" && { caption: text }),
        ...(message.media_group_id !== undefined && { albumKey: message.media_group_id }),
      },
    });
  }
  if (message.text === undefined) return undefined;
  return envelope(update, message, { content: { kind: "text", text }, isAddressed });
}

function fromEdit(bot: BotAccount, update: Update, message: Message): IncomingMessage | undefined {
  if (!isFromPerson(message)) return undefined;
  // A live location is edited every few seconds and says nothing.
  if (message.text === undefined && message.caption === undefined) return undefined;
  const { text, isAddressed } = readAddressing(bot, message);
  return envelope(update, message, {
    isAddressed,
    content: { kind: "edit", text, editedMessageId: String(message.message_id) },
  });
}

function fromTap(
  { update_id, callback_query: tap }: Update,
  clock: Clock,
): IncomingMessage | undefined {
  // Without `message` it is a tap on an inline result, which we never make.
  if (tap?.message === undefined || tap.data === undefined) return undefined;
  const { chat, message_id, message_thread_id, is_topic_message } = tap.message;
  if (!isConversation(chat.type)) return undefined;
  return {
    updateKey: String(update_id),
    chat: {
      key: toChatKey(chat.id, is_topic_message === true ? message_thread_id : undefined),
      kind: chatKind(chat.type),
    },
    sender: toSender(tap.from),
    networkMessageId: String(message_id),
    sentAt: clock.now().toISOString(),
    isAddressed: true,
    content: { kind: "button", data: tap.data, callbackKey: tap.id },
  };
}

const ABSENT = new Set(["left", "kicked"]);

function fromMembership({ update_id, my_chat_member: event }: Update): IncomingMessage | undefined {
  if (event === undefined || !isConversation(event.chat.type)) return undefined;
  const isIn = (member: { status: string; is_member?: boolean | undefined }) =>
    !ABSENT.has(member.status) && member.is_member !== false;
  const was = isIn(event.old_chat_member);
  const is = isIn(event.new_chat_member);
  if (was === is) return undefined;
  const isPrivate = event.chat.type === "private";
  return {
    updateKey: String(update_id),
    chat: { key: toChatKey(event.chat.id), kind: chatKind(event.chat.type) },
    sender: toSender(event.from),
    sentAt: toTime(event.date),
    isAddressed: isPrivate,
    content: {
      kind: "membership",
      change: isPrivate ? (is ? "unblocked" : "blocked") : is ? "joined" : "left",
    },
  };
}

function envelope(
  update: Update,
  message: Message,
  rest: { readonly content: IncomingContent; readonly isAddressed: boolean },
): IncomingMessage | undefined {
  const { chat, from, sender_chat: senderChat } = message;
  if (!isConversation(chat.type)) return undefined;
  const threadId = message.is_topic_message === true ? message.message_thread_id : undefined;
  return {
    updateKey: String(update.update_id),
    chat: { key: toChatKey(chat.id, threadId), kind: chatKind(chat.type) },
    sender: senderChat
      ? { key: String(senderChat.id), ...(senderChat.title && { displayName: senderChat.title }) }
      : from
        ? toSender(from)
        : { key: String(chat.id) },
    networkMessageId: String(message.message_id),
    sentAt: toTime(message.edit_date ?? message.date),
    ...rest,
  };
}

/** Anonymous admins and groups that write under their own name come as `sender_chat`; other bots are not answered. */
function isFromPerson(message: Message): boolean {
  if (message.is_automatic_forward === true) return false;
  return message.sender_chat !== undefined || message.from?.is_bot === false;
}

function isConversation(type: string): boolean {
  return type === "private" || type === "group" || type === "supergroup";
}

function chatKind(type: string): "private" | "group" {
  return type === "private" ? "private" : "group";
}

function toSender(user: User): IncomingMessage["sender"] {
  const displayName = [user.first_name, user.last_name ?? ""].join(" ").trim();
  const language = user.language_code?.split("-")[0]?.toLowerCase();
  return {
    key: String(user.id),
    ...(displayName !== "" && { displayName }),
    ...(isLanguage(language) && { language }),
  };
}

function toTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}

/** In this order: an animation also comes as a document, a venue also as a location. */
const MEDIA = [
  ["animation", "video"],
  ["video_note", "video"],
  ["video", "video"],
  ["voice", "voice"],
  ["audio", "audio"],
  ["document", "document"],
  ["sticker", "sticker"],
] as const;
const PLACES = [
  ["location", "location"],
  ["venue", "location"],
  ["contact", "contact"],
  ["poll", "poll"],
  ["dice", "other"],
  ["game", "other"],
  ["story", "other"],
  ["paid_media", "other"],
  ["checklist", "other"],
  ["invoice", "other"],
] as const;

type MediaContent = Extract<IncomingContent, { kind: "media" }>;
type ReadMedia = Pick<MediaContent, "media" | "fileKey" | "mediaType" | "sizeBytes" | "seconds">;

/** A model takes pictures up to this size; every size but the largest of Telegram's is far below. */
const MAX_PHOTO_BYTES = 5_000_000;

function readMedia(message: Message): ReadMedia | undefined {
  // Sizes come smallest first.
  const sizes = message.photo ?? [];
  const photo =
    sizes.findLast(({ file_size }) => (file_size ?? 0) <= MAX_PHOTO_BYTES) ?? sizes.at(-1);
  if (photo !== undefined) return toMedia("photo", photo);
  for (const [field, media] of MEDIA) {
    const file = message[field];
    if (file !== undefined) return toMedia(media, file);
  }
  const place = PLACES.find(([field]) => message[field] !== undefined);
  return place && { media: place[1] };
}

function toMedia(
  media: MediaKind,
  { file_id, mime_type, file_size, duration }: SentFile,
): ReadMedia {
  return {
    media,
    fileKey: file_id,
    ...(mime_type !== undefined && { mediaType: mime_type }),
    ...(file_size !== undefined && { sizeBytes: file_size }),
    ...(duration !== undefined && { seconds: duration }),
  };
}
