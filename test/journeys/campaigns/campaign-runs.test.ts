import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asId, type ContactId } from "../../../src/core/ids.ts";
import type { TurnEffect } from "../../../src/core/turn.ts";
import type { Database } from "../../../src/store/database.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { openEmbedded } from "../../../src/store/open-embedded.ts";
import { createTenants } from "../../../src/store/tenants.ts";
import { addBot, answer, message } from "../../line/tenant-line.ts";
import { ANOTHER, BY, type CampaignLine, openCampaignLine, PACES } from "./campaign-line.ts";

let database: Database;
let line: CampaignLine;
/** Statements and commits until the next one fails; undefined: none does. */
let dieAt: number | undefined;

function faultPoint(): void {
  if (dieAt === undefined || dieAt === 0) return;
  dieAt -= 1;
  if (dieAt === 0) throw new Error("The process died here.");
}

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined, faultPoint });
  await migrate(database, "migrations");
});
afterAll(() => database.close());
beforeEach(async () => {
  line = await openCampaignLine(database);
});

const tally = (recipients: readonly { state: string; reason: string | undefined }[]) => {
  const counts: Record<string, number> = {};
  for (const { state, reason } of recipients) {
    const key = reason === undefined ? state : `${state}: ${reason}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
};
const contactOf = async (conversationId: string) =>
  (
    await line.inTenant<{ contact_id: ContactId }>(
      "select contact_id from conversation where id = $1",
      [conversationId],
    )
  )[0]?.contact_id;

/** A turn of this contact's with an effect, as the line commits it. */
async function turn(contactId: ContactId, effect: TurnEffect): Promise<void> {
  const [chat] = await line.inTenant<{ id: string; chat_hash: Buffer; chat: Buffer }>(
    "select id, chat_hash, chat from conversation where contact_id = $1",
    [contactId],
  );
  if (chat === undefined) throw new Error("No chat");
  const place = {
    tenantId: line.tenantId,
    table: "conversation",
    column: "chat",
    rowId: chat.chat_hash.toString("hex"),
  };
  const key = line.ledgers.cipher.decrypt(place, chat.chat);
  const { inbox, conversations } = line.ledgers;
  await inbox.accept(line.tenantId, [{ bot: line.bot, message: message(randomUUID(), key) }]);
  const leases = (await conversations.claim("a", 50, 60_000)).filter(
    ({ tenantId }) => tenantId === line.tenantId,
  );
  const { due } = await conversations.readDue(leases);
  await conversations.commitAnswers(due.map((one) => answer(one, 0, { effects: [effect] })));
}

const setState = (state: "active" | "suspended") =>
  createTenants(database).setState(line.tenantId, { state }, { actor: "test" });

describe("a campaign of a tenant that is suspended", () => {
  it("stops, does not begin, and goes on where it stood when the tenant is opened", async () => {
    const people = await line.addPeople(30);
    const id = await line.begin(people);
    await line.run();
    const { parts: first } = await line.ledgers.outbox.claim("worker", 10, {
      room: 10,
      paces: PACES,
    });
    const sent = first.filter(({ tenantId }) => tenantId === line.tenantId);
    await setState("suspended");
    // What was on its way arrived.
    await line.settle(sent);
    const later = await line.begin(people.slice(0, 5));
    await line.run();
    expect(await line.claim()).toEqual([]);
    expect(await line.find(id)).toMatchObject({ state: "sending", counts: { sent: sent.length } });
    expect((await line.find(later)).state).toBe("scheduled");
    const [waiting] = await line.inTenant<{ contact_id: ContactId }>(
      `select c.contact_id from outbox o join conversation c on c.id = o.conversation_id
       where o.state = 'queued' order by c.contact_id desc limit 1`,
    );
    if (waiting === undefined) throw new Error("nobody waits");
    const refusing = waiting.contact_id;
    await turn(refusing, { kind: "set-broadcasts", taken: false });
    await setState("active");
    const all = [...sent, ...(await line.sendAll())];
    const reached = new Map<string, number>();
    for (const { conversationId } of all) {
      const contact = (await contactOf(conversationId)) ?? "";
      reached.set(contact, (reached.get(contact) ?? 0) + 1);
    }
    const expected = people.map((contact, index) => {
      const times = (contact === refusing ? 0 : 1) + (index < 5 && contact !== refusing ? 1 : 0);
      return [contact, times] as const;
    });
    expect(people.map((contact) => [contact, reached.get(contact) ?? 0])).toEqual(expected);
    for (const each of [id, later]) expect((await line.find(each)).state).toBe("done");
  });
});

describe("a campaign", () => {
  it("reaches each contact once, and is done", async () => {
    const people = await line.addPeople(60);
    const id = await line.begin([...people, ...people.slice(0, 10), asId(randomUUID()), undefined]);
    const parts = await line.sendAll();
    expect(new Set(parts.map(({ conversationId }) => conversationId)).size).toBe(60);
    expect(parts).toHaveLength(60);
    expect(parts[0]?.part).toMatchObject({ kind: "text", text: "Hola Ana: mañana no hay agua." });
    const campaign = await line.find(id);
    expect(campaign).toMatchObject({ state: "done", counts: { sent: 60, skipped: 12 } });
    expect(tally(await line.recipients(id))).toEqual({
      sent: 60,
      "skipped: duplicate": 10,
      "skipped: unknown-contact": 2,
    });
  });

  it("has no more than its window in the outbox, and goes on as that empties", async () => {
    await line.begin(await line.addPeople(320));
    await line.run();
    await line.run();
    const queued = () => line.inTenant("select id from outbox where state = 'queued'");
    expect(await queued()).toHaveLength(200);
    await line.settle((await line.claim()).slice(0, 50));
    await line.run();
    expect((await queued()).length).toBe(50);
  });

  it("goes no faster than its pace, also when nothing was sent for a while", async () => {
    const id = await line.begin(await line.addPeople(30), { pacePerMinute: 120 });
    const queued = async () => (await line.find(id)).counts.queued;
    await line.run();
    expect(await queued()).toBe(2);
    await line.inTenant("update campaign set release_next_at = now() + interval '1 minute'");
    await line.run();
    expect(await queued()).toBe(2);
    // As if an hour had passed in which no worker ran: five seconds' worth waits, and no more.
    for (let look = 0; look < 10; look++) {
      await line.inTenant("update campaign set release_next_at = now() - interval '1 hour'");
      await line.run();
    }
    expect(await queued()).toBe(10);
  });

  it("sends nothing more to who says BAJA in the middle, also when it is queued already", async () => {
    const people = await line.addPeople(3);
    const id = await line.begin(people);
    await line.run();
    await turn(people[1] as ContactId, { kind: "set-broadcasts", taken: false });
    const parts = await line.sendAll();
    const reached = await Promise.all(parts.map(({ conversationId }) => contactOf(conversationId)));
    expect(new Set(reached)).toEqual(new Set([people[0], people[2]]));
    expect(tally(await line.recipients(id))).toEqual({ sent: 2, "skipped: opted-out": 1 });
  });

  it("counts a BAJA on another bot, and a block, when the part is claimed", async () => {
    const people = await line.addPeople(3);
    const id = await line.begin(people);
    await line.run();
    await line.inTenant("update contact set consent = 'refused' where id = $1", [people[0]]);
    await line.inTenant("update contact set blocked_at = now() where id = $1", [people[1]]);
    expect(await line.sendAll()).toHaveLength(1);
    expect(tally(await line.recipients(id))).toEqual({
      sent: 1,
      "skipped: opted-out": 1,
      "skipped: blocked": 1,
    });
  });

  it("sends nothing while it is paused, and goes on with the same when it is resumed", async () => {
    const id = await line.begin(await line.addPeople(5));
    await line.run();
    await line.take(id, { kind: "pause" });
    expect(await line.claim()).toEqual([]);
    await line.run();
    expect(await line.claim()).toEqual([]);
    await line.take(id, { kind: "resume" });
    expect(await line.sendAll()).toHaveLength(5);
    expect((await line.find(id)).state).toBe("done");
  });

  it("takes back what waits when it is cancelled; what is on its way settles", async () => {
    const id = await line.begin(await line.addPeople(260));
    await line.run();
    const [onTheWay] = await line.claim();
    await line.inTenant(
      "update outbox set state = 'queued', attempts = 0 where state = 'attempting' and id <> $1",
      [onTheWay?.outboxId],
    );
    expect(await line.take(id, { kind: "cancel" })).toBe(199);
    if (onTheWay) await line.settle([onTheWay]);
    expect(await line.sendAll()).toEqual([]);
    expect(tally(await line.recipients(id))).toEqual({ sent: 1, "skipped: cancelled": 259 });
    await expect(line.take(id, { kind: "resume" })).rejects.toMatchObject({ status: 409 });
  });

  it("waits for a second person above the threshold, who is not its author", async () => {
    const id = await line.create(await line.addPeople(4));
    await line.store.setApprovalAbove(line.tenantId, 3, BY);
    const signal = new AbortController().signal;
    await line.admin.schedule(line.tenantId, id, undefined, undefined, { by: BY, signal });
    expect((await line.find(id)).state).toBe("awaiting-approval");
    expect(await line.sendAll()).toEqual([]);
    await expect(line.take(id, { kind: "approve" })).rejects.toMatchObject({
      code: "second-person-needed",
    });
    await line.take(id, { kind: "approve" }, ANOTHER);
    expect(await line.sendAll()).toHaveLength(4);
  });

  it("lists a segment when it begins, and waits when it grew past what was agreed to", async () => {
    const people = await line.addPeople(3);
    const segment = await line.segments.create(
      line.tenantId,
      { name: "Barrio", filter: { kind: "bot", botId: line.bot.botId } },
      BY,
    );
    const id = await line.create([]);
    await line.admin.setSegment(line.tenantId, id, segment.segmentId, undefined, BY);
    await line.store.setApprovalAbove(line.tenantId, 3, BY);
    const signal = new AbortController().signal;
    await line.admin.schedule(line.tenantId, id, undefined, undefined, { by: BY, signal });
    await line.addPeople(1);
    await line.run();
    expect(await line.find(id)).toMatchObject({
      state: "awaiting-approval",
      pauseReason: "audience-grew",
    });
    await line.take(id, { kind: "approve" }, ANOTHER);
    expect(await line.sendAll()).toHaveLength(people.length + 1);
  });

  it("sends once to somebody who is found to be two contacts meanwhile", async () => {
    const [one, two] = (await line.addPeople(2)) as [ContactId, ContactId];
    const id = await line.begin([one, two]);
    await line.inTenant("update contact set merged_into = $2 where id = $1", [two, one]);
    expect(await line.sendAll()).toHaveLength(1);
    expect(tally(await line.recipients(id))).toEqual({ sent: 1, "skipped: duplicate": 1 });
  });

  it("prefers the first of its bots that reaches the person", async () => {
    const second = await addBot(line.ledgers, line.tenantId);
    const [here] = (await line.addPeople(1)) as [ContactId];
    const [there] = (await line.addPeople(1, second)) as [ContactId];
    await line.begin([here, there], { bots: [line.bot.botId, second.botId] });
    const parts = await line.sendAll();
    expect(parts).toHaveLength(2);
    expect(new Set(parts.map(({ botId }) => botId))).toEqual(
      new Set([line.bot.botId, second.botId]),
    );
  });

  it("skips who cannot be reached, and who has no value for a place", async () => {
    const people = await line.addPeople(2);
    await line.inTenant("update conversation set is_reachable = false where contact_id = $1", [
      people[0],
    ]);
    const id = await line.begin(people, { text: "Su cita: {fecha}" });
    expect(await line.sendAll()).toEqual([]);
    expect(tally(await line.recipients(id))).toEqual({
      "skipped: unreachable": 1,
      "skipped: missing-value": 1,
    });
    expect((await line.find(id)).state).toBe("done");
  });
});

describe("a campaign on WhatsApp Cloud", () => {
  const template = { name: "corte_de_agua", language: "es", parameters: ["{nombre|vecina}"] };

  it("sends its text within 24 hours of their last word, its template later, and else nothing", async () => {
    const cloud = await addBot(line.ledgers, line.tenantId, { channel: "whatsapp-cloud" });
    const [inside, outside] = (await line.addPeople(2, cloud)) as [ContactId, ContactId];
    await line.inTenant(
      "update conversation set last_inbound_at = now() - interval '23 hours' where contact_id = $1",
      [inside],
    );
    const bots = [cloud.botId];
    await line.begin([inside, outside], { bots, template });
    const parts = await line.sendAll();
    expect(parts.map(({ part }) => part)).toMatchObject([
      { kind: "text", text: "Hola Ana: mañana no hay agua." },
      { kind: "template", name: "corte_de_agua", language: "es", parameters: ["Ana"] },
    ]);
    const without = await line.begin([inside, outside], { bots });
    expect(await line.sendAll()).toHaveLength(1);
    expect(tally(await line.recipients(without))).toEqual({
      sent: 1,
      "skipped: outside-window": 1,
    });
  });

  it("begins a chat with who never wrote, when they agreed, and with nobody else", async () => {
    const cloud = await addBot(line.ledgers, line.tenantId, { channel: "whatsapp-cloud" });
    const know = (value: string, isAgreed: boolean) =>
      line.contacts.create(
        line.tenantId,
        {
          name: "Rosa",
          identifiers: [{ kind: "phone", value }],
          ...(isAgreed && {
            consent: { state: "granted" as const, evidence: "Ventanilla", givenAt: new Date() },
          }),
        },
        BY,
      );
    const people = [await know("+506 8888 1111", true), await know("+506 8888 2222", false)];
    const id = await line.begin(people, { bots: [cloud.botId], template });
    const parts = await line.sendAll();
    expect(parts.map(({ part, chatKey }) => [chatKey, part.parameters])).toEqual([
      ["50688881111", ["Rosa"]],
    ]);
    expect(tally(await line.recipients(id))).toEqual({ sent: 1, "skipped: no-consent": 1 });
  });
});

describe("what failed or is unknown", () => {
  it("is sent again when a person says so: the same part, and nobody else's", async () => {
    const id = await line.begin(await line.addPeople(4));
    const first = await line.sendAll((_, index) => {
      if (index === 1) return { kind: "refused", reason: "bad-request", retry: "never" };
      return index === 2
        ? { kind: "unknown", reason: "reset" }
        : { kind: "sent", networkMessageId: String(index) };
    });
    expect(tally(await line.recipients(id))).toEqual({
      sent: 2,
      "failed: bad-request": 1,
      "unknown: reset": 1,
    });
    expect((await line.find(id)).state).toBe("done");
    expect(await line.take(id, { kind: "retry-failed", recipientIds: undefined })).toBe(1);
    const again = await line.sendAll();
    expect(again.map(({ outboxId }) => outboxId)).toEqual([first[0]?.outboxId]);
    const unknown = (await line.recipients(id)).filter(({ state }) => state === "unknown");
    expect(unknown).toHaveLength(1);
    const recipientIds = unknown.map(({ recipientId }) => recipientId);
    expect(await line.take(id, { kind: "resend-unknown", recipientIds })).toBe(1);
    expect((await line.sendAll()).map(({ outboxId }) => outboxId)).toEqual([first[1]?.outboxId]);
    expect(tally(await line.recipients(id))).toEqual({ sent: 4 });
  });

  it("is not sent again when the network tells meanwhile that it arrived", async () => {
    const id = await line.begin(await line.addPeople(1));
    const [part] = await line.sendAll(() => ({ kind: "unknown", reason: "reset" }));
    const recipientIds = (await line.recipients(id)).map(({ recipientId }) => recipientId);
    await line.take(id, { kind: "resend-unknown", recipientIds });
    await line.ledgers.receipts.note(line.tenantId, line.bot.botId, [
      {
        networkMessageId: "m1",
        outboxId: part?.outboxId ?? asId(""),
        status: "delivered",
        at: new Date().toISOString(),
      },
    ]);
    expect(await line.sendAll()).toEqual([]);
    expect(tally(await line.recipients(id))).toEqual({ delivered: 1 });
  });
});

describe("a process that dies", () => {
  it("at any statement leaves a campaign that the next one finishes, each contact once", async () => {
    for (let visit = 1; ; visit++) {
      const here = await openCampaignLine(database);
      await here.addPeople(2);
      const filter = { kind: "bot", botId: here.bot.botId } as const;
      const segment = await here.segments.create(here.tenantId, { name: "Todos", filter }, BY);
      const id = await here.create([]);
      await here.admin.setSegment(here.tenantId, id, segment.segmentId, undefined, BY);
      const signal = new AbortController().signal;
      await here.admin.schedule(here.tenantId, id, undefined, undefined, { by: BY, signal });
      dieAt = visit;
      await here.run().catch(() => {});
      const hasDied = dieAt === 0;
      dieAt = undefined;
      const parts = await here.sendAll();
      expect(new Set(parts.map(({ conversationId }) => conversationId)).size, `${visit}`).toBe(2);
      expect(parts, `${visit}`).toHaveLength(2);
      expect(await here.find(id)).toMatchObject({ state: "done", counts: { sent: 2 } });
      if (!hasDied) break;
    }
  });
});

describe("the report", () => {
  it("follows the receipts of the network", async () => {
    const id = await line.begin(await line.addPeople(2));
    await line.sendAll((_, index) => ({ kind: "sent", networkMessageId: `n${index}` }));
    const receipt = (networkMessageId: string, status: "delivered" | "read") =>
      line.ledgers.receipts.note(line.tenantId, line.bot.botId, [
        { networkMessageId, status, at: new Date().toISOString() },
      ]);
    await receipt("n1", "delivered");
    await receipt("n2", "read");
    expect((await line.find(id)).counts).toMatchObject({ delivered: 1, read: 1, sent: 0 });
  });

  it("keeps nothing of a person who was erased", async () => {
    const [person] = (await line.addPeople(1)) as [ContactId];
    const id = randomUUID();
    await line.store.create(line.tenantId, id, line.draft(), BY);
    const entries = [{ contactId: person, line: 2, variables: { calle: "Calle 5" } }];
    await line.store.setAudience(line.tenantId, id, { kind: "csv", entries }, undefined, BY);
    await turn(person, { kind: "erase-contact" });
    const rows = await line.inTenant(
      "select contact_id, variables, state, reason from campaign_recipient",
    );
    expect(rows).toEqual([
      { contact_id: null, variables: null, state: "skipped", reason: "erased" },
    ]);
  });
});
