import { describe } from "vitest";
import { openServer } from "../../src/store/open-server.ts";
import { catalogueConformance } from "../schema/catalogue-conformance.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoOpenDatabases, expectNoServers } from "./harness/leaks.ts";
import { startPostgres } from "./harness/postgres.ts";

describe.skipIf(servicesMissing())("schema", () => {
  catalogueConformance("a PostgreSQL server", async () => {
    const postgres = await startPostgres();
    const testDatabase = await postgres.createDatabase();
    const database = openServer({ url: testDatabase.url, maxConnections: 1 });
    const admin = openServer({ url: testDatabase.adminUrl, maxConnections: 1 });
    return {
      database,
      asSuperuser: admin.asOwner,
      async close() {
        await database.close();
        await admin.close();
        await testDatabase.drop();
        await expectNoOpenDatabases(postgres);
        await postgres.stop();
        expectNoServers();
      },
    };
  });
});
