import { z } from "zod";
import { cleanText, cleanTitle, MAX_TEXT } from "../detection/clean-text.ts";
import { kindOfJid, normaliseJid, phoneOfJid, readMessageId } from "../detection/message-id.ts";
import type { MessageRow, MessageRowKind, Tick } from "../detection/page-reader.ts";
import type { EngineChat } from "../session/engine.ts";

const jid = z.string().min(3).max(160);
const optionalJid = jid.optional().catch(undefined);
const words = z
  .string()
  .transform((text) => text.slice(0, MAX_TEXT))
  .optional()
  .catch(undefined);
const seconds = z.number().int().min(0).max(86_400).optional().catch(undefined);

const chatSchema = z.object({
  jid,
  phoneJid: optionalJid,
  title: z.string().catch(""),
  unread: z.number().int().catch(0),
  t: z.number().catch(0),
  last: z.string().optional().catch(undefined),
});

const listSchema = z.object({ own: z.array(jid), chats: z.array(z.unknown()) });

const messageSchema = z.object({
  id: z.string().min(1).max(400),
  type: z.string().catch(""),
  text: words,
  t: z.number().positive().max(10_000_000_000).optional().catch(undefined),
  ack: z.number().optional().catch(undefined),
  author: optionalJid,
  name: words,
  mentions: z.array(z.string()).catch([]),
  isEdited: z.boolean().catch(false),
  fileName: words,
  seconds,
  quote: z.object({ text: words, by: optionalJid }).optional().catch(undefined),
});

/** Who we are in this page: to tell mentions and quotes of us. */
export interface OwnIdentity {
  readonly jids: readonly string[];
  /** As `toIncoming` cuts it out of a text that mentions us. */
  readonly name: string;
}

export interface ListedChat extends EngineChat {
  readonly jid: string;
  readonly unreadCount: number;
}

/**
 * The chats in which people can be answered, the one that has waited longest first. `preview` is no text: it changes
 * whenever something was written, and so does its digest. Throws a `ZodError` on anything that is no list of chats.
 */
export function toChats(raw: unknown): {
  readonly own: readonly string[];
  readonly chats: readonly ListedChat[];
} {
  const list = listSchema.parse(raw);
  const own = list.own.map(normaliseJid);
  const parsed = list.chats.flatMap((each) => {
    const chat = chatSchema.safeParse(each).data;
    return chat === undefined ? [] : [chat];
  });
  const titles = new Map<string, number>();
  for (const { title } of parsed) {
    titles.set(cleanTitle(title), (titles.get(cleanTitle(title)) ?? 0) + 1);
  }
  const chats = parsed
    .toSorted((a, b) => a.t - b.t)
    .map((chat) => toChat(chat, titles))
    .filter((chat) => chat.kind !== "unknown" && !own.includes(chat.jid));
  return { own, chats };
}

function toChat(raw: z.infer<typeof chatSchema>, titles: ReadonlyMap<string, number>): ListedChat {
  const id = normaliseJid(raw.jid);
  const phone = phoneOfJid(id) ?? phoneOfJid(raw.phoneJid);
  const title = cleanTitle(raw.title);
  return {
    title,
    jid: id,
    kind: kindOfJid(id),
    ...(phone !== undefined && { phone }),
    unreadCount: Math.max(0, raw.unread),
    preview: `${raw.t} ${raw.last ?? ""}`,
    ...((titles.get(title) ?? 0) > 1 && { isTitleShared: true }),
  };
}

/** Undefined: not even an id. Its other fields are left out where they are not what they should be. */
export function toRow(raw: unknown, own: OwnIdentity): MessageRow | undefined {
  const parsed = messageSchema.safeParse(raw).data;
  if (parsed === undefined) return undefined;
  const { canonicalId, chatJid, participant, direction } = readMessageId(parsed.id);
  const kind = toKind(parsed.type, parsed.text);
  const text = toText(parsed.text, own);
  const author = parsed.author === undefined ? participant : normaliseJid(parsed.author);
  const isOurs = (by: string | undefined) =>
    by !== undefined && own.jids.includes(normaliseJid(by));
  const name = cleanTitle(parsed.name ?? "");
  const tick = direction === "out" ? TICKS[String(parsed.ack)] : undefined;
  const quote = parsed.quote && {
    ...(parsed.quote.text !== undefined && { text: cleanText(parsed.quote.text) }),
    ...(parsed.quote.by !== undefined && { isOurs: isOurs(parsed.quote.by) }),
  };
  const sender = {
    ...(name !== "" && { name }),
    ...(author !== undefined && { key: author }),
  };
  return {
    rawId: parsed.id,
    canonicalId,
    ...(chatJid !== undefined && { chatJid }),
    direction: direction ?? "unknown",
    kind,
    ...(text !== "" && kind !== "deleted" && { text }),
    ...(direction === "in" && Object.keys(sender).length > 0 && { sender }),
    ...(parsed.t !== undefined && { sentAt: new Date(parsed.t * 1_000).toISOString() }),
    ...(quote && { quote }),
    isEdited: parsed.isEdited,
    mentionsUs: parsed.mentions.some(isOurs),
    ...(tick !== undefined && { tick }),
    ...toMedia(kind, parsed),
    isComplete: kind !== "unknown",
    votes: {},
  };
}

/** A mention is written with the digits of whom it means: ours become our name. */
function toText(raw: string | undefined, own: OwnIdentity): string {
  let text = raw ?? "";
  for (const each of own.jids) text = text.replaceAll(`@${each.split("@")[0]}`, `@${own.name}`);
  return cleanText(text);
}

function toKind(type: string, text: string | undefined): MessageRowKind {
  if (type === "chat") return "text";
  const kind = KINDS[type];
  if (kind !== undefined) return kind;
  // Answers to lists and buttons have types of their own, and say what was chosen.
  return text !== undefined && text !== "" ? "text" : "unknown";
}

function toMedia(kind: MessageRowKind, raw: z.infer<typeof messageSchema>) {
  if (!["document", "photo", "video", "voice", "audio", "sticker"].includes(kind)) return {};
  const fileName = cleanTitle(raw.fileName ?? "");
  return {
    media: {
      ...(fileName !== "" && { fileName }),
      ...(raw.seconds !== undefined && { seconds: raw.seconds }),
    },
  };
}

/** `Message.ack` of whatsapp-web.js; 4: a voice note was played. */
const TICKS: Readonly<Record<string, Tick>> = {
  "-1": "failed",
  "0": "pending",
  "1": "sent",
  "2": "delivered",
  "3": "read",
  "4": "read",
};

/** `Message.type`. A ciphertext waits for its keys: unknown, so that it is read again. */
const KINDS: Readonly<Record<string, MessageRowKind>> = {
  image: "photo",
  video: "video",
  ptt: "voice",
  audio: "audio",
  document: "document",
  sticker: "sticker",
  location: "location",
  live_location: "location",
  vcard: "contact",
  multi_vcard: "contact",
  poll_creation: "poll",
  album: "album",
  revoked: "deleted",
  ciphertext: "unknown",
  e2e_notification: "system",
  notification: "system",
  notification_template: "system",
  gp2: "system",
  broadcast_notification: "system",
  call_log: "system",
  protocol: "system",
  debug: "system",
  pinned_message: "system",
};

const eventSchema = z.object({
  id: z.object({
    _serialized: z.string().min(1).max(400),
    remote: z.union([z.string(), z.object({ _serialized: z.string() })]).optional(),
  }),
});

/** Of a message that the library returns or reports. */
export function toSentId(raw: unknown): { rawId: string; canonicalId: string } | undefined {
  const rawId = eventSchema.safeParse(raw).data?.id._serialized;
  return rawId === undefined ? undefined : { rawId, canonicalId: readMessageId(rawId).canonicalId };
}

/** The chat of a message that the library reports. */
export function toChatJid(raw: unknown): string | undefined {
  const id = eventSchema.safeParse(raw).data?.id;
  if (id === undefined) return undefined;
  const remote = typeof id.remote === "object" ? id.remote._serialized : id.remote;
  return remote === undefined ? readMessageId(id._serialized).chatJid : normaliseJid(remote);
}
