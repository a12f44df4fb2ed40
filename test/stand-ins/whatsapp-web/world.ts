import { EventEmitter } from "node:events";
import { type MediaInput, toMedia } from "./media.ts";
import type { Ack, Chat, Mention, Message, Person, Quote } from "./model.ts";
import { newMessageId, OWN_JID, OWN_LID, toChat, toPerson } from "./people.ts";

export interface Incoming {
  /** Jid or name of the chat; an unknown jid begins a chat. */
  readonly chat: string;
  /** Jid or name of the writer in a group; in a private chat it is the other person. */
  readonly from?: string;
  readonly text?: string;
  /** Several files make an album. */
  readonly media?: MediaInput | readonly MediaInput[];
  /** Id of the quoted message. */
  readonly quote?: string;
  /** `me`, or jids; the text must hold their `@Name`, else it is put before it. */
  readonly mention?: readonly string[];
  readonly atMs?: number;
  readonly id?: string;
  readonly kind?: Message["kind"];
}

/** Chats and messages of one account, as WhatsApp's servers and the phone have them. */
export function createWorld(ports: { readonly now: () => number; readonly ownName: string }) {
  const chats = new Map<string, Chat>();
  const history = new Map<string, Message[]>();
  const events = new EventEmitter<{ chat: [Chat]; message: [Message, { isNew: boolean }] }>();
  let version = 0;

  function findChat(name: string): Chat {
    const found =
      chats.get(name) ??
      [...chats.values()].find((chat) => chat.name === name || chat.lid === name);
    if (found !== undefined) return found;
    if (!/@(c|g)\.us$/.test(name)) throw new Error(`there is no chat "${name}"`);
    return putChat(toChat(name));
  }

  function putChat(chat: Chat): Chat {
    chats.set(chat.jid, chat);
    if (!history.has(chat.jid)) history.set(chat.jid, []);
    events.emit("chat", chat);
    return chat;
  }

  const messagesOf = (jid: string): Message[] => history.get(jid) ?? [];

  function append(message: Omit<Message, "version">): Message {
    version += 1;
    const kept = { ...message, version };
    const list = messagesOf(message.chat);
    // In the order of time: what arrives after a pause of the connection may be older than the last row.
    let at = list.length;
    while (at > 0 && (list[at - 1]?.atMs ?? 0) > kept.atMs) at -= 1;
    list.splice(at, 0, kept);
    events.emit("message", kept, { isNew: true });
    return kept;
  }

  function change(id: string, part: Partial<Message>): Message {
    for (const list of history.values()) {
      const at = list.findIndex((message) => message.id === id);
      const old = list[at];
      if (old === undefined) continue;
      version += 1;
      const changed = { ...old, ...part, version };
      list[at] = changed;
      events.emit("message", changed, { isNew: false });
      return changed;
    }
    throw new Error(`there is no message ${id}`);
  }

  function find(id: string): Message | undefined {
    for (const list of history.values()) {
      const found = list.find((message) => message.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  function toQuote(id: string | undefined): Quote | undefined {
    const quoted = id === undefined ? undefined : find(id);
    if (quoted === undefined) return undefined;
    const { isOwn, author, text } = quoted;
    return { id: quoted.id, isOwn, authorName: isOwn ? ports.ownName : (author?.name ?? ""), text };
  }

  function toAuthor(chat: Chat, from: string | undefined): Person {
    if (chat.kind !== "group") return toPerson(chat.jid, chat.isSaved ? chat.name : undefined);
    const known = chat.participants.find(({ jid, name }) => jid === from || name === from);
    if (known !== undefined) return known;
    const first = chat.participants[0];
    if (from === undefined && first !== undefined) return first;
    if (from?.endsWith("@c.us")) return toPerson(from);
    throw new Error(`"${from}" is not in the group ${chat.name}`);
  }

  function toMention(chat: Chat, who: string): Mention {
    if (who === "me") return { label: `@${ports.ownName}`, jid: OWN_LID };
    const person = chat.participants.find(({ jid, name }) => jid === who || name === who);
    return { label: `@${person?.name ?? who}`, jid: person?.lid ?? who };
  }

  function receive(incoming: Incoming, { isRead = false } = {}): string {
    const chat = findChat(incoming.chat);
    const mentions = (incoming.mention ?? []).map((who) => toMention(chat, who));
    const media = [incoming.media ?? []].flat().map(toMedia);
    const message = append({
      id: incoming.id ?? newMessageId(Number(chat.lid.at(5)) % 2 === 0 ? "iphone" : "android"),
      chat: chat.jid,
      author: incoming.kind === "system" ? undefined : toAuthor(chat, incoming.from),
      isOwn: false,
      atMs: incoming.atMs ?? ports.now(),
      kind: incoming.kind ?? (media.length > 1 ? "album" : media.length === 1 ? "media" : "text"),
      text: withLabels(incoming.text ?? "", mentions),
      media,
      quote: toQuote(incoming.quote),
      mentions,
      reactions: [],
      isEdited: false,
      isDeleted: false,
      ack: "sent",
    });
    if (message.kind !== "system" && !isRead) {
      const isMentioned = chat.isMentioned || mentions.some(({ jid }) => jid === OWN_LID);
      putChat({ ...findChat(chat.jid), unread: chat.unread + 1, isMentioned, isTyping: false });
    }
    return message.id;
  }

  /** Whoever is meant stays so: the phone keeps mentions in what is corrected. */
  function edit(id: string, text: string): void {
    const mentions = find(id)?.mentions ?? [];
    change(id, { text: withLabels(text, mentions), isEdited: true });
  }

  /** A message of our own: from the page, or written on the phone. */
  function addOwn(own: {
    readonly id: string;
    readonly chat: string;
    readonly text: string;
    readonly media?: readonly MediaInput[];
    readonly quote?: string | undefined;
    readonly ack: Ack;
    readonly atMs?: number;
  }): Message {
    const media = (own.media ?? []).map(toMedia);
    return append({
      id: own.id,
      chat: findChat(own.chat).jid,
      author: undefined,
      isOwn: true,
      atMs: own.atMs ?? ports.now(),
      kind: media.length > 0 ? "media" : "text",
      text: own.text,
      media,
      quote: toQuote(own.quote),
      mentions: [],
      reactions: [],
      isEdited: false,
      isDeleted: false,
      ack: own.ack,
    });
  }

  return {
    events,
    findChat,
    putChat,
    receive,
    addOwn,
    change,
    edit,
    find,
    messagesOf,
    chats: (): readonly Chat[] => [...chats.values()],
    changeChat: (name: string, part: Partial<Chat>) => putChat({ ...findChat(name), ...part }),
    own: { jid: OWN_JID, lid: OWN_LID, name: ports.ownName },
  };
}

/** Those that are meant stand in the text, wherever the sender put them. */
function withLabels(text: string, mentions: readonly Mention[]): string {
  const absent = mentions.map(({ label }) => label).filter((label) => !text.includes(label));
  return [...absent, text].join(" ").trimStart();
}

export type World = ReturnType<typeof createWorld>;
