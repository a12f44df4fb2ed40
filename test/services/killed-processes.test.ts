import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import type { TenantId } from "../../src/core/ids.ts";
import { createApiKeys } from "../../src/store/api-keys.ts";
import type { Database } from "../../src/store/database.ts";
import { createEventLog } from "../../src/store/events/event-log.ts";
import { openCipher } from "../../src/store/key-rotation/open-cipher.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { type EphemeralPostgres, startPostgres, type TestDatabase } from "./harness/postgres.ts";
import { type PregoneroProcess, spawnPregonero } from "./harness/pregonero.ts";
import { repositoryRoot } from "./harness/repository.ts";
import { runningServers, startServerProcess } from "./harness/server-process.ts";

const EVENTS = 40;
const DELIVERED = "select count(*)::int as n from webhook_delivery where state = 'delivered'";
const CONTACTS = 2_000;
const PAGES = 200;
const TEXT = Array.from(
  { length: PAGES },
  (_, page) => `Artículo ${page}. ${`La norma ${page} rige el asunto ${page * 7}. `.repeat(12)}`,
).join("\n\n");

/** Real processes, killed with SIGKILL; that time has passed is said to the database, which alone knows leases. */
describe.skipIf(servicesMissing())("what a killed process had begun", () => {
  const [oldKey, newKey] = [randomBytes(32), randomBytes(32)];
  const processes: PregoneroProcess[] = [];
  /** Ids of the deliveries that came, in order. */
  const received: string[] = [];
  const hanging: ServerResponse[] = [];
  let hangs = false;
  const receiver = createServer((request, response) => {
    received.push(String(request.headers["webhook-id"]));
    request.resume();
    if (hangs) hanging.push(response);
    else response.end();
  });
  let postgres: EphemeralPostgres;
  let testDatabase: TestDatabase;
  let database: Database;
  let tenantId: TenantId;
  let folder: string;
  let env: Record<string, string>;
  let authorization: string;
  let first: PregoneroProcess;
  let second: PregoneroProcess;

  beforeAll(async () => {
    postgres = await startPostgres();
    testDatabase = await postgres.createDatabase();
    folder = await mkdtemp(path.join(tmpdir(), "pregonero-killed-"));
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const { port } = receiver.address() as AddressInfo;
    env = {
      DATABASE_URL: testDatabase.url,
      SECRET_KEY: oldKey.toString("hex"),
      STORAGE_URL: pathToFileURL(path.join(folder, "files")).href,
      ALLOWED_PRIVATE_ADDRESSES: `127.0.0.1:${port}`,
    };
    database = openServer({ url: testDatabase.url, maxConnections: 3 });
    tenantId = await createTenants(database).ensureSampleTenant();
    const scopes = ["documents", "webhooks"] as const;
    const { key } = await createApiKeys(database, systemClock).create(tenantId, "test", scopes);
    authorization = `Bearer ${key}`;
    [first, second] = await Promise.all([start(), start()]);
    const url = `http://127.0.0.1:${port}/hook`;
    await call("POST", "/webhooks", JSON.stringify({ url, kinds: ["export-ready"] }));
  });
  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    for (const response of hanging) response.destroy();
    receiver.closeAllConnections();
    receiver.close();
    await database?.close();
    await testDatabase?.drop();
    await postgres?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    expect(runningServers()).toEqual([]);
  });

  async function start(): Promise<PregoneroProcess> {
    const dataDirectory = path.join(folder, randomUUID());
    const started = await spawnPregonero({
      roles: "api,worker",
      env: { ...env, DATA_DIR: dataDirectory },
    });
    processes.push(started);
    await started.waitUntilReady();
    return started;
  }

  async function call(method: string, at: string, body?: string, to = first) {
    const response = await fetch(`${to.url}/api/v1${at}`, {
      method,
      headers: {
        authorization,
        "content-type": at.includes("/content") ? "text/plain" : "application/json",
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${at}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  const happen = (count: number) =>
    createEventLog(database).append(
      tenantId,
      Array.from({ length: count }, () => ({
        kind: "export-ready" as const,
        detail: { exportId: randomUUID() },
      })),
    );
  const one = async <Row extends object>(text: string, values: readonly unknown[] = []) =>
    (await testDatabase.query<Row>(text, values))[0];

  async function addDocument(to: PregoneroProcess): Promise<string> {
    const { id } = await call("POST", "/documents", JSON.stringify({ title: "Código" }), to);
    await call("PUT", `/documents/${id}/content?fileName=codigo.txt`, TEXT, to);
    return id;
  }
  const stateOf = async (documentId: string) =>
    (
      await one<{ state: string }>("select state from document_version where document_id = $1", [
        documentId,
      ])
    )?.state;
  const readOf = (documentId: string) =>
    one(
      `select (select count(*)::int from edition e where e.source_id = d.source_id) as editions,
              (select count(*)::int from passage p join edition e on e.id = p.edition_id
               where e.source_id = d.source_id) as passages,
              (select count(*)::int from posting o join edition e on e.id = o.edition_id
               where e.source_id = d.source_id) as postings
       from document d where d.id = $1`,
      [documentId],
    );

  it("is not needed: each webhook is posted once, by one of two", async () => {
    await happen(EVENTS);
    await expect.poll(() => received.length, { timeout: 60_000 }).toBe(EVENTS);
    await expect.poll(() => one(DELIVERED)).toEqual({ n: EVENTS });
    expect(new Set(received).size).toBe(EVENTS);
  });

  it("of a document and a webhook is ended by another, and nothing of it is doubled", async () => {
    // So that it is the first that has both.
    await second.stop();
    hangs = true;
    await happen(1);
    await expect.poll(() => hanging.length, { timeout: 60_000 }).toBe(1);
    const letWrite = await testDatabase.holdWrites("passage");
    const id = await addDocument(first);
    try {
      await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe("indexing");
      await first.kill();
    } finally {
      await letWrite();
    }
    hangs = false;
    await testDatabase.query("update document_version set lease_until = now()");
    await testDatabase.query(
      "update webhook_delivery set next_attempt_at = now() where state = 'pending'",
    );
    const third = await start();
    await expect.poll(() => stateOf(id), { timeout: 120_000 }).toBe("ready");
    await expect.poll(() => one(DELIVERED), { timeout: 60_000 }).toEqual({ n: EVENTS + 1 });
    // The same again, by its id: once to a process that died over it, more often if it had lived to lose patience.
    expect(received.length).toBeGreaterThanOrEqual(EVENTS + 2);
    expect(new Set(received).size).toBe(EVENTS + 1);
    const undisturbed = await addDocument(third);
    await expect.poll(() => stateOf(undisturbed), { timeout: 120_000 }).toBe("ready");
    expect(await readOf(id)).toEqual(await readOf(undisturbed));
    expect(await readOf(id)).toMatchObject({ editions: 1 });
  });

  it("of a change of keys is gone on with, and everything can be read", async () => {
    await Promise.all(processes.map((each) => each.stop()));
    const sealing = await openCipher(database, [oldKey], new Date());
    const place = (rowId: string) => ({ tenantId, table: "contact", column: "identity", rowId });
    const ids = Array.from({ length: CONTACTS }, () => randomUUID());
    const sealed = ids.map((id) => sealing.cipher.encrypt(place(id), `name ${id}`));
    await database.asTenant(tenantId, (tx) =>
      tx.query(
        `insert into contact (tenant_id, id, identity)
         select $1, id, identity from unnest($2::uuid[], $3::bytea[]) as w (id, identity)`,
        [tenantId, ids, sealed],
      ),
    );
    env = { ...env, SECRET_KEY: newKey.toString("hex"), SECRET_KEYS_OLD: oldKey.toString("hex") };
    const underOldKey = async () =>
      (
        await one<{ n: number }>(
          "select count(*)::int as n from contact where substring(identity from 2 for 4) = $1",
          [sealed[0]?.subarray(1, 5)],
        )
      )?.n ?? 0;
    const killed = rotate();
    await expect.poll(underOldKey, { timeout: 60_000, interval: 5 }).toBeLessThan(CONTACTS);
    await killed.end("SIGKILL");
    expect(await underOldKey()).toBeGreaterThan(0);
    const again = rotate();
    expect(await again.ended, again.logs()).toBe(0);
    expect(await underOldKey()).toBe(0);
    const { cipher } = await openCipher(database, [newKey], new Date());
    const rows = await testDatabase.query<{ id: string; identity: Buffer }>(
      "select id, identity from contact",
    );
    const readable = rows.filter(
      ({ id, identity }) => cipher.decrypt(place(id), identity) === `name ${id}`,
    );
    expect(readable).toHaveLength(CONTACTS);
  });

  function rotate() {
    const program = path.join(repositoryRoot(), "scripts", "pregonero.mjs");
    return startServerProcess(process.execPath, [program, "keys", "rotate"], {
      cwd: repositoryRoot(),
      env: { PATH: process.env.PATH, ...env, DATA_DIR: path.join(folder, "rotation") },
    });
  }
});
