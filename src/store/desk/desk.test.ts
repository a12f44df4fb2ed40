import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addPerson, deskParts, nextDue } from "../../../test/line/desk-line.ts";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  NO_BROADCASTS,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import type { BotAccount } from "../../core/channel.ts";
import type { ConversationQuery, DeskActor, DeskStore } from "../../core/desk.ts";
import type { ConversationId, TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createCannedReplies } from "./canned-replies.ts";
import { createDeskStore } from "./create-desk-store.ts";

let database: Database;
let line: Ledgers;
let desk: DeskStore;
let tenantId: TenantId;
let bot: BotAccount;
let ana: DeskActor;
let berta: DeskActor;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
  desk = createDeskStore(database, line.cipher);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
  ana = await addPerson(database, tenantId);
  berta = await addPerson(database, tenantId);
});

const inTenant = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  database.asTenant(tenantId, (tx) => tx.query<Row>(text, values));
const FIVE_MINUTES = { minutes: 5, notice: undefined };
const QUERY: ConversationQuery = { after: undefined, limit: 20 };

/** A citizen's text that was answered; the conversation. */
async function talk(text: string, chatKey = "7"): Promise<ConversationId> {
  const content = { kind: "text", text } as const;
  const id = randomUUID();
  await line.inbox.accept(tenantId, [{ bot, message: message(id, chatKey, content) }]);
  const due = await nextDue(line);
  const said = { speaker: "citizen", text, citations: [], saidAt: new Date() } as const;
  const reply = {
    speaker: "assistant",
    text: "buenas",
    citations: [],
    saidAt: new Date(),
  } as const;
  await line.conversations.commitAnswers([answer(due, 1, { turns: [said, reply] })]);
  await sendAll();
  return due.lease.conversationId;
}

async function sendAll(): Promise<readonly string[]> {
  const sent: string[] = [];
  for (;;) {
    const { parts } = await line.outbox.claim("w", 50, NO_BROADCASTS);
    if (parts.length === 0) return sent;
    sent.push(...parts.map(({ part }) => String(part.text)));
    await line.outbox.settle(
      parts.map((due) => ({
        due,
        outcome: { kind: "sent", networkMessageId: randomUUID() },
        retryAfterMs: undefined,
      })),
    );
  }
}

const historyOf = async (id: ConversationId) =>
  (await desk.history(tenantId, id, { after: undefined, limit: 50 }))?.entries ?? [];

describe("a hand-over", () => {
  it("belongs to the first who claims, until it is given back", async () => {
    const id = await talk("hola");
    expect(await desk.claim(tenantId, id, ana, FIVE_MINUTES)).toMatchObject({ kind: "claimed" });
    expect(await desk.claim(tenantId, id, berta, FIVE_MINUTES)).toMatchObject({
      kind: "taken",
      hold: { personId: ana.personId },
    });
    const ending = { notice: undefined, summary: "", closes: false };
    expect(await desk.release(tenantId, id, berta, ending)).toBe(false);
    expect(await desk.release(tenantId, id, ana, ending)).toBe(true);
    expect(await desk.claim(tenantId, id, berta, FIVE_MINUTES)).toMatchObject({ kind: "claimed" });
  });

  it("discards the answer that was under way, and the message is looked at anew", async () => {
    const id = await talk("hola");
    await line.inbox.accept(tenantId, [{ bot, message: message(randomUUID()) }]);
    const due = await nextDue(line);
    await desk.claim(tenantId, id, ana, FIVE_MINUTES);
    expect(await line.conversations.commitAnswers([answer(due)])).toEqual(["handed-over"]);
    expect(await inTenant("select 1 from outbox where state = 'queued'")).toEqual([]);
    const again = await nextDue(line);
    expect(again.messageId).toBe(due.messageId);
    expect(again.hold.isHeld).toBe(true);
    const silent = answer(again, 0, { turns: [] });
    expect(await line.conversations.commitAnswers([silent])).toEqual(["done"]);
  });

  it("takes what the bot had queued out of the outbox, and out of the talk", async () => {
    const id = await talk("hola");
    await line.inbox.accept(tenantId, [{ bot, message: message(randomUUID()) }]);
    await line.conversations.commitAnswers([answer(await nextDue(line))]);
    await desk.claim(tenantId, id, ana, {
      minutes: 5,
      notice: deskParts("le atiende una persona"),
    });
    expect(await sendAll()).toEqual(["le atiende una persona"]);
    const kinds = (await historyOf(id)).map(({ kind }) => kind);
    expect(kinds).toEqual(["notice", "heard", "answered", "heard"]);
  });

  it("ends by itself when its time is over, and the bot hears what was said", async () => {
    const id = await talk("hola");
    await desk.claim(tenantId, id, ana, FIVE_MINUTES);
    expect(await desk.findExpired()).toEqual([]);
    await inTenant("update conversation set held_until = now() - interval '1 second'");
    const expired = { tenantId, conversationId: id, isByPhone: false };
    expect(await desk.findExpired()).toEqual([expired]);
    expect(await desk.find(tenantId, undefined, id)).toMatchObject({ state: "open" });
    expect(
      await desk.release(tenantId, id, ana, { notice: undefined, summary: "", closes: false }),
    ).toBe(false);
    expect(await desk.expire(expired, { notice: undefined, summary: "Hablaron de becas." })).toBe(
      true,
    );
    expect(await desk.expire(expired, { notice: undefined, summary: "" })).toBe(false);
    await line.inbox.accept(tenantId, [{ bot, message: message(randomUUID()) }]);
    const due = await nextDue(line);
    expect(due.hold.isHeld).toBe(false);
    expect(due.memory.summary?.text).toBe("Hablaron de becas.");
  });

  it("by somebody at the phone silences the bot once per message, and yields to the desk", async () => {
    const id = await talk("hola");
    const reply = {
      tenantId,
      botId: bot.botId,
      chatKey: "7",
      networkMessageId: "wamid.1",
      text: "ya le atiendo",
      sentAt: new Date(),
    };
    expect(await desk.notePhoneReply(reply, 30)).toBe(true);
    expect(await desk.notePhoneReply(reply, 30)).toBe(false);
    expect(await desk.notePhoneReply({ ...reply, chatKey: "nobody" }, 30)).toBe(false);
    const [own] = await inTenant<{ id: string }>(
      "select network_message_id as id from outbox where state = 'sent'",
    );
    expect(await desk.notePhoneReply({ ...reply, networkMessageId: own?.id ?? "" }, 30)).toBe(
      false,
    );
    // Ours of which nobody knows whether it arrived may be the one that the network tells of.
    await inTenant(
      "update outbox set state = 'unknown', attempted_at = now() where state = 'sent'",
    );
    expect(await desk.notePhoneReply({ ...reply, networkMessageId: "wamid.2" }, 30)).toBe(false);
    expect(await desk.find(tenantId, undefined, id)).toMatchObject({
      state: "with-person",
      hold: { personId: undefined },
    });
    expect((await historyOf(id))[0]).toMatchObject({ kind: "phone", text: "ya le atiendo" });
    expect(await desk.claim(tenantId, id, ana, FIVE_MINUTES)).toMatchObject({ kind: "claimed" });
  });
});

describe("what a person writes", () => {
  it("is queued before the bot's, once, and shown with its ticks and its author", async () => {
    const id = await talk("¿hay becas?");
    const reply = { ...deskParts("sí, hay becas"), ...FIVE_MINUTES, id: randomUUID() };
    const outcome = await desk.reply(tenantId, id, ana, reply);
    expect(outcome).toMatchObject({ kind: "queued" });
    expect(await desk.reply(tenantId, id, berta, reply)).toMatchObject({ kind: "taken" });
    expect(await desk.reply(tenantId, id, ana, reply)).toEqual(outcome);
    expect(await sendAll()).toEqual(["sí, hay becas"]);
    expect((await historyOf(id))[0]).toMatchObject({
      kind: "reply",
      author: ana.personId,
      text: "sí, hay becas",
      parts: [{ state: "sent" }],
    });
  });

  it("makes what came before it no matter of the bot's, also after the hand-over", async () => {
    const id = await talk("hola");
    await line.inbox.accept(tenantId, [{ bot, message: message(randomUUID()) }]);
    await desk.reply(tenantId, id, ana, {
      ...deskParts("ya está"),
      ...FIVE_MINUTES,
      id: randomUUID(),
    });
    await desk.release(tenantId, id, ana, { notice: undefined, summary: "", closes: false });
    expect((await nextDue(line)).hold).toMatchObject({ isHeld: false, isAnsweredByPerson: true });
  });

  it("does not reach who cannot be reached, nor a conversation of another tenant", async () => {
    const id = await talk("hola");
    const reply = { ...deskParts("hola"), ...FIVE_MINUTES, id: randomUUID() };
    const other = await addTenant(line);
    expect(await desk.reply(other.tenantId, id, ana, reply)).toEqual({ kind: "unknown" });
    await inTenant("update conversation set is_reachable = false");
    expect(await desk.reply(tenantId, id, ana, reply)).toEqual({ kind: "unreachable" });
  });

  it("is sent again once, when nobody knows whether it arrived", async () => {
    const id = await talk("hola");
    await desk.reply(tenantId, id, ana, {
      ...deskParts("llegó?"),
      ...FIVE_MINUTES,
      id: randomUUID(),
    });
    const { parts } = await line.outbox.claim("w", 50, NO_BROADCASTS);
    const [part] = parts;
    if (part === undefined) throw new Error("Nothing is queued.");
    expect(await desk.resend(tenantId, id, part.outboxId, ana)).toEqual({ kind: "state" });
    const outcome = { kind: "unknown", reason: "reset" } as const;
    await line.outbox.settle([{ due: part, outcome, retryAfterMs: undefined }]);
    const both = await Promise.all([
      desk.resend(tenantId, id, part.outboxId, ana),
      desk.resend(tenantId, id, part.outboxId, berta),
    ]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(["again", "queued"]);
    expect(await sendAll()).toEqual(["llegó?"]);
  });
});

describe("notes", () => {
  it("are sealed, shown to people, and never in an outbox", async () => {
    const id = await talk("hola");
    const before = await inTenant("select id from outbox");
    const note = await desk.addNote(tenantId, id, "ojo: nota-canaria", ana);
    expect(note).toBeDefined();
    expect(await inTenant("select id from outbox")).toEqual(before);
    expect(JSON.stringify(await inTenant("select * from conversation_note"))).not.toContain(
      "canaria",
    );
    expect((await historyOf(id))[0]).toMatchObject({ kind: "note", text: "ojo: nota-canaria" });
    expect(await desk.removeNote(tenantId, id, note ?? "", berta)).toBe(true);
    expect(await desk.removeNote(tenantId, id, note ?? "", berta)).toBe(false);
  });
});

describe("the list", () => {
  const idsOf = async (query: Partial<ConversationQuery>, viewer = ana) =>
    (await desk.list(tenantId, viewer.personId, { ...QUERY, ...query })).entries.map(
      ({ conversationId }) => conversationId,
    );

  it("finds conversations by stemmed words, and keeps none of them in the clear", async () => {
    const becas = await talk("¿cuándo salen las becas municipales?", "1");
    const multas = await talk("multas de tránsito", "2");
    expect(await idsOf({ words: "beca municipal" })).toEqual([becas]);
    expect(await idsOf({ words: "Multa" })).toEqual([multas]);
    expect(await idsOf({ words: "multa beca" })).toEqual([]);
    expect(await idsOf({ words: "Ana" })).toHaveLength(2);
    expect(await idsOf({ words: "¿?" })).toEqual([]);
    const words = JSON.stringify(await inTenant("select word_hash::text from conversation_word"));
    expect(words).not.toMatch(/beca|mult/);
    const other = await addTenant(line);
    expect(
      (await desk.list(other.tenantId, undefined, { ...QUERY, words: "beca" })).entries,
    ).toEqual([]);
  });

  it("is filtered by state, holder, tag, unread and trouble, page by page", async () => {
    const ids: ConversationId[] = [];
    for (const key of ["1", "2", "3", "4", "5"]) ids.unshift(await talk(`hola ${key}`, key));
    const [fifth = "", fourth = "", third = ""] = ids as string[] as ConversationId[];
    expect(await idsOf({})).toEqual(ids);
    const first = await desk.list(tenantId, ana.personId, { ...QUERY, limit: 2 });
    expect(first.entries.map(({ conversationId }) => conversationId)).toEqual(ids.slice(0, 2));
    expect(await idsOf({ after: first.next, limit: 2 })).toEqual(ids.slice(2, 4));
    await desk.claim(tenantId, fourth as ConversationId, ana, FIVE_MINUTES);
    expect(await idsOf({ state: "with-person" })).toEqual([fourth]);
    expect(await idsOf({ assignee: ana.personId })).toEqual([fourth]);
    expect(await idsOf({ assignee: "nobody" })).toHaveLength(4);
    await desk.setTags(tenantId, third as ConversationId, ["becas"], ana);
    expect(await idsOf({ tag: "becas" })).toEqual([third]);
    await desk.markSeen(tenantId, fifth as ConversationId, ana.personId);
    expect(await idsOf({ isUnread: false })).toEqual([fifth]);
    expect(await idsOf({ isUnread: true }, berta)).toHaveLength(5);
    await inTenant("update outbox set state = 'unknown' where conversation_id = $1", [third]);
    expect(await idsOf({ hasTrouble: true })).toEqual([third]);
    expect(await idsOf({ channel: "web-chat" })).toEqual([]);
    expect(await idsOf({ botId: bot.botId, state: "open" })).toHaveLength(4);
    expect(await desk.setState(tenantId, fourth as ConversationId, "closed", berta)).toBe(false);
    expect(await desk.setState(tenantId, third as ConversationId, "closed", berta)).toBe(true);
    await talk("vuelvo", "3");
    expect(await desk.find(tenantId, ana.personId, third as ConversationId)).toMatchObject({
      state: "open",
      unread: 2,
    });
  });
});

describe("canned replies", () => {
  it("are changed by who read them last only", async () => {
    const canned = createCannedReplies(database);
    const reply = { name: "saludo", texts: { es: "Hola, {nombre}" } };
    expect(await canned.save(tenantId, reply, 3, ana)).toBeUndefined();
    expect(await canned.save(tenantId, reply, 0, ana)).toMatchObject({ revision: 1, used: 0 });
    expect(await canned.save(tenantId, reply, 0, ana)).toBeUndefined();
    expect(await canned.save(tenantId, reply, 1, ana)).toMatchObject({ revision: 2 });
    await canned.countUse(tenantId, "saludo");
    expect(await canned.find(tenantId, "saludo")).toMatchObject({ used: 1 });
    expect(await canned.remove(tenantId, "saludo", 1, ana)).toBe("stale");
    expect(await canned.remove(tenantId, "saludo", 2, ana)).toBe("removed");
    expect(await canned.remove(tenantId, "saludo", 2, ana)).toBe("unknown");
  });
});
