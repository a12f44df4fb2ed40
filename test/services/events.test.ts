import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantId } from "../../src/core/ids.ts";
import type { Database } from "../../src/store/database.ts";
import { appendEvents } from "../../src/store/events/append-events.ts";
import { createEventLog } from "../../src/store/events/event-log.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { type EphemeralPostgres, startPostgres } from "./harness/postgres.ts";

describe.skipIf(servicesMissing())("the event log on a server", () => {
  let postgres: EphemeralPostgres;
  let testDatabase: Awaited<ReturnType<EphemeralPostgres["createDatabase"]>>;
  let writers: Database;
  let readers: Database;
  let tenantId: TenantId;

  beforeAll(async () => {
    postgres = await startPostgres();
    testDatabase = await postgres.createDatabase();
    writers = openServer({ url: testDatabase.url, maxConnections: 9 });
    readers = openServer({ url: testDatabase.url, maxConnections: 3 });
    await migrate(writers, "migrations");
    tenantId = await createTenants(writers).ensureSampleTenant();
  });
  afterAll(async () => {
    await writers.close();
    await readers.close();
    await testDatabase.drop();
    await postgres.stop();
  });

  const note = (exportId: string) => [{ kind: "export-ready", detail: { exportId } } as const];

  it("tells every reader of every event once, whichever transaction commits first", async () => {
    const wanted = 8 * 40;
    const from = (await createEventLog(readers).bounds()).head;
    const writing = Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
    const seen = await Promise.all([read(), read()]);
    await writing;
    for (const told of seen) {
      expect(new Set(told).size).toBe(wanted);
      expect(told).toHaveLength(wanted);
    }
    expect(seen[0]).toEqual(seen[1]);

    // The identity is taken at the insert; how long the commit lets wait for itself differs.
    async function write(writer: number): Promise<void> {
      for (let turn = 0; turn < 40; turn++) {
        await writers.asTenant(tenantId, async (tx) => {
          await appendEvents(tx, tenantId, note(`${writer} ${turn}`));
          await pause((writer * 7 + turn * 3) % 11);
        });
      }
    }
    async function read(): Promise<readonly string[]> {
      const log = createEventLog(readers);
      const told: string[] = [];
      let position = from;
      while (told.length < wanted) {
        for (const event of await log.readAfter(position, 7)) {
          expect(event.position).toBeGreaterThan(position);
          position = event.position;
          if (event.kind === "export-ready") told.push(event.detail.exportId);
        }
      }
      return told;
    }
  });

  it("is not held up by a transaction that goes on for long", async () => {
    const log = createEventLog(readers);
    const { head } = await log.bounds();
    await writers.asTenant(tenantId, async (tx) => {
      await appendEvents(tx, tenantId, note("late"));
      await log.append(tenantId, note("early"));
      expect((await log.readAfter(head, 10)).map(({ detail }) => detail)).toEqual([
        { exportId: "early" },
      ]);
    });
    const told = await log.readAfter(head, 10);
    expect(told.map(({ detail }) => detail)).toEqual([{ exportId: "early" }, { exportId: "late" }]);
  });
});
