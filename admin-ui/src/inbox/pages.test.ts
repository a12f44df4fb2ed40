import { describe, expect, it } from "vitest";
import type { Conversation } from "../api/types.ts";
import { withHead } from "./pages.ts";
import { standingOf } from "./standing.ts";

const entry = (id: string, minute: number) =>
  ({ conversationId: id, lastMessageAt: `2026-11-22T10:${minute}:00Z` }) as Conversation;
const idsOf = (pages: ReturnType<typeof withHead>) =>
  pages.flatMap(({ conversations }) => conversations.map(({ conversationId }) => conversationId));

describe("a list of which the beginning is read again", () => {
  const pages = [
    { conversations: [entry("d", 40), entry("c", 30)], next: "c" },
    { conversations: [entry("b", 20), entry("a", 10)], next: null },
  ];

  it("brings what was further down to the top, once", () => {
    const head = { conversations: [entry("a", 50), entry("d", 40)], next: "d" };
    expect(idsOf(withHead(pages, head, new Set(["a"])))).toEqual(["a", "d", "c", "b"]);
  });

  it("loses nothing that the new beginning pushed down", () => {
    const head = { conversations: [entry("e", 50), entry("d", 40)], next: "d" };
    expect(idsOf(withHead(pages, head, new Set(["e"])))).toEqual(["e", "d", "c", "b", "a"]);
  });

  it("drops what does not match any more", () => {
    const head = { conversations: [entry("c", 30), entry("b", 20)], next: "b" };
    expect(idsOf(withHead(pages, head, new Set(["d"])))).toEqual(["c", "b", "a"]);
  });

  it("is the beginning alone when nothing follows it", () => {
    const head = { conversations: [entry("d", 40)], next: null };
    expect(idsOf(withHead(pages, head, new Set()))).toEqual(["d"]);
  });
});

describe("what was sent in several parts", () => {
  it("stands as its worst part stands", () => {
    const read = { state: "sent", delivery: "read" };
    expect(standingOf([read, { state: "sent", delivery: null }])).toBe("sent");
    expect(standingOf([read, { state: "unknown", delivery: null }])).toBe("unknown");
    expect(standingOf([read, { state: "sent", delivery: "failed" }])).toBe("failed");
    expect(standingOf([])).toBeUndefined();
  });
});
