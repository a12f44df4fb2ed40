import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BotAccount } from "../../src/core/channel.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { IncomingMessage } from "../../src/core/message.ts";
import { noMetrics } from "../../src/core/metrics.ts";
import { createAcceptor } from "../../src/gateway/accept.ts";
import { createBotStore } from "../../src/store/bots.ts";
import type { Database } from "../../src/store/database.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { createInbox } from "../../src/store/inbox.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openServer } from "../../src/store/open-server.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";

const PEOPLE = 60;

/** Gateways are stood for by pools of their own: what they share is the server alone. */
describe.skipIf(servicesMissing())("people who write for the first time", () => {
  const cipher = createCipher([randomBytes(32)]);
  const tenantId = asId<TenantId>(randomUUID());
  const gateways: Database[] = [];
  const bots: BotAccount[] = [];
  let postgres: EphemeralPostgres;
  let testDatabase: TestDatabase;

  beforeAll(async () => {
    postgres = await startPostgres();
    testDatabase = await postgres.createDatabase();
    for (let index = 0; index < 3; index++) {
      gateways.push(openServer({ url: testDatabase.url, maxConnections: 2 }));
    }
    await migrate(gateway(0), "migrations");
    await gateway(0).asDispatcher((tx) =>
      tx.query("insert into tenant (id, slug, name) values ($1, 'ayuntamiento', 'Test')", [
        tenantId,
      ]),
    );
    bots.push(await addBot(), await addBot());
  });
  afterAll(async () => {
    await Promise.all(gateways.map((database) => database.close()));
    await testDatabase?.drop();
    await postgres?.stop();
    expectNoServers();
  });

  function gateway(index: number): Database {
    const database = gateways[index];
    if (database === undefined) throw new Error(`There is no gateway ${index}.`);
    return database;
  }

  const addBot = () =>
    createBotStore(gateway(0), cipher).insert(
      tenantId,
      {
        channel: "telegram",
        name: "t",
        botKey: randomUUID(),
        accountKey: randomUUID(),
        secrets: { token: "1:a" },
        settings: {},
      },
      "test",
    );

  function arrival(bot: BotAccount, person: number) {
    const message: IncomingMessage = {
      updateKey: `${person}`,
      chat: { key: `${person}`, kind: "private" },
      sender: { key: `${person}`, displayName: `Vecina ${person}` },
      sentAt: "2024-04-15T12:00:00.000Z",
      isAddressed: true,
      content: { kind: "text", text: "hola" },
    };
    return { bot, message };
  }

  it("are each one contact with one conversation per bot, whichever gateways hear of them at once", async () => {
    const arrivals = Array.from({ length: PEOPLE }, (_, person) =>
      bots.map((bot) => arrival(bot, person)),
    ).flat();
    // Everybody's update goes to every gateway, in another order to each.
    const orders = [
      arrivals,
      [...arrivals].reverse(),
      [...arrivals.slice(31), ...arrivals.slice(0, 31)],
    ];
    const accepted = await Promise.all(
      orders.map((order, index) => {
        const acceptor = createAcceptor({
          inbox: createInbox(gateway(index), cipher),
          channels: new Map(),
          wakeUps: { wake() {}, listen() {}, close: async () => {} },
          logger: silentLogger,
          metrics: noMetrics,
        });
        return Promise.all(order.map(({ bot, message }) => acceptor.accept(bot, [message])));
      }),
    );
    const firsts = accepted.flat(2).filter((message) => !message.isDuplicate);
    expect(firsts).toHaveLength(PEOPLE * bots.length);
    const ids = new Set(firsts.map((message) => message.messageId));
    expect(accepted.flat(2).every((message) => ids.has(message.messageId))).toBe(true);
    const [counted] = await gateway(0).asTenant(tenantId, (tx) =>
      tx.query(
        `select (select count(*)::int from contact) as contacts,
                (select count(*)::int from contact_alias) as aliases,
                (select count(*)::int from conversation where contact_id is not null) as conversations,
                (select count(distinct contact_id)::int from conversation) as people,
                (select count(*)::int from inbox) as messages`,
      ),
    );
    expect(counted).toEqual({
      contacts: PEOPLE,
      aliases: PEOPLE,
      conversations: PEOPLE * bots.length,
      people: PEOPLE,
      messages: PEOPLE * bots.length,
    });
  });
});
