import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { isPregoneroError } from "../../src/core/errors.ts";
import type { ContactId, TenantId } from "../../src/core/ids.ts";
import { createContacts } from "../../src/store/contacts/contacts.ts";
import type { Database } from "../../src/store/database.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { createInbox } from "../../src/store/inbox.ts";
import { openServer } from "../../src/store/open-server.ts";
import { addTenant, answer, message, openLedgers } from "../line/tenant-line.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";

const PEOPLE = 12;
const BY = { actor: "test" };

/** Processes are stood for by pools of their own: what they share is the server alone. */
describe.skipIf(servicesMissing())(
  "contacts that several processes merge while people write",
  () => {
    const key = randomBytes(32);
    const cipher = createCipher([key]);
    const processes: Database[] = [];
    let postgres: EphemeralPostgres;
    let testDatabase: TestDatabase;
    let tenantId: TenantId;
    let bot: BotAccount;

    beforeAll(async () => {
      postgres = await startPostgres();
      testDatabase = await postgres.createDatabase();
      for (let index = 0; index < 3; index++) {
        processes.push(openServer({ url: testDatabase.url, maxConnections: 3 }));
      }
      ({ tenantId, bot } = await addTenant(openLedgers(processOf(0), key)));
    });
    afterAll(async () => {
      await Promise.all(processes.map((database) => database.close()));
      await testDatabase?.drop();
      await postgres?.stop();
      expectNoServers();
    });

    function processOf(index: number): Database {
      const database = processes[index % processes.length];
      if (database === undefined) throw new Error("no process");
      return database;
    }

    /** As the network and the line do: what met a deadlock is delivered, or answered, again. */
    async function untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!isPregoneroError(error, "store-contention")) throw error;
        }
      }
    }
    const write = (index: number, person: number) => {
      const entry = { bot, message: message(randomUUID(), `${1000 + person}`) };
      return untilDone(() => createInbox(processOf(index), cipher).accept(tenantId, [entry]));
    };
    const inTenant = <Row extends object>(text: string, values: readonly unknown[] = []) =>
      processOf(0).asTenant(tenantId, (tx) => tx.query<Row>(text, values));

    /** People say BAJA while it is going on, in turns that are committed like any other. */
    async function refuseBroadcasts(): Promise<void> {
      const { conversations } = openLedgers(processOf(1), key);
      const leases = await conversations.claim("b", 50, 60_000);
      const { due } = await conversations.readDue(leases);
      const effects = [{ kind: "set-broadcasts", taken: false } as const];
      const answers = due.slice(0, 1).map((one) => answer(one, 0, { effects }));
      await untilDone(() => conversations.commitAnswers(answers));
      await conversations.release(leases.slice(1));
    }

    it("lose nothing: each is part of one at most, every message is there, a refusal counts for all", async () => {
      await Promise.all(Array.from({ length: PEOPLE }, (_, person) => write(person, person)));
      const people = (await inTenant<{ id: ContactId }>("select id from contact order by id")).map(
        ({ id }) => id,
      );
      expect(people).toHaveLength(PEOPLE);
      // Everybody with everybody next to them, both ways round, at once, while all of them write on.
      const merges = people.flatMap((from, index) => {
        const into = people[(index + 1) % people.length] as ContactId;
        return [
          createContacts(processOf(index), cipher).merge(tenantId, { from, into }, BY),
          createContacts(processOf(index + 1), cipher).merge(
            tenantId,
            { from: into, into: from },
            BY,
          ),
        ];
      });
      const writing = Array.from({ length: PEOPLE * 3 }, (_, n) => write(n, n % PEOPLE));
      const [merged] = await Promise.all([
        Promise.allSettled(merges),
        Promise.all(writing),
        refuseBroadcasts(),
      ]);
      for (const one of merged) {
        if (one.status === "rejected") {
          expect(one.reason).toMatchObject({
            code: expect.stringMatching(/^(merge-impossible|store-contention)$/),
          });
        }
      }
      const [counted] = await inTenant<{ contacts: number; nested: number; messages: number }>(
        `select (select count(*)::int from contact) as contacts,
              (select count(*)::int from contact k join contact w on w.id = k.merged_into
               where w.merged_into is not null) as nested,
              (select count(*)::int from inbox i join conversation c on c.id = i.conversation_id
               where c.contact_id is not null) as messages`,
      );
      expect(counted).toEqual({ contacts: PEOPLE, nested: 0, messages: PEOPLE * 4 });
      const torn = await inTenant(
        `select coalesce(k.merged_into, k.id) as whole from conversation c join contact k on k.id = c.contact_id
       group by 1 having bool_or(not takes_broadcasts) and bool_or(takes_broadcasts)`,
      );
      expect(torn).toEqual([]);
      const acts = await inTenant<{ id: string }>(
        "select id from contact_merge where undone_at is null order by merged_at desc, id desc",
      );
      expect(acts).toHaveLength(merged.filter(({ status }) => status === "fulfilled").length);
      for (const { id } of acts) {
        expect(await createContacts(processOf(2), cipher).undoMerge(tenantId, id, BY)).toBe(true);
      }
      expect(await inTenant("select id from contact where merged_into is not null")).toEqual([]);
    });
  },
);
