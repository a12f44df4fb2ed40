import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import { asId, type MessageId } from "../core/ids.ts";
import type { Database } from "./database.ts";
import { createDeadLetters } from "./dead-letters.ts";
import { readLineTroubles } from "./line-troubles.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

let database: Database;
let line: Ledgers;
let tenant: Awaited<ReturnType<typeof addTenant>>;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.asOwner((tx) => tx.query("truncate outbox, inbox, conversation, audit cascade"));
  tenant = await addTenant(line);
});

const deadLetters = () => createDeadLetters(database);

async function accept(...updateKeys: string[]): Promise<void> {
  await line.inbox.accept(
    tenant.tenantId,
    updateKeys.map((key) => ({ bot: tenant.bot, message: message(key) })),
  );
}

async function claimOne() {
  const leases = await line.conversations.claim("a", 10, 30_000);
  const [due] = (await line.conversations.readDue(leases)).due;
  return due;
}

async function giveUpNext(): Promise<MessageId> {
  const due = await claimOne();
  if (due === undefined) throw new Error("nothing is due");
  await line.conversations.commitFailures([
    { due, reason: "poison", retryAfterMs: undefined, parts: [], events: [] },
  ]);
  return due.messageId;
}

const audited = () =>
  database.asTenant(tenant.tenantId, (tx) =>
    tx.query("select actor, action, subject from audit where action like 'dead-letter-%'"),
  );

it("lists what was given up by bot, reason and attempts, without its text", async () => {
  await accept("1");
  const messageId = await giveUpNext();
  expect(await deadLetters().list(tenant.tenantId)).toEqual([
    {
      messageId,
      botId: tenant.bot.botId,
      channel: "telegram",
      name: "t",
      reason: "poison",
      attempts: 1,
      receivedAt: expect.any(Date),
    },
  ]);
});

it("answers a message again before those that came after it, with all its attempts, audited", async () => {
  await accept("1", "2", "3");
  const first = await giveUpNext();
  const second = await claimOne();
  expect(second?.message.updateKey).toBe("2");
  expect(await deadLetters().retry(tenant.tenantId, first, "ana")).toBe("done");
  if (second !== undefined) await line.conversations.commitAnswers([answer(second)]);
  const again = await claimOne();
  expect(again).toMatchObject({ messageId: first, attempts: 0 });
  if (again !== undefined) await line.conversations.commitAnswers([answer(again)]);
  expect((await claimOne())?.message.updateKey).toBe("3");
  expect(await audited()).toEqual([
    { actor: "ana", action: "dead-letter-retried", subject: first },
  ]);
  const [passport] = await line.passports.find(tenant.tenantId, first);
  expect(passport?.events.map(({ kind }) => kind)).toContain("retried");
});

it("wakes a conversation in which nothing else waits", async () => {
  await accept("1");
  const messageId = await giveUpNext();
  expect(await claimOne()).toBeUndefined();
  await deadLetters().retry(tenant.tenantId, messageId, "ana");
  expect(await claimOne()).toMatchObject({ messageId });
});

it("drops a message for good: no trouble any more, never due, and its repetition is a duplicate", async () => {
  await accept("1");
  const messageId = await giveUpNext();
  expect(await deadLetters().drop(tenant.tenantId, messageId, "ana")).toBe("done");
  expect((await readLineTroubles(database)).deadLetters).toEqual([]);
  expect(await deadLetters().list(tenant.tenantId)).toEqual([]);
  expect(await deadLetters().retry(tenant.tenantId, messageId, "ana")).toBe("not-dead");
  await accept("1");
  expect(await claimOne()).toBeUndefined();
  expect(await audited()).toEqual([
    { actor: "ana", action: "dead-letter-dropped", subject: messageId },
  ]);
});

it("touches nothing that is alive, another tenant's, unknown or erased", async () => {
  await accept("1", "2");
  const messageId = await giveUpNext();
  const other = await addTenant(line);
  expect(await deadLetters().retry(other.tenantId, messageId, "eva")).toBe("not-dead");
  const [alive] = await database.asTenant(tenant.tenantId, (tx) =>
    tx.query<{ id: string }>("select id from inbox where state = 'pending'"),
  );
  expect(await deadLetters().drop(tenant.tenantId, asId(alive?.id ?? ""), "ana")).toBe("not-dead");
  await database.asTenant(tenant.tenantId, (tx) =>
    tx.query("update inbox set message = null where id = $1", [messageId]),
  );
  expect(await deadLetters().retry(tenant.tenantId, messageId, "ana")).toBe("erased");
  expect(await audited()).toEqual([]);
  expect(await deadLetters().drop(tenant.tenantId, messageId, "ana")).toBe("done");
});
