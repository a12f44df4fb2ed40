import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Source } from "../../src/core/gazette.ts";
import type { EditionId } from "../../src/core/ids.ts";
import type { DigestMessage } from "../../src/core/subscriptions.ts";
import type { Database } from "../../src/store/database.ts";
import { dateEdition } from "../../src/store/edition-dates.ts";
import { createGazetteStore } from "../../src/store/gazette-store.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createNewsRelease } from "../../src/store/subscriptions/news-release.ts";
import { subscribe } from "../../src/store/subscriptions/subscription-rows.ts";
import { addChats, addTenant, type Ledgers, openLedgers } from "../line/tenant-line.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";

const NEWS_DAYS = 45;

/** Who is ahead of whom is arranged: one process stores an edition, another one tells of what came in. */
describe.skipIf(servicesMissing())("an edition that is stored while digests are sent", () => {
  let postgres: EphemeralPostgres;
  let testDatabase: TestDatabase;
  let database: Database;
  let ledgers: Ledgers;
  let tenant: Awaited<ReturnType<typeof addTenant>>;
  let source: Source;
  const subscriptionId = randomUUID();

  beforeAll(async () => {
    postgres = await startPostgres();
    testDatabase = await postgres.createDatabase();
    database = openServer({ url: testDatabase.url, maxConnections: 6 });
    ledgers = openLedgers(database, randomBytes(32));
    tenant = await addTenant(ledgers);
    source = await createGazetteStore(database).ensurePublicSource({
      slug: "la-gaceta",
      name: "La Gaceta",
      language: "es",
      country: "CR",
      timeZone: "America/Costa_Rica",
    });
    await addChats(ledgers, tenant, ["1"]);
    const [chat] = await testDatabase.query<{ id: string; contact_id: string }>(
      "select id, contact_id from conversation",
    );
    const who = {
      tenantId: tenant.tenantId,
      conversationId: chat?.id ?? "",
      contactId: chat?.contact_id ?? "",
    };
    const draft = { kind: "daily", language: "es", timeZone: "UTC", minute: 600 } as const;
    const effect = { kind: "subscribe", subscriptionId, draft, keys: [] } as const;
    await database.asTenant(tenant.tenantId, (tx) =>
      subscribe(tx, ledgers.cipher, who, { ...effect, nextAt: new Date() }),
    );
  });
  afterAll(async () => {
    await database?.close();
    await testDatabase?.drop();
    await postgres?.stop();
    expectNoServers();
  });

  const store = async (documentName: string) => {
    const passage = {
      heading: "",
      text: "Becas.",
      page: 1,
      lastPage: 1,
      printedPage: "1",
      lines: [],
    };
    const { editionId } = await createGazetteStore(database).storeEdition({
      source,
      publishedOn: new Date().toISOString().slice(0, 10),
      number: undefined,
      documentName,
      contentHash: randomUUID(),
      fileKey: randomUUID(),
      pages: [],
      acts: [
        { section: "", issuingBody: "", title: "Aviso", page: 1, lastPage: 1, passages: [passage] },
      ],
    });
    return editionId;
  };

  /** A digest is due now: what it tells. */
  async function tellDigest(): Promise<readonly EditionId[]> {
    await testDatabase.query("update subscription set next_at = clock_timestamp()");
    const told: EditionId[] = [];
    const release = createNewsRelease(database, ledgers.cipher, NEWS_DAYS);
    await release.releaseDigests(tenant.tenantId, (message) => {
      told.push(...(message as DigestMessage).editions.map(({ editionId }) => editionId));
      return [{ text: "resumen" }];
    });
    return told;
  }

  /** Somebody waits for the lock that `wanted` tells, so that what they wait for is known. */
  const untilWaiting = (wanted: "advisory" | "relation") =>
    expect
      .poll(
        async () => {
          const rows = await testDatabase.query(
            "select 1 from pg_locks where not granted and locktype = $1",
            [wanted],
          );
          return rows.length;
        },
        { timeout: 9_000 },
      )
      .toBe(1);

  it("is told of with the next one when its transaction began before and ended after", async () => {
    const letWrite = await testDatabase.holdWrites("passage");
    const storing = store("slow.pdf");
    await untilWaiting("relation");
    expect(await tellDigest()).toEqual([]);
    await letWrite();
    const editionId = await storing;
    expect(await tellDigest()).toEqual([editionId]);
    expect(await tellDigest()).toEqual([]);
  });

  it("is waited for while it has its date and is not committed", async () => {
    const editionId = await store("dated.pdf");
    let telling: Promise<readonly EditionId[]> | undefined;
    await database.asCurator(async (tx) => {
      await dateEdition(tx, editionId);
      telling = tellDigest();
      await untilWaiting("advisory");
    });
    expect(await telling).toEqual([editionId]);
  });
});
