import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BotAccount } from "../../../src/core/channel.ts";
import type { PhoneReply } from "../../../src/core/hand-over.ts";
import { asId, type BotId, type TenantId } from "../../../src/core/ids.ts";
import { silentLogger } from "../../../src/core/logger.ts";
import type { IncomingMessage } from "../../../src/core/message.ts";
import type { Receipt } from "../../../src/core/receipt.ts";
import type { ChatMark } from "../../../src/core/session.ts";
import type { MessageRow } from "../detection/page-reader.ts";
import { createChatBook } from "./chat-book.ts";
import type { EngineBatch, EngineChat } from "./engine.ts";
import { createReceiving } from "./receiving.ts";

const linkedAt = new Date("2026-11-21T12:00:00Z");
const ana: EngineChat = { title: "Ana", kind: "private", jid: "1@c.us" };
const bot = {
  tenantId: asId<TenantId>(randomUUID()),
  botId: asId<BotId>(randomUUID()),
  name: "Pregonero",
  settings: {},
} as unknown as BotAccount;

function row(id: string, part: Partial<MessageRow> = {}): MessageRow {
  return {
    rawId: id,
    canonicalId: id,
    direction: "in",
    kind: "text",
    text: `texto ${id}`,
    sentAt: "2026-11-21T12:05:00.000Z",
    isEdited: false,
    mentionsUs: false,
    isComplete: true,
    votes: {},
    ...part,
  };
}

/** A store in memory that outlives the process, an inbox that knows what it has, and a process over them. */
function openWorld() {
  const marks = new Map<string, ChatMark>();
  const inbox = new Map<string, IncomingMessage>();
  const receipts: Receipt[] = [];
  const phoneReplies: PhoneReply[] = [];
  let isInboxAway = false;

  function startProcess() {
    const book = createChatBook([...marks.values()]);
    book.setFact("linked-at", linkedAt.toISOString());
    const ports = {
      bot,
      book,
      marks: {
        readAll: async () => [...marks.values()],
        async write(_tenant: TenantId, _bot: BotId, written: readonly ChatMark[]) {
          for (const mark of written) marks.set(mark.chatKey, mark);
        },
      },
      receipts: {
        async note(_tenant: TenantId, _bot: BotId, noted: readonly Receipt[]) {
          receipts.push(...noted);
        },
      },
      phoneReplies: {
        async note(reply: PhoneReply) {
          phoneReplies.push(reply);
          return true;
        },
      },
      files: { write: async () => "file", read: async () => undefined },
      clock: { now: () => new Date("2026-11-21T12:06:00Z") },
      logger: silentLogger,
      async accept(messages: readonly IncomingMessage[]) {
        if (isInboxAway) throw new Error("the store is down");
        for (const message of messages) {
          if (!inbox.has(message.updateKey)) inbox.set(message.updateKey, message);
        }
      },
      signal: new AbortController().signal,
      choicesOf: () => [],
      isOurText: (_key: string, text: string) => text === "nuestro",
      onInbound: () => undefined,
    };
    const receiving = createReceiving(ports, () => undefined);
    return {
      book,
      async read(rows: readonly MessageRow[], more: Partial<EngineBatch> = {}) {
        const target = await receiving.inbox.locate(ana);
        if (target === undefined) throw new Error("the chat is not known");
        const batch = { rows, isComplete: true, unreadCount: rows.length, ...more };
        await receiving.inbox.take(target, batch);
      },
    };
  }
  return {
    startProcess,
    texts: () => [...inbox.values()].map(({ content }) => ("text" in content ? content.text : "")),
    kinds: () => [...inbox.values()].map(({ content }) => content.kind),
    receipts,
    phoneReplies,
    setInboxAway: (isAway: boolean) => {
      isInboxAway = isAway;
    },
  };
}

describe("rows of a chat on their way to the inbox", () => {
  it("come again until the inbox took them, and then no more", async () => {
    const world = openWorld();
    const process = world.startProcess();
    world.setInboxAway(true);
    await expect(process.read([row("1"), row("2")])).rejects.toThrow("the store is down");
    world.setInboxAway(false);
    await process.read([row("1"), row("2")]);
    await process.read([row("1"), row("2"), row("3")]);
    expect(world.texts()).toEqual(["texto 1", "texto 2", "texto 3"]);
  });

  it("that were there before the account was linked are nobody's question", async () => {
    const world = openWorld();
    const old = { sentAt: "2026-11-20T09:00:00.000Z" };
    await world.startProcess().read([row("1", old), row("2", old), row("3")]);
    expect(world.texts()).toEqual(["texto 3"]);
  });

  it("without a date count as many as the list calls unread", async () => {
    const world = openWorld();
    const undated = ["1", "2", "3"].map((id) => {
      const { sentAt: _sentAt, ...rest } = row(id);
      return rest;
    });
    await world.startProcess().read(undated, { unreadCount: 2 });
    expect(world.texts()).toEqual(["texto 2", "texto 3"]);
  });

  it("are taken in when they appear between others that are known", async () => {
    const world = openWorld();
    const process = world.startProcess();
    await process.read([row("1"), row("3")]);
    await process.read([row("1"), row("2"), row("3")]);
    expect(world.texts()).toEqual(["texto 1", "texto 3", "texto 2"]);
  });

  it("are ours when anything says so, and somebody's when nothing does", async () => {
    const world = openWorld();
    await world
      .startProcess()
      .read([
        row("1", { direction: "out", tick: "delivered" }),
        row("2", { direction: "unknown", text: "nuestro" }),
        row("3", { direction: "unknown", votes: { direction: { geometry: "out" } } }),
        row("4", { direction: "unknown", text: "de Ana" }),
      ]);
    expect(world.texts()).toEqual(["de Ana"]);
    expect(world.receipts).toMatchObject([{ networkMessageId: "1", status: "delivered" }]);
  });

  it("that somebody wrote from the phone are told as theirs; not ours, old ones and those not sure", async () => {
    const world = openWorld();
    const out = { direction: "out" } as const;
    const process = world.startProcess();
    await process.read([row("0")]);
    await process.read([
      row("0"),
      row("1", { ...out, text: "le atiendo yo" }),
      row("2", { ...out, text: "nuestro" }),
      row("3", { ...out, sentAt: "2026-11-21T11:50:00.000Z" }),
      row("4", { ...out, kind: "deleted" }),
      row("5", { direction: "unknown", votes: { direction: { geometry: "out" } } }),
    ]);
    expect(world.phoneReplies).toMatchObject([{ networkMessageId: "1", text: "le atiendo yo" }]);
  });

  it("are edits when their text is another, once", async () => {
    const world = openWorld();
    const process = world.startProcess();
    await process.read([row("1")]);
    const edited = row("1", { text: "corregido", isEdited: true });
    await process.read([edited]);
    await world.startProcess().read([edited]);
    expect(world.kinds()).toEqual(["text", "edit"]);
  });

  it("that cannot be read yet are looked at again", async () => {
    const world = openWorld();
    const process = world.startProcess();
    await process.read([row("1", { kind: "unknown" }), row("2")]);
    await process.read([row("1"), row("2")]);
    expect(world.texts().sort()).toEqual(["texto 1", "texto 2"]);
  });

  it("are each taken in once and in order, however the process dies and reads again", async () => {
    const steps = fc.array(
      fc.record({
        upTo: fc.integer({ min: 1, max: 30 }),
        isAway: fc.boolean(),
        dies: fc.boolean(),
      }),
      { minLength: 1, maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (told) => {
        const world = openWorld();
        let process = world.startProcess();
        let written = 0;
        for (const { upTo, isAway, dies } of told) {
          written = Math.max(written, upTo);
          world.setInboxAway(isAway);
          const rows = Array.from({ length: written }, (_, index) => row(String(index)));
          await process.read(rows).catch(() => undefined);
          if (dies) process = world.startProcess();
        }
        world.setInboxAway(false);
        const all = Array.from({ length: written }, (_, index) => row(String(index)));
        await process.read(all);
        expect(world.texts()).toEqual(all.map(({ text }) => text));
      }),
      { numRuns: 150 },
    );
  });
});
