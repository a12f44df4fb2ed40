import { ask, onServerEvent } from "./link.js";
import { ChatModel, Emitter, MsgModel, toFields, toWid } from "./module-models.js";
import { onChange, state } from "./state.js";
import { takeOver } from "./tab-lock.js";

/**
 * The collections and the connection as WhatsApp's own modules hand them out, kept in step with the page.
 */
const jidOf = ({ jid, lid }) => (state.settings.usesLids && lid ? lid : jid);
export const msgs = new Map();
const chats = new Map();
export const Socket = new Emitter();
export const Conn = new Emitter();
export const Cmd = new Emitter();
export const Msg = new Emitter();
export const Chat = new Emitter();
/** Whoever wants to hear of reactions puts a function of its own here, as whatsapp-web.js does. */
export const reactionTableMode = { bulkUpsert() {} };
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

export function findChat(serialized) {
  const found = [...state.chats.values()].find(
    ({ jid, lid }) => jid === serialized || lid === serialized,
  );
  return found === undefined ? undefined : chatModel(found);
}

export function chatModel(chat) {
  const known = chats.get(chat.jid);
  if (known !== undefined) return known;
  const own = () =>
    [...msgs.values()].filter((msg) => msg.chatJid === chat.jid).sort((a, b) => a.t - b.t);
  const model = new ChatModel(chat, { jidOf, msgs: own });
  chats.set(chat.jid, model);
  return model;
}

export function add(message, isNewMsg) {
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
    if ((before[name] ?? "") !== (model[name] ?? ""))
      Msg.emit(`change:${name}`, model, model[name], before[name]);
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
  reactionTableMode.bulkUpsert(rows);
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
