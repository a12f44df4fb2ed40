import { randomBytes, randomUUID } from "node:crypto";
import { API_KEY_SCOPES } from "../../src/core/api-keys.ts";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import { createApiKeys } from "../../src/store/api-keys.ts";
import type { Database } from "../../src/store/database.ts";
import { openCipher } from "../../src/store/key-rotation/open-cipher.ts";
import { openServer } from "../../src/store/open-server.ts";
import { startPostgres } from "../../test/services/harness/postgres.ts";
import { spawnPregonero } from "../../test/services/harness/pregonero.ts";
import type { Figure } from "../figure.ts";
import { addSeedBots } from "../seed/add-bots.ts";
import { copyOlder } from "../seed/copy-older.ts";
import { seedTenant } from "../seed/seed-tenant.ts";
import { ascending, percentile } from "../statistics.ts";

/** Of each list; the limits of calls per minute allow no more without waiting. */
const CALLS = 25;
const TARGET_MS = 150;
const CONVERSATIONS = Number(process.env.BENCH_LISTS_CONVERSATIONS ?? 200_000);
const EXCHANGES = 2.5;
/** The newest; what is older is copied from them, which no page of a list opens. */
const IN_EARNEST = Math.min(CONVERSATIONS, 20_000);
/** `DATABASE_CONNECTIONS` as an installation has it that does not set it. */
const PRODUCT_CONNECTIONS = 10;
const OWN_CONNECTIONS = 2;

/** Every list over HTTP, in a tenant with 200,000 contacts and 1,000,000 messages on PostgreSQL. */
export async function measureLists(): Promise<readonly Figure[]> {
  const postgres = await startPostgres({ settings: { shared_buffers: "256MB" } });
  const stops: (() => Promise<unknown>)[] = [() => postgres.stop()];
  try {
    const secretKey = randomBytes(32);
    const testDatabase = await postgres.createDatabase();
    const database = openServer({ url: testDatabase.url, maxConnections: OWN_CONNECTIONS });
    stops.push(() => database.close());
    const { cipher } = await openCipher(database, [secretKey], new Date());
    const tenantId = asId<TenantId>(randomUUID());
    await database.asDispatcher((tx) =>
      tx.query("insert into tenant (id, slug, name) values ($1, 'seed', 'Seed')", [tenantId]),
    );
    const began = performance.now();
    const { messages } = await seedTenant(database, cipher, {
      tenantId,
      bots: await addSeedBots(database, cipher, tenantId),
      conversations: IN_EARNEST,
      exchanges: EXCHANGES,
      seed: 1,
      now: new Date(),
      onProgress: (done) => {
        if (done % 5_000 === 0) console.error(`  ${done} conversations`);
      },
    });
    const seedSeconds = (performance.now() - began) / 1_000;
    await copyOlder(testDatabase, tenantId, CONVERSATIONS / IN_EARNEST - 1);
    console.error(`  ${CONVERSATIONS} conversations with what was copied`);
    // What autovacuum would have done over the months that were written here in minutes.
    await testDatabase.query("vacuum (analyze)");
    const { key } = await createApiKeys(database, systemClock).create(tenantId, "bench", [
      ...API_KEY_SCOPES,
    ]);
    const product = await spawnPregonero({
      roles: "api",
      env: {
        DATABASE_URL: testDatabase.url,
        SECRET_KEY: secretKey.toString("hex"),
        SAMPLE_DATA: "off",
        DATABASE_CONNECTIONS: String(PRODUCT_CONNECTIONS),
      },
    });
    stops.push(() => product.stop());
    await product.waitUntilReady(180_000);
    const lists = await listsOf(product.url, key);
    await connectPools(product.url, key, database);
    const all = Math.round((messages * CONVERSATIONS) / IN_EARNEST);
    const size = `${CONVERSATIONS.toLocaleString("en")} contacts, ${all.toLocaleString("en")} messages`;
    const bare = await timesOf(CALLS, () =>
      database.asTenant(tenantId, (tx) =>
        tx.query(
          "select * from contact where tenant_id = $1 and merged_into is null order by created_at desc, id desc limit 50",
          [tenantId],
        ),
      ),
    );
    const figures: Figure[] = [
      {
        figure: "seed: rows of a talk written per second",
        value: (messages * 4) / seedSeconds,
        unit: "rows/s",
        note: `${messages.toLocaleString("en")} messages in ${seedSeconds.toFixed(0)} s: inbox, two turns, outbox, three events of the passport for each exchange`,
      },
    ];
    for (const list of lists) {
      const times = await timesOf(CALLS, () => call(product.url, key, list));
      figures.push({
        figure: `${list.name}, p95`,
        value: percentile(times, 0.95),
        unit: "ms",
        target: { atMost: TARGET_MS },
        note: `p50 ${percentile(times, 0.5).toFixed(1)} ms; ${size}`,
      });
      console.error(`  ${list.name}: ${percentile(times, 0.95).toFixed(1)} ms`);
      if (list.name !== "contacts") continue;
      figures.push({
        figure: "contacts: a page over HTTP, opened, against its rows alone, p50",
        value: percentile(times, 0.5),
        unit: "ms",
        peer: { name: "bare SQL of the same page", value: percentile(bare, 0.5) },
      });
    }
    return figures;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Otherwise the first calls would tell what connecting takes. All at once, so that each needs a connection of its own. */
async function connectPools(url: string, key: string, database: Database): Promise<void> {
  const calls = Array.from({ length: 2 * PRODUCT_CONNECTIONS }, () =>
    call(url, key, { name: "", path: "/api/v1/conversations" }),
  );
  const own = Array.from({ length: OWN_CONNECTIONS }, () =>
    database.asDispatcher((tx) => tx.query("select 1 from tenant limit 1")),
  );
  await Promise.all([...calls, ...own]);
}

interface List {
  readonly name: string;
  readonly path: string;
  readonly body?: unknown;
}

async function listsOf(url: string, key: string): Promise<readonly List[]> {
  const conversations = (await call(url, key, { name: "", path: "/api/v1/conversations" })) as {
    readonly conversations?: readonly { readonly id?: string; readonly conversationId?: string }[];
  };
  const [conversation] = conversations.conversations ?? [];
  const conversationId = conversation?.id ?? conversation?.conversationId;
  const seenAfter = new Date(Date.now() - 7 * 86_400_000).toISOString();
  const deep = await deepCursor(url, key, "/api/v1/contacts?createdBefore=2099-01-01T00:00:00Z");
  const filter = {
    kind: "all",
    of: [
      { kind: "tag", tag: "prensa" },
      { kind: "consent", consent: "granted" },
      { kind: "seen-after", at: seenAfter },
    ],
  };
  const search = (text: string) => ({ path: "/api/v1/contacts/search", body: { search: text } });
  return [
    { name: "contacts", path: "/api/v1/contacts" },
    { name: "contacts, a later page", path: `/api/v1/contacts?cursor=${deep}` },
    { name: "contacts by tag", path: "/api/v1/contacts?tag=prensa" },
    { name: "contacts by consent", path: "/api/v1/contacts?consent=refused" },
    { name: "contacts that are blocked", path: "/api/v1/contacts?blocked=true" },
    { name: "contacts by channel", path: "/api/v1/contacts?channel=telegram" },
    { name: "contacts seen this week", path: `/api/v1/contacts?seenAfter=${seenAfter}` },
    { name: "contacts by a frequent name", ...search("maria mora") },
    { name: "contacts by phone", ...search("+506 6000 0001") },
    {
      name: "segment of three conditions, counted and shown",
      path: "/api/v1/segments/preview",
      body: { filter },
    },
    { name: "segments", path: "/api/v1/segments" },
    { name: "conversations", path: "/api/v1/conversations" },
    {
      name: "conversations that wait for a person",
      path: "/api/v1/conversations?state=waiting-for-person",
    },
    ...(conversationId === undefined
      ? []
      : [
          {
            name: "messages of a conversation",
            path: `/api/v1/conversations/${conversationId}/history`,
          },
        ]),
    { name: "campaigns", path: "/api/v1/campaigns" },
    { name: "documents", path: "/api/v1/documents" },
    { name: "bots", path: "/api/v1/bots" },
  ];
}

async function deepCursor(url: string, key: string, path: string): Promise<string> {
  let cursor = "";
  for (let page = 0; page < 5; page++) {
    const at = cursor === "" ? path : `${path}&cursor=${cursor}`;
    const read = (await call(url, key, { name: "", path: `${at}&limit=100` })) as { next: string };
    cursor = read.next;
  }
  return cursor;
}

/** Waits where the limit of calls says so; a refusal ends the measurement. */
async function call(url: string, key: string, { path, body }: List): Promise<unknown> {
  for (;;) {
    const response = await fetch(url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 429) {
      await response.arrayBuffer();
      const seconds = Number(response.headers.get("retry-after") ?? 1);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      throw new Waited();
    }
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** The call was put off, and says nothing of how long one takes. */
class Waited extends Error {}

async function timesOf(calls: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  while (times.length < calls) {
    const began = performance.now();
    try {
      await work();
      times.push(performance.now() - began);
    } catch (error) {
      if (!(error instanceof Waited)) throw error;
    }
  }
  return ascending(times);
}
