import { randomUUID } from "node:crypto";
import path from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "../../src/config.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import { openCipher } from "../../src/store/key-rotation/open-cipher.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openServer } from "../../src/store/open-server.ts";
import { repositoryRoot } from "../../test/services/harness/repository.ts";
import { addSeedBots } from "./add-bots.ts";
import { seedTenant } from "./seed-tenant.ts";

/**
 * `npm run seed -- --conversations N [--exchanges 3] [--seed 1]`: a tenant of its own in the database of DATABASE_URL,
 * sealed under SECRET_KEY, to measure on. Nothing of other tenants is touched.
 */
const { values } = parseArgs({
  options: {
    conversations: { type: "string" },
    exchanges: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
  },
});
const [conversations, exchanges, seed] = [values.conversations, values.exchanges, values.seed].map(
  Number,
);
const configured = readConfig({ env: process.env, readFile: () => undefined });
if (!(Number(conversations) > 0) || !(Number(exchanges) > 0) || !Number.isInteger(seed)) {
  refuse("Say how many: npm run seed -- --conversations 10000 [--exchanges 3] [--seed 1]");
} else if (configured.kind === "problems") {
  refuse(`The configuration is not valid: ${JSON.stringify(configured.problems)}`);
} else if (configured.config.databaseUrl === undefined) {
  refuse("Set DATABASE_URL: the embedded database is for one process, and this is another.");
} else {
  const { config } = configured;
  const database = openServer({ url: configured.config.databaseUrl.reveal(), maxConnections: 2 });
  try {
    await migrate(database, path.join(repositoryRoot(), "migrations"));
    const keys = [config.secretKey.reveal()] as const;
    const { cipher } = await openCipher(database, keys, new Date());
    const tenantId = asId<TenantId>(randomUUID());
    await database.asDispatcher((tx) =>
      tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Seed')", [
        tenantId,
        `seed-${tenantId}`,
      ]),
    );
    const { messages } = await seedTenant(database, cipher, {
      tenantId,
      bots: await addSeedBots(database, cipher, tenantId),
      conversations: Number(conversations),
      exchanges: Number(exchanges),
      seed: Number(seed),
      now: new Date(),
      onProgress: (done) => process.stderr.write(`\r${done} conversations`),
    });
    console.log(`\nTenant ${tenantId}: ${conversations} conversations, ${messages} messages.`);
  } finally {
    await database.close();
  }
}

function refuse(why: string): void {
  console.error(why);
  process.exitCode = 64;
}
