import { spendingConformance } from "../../test/spending/spending-conformance.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

spendingConformance("the embedded database", async () => {
  const database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  return { database, others: [], close: () => database.close() };
});
