import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  NO_BROADCASTS,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotAccount, SendOutcome } from "../core/channel.ts";
import type { TenantId } from "../core/ids.ts";
import type { DuePart } from "../core/ledgers.ts";
import { RECEIPT_STATUSES, type Receipt } from "../core/receipt.ts";
import type { Database } from "./database.ts";
import { foldReceipts, type KnownDelivery } from "./fold-receipts.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

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

const at = (minute: number) => `2026-11-21T10:${String(minute).padStart(2, "0")}:00.000Z`;
const NOTHING: KnownDelivery = {
  status: undefined,
  deliveredAt: undefined,
  readAt: undefined,
  reason: undefined,
};
const receipt = fc.record({
  networkMessageId: fc.constant("wamid.1"),
  status: fc.constantFrom(...RECEIPT_STATUSES),
  at: fc.nat(59).map(at),
});
const groups = fc.array(receipt, { minLength: 1, maxLength: 8 }).chain((receipts) =>
  fc.record({
    receipts: fc.constant(receipts),
    // The same again, shuffled, with repetitions, and cut into deliveries.
    delivered: fc
      .shuffledSubarray([...receipts, ...receipts, ...receipts], {
        minLength: receipts.length * 3,
        maxLength: receipts.length * 3,
      })
      .chain((all) =>
        fc
          .nat(all.length)
          .map((cut): (readonly Receipt[])[] => [all.slice(0, cut), all.slice(cut)]),
      ),
  }),
);

describe("folding receipts", () => {
  it("ends alike in whatever order they come, in whatever groups and however often", () => {
    fc.assert(
      fc.property(groups, ({ receipts, delivered }) => {
        const whole = foldReceipts(NOTHING, receipts)?.known;
        let known = NOTHING;
        for (const group of delivered) known = foldReceipts(known, group)?.known ?? known;
        expect(known).toEqual(whole);
      }),
    );
  });

  it("never regresses, and tells each thing once", () => {
    const ranks = ["sent", "failed", "delivered", "read"];
    fc.assert(
      fc.property(fc.array(receipt, { maxLength: 12 }), (receipts) => {
        let known = NOTHING;
        const told: string[] = [];
        for (const one of receipts) {
          const news = foldReceipts(known, [one]);
          const before = known.status === undefined ? -1 : ranks.indexOf(known.status);
          known = news?.known ?? known;
          if (known.status !== undefined) {
            expect(ranks.indexOf(known.status)).toBeGreaterThanOrEqual(before);
          }
          told.push(...(news?.events ?? []).map(({ kind }) => kind));
        }
        expect(new Set(told).size).toBe(told.length);
      }),
    );
  });
});

async function sendOne(outcome: SendOutcome): Promise<DuePart> {
  await line.inbox.accept(tenantId, [{ bot, message: message("1") }]);
  const leases = await line.conversations.claim("a", 10, 30_000);
  const { due } = await line.conversations.readDue(
    leases.filter((lease) => lease.tenantId === tenantId),
  );
  await line.conversations.commitAnswers(due.map((one) => answer(one)));
  const { parts } = await line.outbox.claim("a", 10, NO_BROADCASTS);
  const [part] = parts.filter((one) => one.tenantId === tenantId);
  if (part === undefined) throw new Error("nothing was queued");
  await line.outbox.settle([{ due: part, outcome, retryAfterMs: undefined }]);
  return part;
}

async function partOf({ outboxId }: DuePart) {
  const [row] = await database.asTenant(tenantId, (tx) =>
    tx.query<Record<string, unknown>>(
      `select state, delivery, reason, network_message_id as network, delivered_at, read_at,
              (select jsonb_agg(kind order by id) from passport_event e
               where e.message_id = o.message_id and e.detail ->> 'by' = 'receipt') as told
       from outbox o where id = $1`,
      [outboxId],
    ),
  );
  return row;
}

const SENT = { kind: "sent", networkMessageId: "wamid.1" } as const;
const told = (
  status: Receipt["status"],
  minute: number,
  extra: Partial<Receipt> = {},
): Receipt => ({
  networkMessageId: "wamid.1",
  status,
  at: at(minute),
  ...extra,
});

describe("receipts of parts", () => {
  it("keep the furthest status under shuffled and repeated delivery, each told once in the passport", async () => {
    const part = await sendOne(SENT);
    await line.receipts.note(tenantId, bot.botId, [told("read", 3)]);
    await line.receipts.note(tenantId, bot.botId, [told("sent", 1), told("delivered", 2)]);
    await Promise.all([
      line.receipts.note(tenantId, bot.botId, [told("delivered", 2)]),
      line.receipts.note(tenantId, bot.botId, [told("read", 3)]),
    ]);
    await line.receipts.note(tenantId, bot.botId, [told("failed", 4, { reason: "undeliverable" })]);
    expect(await partOf(part)).toEqual({
      state: "sent",
      delivery: "read",
      reason: null,
      network: "wamid.1",
      delivered_at: new Date(at(2)),
      read_at: new Date(at(3)),
      told: ["read", "delivered"],
    });
  });

  it("stand in the passport where they were learnt, with the network's own time beside them", async () => {
    const part = await sendOne(SENT);
    const at = "2020-01-01T00:00:00.000Z";
    await line.receipts.note(tenantId, bot.botId, [{ ...told("delivered", 0), at }]);
    const [passport] = await line.passports.find(tenantId, part.outboxId);
    expect(passport?.events.at(-1)).toMatchObject({
      kind: "delivered",
      detail: { networkTime: at },
    });
  });

  it("settle a part that was unknown, by the id that the network echoes", async () => {
    const part = await sendOne({ kind: "unknown", reason: "reset" });
    const { outboxId } = part;
    await line.receipts.note(tenantId, bot.botId, [told("delivered", 2, { outboxId })]);
    expect(await partOf(part)).toMatchObject({
      state: "sent",
      delivery: "delivered",
      network: "wamid.1",
      told: ["delivered"],
    });
  });

  it("make a sent part failed when nothing higher came, and sent again when it arrived after all", async () => {
    const part = await sendOne(SENT);
    await line.receipts.note(tenantId, bot.botId, [told("failed", 1, { reason: "undeliverable" })]);
    expect(await partOf(part)).toMatchObject({
      state: "failed",
      delivery: "failed",
      reason: "undeliverable",
      told: ["refused"],
    });
    await line.receipts.note(tenantId, bot.botId, [told("delivered", 2)]);
    expect(await partOf(part)).toMatchObject({
      state: "sent",
      delivery: "delivered",
      reason: null,
    });
  });

  it("keep a part that waits for its next attempt waiting when the one before is said to have failed", async () => {
    const part = await sendOne(SENT);
    await database.asTenant(tenantId, (tx) => tx.query("update outbox set state = 'queued'"));
    await line.receipts.note(tenantId, bot.botId, [told("failed", 1)]);
    expect(await partOf(part)).toMatchObject({ state: "queued", delivery: null, told: null });
  });

  it("of unknown ids, of another bot and of another tenant are ignored", async () => {
    const part = await sendOne(SENT);
    const other = await addTenant(line);
    const strange = told("read", 2, { networkMessageId: "wamid.9", outboxId: "x" as never });
    await line.receipts.note(tenantId, bot.botId, [strange]);
    await line.receipts.note(tenantId, other.bot.botId, [told("read", 2)]);
    await line.receipts.note(other.tenantId, bot.botId, [told("read", 2)]);
    expect(await partOf(part)).toMatchObject({ delivery: null, told: null });
  });
});
