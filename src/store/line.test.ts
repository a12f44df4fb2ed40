import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  NO_BROADCASTS,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotAccount } from "../core/channel.ts";
import { asId, type TenantId } from "../core/ids.ts";
import type { DueMessage } from "../core/ledgers.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

let database: Database;
let line: Ledgers;
let tenantId: TenantId;
let bot: BotAccount;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());

beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
});

const ledgers = () => line;

/** Of this test's tenant: what other tests left due is claimed too. */
async function claimParts() {
  const { parts } = await line.outbox.claim("a", 10, NO_BROADCASTS);
  return parts.filter((part) => part.tenantId === tenantId);
}

async function claimOne(owner = "a", leaseMs = 30_000): Promise<DueMessage> {
  const { conversations } = ledgers();
  const leases = (await conversations.claim(owner, 10, leaseMs)).filter(
    (lease) => lease.tenantId === tenantId,
  );
  const { due } = await conversations.readDue(leases);
  const [first] = due;
  if (first === undefined) throw new Error("nothing is due");
  return first;
}

describe("the inbox", () => {
  it("stores a repeated update once, also within one batch, and names the first arrival", async () => {
    const { inbox } = ledgers();
    const [first, again] = await inbox.accept(tenantId, [
      { bot, message: message("1") },
      { bot, message: message("1") },
    ]);
    const [later] = await inbox.accept(tenantId, [{ bot, message: message("1") }]);
    expect([first?.isDuplicate, again?.isDuplicate, later?.isDuplicate]).toEqual([
      false,
      true,
      true,
    ]);
    expect(later?.messageId).toBe(first?.messageId);
  });

  it("keeps no text, name or chat key in the clear", async () => {
    const { inbox } = ledgers();
    await inbox.accept(tenantId, [{ bot, message: message("1", "900100200") }]);
    const dump = await database.asTenant(tenantId, (tx) =>
      tx.query(
        "select i.*, c.*, k.identity from inbox i join conversation c on c.id = i.conversation_id join contact k on k.id = c.contact_id",
      ),
    );
    const bytes = JSON.stringify(dump, (_key, value) =>
      value?.type === "Buffer" ? Buffer.from(value.data).toString("latin1") : value,
    );
    expect(dump).toHaveLength(1);
    expect(bytes).not.toMatch(/pregunta|Ana|900100200/);
  });
});

describe("the conversation ledger", () => {
  it("answers in order, one message at a time", async () => {
    const { inbox, conversations } = ledgers();
    await inbox.accept(tenantId, [
      { bot, message: message("1") },
      { bot, message: message("2") },
    ]);
    const first = await claimOne();
    expect(first.message.updateKey).toBe("1");
    expect(
      (await conversations.claim("b", 10, 30_000)).filter((lease) => lease.tenantId === tenantId),
    ).toEqual([]);
    expect(await conversations.commitAnswers([answer(first)])).toEqual(["more"]);
    const second = await claimOne();
    expect(second.message.updateKey).toBe("2");
    expect(second.history.map((turn) => turn.text)).toEqual(["hola", "buenas"]);
    expect(second.memory.language).toBe("es");
    expect(second.messagesLastMinute).toBe(2);
    expect(await conversations.commitAnswers([answer(second)])).toEqual(["done"]);
  });

  it("writes nothing for an owner whose lease was taken by another", async () => {
    const { inbox, conversations } = ledgers();
    await inbox.accept(tenantId, [{ bot, message: message("1") }]);
    const stale = await claimOne("a", 0);
    const fresh = await claimOne("b");
    expect(fresh.lease.crashes).toBe(1);
    expect(await conversations.commitAnswers([answer(stale)])).toEqual(["lost"]);
    expect(await claimParts()).toEqual([]);
    expect(await conversations.commitAnswers([answer(fresh)])).toEqual(["done"]);
    expect(await claimParts()).toHaveLength(1);
  });

  it("lets the conversation go on after a dead letter, and tells the citizen", async () => {
    const { inbox, conversations } = ledgers();
    await inbox.accept(tenantId, [
      { bot, message: message("1") },
      { bot, message: message("2") },
    ]);
    const due = await claimOne();
    const failure = {
      due,
      reason: "poison",
      retryAfterMs: undefined,
      parts: [{ text: "disculpe" }],
      events: [],
    };
    expect(await conversations.commitFailures([failure])).toEqual(["more"]);
    expect((await claimOne()).message.updateKey).toBe("2");
    const [apology] = await claimParts();
    expect(apology?.part).toEqual({ text: "disculpe" });
  });

  it("dead-letters what does not decrypt without holding up the rest", async () => {
    const { inbox, conversations } = ledgers();
    await inbox.accept(tenantId, [
      { bot, message: message("1", "7") },
      { bot, message: message("2", "8") },
    ]);
    await database.asTenant(tenantId, (tx) =>
      tx.query("update inbox set message = '\\x00' where update_key = '1'"),
    );
    const leases = (await conversations.claim("a", 10, 30_000)).filter(
      (lease) => lease.tenantId === tenantId,
    );
    const { due, unreadable } = await conversations.readDue(leases);
    expect(due.map((message) => message.message.updateKey)).toEqual(["2"]);
    expect(unreadable.map((message) => message.reason)).toEqual(["decryption-failed"]);
  });

  it("erases the person, and still sends the farewell", async () => {
    const { inbox, conversations } = ledgers();
    await inbox.accept(tenantId, [{ bot, message: message("1") }]);
    await conversations.commitAnswers([answer(await claimOne())]);
    await inbox.accept(tenantId, [{ bot, message: message("2") }]);
    const due = await claimOne();
    const erased = answer(due, 1, { turns: [], effects: [{ kind: "erase-contact" }] });
    expect(await conversations.commitAnswers([erased])).toEqual(["done"]);
    const left = await database.asTenant(tenantId, (tx) =>
      tx.query<{ n: string }>(
        `select (select count(*) from turn) + (select count(*) from contact) + (select count(*) from contact_alias)
              + (select count(*) from inbox where message is not null)
              + (select count(*) from conversation where memory is not null) as n`,
      ),
    );
    expect(left[0]?.n).toBe("0");
    const parts = await claimParts();
    expect(parts.map((part) => part.messageId)).toEqual([due.messageId]);
    const [replayed] = await inbox.accept(tenantId, [{ bot, message: message("1") }]);
    expect(replayed?.isDuplicate).toBe(true);
  });
});

describe("the outbox", () => {
  async function queue(partCount: number): Promise<void> {
    const { inbox, conversations } = ledgers();
    await inbox.accept(tenantId, [{ bot, message: message(randomUUID()) }]);
    await conversations.commitAnswers([answer(await claimOne(), partCount)]);
  }
  const mine = claimParts;
  const sent = { kind: "sent", networkMessageId: "11" } as const;

  it("sends the parts of a conversation one after the other", async () => {
    await queue(2);
    const { outbox } = ledgers();
    const [first, ...none] = await mine();
    expect([first?.part, none]).toEqual([{ text: "parte 0" }, []]);
    expect(await mine()).toEqual([]);
    if (first) await outbox.settle([{ due: first, outcome: sent, retryAfterMs: undefined }]);
    expect((await mine()).map((part) => part.part)).toEqual([{ text: "parte 1" }]);
  });

  it("holds parts beyond the chat's burst back", async () => {
    await queue(5);
    const { outbox } = ledgers();
    for (let part = 0; part < 3; part++) {
      const [due] = await mine();
      if (due) await outbox.settle([{ due, outcome: sent, retryAfterMs: undefined }]);
    }
    expect(await mine()).toEqual([]);
    const [{ wait } = { wait: 0 }] = await database.asTenant(tenantId, (tx) =>
      tx.query<{ wait: number }>(
        "select extract(epoch from min(not_before) - now())::float8 as wait from outbox where state = 'queued'",
      ),
    );
    expect(wait).toBeGreaterThan(0.5);
  });

  it("calls an abandoned attempt unknown, lets the next part go, and believes a late answer", async () => {
    await queue(2);
    const { outbox, sweep, passports } = ledgers();
    const [due] = await mine();
    expect(await sweep.settleAbandoned(0)).toBeGreaterThan(0);
    expect(await mine()).toHaveLength(1);
    if (due) await outbox.settle([{ due, outcome: sent, retryAfterMs: undefined }]);
    const [passport] = await passports.find(tenantId, due?.outboxId ?? "");
    expect(passport?.parts[0]).toMatchObject({ state: "sent", networkMessageId: "11" });
    expect(passport?.events.map((event) => event.kind)).toEqual(
      expect.arrayContaining(["received", "queued", "attempting", "unknown", "sent"]),
    );
  });

  it("counts what our own pacing held back apart from what the network refused", async () => {
    await queue(1);
    const { outbox } = ledgers();
    const refused = { kind: "refused", reason: "x", retry: { afterMs: 0 } } as const;
    for (const outcome of [{ ...refused, isOwnPace: true }, refused]) {
      const [due] = await mine();
      if (due) await outbox.settle([{ due, outcome, retryAfterMs: 0 }]);
    }
    expect(await mine()).toMatchObject([{ attempts: 3, waits: 1 }]);
  });

  it("does not call a paused bot before its pause ends, nor a chat after it blocked us", async () => {
    await queue(2);
    const { outbox } = ledgers();
    const [due] = await mine();
    if (due === undefined) throw new Error("nothing is due");
    const tooMany = {
      kind: "refused",
      reason: "too-many-requests",
      retry: { afterMs: 60_000 },
      scope: "bot",
    } as const;
    await outbox.settle([{ due, outcome: tooMany, retryAfterMs: 0 }]);
    expect(await mine()).toEqual([]);
    await database.asTenant(tenantId, (tx) => tx.query("update bot set paused_until = null"));
    const [again] = await mine();
    expect(again?.attempts).toBe(2);
    const blocked = {
      kind: "refused",
      reason: "blocked",
      retry: "never",
      contactLost: true,
    } as const;
    if (again) await outbox.settle([{ due: again, outcome: blocked, retryAfterMs: undefined }]);
    const states = await database.asTenant(tenantId, (tx) =>
      tx.query("select distinct state, reason from outbox"),
    );
    expect(states).toEqual([{ state: "failed", reason: "blocked" }]);
  });
});

describe("isolation", () => {
  it("shows one tenant nothing of another, and nobody anything without a tenant", async () => {
    const { inbox, passports } = ledgers();
    const [accepted] = await inbox.accept(tenantId, [{ bot, message: message("1") }]);
    const other = asId<TenantId>(randomUUID());
    expect(await passports.find(other, accepted?.messageId ?? "")).toEqual([]);
    await expect(
      database.asDispatcher((tx) => tx.query("select message from inbox")),
    ).rejects.toThrow(/permission denied/);
    await expect(
      database.asTenant(other, (tx) =>
        tx.query(
          "insert into passport_event (tenant_id, message_id, kind) values ($1, $1, 'sent')",
          [tenantId],
        ),
      ),
    ).rejects.toThrow(/row-level security/);
  });
});
