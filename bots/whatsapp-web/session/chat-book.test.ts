import { describe, expect, it } from "vitest";
import { createChatBook, toListDigest } from "./chat-book.ts";
import type { EngineChat } from "./engine.ts";

const now = new Date("2026-11-21T19:00:00Z");
const ana: EngineChat = { title: "Ana", kind: "private" };

function keyOf(book: ReturnType<typeof createChatBook>, chat: EngineChat, seen?: string[]) {
  return book.locate(chat, seen)?.chatKey;
}

describe("the chat book", () => {
  it("keeps a key through renames, new kinds of ids and restarts", () => {
    const book = createChatBook([]);
    const key = keyOf(book, { ...ana, jid: "50688887777@c.us" });
    expect(keyOf(book, { ...ana, title: "Ana M.", jid: "50688887777@c.us" })).toBe(key);
    expect(keyOf(book, { ...ana, title: "Ana M." })).toBe(key);
    expect(keyOf(book, { ...ana, title: "Ana M.", jid: "99@lid" })).toBe(key);
    const later = createChatBook(book.takeChanged(now));
    expect(keyOf(later, { title: "+506 8888-7777", kind: "private", phone: "50688887777" })).toBe(
      key,
    );
    expect(keyOf(later, { title: "x", kind: "unknown", jid: "99@lid" })).toBe(key);
    expect(later.get(key ?? "")).toMatchObject({ kind: "private" });
  });

  it("never takes two people of one name for each other", () => {
    const book = createChatBook([]);
    const one = keyOf(book, { ...ana, jid: "1@c.us" });
    const two = keyOf(book, { ...ana, jid: "2@c.us" });
    expect(one).not.toBe(two);
    expect(book.locate(ana)).toBeUndefined();
    book.noteRead(one ?? "", ["A1"], undefined);
    book.noteRead(two ?? "", ["B1"], undefined);
    expect(keyOf(book, ana, ["B0", "B1"])).toBe(two);
    expect(keyOf(book, ana, ["A1", "A2"])).toBe(one);
    const stranger = keyOf(book, ana, ["C1"]);
    expect([one, two]).not.toContain(stranger);
  });

  it("asks to open the chat first when the list shows its name twice", () => {
    const book = createChatBook([]);
    const shared = { ...ana, isTitleShared: true };
    expect(book.locate(shared)).toBeUndefined();
    const one = keyOf(book, shared, ["A1"]);
    book.noteRead(one ?? "", ["A1"], undefined);
    const two = keyOf(book, shared, ["B1"]);
    expect(two).not.toBe(one);
    expect(keyOf(book, shared, ["A1"])).toBe(one);
  });

  it("tells what changed, once, and again when it could not be written", () => {
    const book = createChatBook([]);
    const key = keyOf(book, ana) ?? "";
    const marks = book.takeChanged(now);
    expect(marks).toHaveLength(1);
    expect(book.takeChanged(now)).toEqual([]);
    book.putBack(marks);
    expect(book.takeChanged(now)).toEqual(marks);
    book.noteRead(key, ["1"], "d");
    book.takeChanged(now);
    book.noteRead(key, ["1"], "d");
    expect(book.takeChanged(now)).toEqual([]);
  });

  it("remembers the last fifty ids, newest last", () => {
    const book = createChatBook([]);
    const key = keyOf(book, ana) ?? "";
    book.noteRead(
      key,
      Array.from({ length: 70 }, (_, index) => `${index}`),
      undefined,
    );
    book.noteRead(key, ["30", "70"], undefined);
    const ids = book.get(key)?.lastReadIds ?? [];
    expect(ids).toHaveLength(50);
    expect(ids.slice(-3)).toEqual(["69", "30", "70"]);
  });

  it("keeps the account's own facts, and first contacts, over a restart", () => {
    const book = createChatBook([]);
    const key = keyOf(book, ana) ?? "";
    book.setFact("linked-at", now.toISOString());
    book.noteFirst(key, "wrote", now);
    book.noteFirst(key, "answered", now);
    const later = createChatBook(book.takeChanged(now));
    expect(later.fact("linked-at")).toBe(now.toISOString());
    expect(later.get(key)).toMatchObject({ wroteAt: now, answeredAt: now });
    expect(later.firstAnsweredSince(now)).toBe(1);
    expect(later.firstAnsweredSince(new Date(now.getTime() + 1))).toBe(0);
  });

  it("sees by a digest that something was written", () => {
    expect(toListDigest({ ...ana, preview: "a" })).toBe(toListDigest({ ...ana, preview: "a" }));
    expect(toListDigest({ ...ana, preview: "a" })).not.toBe(toListDigest({ ...ana, preview: "b" }));
  });
});
