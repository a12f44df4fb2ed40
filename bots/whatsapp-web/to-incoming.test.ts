import { describe, expect, it } from "vitest";
import type { MessageRow } from "./detection/page-reader.ts";
import { type ReadRow, toChatKind, toIncoming } from "./to-incoming.ts";

const readAt = new Date("2026-11-21T19:00:30Z");

function row(part: Partial<MessageRow> = {}): MessageRow {
  return {
    rawId: "false_50688887777@c.us_3AF0",
    canonicalId: "3AF0",
    direction: "in",
    kind: "text",
    text: "¿Qué se publicó?",
    isEdited: false,
    mentionsUs: false,
    isComplete: true,
    votes: {},
    ...part,
  };
}

function read(part: Partial<MessageRow> = {}, more: Partial<ReadRow> = {}): ReadRow {
  return {
    row: row(part),
    chatKey: "50688887777@c.us",
    chatKind: "private",
    readAt,
    isChanged: false,
    ownNames: ["Pregonero"],
    choices: [],
    ...more,
  };
}

describe("a row of the page as a message", () => {
  it("is keyed by its id in one form, so that a changed form is the same message", () => {
    const other = toIncoming(read({ rawId: "3AF0" }));
    expect(toIncoming(read())).toEqual(other);
    expect(other).toEqual({
      updateKey: "3AF0",
      chat: { key: "50688887777@c.us", kind: "private" },
      sender: { key: "50688887777@c.us" },
      networkMessageId: "3AF0",
      sentAt: readAt.toISOString(),
      isAddressed: true,
      content: { kind: "text", text: "¿Qué se publicó?" },
    });
  });

  it("is dated by the page where the page is sure", () => {
    const sentAt = "2026-11-21T18:59:00.000Z";
    expect(toIncoming(read({ sentAt }))?.sentAt).toBe(sentAt);
  });

  it("is an edit under a key of its own, once for each text", () => {
    const first = toIncoming(read({ text: "a", isEdited: true }, { isChanged: true }));
    const second = toIncoming(read({ text: "b", isEdited: true }, { isChanged: true }));
    expect(first).toMatchObject({ content: { kind: "edit", text: "a", editedMessageId: "3AF0" } });
    expect(new Set([first?.updateKey, second?.updateKey, "3AF0"]).size).toBe(3);
  });

  it("means us in a group by a mention or a reply to us only", () => {
    const group = { chatKind: "group", chatKey: "g@g.us", writerKey: "1@lid" } as const;
    const sender = { name: "Ana", key: "1@lid" };
    expect(toIncoming(read({ sender }, group))).toMatchObject({
      isAddressed: false,
      sender: { key: "g@g.us/1@lid", displayName: "Ana" },
    });
    const text = "@Pregonero ¿qué hay?";
    expect(toIncoming(read({ sender, text, mentionsUs: true }, group))).toMatchObject({
      isAddressed: true,
      content: { text: "¿qué hay?" },
    });
    const quote = { isOurs: true };
    expect(toIncoming(read({ quote }, group))?.isAddressed).toBe(true);
  });

  it("is the button whose number or words it says", () => {
    const choices = [
      { label: "Hablar con una persona", data: "handover" },
      { label: "Ver más", data: "more" },
    ];
    for (const text of ["2", "2)", " ver MÁS "]) {
      expect(toIncoming(read({ text }, { choices }))?.content).toEqual({
        kind: "button",
        data: "more",
        callbackKey: "3AF0",
      });
    }
    expect(toIncoming(read({ text: "3" }, { choices }))?.content.kind).toBe("text");
    expect(toIncoming(read({ text: "2" }))?.content.kind).toBe("text");
  });

  it("tells media with caption, length and file", () => {
    const voice = { kind: "voice", text: "", media: { seconds: 7 } } as const;
    expect(toIncoming(read(voice, { fileKey: "f", sizeBytes: 9 }))?.content).toEqual({
      kind: "media",
      media: "voice",
      fileKey: "f",
      sizeBytes: 9,
      seconds: 7,
    });
    expect(toIncoming(read({ kind: "photo", text: "mire" }))?.content).toMatchObject({
      media: "photo",
      caption: "mire",
    });
  });

  it("is nothing for what no person wrote", () => {
    for (const kind of ["system", "deleted"] as const) {
      expect(toIncoming(read({ kind }))).toBeUndefined();
    }
    expect(toIncoming(read({ text: "  " }))).toBeUndefined();
  });

  it("of an unknown kind is its words, or something that was not understood", () => {
    expect(toIncoming(read({ kind: "unknown" }))?.content.kind).toBe("text");
    expect(toIncoming(read({ kind: "unknown", text: "" }))?.content).toEqual({
      kind: "media",
      media: "other",
    });
  });

  it("takes a chat of unknown kind for a group when somebody else than its name writes", () => {
    expect(toChatKind("unknown", "Barrio", row({ sender: { name: "Ana" } }))).toBe("group");
    expect(toChatKind("unknown", "Ana", row({ sender: { name: "ana" } }))).toBe("private");
    expect(toChatKind("unknown", "x", row({ chatJid: "1-2@g.us" }))).toBe("group");
    expect(toChatKind("private", "Barrio", row({ sender: { name: "Ana" } }))).toBe("private");
  });
});
