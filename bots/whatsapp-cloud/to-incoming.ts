import type { BotAccount } from "../../src/core/channel.ts";
import type { Logger } from "../../src/core/logger.ts";
import type { IncomingContent, IncomingMessage, MediaKind } from "../../src/core/message.ts";
import { isPhone, isUserId, toGroupKey } from "./chat-address.ts";
import { readChanges } from "./read-changes.ts";
import {
  type CloudContact,
  type CloudFile,
  type CloudMessage,
  contactSchema,
  messageSchema,
} from "./update-schema.ts";

/**
 * Reads one webhook: the messages of every change of every entry. Empty for what concerns nobody: statuses,
 * reactions, deletions. A message that cannot be read is left out and noted by its id. Throws `bad-update` (400).
 */
export function toIncoming(
  bot: BotAccount,
  body: unknown,
  logger: Logger,
): readonly IncomingMessage[] {
  return readChanges(bot, body, logger).flatMap(({ contacts, messages }) => {
    const people = contacts.flatMap((contact) => contactSchema.safeParse(contact).data ?? []);
    return messages.flatMap((item) => {
      const parsed = messageSchema.safeParse(item);
      const incoming = parsed.success ? fromMessage(bot, parsed.data, people) : undefined;
      if (!parsed.success || incoming === "no-sender") {
        logger.warn("whatsapp-message-unreadable", { botId: bot.botId, wamid: wamidOf(item) });
        return [];
      }
      return incoming === undefined ? [] : [incoming];
    });
  });
}

function fromMessage(
  bot: BotAccount,
  message: CloudMessage,
  people: readonly CloudContact[],
): IncomingMessage | "no-sender" | undefined {
  const senderKey = senderKeyOf(message);
  if (senderKey === undefined) return "no-sender";
  const content = readContent(message);
  if (content === undefined) return undefined;
  const person = people.find(
    ({ wa_id, user_id }) =>
      (wa_id !== undefined && wa_id === message.from) || user_id === senderKey,
  );
  const name = person?.profile?.name?.trim() ?? "";
  const groupId = message.group_id;
  return {
    // A change of number comes from the old address; its id is the message's own, as every other's.
    updateKey: message.id,
    chat: chatOf(message, senderKey),
    sender: { key: senderKey, ...(name !== "" && { displayName: name }) },
    networkMessageId: message.id,
    sentAt: new Date(message.timestamp * 1000).toISOString(),
    isAddressed:
      content.kind !== "migration" && (groupId === undefined || isReplyToUs(bot, message)),
    content,
  };
}

/** Where it was written. */
export function chatOf(
  { group_id: groupId }: CloudMessage,
  senderKey: string,
): IncomingMessage["chat"] {
  return groupId === undefined
    ? { key: senderKey, kind: "private" }
    : { key: toGroupKey(groupId), kind: "group" };
}

/**
 * The id that the business knows the person by, wherever there is one: it stays when the person takes a user name and
 * the phone number is hidden. It changes with the number, which a system message tells.
 */
export function senderKeyOf({ from, from_user_id, system }: CloudMessage): string | undefined {
  const formerId = system === undefined ? from_user_id : (system.previous_user_id ?? undefined);
  if (formerId !== undefined && isUserId(formerId)) return formerId;
  return from !== undefined && isPhone(from) ? from : undefined;
}

/** In a group the bot is meant by an answer to one of its messages; the API tells of no mentions. */
function isReplyToUs(bot: BotAccount, { context }: CloudMessage): boolean {
  const own = (bot.settings.username ?? "").replace(/\D/g, "");
  return own !== "" && context?.from?.replace(/\D/g, "") === own;
}

/** Undefined: nothing to answer. What we do not know is still somebody's message: media of kind `other`. */
function readContent(message: CloudMessage): IncomingContent | undefined {
  switch (message.type) {
    case "text":
      return message.text === undefined ? OTHER : { kind: "text", text: message.text.body };
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return readMedia(message.type, message[message.type]);
    case "location":
      return { kind: "media", media: "location" };
    case "contacts":
      return { kind: "media", media: "contact" };
    case "button":
      return readTap(message, message.button?.payload);
    case "interactive":
      return readTap(
        message,
        message.interactive?.button_reply?.id ?? message.interactive?.list_reply?.id,
      );
    case "edit":
      return readEdit(message);
    case "system":
      return readMove(message);
    // The chat was opened for the first time (where the number asks to be told).
    case "request_welcome":
      return { kind: "text", text: "/start" };
    // A reaction asks nothing (`toReactions` reads it), and what was deleted is not answered a second time.
    case "reaction":
    case "revoke":
      return undefined;
    default:
      return OTHER;
  }
}

const OTHER: IncomingContent = { kind: "media", media: "other" };

const MEDIA = {
  image: "photo",
  video: "video",
  audio: "audio",
  document: "document",
  sticker: "sticker",
} as const satisfies Record<string, MediaKind>;

function readMedia(type: keyof typeof MEDIA, file: CloudFile | undefined): IncomingContent {
  if (file === undefined) return { kind: "media", media: MEDIA[type] };
  return {
    kind: "media",
    media: type === "audio" && file.voice === true ? "voice" : MEDIA[type],
    fileKey: file.id,
    ...(file.mime_type !== undefined && { mediaType: file.mime_type.split(";")[0]?.trim() ?? "" }),
    ...(file.caption !== undefined && file.caption !== "" && { caption: file.caption }),
  };
}

function readTap(message: CloudMessage, data: string | undefined): IncomingContent {
  // The reply to a form, or a button that we did not make.
  if (data === undefined || Buffer.byteLength(data) > 64) return OTHER;
  return { kind: "button", data, callbackKey: message.id };
}

function readEdit({ edit }: CloudMessage): IncomingContent | undefined {
  const edited = edit?.message;
  const text =
    edited?.text?.body ??
    edited?.image?.caption ??
    edited?.video?.caption ??
    edited?.document?.caption;
  if (edit === undefined || text === undefined) return undefined;
  return { kind: "edit", text, editedMessageId: edit.original_message_id };
}

/** The person has another number, and with it another id. */
function readMove({ system }: CloudMessage): IncomingContent | undefined {
  const isMove = /^(user|customer)_changed_(number|user_id)$/.test(system?.type ?? "");
  if (system === undefined || !isMove) return undefined;
  const number = system.wa_id ?? system.new_wa_id;
  if (system.user_id !== undefined && isUserId(system.user_id)) {
    return { kind: "migration", newChatKey: system.user_id };
  }
  return number !== undefined && isPhone(number)
    ? { kind: "migration", newChatKey: number }
    : undefined;
}

function wamidOf(item: unknown): string {
  const id = typeof item === "object" && item !== null && "id" in item ? item.id : undefined;
  return typeof id === "string" && /^[\w.+/=-]{1,200}$/.test(id) ? id : "none";
}
