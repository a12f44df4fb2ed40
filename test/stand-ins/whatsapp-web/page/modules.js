import { toUpload } from "./actions.js";
import { ask, onServerEvent } from "./link.js";
import { newOwnId } from "./message-id.js";
import { mediaModules } from "./module-media.js";
import { ChatModel, Emitter, MsgKey, MsgModel, toFields, toWid, Wid } from "./module-models.js";
import { onChange, state } from "./state.js";
import { takeOver } from "./tab-lock.js";

/**
 * `window.Debug.VERSION` and `window.require(name)`: the inside of WhatsApp Web that whatsapp-web.js 1.34.7
 * reaches into. What it needs for the events of messages and for sending is here; every other name throws,
 * as an unknown module does in the real page.
 */
const VERSION = "2.3000.1031000000";

const jidOf = ({ jid, lid }) => (state.settings.usesLids && lid ? lid : jid);
const msgs = new Map();
const chats = new Map();
const Socket = new Emitter();
const Conn = new Emitter();
const Cmd = new Emitter();
const Msg = new Emitter();
const Chat = new Emitter();
let newest = 0;

Object.assign(Socket, {
  state: "OPENING",
  hasSynced: false,
  logout: () => ask("log-out"),
  takeover: takeOver,
  on(name, listener) {
    Emitter.prototype.on.call(Socket, name, listener);
    // Who comes when all is there already would wait for ever: said again, as whatsapp-web.js counts on.
    if (name === "change:hasSynced" && Socket.hasSynced)
      setTimeout(() => listener(Socket, true), 50);
  },
});

Object.assign(Conn, {
  ref: undefined,
  platform: "android",
  serialize: () => ({
    pushname: state.own.name,
    platform: "android",
    ref: Conn.ref,
    connected: true,
  }),
});

Object.assign(Msg, {
  modelClass: MsgModel,
  get: (id) => msgs.get(String(id)),
  getModelsArray: () => [...msgs.values()],
  async getMessagesById(ids) {
    const found = [];
    for (const id of ids) {
      const stanza = String(id).split("_")[2] ?? "";
      const answer = await ask("find-message", { id: stanza });
      if (answer?.message) found.push(add(answer.message, false));
    }
    return { messages: found };
  },
});

Object.assign(Chat, {
  get: (wid) => findChat(String(wid)),
  getModelsArray: () => [...state.chats.values()].map((chat) => chatModel(chat)),
});

function findChat(serialized) {
  const found = [...state.chats.values()].find(
    ({ jid, lid }) => jid === serialized || lid === serialized,
  );
  return found === undefined ? undefined : chatModel(found);
}

function chatModel(chat) {
  const known = chats.get(chat.jid);
  if (known !== undefined) return known;
  const own = () =>
    [...msgs.values()].filter((msg) => msg.chatJid === chat.jid).sort((a, b) => a.t - b.t);
  const model = new ChatModel(chat, { jidOf, msgs: own });
  chats.set(chat.jid, model);
  return model;
}

function add(message, isNewMsg) {
  newest = Math.max(newest, message.version);
  const chat = state.chats.get(message.chat) ?? {
    jid: message.chat,
    lid: message.chat,
    kind: "private",
    participants: [],
    name: "",
    unread: 0,
  };
  const fields = toFields(message, { chat, own: state.own, jidOf });
  const key = fields.id._serialized;
  const known = msgs.get(key);
  if (known !== undefined) return change(known, fields);
  const model = new MsgModel({
    ...fields,
    isNewMsg,
    chatJid: message.chat,
    version: message.version,
  });
  msgs.set(key, model);
  if (isNewMsg) Msg.emit("add", model);
  return model;
}

function change(model, fields) {
  const before = { ...model };
  Object.assign(model, fields, { id: model.id });
  Msg.emit("change", model);
  for (const name of ["ack", "type", "body", "caption"]) {
    if (before[name] !== model[name]) Msg.emit(`change:${name}`, model, model[name], before[name]);
  }
  return model;
}

function react(message) {
  const parent = msgs.get(
    toFields(message, { chat: state.chats.get(message.chat), own: state.own, jidOf }).id
      ._serialized,
  );
  const rows = message.reactions.map(({ emoji, by }) => ({
    id: parent.id,
    reactionParentKey: parent.id,
    reactionText: emoji,
    reactionTimestamp: Date.now(),
    from: by === "" ? parent.from : toWid(by),
  }));
  table.WAWebAddonReactionTableMode.reactionTableMode.bulkUpsert(rows);
}

/** What came while the connection was gone is new when it is back. */
async function catchUp(list) {
  const since = newest;
  newest = Math.max(newest, ...list.map(({ last }) => last?.version ?? 0));
  for (const { jid, last } of list) {
    if (last === null || last.version <= since) continue;
    const page = since === 0 ? undefined : await ask("messages", { chat: jid });
    for (const message of page?.messages ?? [last]) {
      if (message.version > since) add(message, since > 0);
    }
  }
}

onServerEvent((event) => {
  if (event.kind === "snapshot") void catchUp(event.state.chats);
  if (event.kind === "chat") {
    const model = chats.get(event.chat.jid);
    const before = model?.unreadCount;
    model?.update(event.chat, jidOf);
    if (model !== undefined && before !== event.chat.unread) Chat.emit("change:unreadCount", model);
  }
  if (event.kind === "message") {
    add(event.message, event.isNew);
    if (event.message.reactions.length > 0) react(event.message);
  }
  if (event.kind === "logged-out") Cmd.emit("logout");
});

onChange(() => {
  follow();
  if (Cmd.progress !== state.progress) {
    Cmd.progress = state.progress;
    Cmd.emit("offline_progress_update_from_bridge");
  }
  if (state.phase === "main" && !Socket.hasSynced) {
    Socket.hasSynced = true;
    Socket.emit("change:hasSynced", Socket, true);
  }
});

/** Keeps the socket's state and the sign-in code as the page has them. */
function follow() {
  const ref = state.login.kind === "qr" ? state.login.ref.split(",")[0] : undefined;
  if (ref !== undefined && ref !== Conn.ref) {
    Conn.ref = ref;
    Conn.keys = state.login.ref.split(",");
    Conn.emit("change:ref", Conn, ref);
  }
  const now = socketState();
  if (now === Socket.state) return;
  Socket.state = now;
  Socket.emit("change:state", Socket, now);
}

function socketState() {
  if (!state.isConnected) return "TIMEOUT";
  if (state.phase === "main") return state.isConflicted ? "CONFLICT" : "CONNECTED";
  if (state.phase === "loading" || state.login.kind === "waiting") return "OPENING";
  return state.login.kind === "expired" ? "UNPAIRED_IDLE" : "UNPAIRED";
}

/** Takes what the caller made of a message, with the id that the caller chose. */
function addAndSend(chat, message) {
  const model = new MsgModel({ ...message, chatJid: chat.jid, version: 0 });
  msgs.set(message.id._serialized, model);
  Msg.emit("add", model);
  return [Promise.resolve(model), deliver(chat, message)];
}

async function deliver(chat, message) {
  const file = message.mediaBlob?.data;
  const media = file === undefined ? [] : [await toUpload(file)];
  const text = (file === undefined ? message.body : message.caption) ?? "";
  await ask("send", {
    id: message.id.id,
    chat: chat.jid,
    text,
    quote: message.quotedStanzaID,
    media,
  });
  return { messageSendResult: "OK" };
}

const bytesOf = (base64) => Uint8Array.from(atob(base64 ?? ""), (letter) => letter.charCodeAt(0));
const links = (text) =>
  [...(text ?? "").matchAll(/https?:\/\/[^\s<>"]+/g)].map(([href]) => ({
    href,
    suspiciousCharacters: new Set(),
  }));

/** A code is asked for, and comes with the next view of the sign-in page. */
async function pair() {
  await ask("pairing-code");
  return new Promise((resolve) => {
    const look = () => state.login.kind === "pairing" && resolve(state.login.code.replace("-", ""));
    onChange(look);
    look();
  });
}

async function findOrCreate(wid) {
  const known = findChat(String(wid));
  if (known !== undefined) return { chat: known };
  const answer = await ask("find-number", { phone: wid.user });
  if (!answer?.jid) throw new Error(`No LID for user`);
  if (!state.chats.has(answer.jid)) state.chats.set(answer.jid, answer.chat);
  return { chat: chatModel(state.chats.get(answer.jid)) };
}

const newKey = Object.assign(MsgKey, { newId: async () => newOwnId() });
const contactOf = (wid) => {
  const chat = [...state.chats.values()]
    .flatMap((one) => [one, ...one.participants])
    .find(({ jid, lid }) => [jid, lid].includes(String(wid)));
  return {
    id: toWid(wid),
    name: chat?.name ?? "",
    isSaved: chat?.isSaved ?? false,
    serialize: () => ({ id: { ...toWid(wid) } }),
  };
};
const typing = (isTyping) => (wid) =>
  ask("typing", { chat: findChat(String(wid))?.jid ?? String(wid), isTyping });
const none = () => undefined;
const no = () => false;

const table = {
  ...mediaModules,
  WAWebSocketModel: { Socket },
  WAWebConnModel: { Conn },
  WAWebCmd: { Cmd: Object.assign(Cmd, { refreshQR: () => ask("reload-code") }) },
  WAWebCollections: {
    Msg,
    Chat,
    Contact: { get: contactOf, find: async (wid) => contactOf(wid) },
    GroupMetadata: { update: async () => {} },
    Blocklist: { get: none },
  },
  WAWebOfflineHandler: {
    OfflineMessageHandler: { getOfflineDeliveryProgress: () => state.progress },
  },
  WAWebSignalStoreApi: {
    waSignalStore: {
      getRegistrationInfo: async () => ({ identityKeyPair: { pubKey: bytesOf(Conn.keys?.[2]) } }),
    },
  },
  WAWebUserPrefsInfoStore: {
    waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: bytesOf(Conn.keys?.[1]) } }) },
  },
  WABase64: { encodeB64: (bytes) => btoa(String.fromCharCode(...bytes)) },
  WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: "1" },
  WAWebUserPrefsMultiDevice: { getADVSecretKey: () => Conn.keys?.[3] },
  WAWebAltDeviceLinkingApi: {
    setPairingType: none,
    initializeAltDeviceLinking: async () => {},
    initializeQRLinking: () => ask("reload-code"),
    startAltLinkingFlow: pair,
  },
  WAWebLaunchSocketUtils: { refreshQR: () => ask("reload-code") },
  WAWebUserPrefsMeUser: {
    getMaybeMePnUser: () => toWid(state.own.jid),
    getMaybeMeLidUser: () => toWid(state.own.lid),
  },
  WAWebWidFactory: {
    createWid: toWid,
    createWidFromWidLike: toWid,
    asUserWidOrThrow: toWid,
    isWid: (like) => like instanceof Wid,
  },
  WAWebMiscBrowserUtils: { info: () => ({ os: "Linux", name: "Chrome" }) },
  WALinkify: { findLink: (text) => links(text)[0], findLinks: links },
  WAWebMsgKey: newKey,
  WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
  WAWebSendMsgChatAction: { addAndSendMsgToChat: addAndSend },
  WAWebLinkPreviewChatAction: { getLinkPreview: async () => null },
  WAWebChatGetters: { getIsNewsletter: no, getIsBroadcast: no },
  WAWebSyncGatingUtils: { isPlaceholderMessageResendEnabled: no },
  WAWebCallCollection: {},
  WAWebAddonReactionTableMode: { reactionTableMode: { bulkUpsert: none } },
  WAWebAddonPollVoteTableMode: { pollVoteTableMode: { bulkUpsert: none } },
  WAWebStreamModel: { Stream: { markAvailable: none, markUnavailable: none } },
  WAWebUpdateUnreadChatAction: { sendSeen: ({ chat }) => ask("read", { chat: chat.jid }) },
  WAWebMsgReply: { canReplyMsg: (msg) => msg.canReply() },
  WAWebQuotedMsgModelUtils: {
    getQuotedMsgObj: (msg) => [...msgs.values()].find(({ id }) => id.id === msg.quotedStanzaID),
  },
  WAWebChatStateBridge: {
    sendChatStateComposing: typing(true),
    sendChatStateRecording: typing(true),
    sendChatStatePaused: typing(false),
  },
  WAWebQueryExistsJob: {
    async queryWidExists(wid) {
      const answer = await ask("find-number", { phone: wid.user, isQuestion: true });
      return answer?.jid ? { wid: toWid(answer.jid) } : null;
    },
  },
  WAWebFindChatAction: { findOrCreateLatestChat: findOrCreate },
  WAWebLidMigrationUtils: { toPn: (wid) => toPhone(wid) },
  WAWebApiContact: { getAlternateUserWid: none },
  WAWebContactGetters: new Proxy({}, { get: (_, name) => CONTACT[name] ?? none }),
  WAWebFrontendContactGetters: { getIsMyContact: ({ isSaved }) => isSaved },
  WAWebChatLoadMessages: { loadEarlierMsgs: loadEarlier },
};

const CONTACT = {
  getIsMe: ({ id }) => [state.own.jid, state.own.lid].includes(id._serialized),
  getIsUser: ({ id }) => id.isUser(),
  getIsGroup: ({ id }) => id.isGroup(),
  getIsWAContact: () => true,
  getUserid: ({ id }) => id.user,
  getName: ({ name, isSaved }) => (isSaved ? name : undefined),
  getPushname: ({ name }) => name,
};

function toPhone(wid) {
  const people = [...state.chats.values()].flatMap((chat) => [chat, ...chat.participants]);
  const found = people.find(({ lid }) => lid === String(wid));
  return found === undefined ? undefined : toWid(found.jid);
}

async function loadEarlier({ chat }) {
  const first = chat.msgs.getModelsArray()[0];
  const page = await ask("messages", { chat: chat.jid, before: first?.id.id });
  return (page?.messages ?? []).map((message) => add(message, false));
}

export function installModules() {
  window.Debug = { VERSION };
  window.require = (name) => {
    const found = table[name];
    if (found === undefined) throw new Error(`Requiring unknown module "${name}"`);
    return found;
  };
}
