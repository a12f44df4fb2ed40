import { ask } from "./link.js";
import { newOwnId } from "./message-id.js";
import { changed, putMessage, set, state } from "./state.js";

/** Sent by a person here, and not yet known to be taken by the server. */
const outgoing = new Map();

export const actions = {
  async open(jid) {
    if (state.openChat === jid) return;
    const unread = state.chats.get(jid)?.unread ?? 0;
    set({
      openChat: jid,
      replyTo: undefined,
      menuFor: undefined,
      isDrawerOpen: false,
      unreadAtOpening: unread,
      firstUnreadId: undefined,
      attachments: [],
    });
    if (!state.conversations.has(jid)) await load(jid);
    const messages = state.conversations.get(jid)?.messages ?? [];
    if (unread > 0) set({ firstUnreadId: messages.at(-unread)?.id });
    actions.markRead();
  },

  async loadOlder() {
    const conversation = state.conversations.get(state.openChat);
    if (conversation === undefined || !conversation.hasMore || conversation.isLoading) return;
    conversation.isLoading = true;
    const first = conversation.messages[0];
    const page = await ask("messages", { chat: state.openChat, before: first?.id });
    conversation.isLoading = false;
    if (page === undefined) return;
    conversation.hasMore = page.hasMore;
    const known = new Set(conversation.messages.map(({ id }) => id));
    conversation.messages.unshift(...page.messages.filter(({ id }) => !known.has(id)));
    changed();
  },

  /** What is in sight is read; a page in the background reads nothing. */
  markRead() {
    const chat = state.chats.get(state.openChat);
    if (chat === undefined || (chat.unread === 0 && !chat.isMentioned)) return;
    if (isHidden() || state.isConflicted || !state.conversations.has(chat.jid)) return;
    void ask("read", { chat: chat.jid });
  },

  async sendText(text) {
    const trimmed = text.trim();
    if (trimmed === "" || state.openChat === undefined) return;
    await submit({ text: trimmed, files: [] });
  },

  async sendFiles(files, caption) {
    set({ attachments: [] });
    for (const [at, file] of files.entries()) {
      await submit({ text: at === 0 ? caption.trim() : "", files: [file] });
    }
  },

  /** After the connection is back: what the server has already is not taken twice. */
  resend() {
    for (const message of outgoing.values()) void deliver(message);
  },

  async refresh() {
    const { openChat } = state;
    for (const jid of state.conversations.keys())
      if (jid !== openChat) state.conversations.delete(jid);
    if (openChat !== undefined) await load(openChat);
    actions.markRead();
  },

  setDraft(jid, text) {
    if (text === "") state.drafts.delete(jid);
    else state.drafts.set(jid, text);
    changed();
  },
};

export const isHidden = () => document.visibilityState === "hidden" || state.settings.isHidden;

async function load(jid) {
  const page = await ask("messages", { chat: jid });
  if (page === undefined) return;
  const waiting = [...outgoing.values()].filter(({ chat }) => chat === jid).map(toOwnRow);
  const known = new Set(page.messages.map(({ id }) => id));
  const messages = [...page.messages, ...waiting.filter(({ id }) => !known.has(id))];
  state.conversations.set(jid, {
    messages,
    hasMore: page.hasMore,
    isLoading: false,
    heights: new Map(),
  });
  changed();
}

async function submit({ text, files }) {
  const message = {
    id: newOwnId(),
    chat: state.openChat,
    text,
    quote: state.replyTo?.id,
    atMs: Date.now(),
    media: await Promise.all(files.map(toUpload)),
  };
  outgoing.set(message.id, message);
  state.drafts.delete(message.chat);
  set({ replyTo: undefined });
  if (message.media.length === 0) putMessage(toOwnRow(message));
  await deliver(message);
}

async function deliver(message) {
  const isTaken = await ask("send", message);
  if (isTaken !== undefined) outgoing.delete(message.id);
}

/** The row as it stands before the server knows of it. */
function toOwnRow({ id, chat, text, atMs }) {
  return {
    id,
    chat,
    text,
    atMs,
    isOwn: true,
    author: null,
    kind: "text",
    media: [],
    quote: null,
    mentions: [],
    reactions: [],
    isEdited: false,
    isDeleted: false,
    ack: "pending",
    version: 0,
  };
}

export function toUpload(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () =>
      resolve({
        fileName: file.name,
        mimeType: file.type === "" ? "application/octet-stream" : file.type,
        base64: String(reader.result).replace(/^[^,]*,/, ""),
      });
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
