import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  NO_BROADCASTS,
  openLedgers,
} from "../../../test/line/tenant-line.ts";
import type { BotAccount } from "../../core/channel.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createEventLog } from "./event-log.ts";

let database: Database;
let line: Ledgers;
let tenantId: TenantId;
let bot: BotAccount;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
});

async function told(): Promise<readonly string[]> {
  const all = await createEventLog(database).readAfter(0, 1000);
  return all
    .filter((event) => event.tenantId === tenantId)
    .map(({ kind, detail }) => ("state" in detail ? `${kind} ${detail.state}` : kind));
}

describe("the line", () => {
  it("tells of a message's way, once, with ids alone", async () => {
    const arrival = { bot, message: message("u1", "secreto") };
    const [accepted] = await line.inbox.accept(tenantId, [arrival]);
    await line.inbox.accept(tenantId, [arrival]);
    const leases = await line.conversations.claim("w", 9, 60_000);
    const { due } = await line.conversations.readDue(leases);
    await line.conversations.commitAnswers(due.map((each) => answer(each)));
    const { parts } = await line.outbox.claim("w", 9, NO_BROADCASTS);
    await line.outbox.settle(
      parts.map((part) => ({
        due: part,
        outcome: { kind: "sent", networkMessageId: "n1" },
        retryAfterMs: undefined,
      })),
    );
    const read = { networkMessageId: "n1", status: "read", at: new Date().toISOString() } as const;
    await line.receipts.note(tenantId, bot.botId, [read, read]);
    expect(await told()).toEqual([
      "bot-changed active",
      "contact-changed",
      "message-received",
      "message-answered",
      "delivery-changed sent",
      "delivery-changed read",
    ]);
    const all = await createEventLog(database).readAfter(0, 1000);
    expect(all.at(-1)?.detail).toMatchObject({ messageId: accepted?.messageId });
    expect(JSON.stringify(all)).not.toContain("secreto");
  });
});
