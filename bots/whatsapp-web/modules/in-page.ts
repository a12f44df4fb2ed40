/**
 * What runs in the page, among WhatsApp's own modules. Kept as text: it is sent as it stands, whatever translates
 * this file. Each throws where a module is missing.
 */

const SERIAL = `const serial = (wid) => (wid && typeof wid === "object" ? wid._serialized : wid) ?? undefined;`;

/** Every chat in memory, which are all. */
export const LIST_CHATS = `(() => {
  ${SERIAL}
  const phoneOf = (wid) => {
    try { return serial(window.require("WAWebLidMigrationUtils").toPn(wid)); } catch { return undefined; }
  };
  const { Chat } = window.require("WAWebCollections");
  const user = window.require("WAWebUserPrefsMeUser");
  const own = [user.getMaybeMePnUser?.(), user.getMaybeMeLidUser?.()].map(serial).filter(Boolean);
  const chats = Chat.getModelsArray().map((chat) => {
    const last = chat.msgs?.getModelsArray?.().at(-1);
    return {
      jid: serial(chat.id),
      phoneJid: phoneOf(chat.id),
      title: chat.formattedTitle ?? chat.name,
      unread: chat.unreadCount,
      t: chat.t,
      last: last?.id?.id,
    };
  });
  return { own, chats };
})()`;

const PICK = `const pick = (model) => {
  const data = window.WWebJS.getMessageModel(model);
  const quoted = data.quotedMsg;
  return {
    id: serial(data.id),
    type: data.type,
    text: data.directPath ? data.caption : data.body || data.pollName,
    t: data.t,
    ack: data.ack,
    author: serial(data.id.participant ?? data.author),
    name: data.notifyName,
    mentions: (data.mentionedJidList ?? []).map(serial),
    isEdited: Boolean(data.latestEditSenderTimestampMs),
    fileName: data.filename,
    seconds: Number(data.duration),
    ...(quoted && {
      quote: { text: quoted.caption ?? quoted.body, by: serial(data.quotedParticipant) },
    }),
  };
};`;

/** The newest messages of a chat, oldest first; null: there is no such chat. */
export function readMessages(jid: string, limit: number): string {
  return `(async () => {
  ${SERIAL}
  ${PICK}
  const chat = await window.WWebJS.getChat(${JSON.stringify(jid)}, { getAsModel: false });
  if (!chat) return null;
  // What is loaded goes before what is there: the collection itself need not tell two of one second apart.
  let all = [...chat.msgs.getModelsArray()];
  while (all.length < ${limit}) {
    const loaded = await window.require("WAWebChatLoadMessages").loadEarlierMsgs({ chat });
    const known = new Set(all.map((model) => serial(model.id)));
    const earlier = (loaded ?? []).filter((model) => !known.has(serial(model.id)));
    if (earlier.length === 0) break;
    all = [...earlier, ...all];
  }
  return all.sort((a, b) => a.t - b.t).slice(-${limit}).map(pick);
})()`;
}

export function readAck(messageId: string): string {
  return `window.require("WAWebCollections").Msg.get(${JSON.stringify(messageId)})?.ack`;
}

/** Marks the chat read, and says "typing". Neither is worth a failure. */
export function attend(jid: string): string {
  const id = JSON.stringify(jid);
  return `(async () => {
  try { await window.WWebJS.sendSeen(${id}); } catch {}
  try { await window.WWebJS.sendChatstate("typing", ${id}); } catch {}
})()`;
}

/** What must be there, by module. A module that was renamed loses its events without a sign. */
const NEEDED: Readonly<Record<string, string>> = {
  WAWebCollections: "Msg.on && Msg.get && Chat.getModelsArray",
  WAWebSocketModel: "Socket.state",
  WAWebChatLoadMessages: "loadEarlierMsgs",
  WAWebWidFactory: "createWid",
  WAWebMsgKey: "newId",
  WAWebSendMsgChatAction: "addAndSendMsgToChat",
  WAWebUserPrefsMeUser: "getMaybeMePnUser",
  WAWebDownloadManager: "downloadManager",
};

/** The page was loaded anew, or never had it. */
export const NOT_INJECTED = "modules: the library is not in the page";

/** Sentences of what is missing; none: it hears, reads and can send. */
export const PROBE = `(() => {
  const failures = [];
  const look = (name, members) => {
    let found;
    try { found = window.require(name); } catch {}
    if (!found) return failures.push("modules: " + name + " is not there");
    for (const path of members.split(" && ")) {
      if (path.split(".").reduce((at, key) => at?.[key], found) === undefined)
        failures.push("modules: " + name + "." + path + " is not there");
    }
  };
  for (const [name, members] of Object.entries(${JSON.stringify(NEEDED)})) look(name, members);
  if (typeof window.WWebJS?.getMessageModel !== "function" || typeof window.onAddMessageEvent !== "function")
    failures.push(${JSON.stringify(NOT_INJECTED)});
  return failures;
})()`;
