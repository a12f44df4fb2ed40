import { randomBytes, randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import type { ContactId, TenantId } from "../../src/core/ids.ts";
import { createContacts } from "../../src/store/contacts/contacts.ts";
import { createSegments } from "../../src/store/contacts/segments.ts";
import type { Database } from "../../src/store/database.ts";
import { openServer } from "../../src/store/open-server.ts";
import { addTenant, answer, type Ledgers, message, openLedgers } from "../line/tenant-line.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";

const BY = { actor: "test" };

/** Who waits for whom is arranged step by step: each transaction of the test is what another process would do. */
describe.skipIf(servicesMissing())("contacts and chats that two processes lock at once", () => {
  const key = randomBytes(32);
  const sessions: pg.Client[] = [];
  let postgres: EphemeralPostgres;
  let testDatabase: TestDatabase;
  let database: Database;
  let line: Ledgers;
  let tenantId: TenantId;
  let bot: BotAccount;

  beforeAll(async () => {
    postgres = await startPostgres();
    testDatabase = await postgres.createDatabase();
    database = openServer({ url: testDatabase.url, maxConnections: 4 });
    line = openLedgers(database, key);
    ({ tenantId, bot } = await addTenant(line));
  });
  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.end()));
  });
  afterAll(async () => {
    await database?.close();
    await testDatabase?.drop();
    await postgres?.stop();
    expectNoServers();
  });

  /** A transaction of another process. */
  async function begin(...first: readonly string[]): Promise<pg.Client> {
    const session = new pg.Client({ connectionString: testDatabase.adminUrl });
    sessions.push(session);
    await session.connect();
    await session.query("begin");
    for (const statement of first) await session.query(statement);
    return session;
  }

  /** Resolves when so many transactions wait for a lock. */
  const untilWaiting = (count: number) =>
    expect
      .poll(async () => {
        const rows = await testDatabase.query<{ n: number }>(
          "select count(distinct pid)::int as n from pg_locks where not granted",
        );
        return rows[0]?.n;
      })
      .toBe(count);

  async function write(chat: string, text = "hola"): Promise<void> {
    const content = { kind: "text", text } as const;
    await line.inbox.accept(tenantId, [{ bot, message: message(randomUUID(), chat, content) }]);
  }

  async function meet(chat: string): Promise<{ contactId: ContactId; conversationId: string }> {
    await write(chat);
    const [row] = await testDatabase.query<{ contactId: ContactId; conversationId: string }>(
      `select contact_id as "contactId", id as "conversationId" from conversation
       where contact_id is not null order by id desc limit 1`,
    );
    if (row === undefined) throw new Error("nobody wrote");
    return row;
  }

  it("merge although somebody joins one of the two, and writes, while they are waited for", async () => {
    const [from, into, joins] = [await meet("10"), await meet("11"), await meet("12")];
    const joining = await begin(
      `select 1 from contact where id in ('${from.contactId}', '${joins.contactId}') for no key update`,
      `update contact set merged_into = '${from.contactId}' where id = '${joins.contactId}'`,
    );
    const pair = { from: from.contactId, into: into.contactId };
    const merging = createContacts(database, line.cipher).merge(tenantId, pair, BY);
    await untilWaiting(1);
    // A turn in the chat of whoever joins: it holds the chat, and then wants the person.
    const turn = await begin(
      `select 1 from conversation where id = '${joins.conversationId}' for no key update`,
    );
    await joining.query("commit");
    await untilWaiting(1);
    await turn.query(`update contact set consent = 'refused' where id = '${from.contactId}'`);
    await turn.query(
      `update conversation set takes_broadcasts = false where id = '${joins.conversationId}'`,
    );
    await turn.query("commit");
    await merging;
    const parts = await testDatabase.query<{ merged_into: string; takes: boolean }>(
      `select k.merged_into, bool_or(c.takes_broadcasts) as takes from contact k
       join conversation c on c.contact_id in (k.id, k.merged_into)
       where k.id = any($1) group by k.merged_into`,
      [[from.contactId, joins.contactId]],
    );
    expect(parts).toEqual([{ merged_into: into.contactId, takes: false }]);
  });

  it("take two refusals of one person, in two of their chats at once, without undoing either", async () => {
    const [one, other] = [await meet("30"), await meet("31")];
    const pair = { from: other.contactId, into: one.contactId };
    await createContacts(database, line.cipher).merge(tenantId, pair, BY);
    const leases = (await line.conversations.claim("b", 50, 60_000)).filter(({ conversationId }) =>
      [one.conversationId, other.conversationId].includes(conversationId),
    );
    const { due } = await line.conversations.readDue(leases);
    const effects = [{ kind: "set-broadcasts", taken: false } as const];
    // Both have begun before either comes to what the other holds: the person is held here until then.
    const another = await begin(
      `select 1 from contact where id = '${one.contactId}' for no key update`,
    );
    const committing = Promise.all(
      due.map((turn) => line.conversations.commitAnswers([answer(turn, 0, { effects })])),
    );
    await untilWaiting(2);
    await another.query("commit");
    expect(await committing).toEqual([["done"], ["done"]]);
    const consents = await testDatabase.query<{ n: number }>(
      "select count(*)::int as n from contact_consent where contact_id = $1 and state = 'refused'",
      [one.contactId],
    );
    expect(consents).toEqual([{ n: 1 }]);
  });

  it("take a message in again when the database undid it for another's sake", async () => {
    const [one, other] = [await meet("20"), await meet("21")];
    const [first = "", second = ""] = [one.conversationId, other.conversationId].sort();
    const lock = (id: string) => `select 1 from conversation where id = '${id}' for no key update`;
    // Its own patience is longer, so that it is the message that is undone.
    const another = await begin("set local deadlock_timeout = '60s'", lock(second));
    const updates = [randomUUID(), randomUUID()];
    const accepting = line.inbox.accept(tenantId, [
      { bot, message: message(updates[0] ?? "", "20") },
      { bot, message: message(updates[1] ?? "", "21") },
    ]);
    await untilWaiting(1);
    await another.query(lock(first));
    await another.query("commit");
    expect((await accepting).map(({ isDuplicate }) => isDuplicate)).toEqual([false, false]);
    const stored = await testDatabase.query<{ n: number }>(
      "select count(*)::int as n from inbox where update_key = any($1)",
      [updates],
    );
    expect(stored).toEqual([{ n: 2 }]);
  });

  it("gives a connection back that looks for too long, and says that it is the filter", async () => {
    // Stands for conditions that take long: whoever looks waits here.
    const other = await begin("lock table contact_tag in access exclusive mode");
    const segments = createSegments(database, line.cipher);
    const filter = { kind: "tag", tag: "nobody" } as const;
    const page = { after: undefined, limit: 10 };
    const looks = [
      segments.count(tenantId, filter),
      segments.preview(tenantId, filter, 20),
      createContacts(database, line.cipher).list(tenantId, { filter }, page),
    ];
    for (const look of await Promise.allSettled(looks)) {
      expect(look).toMatchObject({ reason: { code: "filter-too-slow", status: 422 } });
    }
    await other.query("rollback");
    expect(await segments.count(tenantId, filter)).toBe(0);
  });
});
