import { describe, expect, it } from "vitest";
import { createChatBook } from "./chat-book.ts";
import { createHumanPauses, createPacing, readBudgets } from "./pacing.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Ana wrote at noon, UTC. */
function open(settings: Record<string, string> = {}) {
  let now = new Date("2026-11-21T12:00:00Z");
  const book = createChatBook([]);
  const known = (title: string) => {
    const key = book.locate({ title, kind: "private" })?.chatKey ?? "";
    book.noteFirst(key, "wrote", now);
    return key;
  };
  const pacing = createPacing({ clock: { now: () => now }, book, budgets: readBudgets(settings) });
  return {
    book,
    known,
    later: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    now: () => now,
    refuse: (key: string, lastInboundAt?: Date) => pacing.refuse(book.get(key), lastInboundAt),
    spend: pacing.spend,
  };
}

describe("the pace of a session", () => {
  it("writes to nobody who never wrote", () => {
    const bench = open();
    const key = bench.book.locate({ title: "Beto", kind: "private" })?.chatKey ?? "";
    const refusal = { reason: "stranger-not-contacted", retry: "never" };
    expect(bench.refuse(key)).toMatchObject(refusal);
    expect(bench.refuse("nobody")).toMatchObject(refusal);
    expect(bench.refuse(key, bench.now())).toBeUndefined();
  });

  it("waits when a chat or the account has had enough for a minute", () => {
    const bench = open({ partsPerChatMinute: "2", partsPerMinute: "3" });
    const [ana, beto] = [bench.known("Ana"), bench.known("Beto")];
    bench.spend(ana);
    bench.later(10_000);
    bench.spend(ana);
    expect(bench.refuse(ana)).toMatchObject({
      reason: "chat-budget-spent",
      retry: { afterMs: 50_000 },
      scope: "chat",
    });
    expect(bench.refuse(beto)).toBeUndefined();
    bench.spend(beto);
    expect(bench.refuse(beto)).toMatchObject({ reason: "minute-budget-spent", scope: "bot" });
    bench.later(50_000);
    expect(bench.refuse(ana)).toBeUndefined();
  });

  it("meets only so many new people a day, also after a restart", () => {
    const bench = open({ newChatsPerDay: "1" });
    const [ana, beto] = [bench.known("Ana"), bench.known("Beto")];
    bench.book.noteFirst(ana, "answered", bench.now());
    expect(bench.refuse(beto)).toMatchObject({ reason: "new-chats-budget-spent" });
    expect(bench.refuse(ana)).toBeUndefined();
    bench.later(25 * HOUR);
    expect(bench.refuse(beto, bench.now())).toBeUndefined();
  });

  it("keeps quiet at night, except for who waits for an answer", () => {
    const bench = open({ quietHours: "21-7", timeZone: "America/Costa_Rica" });
    const ana = bench.known("Ana");
    // 22:30 in Costa Rica.
    bench.later(16.5 * HOUR);
    expect(bench.refuse(ana)).toMatchObject({
      reason: "quiet-hours",
      retry: { afterMs: 8.5 * HOUR },
    });
    expect(bench.refuse(ana, new Date(bench.now().getTime() - MINUTE))).toBeUndefined();
    bench.later(8.5 * HOUR);
    expect(bench.refuse(ana)).toBeUndefined();
  });

  it("takes no nonsense for a setting", () => {
    const defaults = readBudgets({});
    const settings = { partsPerDay: "-1", quietHours: "late", timeZone: "Mars/Olympus" };
    expect(readBudgets(settings)).toEqual(defaults);
    expect(readBudgets({ quietHours: "none" }).quietHours).toBeUndefined();
  });

  it("makes no pauses at scale 0", async () => {
    const pauses = createHumanPauses({ random: () => 0.5, scale: 0 });
    expect([pauses.keystrokeMs(), pauses.maxTypingMs]).toEqual([0, 0]);
    await pauses.hesitate(new AbortController().signal);
  });
});
