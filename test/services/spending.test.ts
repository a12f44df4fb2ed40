import { describe } from "vitest";
import { openServer } from "../../src/store/open-server.ts";
import { spendingConformance } from "../spending/spending-conformance.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoOpenDatabases, expectNoServers } from "./harness/leaks.ts";
import { startPostgres } from "./harness/postgres.ts";

describe.skipIf(servicesMissing())("money", () => {
  spendingConformance("a PostgreSQL server", async () => {
    const postgres = await startPostgres();
    const testDatabase = await postgres.createDatabase();
    const open = () => openServer({ url: testDatabase.url, maxConnections: 8 });
    const database = open();
    // Pools of their own, as other processes have.
    const others = [open(), open()];
    return {
      database,
      others,
      async close() {
        await Promise.all([database, ...others].map((handle) => handle.close()));
        await testDatabase.drop();
        await expectNoOpenDatabases(postgres);
        await postgres.stop();
        expectNoServers();
      },
    };
  });
});
