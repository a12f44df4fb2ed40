import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toChatJid, toChats, toRow, toSentId } from "./to-row.ts";

const OWN = { jids: ["50622223333@c.us", "200000000000001@lid"], name: "Pregonero" };
const CHAT = "50688887777@c.us";
const GROUP = "120363041234567890@g.us";

const message = (fields: object) => ({
  id: `false_${CHAT}_3AB0`,
  type: "chat",
  text: "hola",
  t: 1_790_000_000,
  ack: 1,
  mentions: [],
  isEdited: false,
  ...fields,
});

describe("a message of the modules", () => {
  it("has the id of its row, whatever the form", () => {
    for (const id of [`false_${CHAT}_3AB0`, `false_${GROUP}_3AB0_${CHAT}`, "3AB0"]) {
      expect(toRow(message({ id }), OWN)?.canonicalId).toBe("3AB0");
    }
  });

  it("is ours or theirs by its id alone", () => {
    expect(toRow(message({ id: "3AB0" }), OWN)?.direction).toBe("unknown");
    expect(toRow(message({}), OWN)).toMatchObject({
      direction: "in",
      chatJid: CHAT,
      sentAt: "2026-09-21T14:13:20.000Z",
    });
    expect(toRow(message({ id: `true_${CHAT}_3EB0` }), OWN)?.direction).toBe("out");
  });

  it("tells the tick of our own only", () => {
    const tick = (ack: unknown) => toRow(message({ id: `true_${CHAT}_3EB0`, ack }), OWN)?.tick;
    expect([-1, 0, 1, 2, 3, 4, 9, "x"].map(tick)).toEqual([
      "failed",
      "pending",
      "sent",
      "delivered",
      "read",
      "read",
      undefined,
      undefined,
    ]);
    expect(toRow(message({ ack: 3 }), OWN)?.tick).toBeUndefined();
  });

  it("means us by mention or by quotation, and then by our name", () => {
    const row = toRow(
      message({
        id: `false_${GROUP}_3AB0_${CHAT}`,
        author: "50688887777:12@c.us",
        name: "Ana\u202e",
        text: "@200000000000001 ¿qué plazo hay?",
        mentions: ["200000000000001@lid"],
        quote: { text: "lo nuestro", by: "50622223333@s.whatsapp.net" },
      }),
      OWN,
    );
    expect(row).toMatchObject({
      text: "@Pregonero ¿qué plazo hay?",
      mentionsUs: true,
      sender: { name: "Ana", key: CHAT },
      quote: { text: "lo nuestro", isOurs: true },
    });
    const other = message({ mentions: [CHAT], quote: { text: "x", by: CHAT } });
    expect(toRow(other, OWN)).toMatchObject({ mentionsUs: false, quote: { isOurs: false } });
  });

  it("keeps nothing of what was deleted, and reads again what is still encrypted", () => {
    expect(toRow(message({ type: "revoked" }), OWN)).not.toHaveProperty("text");
    expect(toRow(message({ type: "ciphertext", text: undefined }), OWN)).toMatchObject({
      kind: "unknown",
      isComplete: false,
    });
    expect(toRow(message({ type: "list_response", text: "2" }), OWN)?.kind).toBe("text");
  });

  it("leaves out what is not as it should be, and never throws", () => {
    const odd = { text: 5, t: "now", author: {}, mentions: "x", seconds: -1, fileName: [] };
    expect(toRow(message({ ...odd, type: "document" }), OWN)).toMatchObject({ kind: "document" });
    expect(toRow({ type: "chat" }, OWN)).toBeUndefined();
    fc.assert(fc.property(fc.anything(), (raw) => void toRow(raw, OWN)));
    fc.assert(fc.property(fc.anything(), (raw) => void [toSentId(raw), toChatJid(raw)]));
  });
});

describe("the chats of the modules", () => {
  const chat = (jid: string, fields: object = {}) => ({
    jid,
    title: "Ana",
    unread: 0,
    t: 5,
    ...fields,
  });

  it("are those of people and groups, without ourselves, longest waiting first", () => {
    const { chats } = toChats({
      own: OWN.jids,
      chats: [
        chat(CHAT, { t: 9, title: "\u202aAna\u202c" }),
        chat(GROUP, { t: 1, title: "Vecinas", unread: -1 }),
        chat("status@broadcast"),
        chat("123@newsletter"),
        chat("50622223333@s.whatsapp.net"),
        { title: "no id" },
      ],
    });
    expect(chats).toMatchObject([
      { jid: GROUP, kind: "group", unreadCount: 0 },
      { jid: CHAT, kind: "private", phone: "50688887777", title: "Ana" },
    ]);
  });

  it("are told apart where they share a title, and known by phone though they go by lid", () => {
    const { chats } = toChats({
      own: [],
      chats: [chat("1234567@lid", { phoneJid: CHAT }), chat("50611112222@c.us")],
    });
    expect(chats).toMatchObject([
      { jid: "1234567@lid", phone: "50688887777", isTitleShared: true },
      { jid: "50611112222@c.us", isTitleShared: true },
    ]);
  });

  it("show another preview after each message, without its words", () => {
    const preview = (fields: object) =>
      toChats({ own: [], chats: [chat(CHAT, fields)] }).chats[0]?.preview;
    expect(preview({ last: "3AB0" })).not.toBe(preview({ last: "3AB1" }));
    expect(preview({ t: 6 })).not.toBe(preview({ t: 7 }));
  });

  it("are refused when they are no list", () => {
    expect(() => toChats({ own: [], chats: "none" })).toThrow();
  });
});

it("reads the chat of an event from whichever form its id has", () => {
  const id = { _serialized: `false_${CHAT}_3AB0`, remote: "50688887777@s.whatsapp.net" };
  expect(toChatJid({ id })).toBe(CHAT);
  expect(toChatJid({ id: { ...id, remote: { _serialized: GROUP } } })).toBe(GROUP);
  expect(toChatJid({ id: { _serialized: id._serialized } })).toBe(CHAT);
  expect(toSentId({ id })?.canonicalId).toBe("3AB0");
});
