import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/core/clock.ts";
import { toBotAccount } from "./__fixtures__/bot-account.ts";
import { toIncoming } from "./to-incoming.ts";

const bot = toBotAccount({
  token: "42:secret",
  id: 42,
  username: "Pregonero_Bot",
  name: "Pregonero",
});
const clock: Clock = { now: () => new Date("2026-11-20T12:00:00Z") };
const ana = { id: 7, is_bot: false, first_name: "Ana", last_name: "Mora", language_code: "es-CR" };
const privateChat = { id: 7, type: "private", first_name: "Ana" };
const group = { id: -100, type: "supergroup", title: "Vecinos" };

/** Updates as the Bot API documents them (core.telegram.org/bots/api#update, Bot API 9.2, read 2026-11). */
const read = (fields: object) => toIncoming(bot, { update_id: 9, ...fields }, clock);
const message = (fields: object, chat: object = privateChat) =>
  read({ message: { message_id: 3, date: 1_700_000_000, from: ana, chat, ...fields } })[0];
const command = (text: string, length: number) => ({
  text,
  entities: [{ type: "bot_command", offset: 0, length }],
});

describe("toIncoming", () => {
  it("reads a private text with sender, language and time", () => {
    expect(message({ text: "¿Qué se publicó ayer?" })).toEqual({
      updateKey: "9",
      chat: { key: "7", kind: "private" },
      sender: { key: "7", displayName: "Ana Mora", language: "es" },
      networkMessageId: "3",
      sentAt: "2023-11-14T22:13:20.000Z",
      isAddressed: true,
      content: { kind: "text", text: "¿Qué se publicó ayer?" },
    });
  });

  it("strips the bot's own name from commands, in any case", () => {
    expect(message(command("/hoy@pregonero_bot la gaceta", 18))?.content).toEqual({
      kind: "text",
      text: "/hoy la gaceta",
    });
  });

  it("is addressed in groups by a mention, a reply to it or a command, and by nothing else", () => {
    const inGroup = (fields: object) => message(fields, group)?.isAddressed;
    const mention = (text: string, name: string) => ({
      text,
      entities: [{ type: "mention", offset: text.indexOf(name), length: name.length }],
    });
    const replyTo = (id: number) => ({
      text: "¿y mañana?",
      reply_to_message: { message_id: 1, from: { id, is_bot: true, first_name: "x" } },
    });
    expect(inGroup({ text: "buenos días" })).toBe(false);
    expect(inGroup(mention("oye @PREGONERO_bot dime", "@PREGONERO_bot"))).toBe(true);
    expect(inGroup(mention("oye @otro_bot dime", "@otro_bot"))).toBe(false);
    expect(
      inGroup({ text: "x", entities: [{ type: "text_mention", offset: 0, length: 1, user: ana }] }),
    ).toBe(false);
    expect(inGroup(replyTo(42))).toBe(true);
    expect(inGroup(replyTo(43))).toBe(false);
    expect(inGroup(command("/hoy", 4))).toBe(true);
    expect(inGroup(command("/hoy@otro_bot", 13))).toBe(false);
    expect(
      inGroup({
        photo: [{ file_id: "a" }],
        caption: "@Pregonero_Bot",
        caption_entities: [{ type: "mention", offset: 0, length: 14 }],
      }),
    ).toBe(true);
  });

  it("takes the mention out of the question", () => {
    const text = "oye @Pregonero_Bot ¿qué hay?";
    const entities = [{ type: "mention", offset: 4, length: 14 }];
    expect(message({ text, entities }, group)?.content).toEqual({
      kind: "text",
      text: "oye ¿qué hay?",
    });
  });

  it("keeps each topic of a group a conversation of its own", () => {
    expect(
      message({ text: "a", is_topic_message: true, message_thread_id: 55 }, group)?.chat.key,
    ).toBe("-100:55");
    expect(message({ text: "a", message_thread_id: 55 }, group)?.chat.key).toBe("-100");
  });

  it("reads edits of texts and captions, not those of live locations", () => {
    const edit = (fields: object) =>
      read({
        edited_message: {
          message_id: 3,
          date: 1,
          edit_date: 2,
          from: ana,
          chat: privateChat,
          ...fields,
        },
      });
    expect(edit({ text: "corregido" })[0]).toMatchObject({
      sentAt: "1970-01-01T00:00:02.000Z",
      content: { kind: "edit", text: "corregido", editedMessageId: "3" },
    });
    expect(edit({ location: { latitude: 1, longitude: 2 } })).toEqual([]);
  });

  it("gives the pictures of an album one key", () => {
    const photo = [{ file_id: "small" }, { file_id: "large" }];
    expect(message({ photo, media_group_id: "m1", caption: "mire" })?.content).toEqual({
      kind: "media",
      media: "photo",
      fileKey: "large",
      caption: "mire",
      albumKey: "m1",
    });
  });

  it("takes the largest size of a photo that a model takes", () => {
    const photo = [
      { file_id: "small", file_size: 2_000 },
      { file_id: "large", file_size: 300_000 },
      { file_id: "huge", file_size: 9_000_000 },
    ];
    expect(message({ photo })?.content).toEqual({
      kind: "media",
      media: "photo",
      fileKey: "large",
      sizeBytes: 300_000,
    });
  });

  it("keeps what is told of a voice note, and passes over what is told wrongly", () => {
    const voice = { file_id: "f", duration: 7, mime_type: "audio/ogg", file_size: 21_000 };
    expect(message({ voice })?.content).toEqual({
      kind: "media",
      media: "voice",
      fileKey: "f",
      mediaType: "audio/ogg",
      sizeBytes: 21_000,
      seconds: 7,
    });
    const odd = { file_id: "f", duration: -1, mime_type: 7, file_size: "many" };
    expect(message({ voice: odd })?.content).toEqual({
      kind: "media",
      media: "voice",
      fileKey: "f",
    });
  });

  it.each([
    ["voice", { voice: { file_id: "f" } }],
    ["audio", { audio: { file_id: "f" } }],
    ["video", { video_note: { file_id: "f" } }],
    ["video", { animation: { file_id: "f" }, document: { file_id: "f" } }],
    ["document", { document: { file_id: "f" } }],
    ["sticker", { sticker: { file_id: "f" } }],
    ["location", { venue: {}, location: {} }],
    ["contact", { contact: { phone_number: "1" } }],
    ["poll", { poll: { id: "1" } }],
    ["other", { dice: { value: 3 } }],
  ])("reads %s", (media, fields) => {
    expect(message(fields)?.content).toMatchObject({ kind: "media", media });
  });

  it("reads a tap on a button", () => {
    const tap = {
      id: "cb1",
      from: ana,
      data: "next:2",
      message: { message_id: 8, date: 0, chat: privateChat },
    };
    expect(read({ callback_query: tap })[0]).toMatchObject({
      chat: { key: "7" },
      networkMessageId: "8",
      sentAt: "2026-11-20T12:00:00.000Z",
      isAddressed: true,
      content: { kind: "button", data: "next:2", callbackKey: "cb1" },
    });
  });

  it.each([
    ["blocked", privateChat, "member", "kicked"],
    ["unblocked", privateChat, "kicked", "member"],
    ["joined", group, "left", "member"],
    ["joined", group, "kicked", "administrator"],
    ["left", group, "administrator", "left"],
  ])("reads that the bot was %s", (change, chat, before, after) => {
    const event = {
      chat,
      from: ana,
      date: 1,
      old_chat_member: { status: before },
      new_chat_member: { status: after },
    };
    expect(read({ my_chat_member: event })[0]?.content).toEqual({ kind: "membership", change });
  });

  it("says nothing of a mere promotion", () => {
    const event = {
      chat: group,
      from: ana,
      date: 1,
      old_chat_member: { status: "member" },
      new_chat_member: { status: "administrator" },
    };
    expect(read({ my_chat_member: event })).toEqual([]);
  });

  it("follows a group that became a supergroup, once", () => {
    const old = { id: -5, type: "group", title: "Vecinos" };
    expect(message({ migrate_to_chat_id: -1005 }, old)).toMatchObject({
      chat: { key: "-5" },
      content: { kind: "migration", newChatKey: "-1005" },
    });
    expect(
      message({ migrate_from_chat_id: -5 }, { id: -1005, type: "supergroup" }),
    ).toBeUndefined();
  });

  it("ignores channel posts, service messages, other bots and forwards of a linked channel", () => {
    expect(
      read({
        channel_post: { message_id: 1, date: 1, chat: { id: -9, type: "channel" }, text: "a" },
      }),
    ).toEqual([]);
    expect(message({ new_chat_members: [ana] }, group)).toBeUndefined();
    expect(message({ text: "a", from: { ...ana, is_bot: true } }, group)).toBeUndefined();
    expect(
      message({ text: "a", is_automatic_forward: true, sender_chat: { id: -9 } }, group),
    ).toBeUndefined();
    expect(message({ text: "a" }, { id: -9, type: "channel" })).toBeUndefined();
  });

  it("hears an anonymous admin under the group's name", () => {
    const from = { id: 1087968824, is_bot: true, first_name: "Group" };
    expect(
      message({ text: "/hoy", from, sender_chat: { id: -100, title: "Vecinos" } }, group)?.sender,
    ).toEqual({
      key: "-100",
      displayName: "Vecinos",
    });
  });
});
