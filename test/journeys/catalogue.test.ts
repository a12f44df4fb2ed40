import path from "node:path";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { catalogueConformance } from "../schema/catalogue-conformance.ts";
import { repositoryRoot } from "../services/harness/repository.ts";

catalogueConformance("the embedded database", async () => {
  const database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, path.join(repositoryRoot(), "migrations"));
  return {
    database,
    // The embedded login is a superuser; row security binds it only through the roles that it takes on.
    asSuperuser: database.asOwner,
    close: () => database.close(),
  };
});
