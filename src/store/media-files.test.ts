import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { addBot, addTenant, type Ledgers, openLedgers } from "../../test/line/tenant-line.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { MediaFiles } from "../core/media-files.ts";
import type { Database } from "./database.ts";
import { createMediaFiles } from "./media-files.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

let database: Database;
let line: Ledgers;
let files: MediaFiles;
let tenantId: TenantId;
let botId: BotId;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
  files = createMediaFiles(database, line.cipher);
});
afterAll(() => database.close());
beforeEach(async () => {
  let bot: { botId: BotId };
  ({ tenantId, bot } = await addTenant(line));
  botId = bot.botId;
});

const count = async () =>
  (
    await database.asTenant(tenantId, (tx) =>
      tx.query<{ n: number }>("select count(*)::int as n from media_file"),
    )
  )[0]?.n;

it("gives back the bytes that were kept, whatever they are, and also of a view on a larger buffer", async () => {
  const bytes = randomBytes(100_000);
  const key = await files.write(tenantId, botId, bytes);
  const part = await files.write(tenantId, botId, bytes.subarray(10, 20));
  expect(Buffer.from((await files.read(tenantId, botId, key)) ?? []).equals(bytes)).toBe(true);
  expect(Buffer.from((await files.read(tenantId, botId, part)) ?? [])).toEqual(
    Buffer.from(bytes.subarray(10, 20)),
  );
});

it("shows nothing to another bot or tenant, nor for a key that it did not make", async () => {
  const key = await files.write(tenantId, botId, Buffer.from("voice"));
  const other = await addTenant(line);
  const sibling = await addBot(line, tenantId);
  expect(await files.read(other.tenantId, botId, key)).toBeUndefined();
  expect(await files.read(tenantId, sibling.botId, key)).toBeUndefined();
  expect(await files.read(tenantId, botId, "../../secret.key")).toBeUndefined();
});

it("keeps no byte in the clear, nothing beyond two days, and nothing of a bot that is removed", async () => {
  const key = await files.write(tenantId, botId, Buffer.from("hear my voice"));
  const [row] = await database.asTenant(tenantId, (tx) =>
    tx.query<{ content: Buffer }>("select content from media_file"),
  );
  expect(row?.content.includes("hear my voice")).toBe(false);
  expect(row?.content.includes(Buffer.from("hear my voice").toString("base64"))).toBe(false);
  await database.asOwner((tx) =>
    tx.query("update media_file set expires_at = expires_at - interval '49 hours'"),
  );
  expect(await files.read(tenantId, botId, key)).toBeUndefined();
  await files.write(tenantId, botId, Buffer.from("another"));
  expect(await count()).toBe(1);
  await line.bots.remove(tenantId, botId, "test");
  expect(await count()).toBe(0);
});

it("refuses what no turn would read", async () => {
  await expect(
    files.write(tenantId, botId, Buffer.alloc(25 * 1024 * 1024 + 1)),
  ).rejects.toMatchObject({
    code: "media-too-large",
  });
});
