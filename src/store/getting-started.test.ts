import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addTenant, type Ledgers, message, openLedgers } from "../../test/line/tenant-line.ts";
import type { Database } from "./database.ts";
import { createGettingStarted } from "./getting-started.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

let database: Database;
let ledgers: Ledgers;
beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  ledgers = openLedgers(database);
});
afterAll(() => database.close());

describe("what a tenant has to begin with", () => {
  it("is what is its own or public, and is asked once somebody wrote to its own bots", async () => {
    const mine = await addTenant(ledgers);
    const theirs = await addTenant(ledgers);
    const reader = createGettingStarted(database);
    const nothing = {
      edition: undefined,
      sourceCount: 0,
      documentCount: 0,
      wasAsked: false,
      peopleCount: 0,
      subscriptionCount: 0,
    };
    expect(await reader.read(mine.tenantId)).toEqual(nothing);
    await ledgers.inbox.accept(mine.tenantId, [{ bot: mine.bot, message: message("1") }]);
    expect(await reader.read(mine.tenantId)).toEqual({ ...nothing, wasAsked: true });
    expect(await reader.read(theirs.tenantId)).toEqual(nothing);
  });
});
