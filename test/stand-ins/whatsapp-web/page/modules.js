import { toUpload } from "./actions.js";
import { ask } from "./link.js";
import { newOwnId } from "./message-id.js";
import { mediaModules } from "./module-media.js";
import { MsgKey, MsgModel, toWid, Wid } from "./module-models.js";
import {
  add,
  Chat,
  Cmd,
  Conn,
  chatModel,
  findChat,
  Msg,
  msgs,
  reactionTableMode,
  Socket,
} from "./module-store.js";
import { onChange, state } from "./state.js";

/**
 * `window.Debug.VERSION` and `window.require(name)`: the inside of WhatsApp Web that whatsapp-web.js 1.34.7
 * reaches into. What it needs for the events of messages and for sending is here; every other name throws,
 * as an unknown module does in the real page.
 */
const VERSION = "2.3000.1031000000";

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
  WAWebAdvSignatureApi: {},
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
  WAWebAddonReactionTableMode: { reactionTableMode },
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
