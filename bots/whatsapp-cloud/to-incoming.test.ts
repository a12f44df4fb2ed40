import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { asId } from "../../src/core/ids.ts";
import type { Logger } from "../../src/core/logger.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { toIncoming } from "./to-incoming.ts";
import { toReceipts } from "./to-receipts.ts";

const NUMBER = "106540352242922";
const bot: BotAccount = {
  tenantId: asId("t"),
  botId: asId("b"),
  botKey: "k",
  channel: "whatsapp-cloud",
  name: "Municipalidad",
  secrets: {},
  settings: { networkId: NUMBER, username: "+506 4000 1001" },
};

/** Documented payloads: developers.facebook.com, "messages webhook reference", June 2026. */
const change = (value: object, numberId = NUMBER) => ({
  field: "messages",
  value: {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "50640001001", phone_number_id: numberId },
    ...value,
  },
});
const webhook = (...changes: object[]) => ({
  object: "whatsapp_business_account",
  entry: changes.map((one) => ({ id: "102290129340398", changes: [one] })),
});
const base = { from: "50688887777", id: "wamid.A", timestamp: "1749416383" };
const text = (id: string, body: string) => ({ ...base, id, type: "text", text: { body } });
const read = (message: object, extra: object = {}) =>
  toIncoming(bot, webhook(change({ messages: [message], ...extra })), silentLogger);
const contentOf = (message: object) => read({ ...base, ...message })[0]?.content;

describe("a message", () => {
  it("is read with its sender's name, and is its own key", () => {
    const contacts = [{ profile: { name: " Ana Solís " }, wa_id: "50688887777" }];
    expect(read(text("wamid.A", "¿Qué se publicó?"), { contacts })).toEqual([
      {
        updateKey: "wamid.A",
        chat: { key: "50688887777", kind: "private" },
        sender: { key: "50688887777", displayName: "Ana Solís" },
        networkMessageId: "wamid.A",
        sentAt: "2025-06-08T20:59:43.000Z",
        isAddressed: true,
        content: { kind: "text", text: "¿Qué se publicó?" },
      },
    ]);
  });

  it("goes by the id that stays when the phone number is hidden", () => {
    const id = { from_user_id: "CR.13491208655302741918" };
    const withPhone = read({ ...text("wamid.A", "hola"), ...id })[0];
    const { from: _, ...hidden } = { ...text("wamid.B", "hola"), ...id };
    const withoutPhone = read(hidden)[0];
    expect(withPhone?.chat).toEqual({ key: "CR.13491208655302741918", kind: "private" });
    expect(withoutPhone?.chat).toEqual(withPhone?.chat);
  });

  it.each<[string, object, object]>([
    [
      "a photo with its caption",
      { type: "image", image: { id: "1", mime_type: "image/jpeg", caption: "¿qué dice?" } },
      { media: "photo", fileKey: "1", mediaType: "image/jpeg", caption: "¿qué dice?" },
    ],
    [
      "a voice note",
      { type: "audio", audio: { id: "2", mime_type: "audio/ogg; codecs=opus", voice: true } },
      { media: "voice", fileKey: "2", mediaType: "audio/ogg" },
    ],
    ["a song", { type: "audio", audio: { id: "3" } }, { media: "audio", fileKey: "3" }],
    ["a film", { type: "video", video: { id: "4" } }, { media: "video", fileKey: "4" }],
    ["a file", { type: "document", document: { id: "5" } }, { media: "document", fileKey: "5" }],
    ["a sticker", { type: "sticker", sticker: { id: "6" } }, { media: "sticker", fileKey: "6" }],
    ["a place", { type: "location", location: { latitude: 9.9 } }, { media: "location" }],
    ["a card", { type: "contacts", contacts: [] }, { media: "contact" }],
    ["an order", { type: "order", order: {} }, { media: "other" }],
    ["what the API does not support", { type: "unsupported", errors: [] }, { media: "other" }],
    ["a type of tomorrow", { type: "hologram" }, { media: "other" }],
    ["a photo without its file", { type: "image" }, { media: "photo" }],
    [
      "the answer to a form",
      { type: "interactive", interactive: { type: "nfm_reply", nfm_reply: {} } },
      { media: "other" },
    ],
  ])("reads %s", (_, message, content) => {
    expect(contentOf(message)).toEqual({ kind: "media", ...content });
  });

  it.each<[string, object]>([
    ["button_reply", { button_reply: { id: "cmd:today", title: "Hoy" } }],
    ["list_reply", { list_reply: { id: "cmd:today", title: "Hoy", description: "…" } }],
  ])("reads a tap: %s", (type, answer) => {
    expect(contentOf({ type: "interactive", interactive: { type, ...answer } })).toEqual({
      kind: "button",
      data: "cmd:today",
      callbackKey: "wamid.A",
    });
  });

  it("reads the quick reply of a template", () => {
    expect(contentOf({ type: "button", button: { payload: "BAJA", text: "Baja" } })).toMatchObject({
      kind: "button",
      data: "BAJA",
    });
  });

  it("takes the first opening of the chat for /start", () => {
    expect(contentOf({ type: "request_welcome" })).toEqual({ kind: "text", text: "/start" });
  });

  it("reads a correction, of a text as of a caption", () => {
    const edit = (message: object) => ({
      type: "edit",
      edit: { original_message_id: "wamid.0", message },
    });
    const corrected = { kind: "edit", text: "otra", editedMessageId: "wamid.0" };
    expect(contentOf(edit({ type: "text", text: { body: "otra" } }))).toEqual(corrected);
    expect(contentOf(edit({ type: "image", image: { id: "1", caption: "otra" } }))).toEqual(
      corrected,
    );
    expect(read({ ...base, ...edit({ type: "image", image: { id: "1" } }) })).toEqual([]);
  });

  it("follows a person to another number, by id where there is one", () => {
    const moved = { type: "user_changed_number", wa_id: "50699990000" };
    expect(read({ ...base, type: "system", system: moved })[0]).toMatchObject({
      chat: { key: "50688887777" },
      content: { kind: "migration", newChatKey: "50699990000" },
      isAddressed: false,
    });
    const ids = { user_id: "CR.2", previous_user_id: "CR.1" };
    expect(read({ ...base, type: "system", system: { ...moved, ...ids } })[0]).toMatchObject({
      chat: { key: "CR.1" },
      content: { kind: "migration", newChatKey: "CR.2" },
    });
  });

  it("asks nothing when it is a reaction or a deletion", () => {
    expect(read({ ...base, type: "reaction", reaction: { message_id: "x", emoji: "👍" } })).toEqual(
      [],
    );
    expect(read({ ...base, type: "revoke", revoke: { original_message_id: "x" } })).toEqual([]);
  });

  it("is for us in a group only as an answer to our own message", () => {
    const group = { ...text("wamid.A", "hola"), group_id: "Y2FwaV9ncm91cDox" };
    expect(read(group)[0]).toMatchObject({
      chat: { key: "group:Y2FwaV9ncm91cDox", kind: "group" },
      isAddressed: false,
    });
    const answer = { ...group, context: { from: "50640001001", id: "wamid.9" } };
    expect(read(answer)[0]?.isAddressed).toBe(true);
  });

  it("of 65,536 characters, right to left or with markup stays what it is", () => {
    for (const body of ["a".repeat(65_536), "\u202eabc\u200b", "<b>&amp;</b>"]) {
      expect(read(text("wamid.A", body))[0]?.content).toEqual({ kind: "text", text: body });
    }
  });
});

describe("a batch", () => {
  it("is read whole: every entry, change and message, in order", () => {
    const body = {
      object: "whatsapp_business_account",
      entry: [
        {
          changes: [
            change({ messages: [text("1", "uno"), text("2", "dos")] }),
            change({ messages: [text("3", "tres")] }),
          ],
        },
        { changes: [change({ messages: [text("4", "cuatro")] })] },
      ],
    };
    const keys = toIncoming(bot, body, silentLogger).map(({ updateKey }) => updateKey);
    expect(keys).toEqual(["1", "2", "3", "4"]);
  });

  it("loses only the message that is broken, and names it by its id alone", () => {
    const notes: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (event, fields) => void notes.push(JSON.stringify({ event, ...fields })),
    };
    const broken = [
      { ...base, id: "wamid.bad", type: "text", text: { body: 5 } },
      { ...base, id: undefined, type: "text" },
      { id: "wamid.nobody", timestamp: "1", type: "text", text: { body: "secreto" } },
      { ...base, timestamp: "mañana", type: "text", text: { body: "secreto" } },
      null,
      "text",
    ];
    const messages = [text("1", "uno"), ...broken, text("2", "dos")];
    const changes = [change({ messages }), { field: "messages" }, change({ messages: "none" })];
    const body = webhook(...changes, change({ messages: [text("3", "tres")] }));
    const keys = toIncoming(bot, { ...body, entry: [7, ...body.entry] }, logger);
    expect(keys.map(({ updateKey }) => updateKey)).toEqual(["1", "2", "3"]);
    expect(notes).toHaveLength(broken.length);
    expect(notes.join()).not.toMatch(/secreto|50688887777/);
    expect(notes[0]).toContain("wamid.bad");
  });

  it("ignores the messages and statuses of another number, noting the number's id", () => {
    const notes: object[] = [];
    const logger: Logger = {
      ...silentLogger,
      info: (event, fields) => void notes.push({ event, ...fields }),
    };
    const foreign = change(
      {
        messages: [text("1", "uno")],
        statuses: [{ id: "wamid.S", status: "sent", timestamp: "1" }],
      },
      "999",
    );
    const body = webhook(foreign, change({ messages: [text("2", "dos")] }));
    expect(toIncoming(bot, body, logger).map(({ updateKey }) => updateKey)).toEqual(["2"]);
    expect(toReceipts(bot, body, silentLogger)).toEqual([]);
    expect(notes).toEqual([
      { event: "whatsapp-other-number-ignored", botId: "b", numberId: "999" },
    ]);
  });

  it("of other fields, or of another product, concerns nobody", () => {
    const template = { field: "message_template_status_update", value: { event: "APPROVED" } };
    expect(toIncoming(bot, webhook(template), silentLogger)).toEqual([]);
    expect(toIncoming(bot, { object: "page", entry: [] }, silentLogger)).toEqual([]);
  });

  it("never throws anything but bad-update, whatever a change holds", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (message, value) => {
        const body = webhook(change({ messages: [message], statuses: [message] }), {
          field: "messages",
          value: value as object,
        });
        expect(() => toIncoming(bot, body, silentLogger)).not.toThrow();
        expect(() => toReceipts(bot, body, silentLogger)).not.toThrow();
      }),
    );
  });
});

describe("receipts", () => {
  const status = (fields: object) => ({ id: "wamid.S", timestamp: "1750030073", ...fields });
  const receiptsOf = (...statuses: object[]) =>
    toReceipts(bot, webhook(change({ statuses })), silentLogger);
  const OUTBOX = "01890000-0000-7000-8000-000000000001";

  it("tell what became of a message, with our own id when it is echoed", () => {
    expect(receiptsOf(status({ status: "delivered", biz_opaque_callback_data: OUTBOX }))).toEqual([
      {
        networkMessageId: "wamid.S",
        outboxId: OUTBOX,
        status: "delivered",
        at: "2025-06-15T23:27:53.000Z",
      },
    ]);
  });

  it("take a recording that was played for read, and pass over what tells nothing", () => {
    const names = ["sent", "read", "played", "deleted", "warning"];
    const found = receiptsOf(...names.map((name) => status({ status: name })));
    expect(found.map((receipt) => receipt.status)).toEqual(["sent", "read", "read"]);
  });

  it("say in stable words why a message failed", () => {
    const failed = (code: number) =>
      receiptsOf(status({ status: "failed", errors: [{ code, title: "…" }] }))[0]?.reason;
    expect([131026, 131047, 131049, 4711].map(failed)).toEqual([
      "undeliverable",
      "outside-window",
      "marketing-limited",
      "graph-4711",
    ]);
    expect(receiptsOf(status({ status: "failed" }))[0]?.reason).toBe("failed");
  });

  it("ignore an echo that is no id of ours", () => {
    const found = receiptsOf(status({ status: "sent", biz_opaque_callback_data: "order 5" }));
    expect(found[0]).not.toHaveProperty("outboxId");
  });
});
