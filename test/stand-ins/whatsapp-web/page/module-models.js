/** The data that WhatsApp's own modules hand out, as far as whatsapp-web.js 1.34.7 reads it. */

export class Emitter {
  listeners = new Map();

  on(names, listener) {
    for (const name of names.split(" ")) {
      this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
    }
  }

  off(name, listener) {
    this.listeners.set(
      name,
      (this.listeners.get(name) ?? []).filter(
        (known) => known !== listener && known.original !== listener,
      ),
    );
  }

  once(name, listener) {
    const wrapped = (...values) => {
      this.off(name, wrapped);
      listener(...values);
    };
    wrapped.original = listener;
    this.on(name, wrapped);
  }

  emit(name, ...values) {
    for (const listener of this.listeners.get(name) ?? []) {
      // As in the real page, a listener that fails takes nothing with it, and nobody hears of it.
      try {
        listener(...values);
      } catch (error) {
        console.warn("a listener failed", name, error);
      }
    }
  }
}

export class Wid {
  constructor(serialized) {
    const [user, server] = serialized.split("@");
    this.server = server;
    this.user = user;
    this._serialized = serialized;
  }

  isLid() {
    return this.server === "lid";
  }

  isGroup() {
    return this.server === "g.us";
  }

  isUser() {
    return this.server === "c.us" || this.server === "lid";
  }

  isStatus() {
    return this.server === "broadcast";
  }

  toJid() {
    return this._serialized;
  }

  toString() {
    return this._serialized;
  }
}

export function toWid(like) {
  const text = typeof like === "string" ? like : like?._serialized;
  if (typeof text !== "string" || !/^[^@\s]+@[a-z.]+$/.test(text))
    throw new Error(`invalid wid ${text}`);
  return new Wid(text.replace("@s.whatsapp.net", "@c.us"));
}

export class MsgKey {
  constructor({ from, to, id, participant, selfDir, fromMe, remote }) {
    this.fromMe = fromMe ?? selfDir === "out";
    this.remote = remote ?? (this.fromMe ? to : from);
    this.id = id;
    if (participant !== undefined && participant !== null) this.participant = participant;
    const tail = this.participant === undefined ? "" : `_${this.participant._serialized}`;
    this._serialized = `${this.fromMe}_${this.remote._serialized}_${id}${tail}`;
  }

  toString() {
    return this._serialized;
  }
}

const ACKS = { failed: -1, pending: 0, sent: 1, delivered: 2, read: 3 };
const TYPES = {
  image: "image",
  video: "video",
  voice: "ptt",
  document: "document",
  sticker: "sticker",
};

/** The fields of a message as the server tells it. `jidOf` names a chat or person by the form in use. */
export function toFields(message, { chat, own, jidOf }) {
  const remote = toWid(jidOf(chat));
  const isGroup = chat.kind === "group";
  const author = message.author === null ? undefined : toWid(jidOf(message.author));
  const me = toWid(own.jid);
  const media = message.isDeleted ? undefined : message.media[0];
  return {
    id: new MsgKey({
      fromMe: message.isOwn,
      remote,
      id: message.id,
      participant: isGroup ? (message.isOwn ? me : author) : undefined,
    }),
    type: typeOf(message, media),
    body: media === undefined ? message.text : "",
    caption: media === undefined ? undefined : message.text,
    t: Math.floor(message.atMs / 1_000),
    from: message.isOwn ? me : remote,
    to: message.isOwn ? remote : me,
    author: isGroup && !message.isOwn ? author : undefined,
    notifyName: message.author?.name.replace(/^\+.*/, "") ?? "",
    ack: ACKS[message.ack],
    star: false,
    isForwarded: false,
    mentionedJidList: message.mentions.map(({ jid }) => toWid(jid)),
    hasReaction: message.reactions.length > 0,
    ...(message.isEdited && { latestEditSenderTimestampMs: Date.now() }),
    ...quoteFields(message, { chat, own, jidOf }),
    ...(media !== undefined && {
      directPath: `/v/${media.id}`,
      mediaKey: media.id,
      filehash: media.id,
      encFilehash: media.id,
      mimetype: media.mimeType,
      filename: media.kind === "document" ? media.fileName : undefined,
      size: media.size,
      duration: media.seconds > 0 ? String(media.seconds) : undefined,
    }),
  };
}

function typeOf(message, media) {
  if (message.isDeleted) return "revoked";
  if (message.kind === "system") return "e2e_notification";
  if (message.kind === "location") return "location";
  if (message.kind === "contact") return "vcard";
  if (message.kind === "poll") return "poll_creation";
  return media === undefined ? "chat" : TYPES[media.kind];
}

function quoteFields({ quote }, { own, jidOf, chat }) {
  if (quote === null) return {};
  return {
    quotedMsg: { type: "chat", body: quote.text },
    quotedStanzaID: quote.id,
    quotedParticipant: toWid(quote.isOwn ? own.jid : jidOf(chat)),
  };
}

export class MsgModel {
  constructor(fields) {
    Object.assign(this, fields);
    this.mediaObject = fields.directPath === undefined ? undefined : {};
    this.mediaData = fields.directPath === undefined ? undefined : { mediaStage: "RESOLVED" };
    this.isNotification = fields.type === "e2e_notification";
  }

  /** What can be told as JSON: no methods, no files. */
  serialize() {
    const { mediaObject, mediaData, mediaBlob, chatJid, version, ...fields } = this;
    const told = Object.entries(fields).filter(([, value]) => typeof value !== "function");
    return { ...Object.fromEntries(told), id: { ...this.id } };
  }

  unsafe() {
    return this;
  }

  canReply() {
    return this.type !== "revoked";
  }

  msgContextInfo() {
    return {
      quotedMsg: { type: this.type, body: this.body },
      quotedStanzaID: this.id.id,
      quotedParticipant: this.author ?? this.from,
    };
  }

  async downloadMedia() {}
}

export class ChatModel {
  constructor(chat, { jidOf, msgs }) {
    this.id = toWid(jidOf(chat));
    this.jid = chat.jid;
    this.msgs = { getModelsArray: () => msgs() };
    this.archive = false;
    this.isLocked = false;
    this.mute = { expiration: 0 };
    this.update(chat, jidOf);
  }

  update(chat, jidOf) {
    this.name = chat.name;
    this.formattedTitle = chat.name;
    this.unreadCount = chat.unread;
    this.t = Math.floor((chat.last?.atMs ?? 0) / 1_000);
    if (chat.kind !== "group") return;
    const participants = chat.participants.map((person) => ({
      id: toWid(jidOf(person)),
      isAdmin: false,
      isSuperAdmin: false,
    }));
    this.groupMetadata = {
      id: this.id,
      subject: chat.name,
      announce: false,
      isLidAddressingMode: false,
      participants,
      serialize: () => ({
        id: this.id,
        subject: chat.name,
        participants: participants.map((p) => ({ ...p })),
      }),
    };
  }

  serialize() {
    const { id, name, unreadCount, t, archive, isLocked } = this;
    return {
      id: { ...id },
      name,
      unreadCount,
      t,
      archive,
      isLocked,
      pin: 0,
      muteExpiration: 0,
      msgs: [],
    };
  }
}
