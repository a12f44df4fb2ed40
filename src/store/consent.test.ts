import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ALL_BROADCASTS,
  addChats,
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotAccount } from "../core/channel.ts";
import type { ConversationId, TenantId } from "../core/ids.ts";
import type { TurnEffect } from "../core/turn.ts";
import { createCitizenData } from "./citizen-data.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

const MINUTE_MS = 60_000;
const REFUSED = { kind: "set-broadcasts", taken: false } as const;
const ACCEPTED = { kind: "set-broadcasts", taken: true } as const;
const NOTICE = [{ text: "aviso" }];

let database: Database;
let line: Ledgers;
let tenantId: TenantId;
let bot: BotAccount;
let ana: ConversationId;
let all: readonly ConversationId[];

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
  const [first = [], second = []] = [
    await addChats(line, { tenantId, bot }, ["ana"]),
    await addChats(line, { tenantId, bot }, ["berta"]),
  ];
  all = [...first, ...second];
  ana = all[0] as ConversationId;
});

let nextUpdate = 0;

/** A turn of Ana's with this effect, and an answer in `partCount` parts. */
async function turn(effect: TurnEffect, partCount = 0): Promise<void> {
  nextUpdate += 1;
  await line.inbox.accept(tenantId, [{ bot, message: message(`consent ${nextUpdate}`, "ana") }]);
  const leases = (await line.conversations.claim("a", 50, MINUTE_MS)).filter(
    (lease) => lease.tenantId === tenantId,
  );
  const { due } = await line.conversations.readDue(leases);
  await line.conversations.commitAnswers(
    due.map((one) => answer(one, partCount, { effects: [effect] })),
  );
}

const inTenant = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  database.asTenant(tenantId, (tx) => tx.query<Row>(text, values));

const claimed = async () =>
  (await line.outbox.claim("a", 50, ALL_BROADCASTS)).parts
    .filter((part) => part.tenantId === tenantId)
    .map(({ conversationId, isBroadcast }) => ({ conversationId, isBroadcast }));

const dropped = () =>
  inTenant<{ reason: string }>(
    "select detail ->> 'reason' as reason from passport_event where kind = 'dropped'",
  );

const exported = async () =>
  JSON.parse(JSON.stringify(await createCitizenData(database, line.cipher).export(tenantId, ana)))
    .conversations;

describe("who asked for no broadcasts", () => {
  it("is left out of the next one, whoever names them", async () => {
    await turn(REFUSED);
    expect(await line.outbox.broadcast(tenantId, all, NOTICE)).toBe(1);
    expect(await claimed()).toEqual([{ conversationId: all[1], isBroadcast: true }]);
  });

  it("gets none that was queued before, and the passport says why", async () => {
    await line.outbox.broadcast(tenantId, all, NOTICE);
    await turn(REFUSED);
    expect(await dropped()).toEqual([{ reason: "unsubscribed" }]);
    expect((await claimed()).map(({ conversationId }) => conversationId)).toEqual([all[1]]);
  });

  it("gets none that another process was queueing meanwhile", async () => {
    await line.outbox.broadcast(tenantId, all, NOTICE);
    // As if the broadcast had been committed after what the refusal drops was looked up.
    await inTenant("update conversation set takes_broadcasts = false where id = $1", [ana]);
    expect((await claimed()).map(({ conversationId }) => conversationId)).toEqual([all[1]]);
    expect(await dropped()).toEqual([{ reason: "unsubscribed" }]);
    await turn(ACCEPTED);
    expect(await claimed()).toEqual([]);
  });

  it("is answered as before", async () => {
    await turn(REFUSED, 2);
    expect(await claimed()).toEqual([{ conversationId: ana, isBroadcast: false }]);
  });

  it("gets them again when they ask for it; each change is on record once", async () => {
    for (const effect of [REFUSED, REFUSED, ACCEPTED]) await turn(effect);
    expect(await line.outbox.broadcast(tenantId, all, NOTICE)).toBe(2);
    const audit = await inTenant<{ action: string; actor: string; subject: string }>(
      "select action, actor, subject from audit where action like 'broadcasts-%' order by id",
    );
    expect(audit).toEqual([
      { action: "broadcasts-refused", actor: "citizen", subject: ana },
      { action: "broadcasts-accepted", actor: "citizen", subject: ana },
    ]);
  });

  it("finds it in what is handed over, and it is erased with the rest", async () => {
    expect(await exported()).toMatchObject([{ broadcasts: { areTaken: true } }]);
    await turn(REFUSED);
    expect(await exported()).toMatchObject([
      { broadcasts: { areTaken: false, chosenAt: expect.any(String) } },
    ]);
    await turn({ kind: "erase-contact" });
    const [row] = await inTenant(
      "select takes_broadcasts, broadcasts_chosen_at from conversation where id = $1",
      [ana],
    );
    expect(row).toEqual({ takes_broadcasts: true, broadcasts_chosen_at: null });
  });

  it("stays so when their chat turns out to be another that was there before", async () => {
    await turn(REFUSED);
    await line.inbox.accept(tenantId, [{ bot, message: message("moved", "ana-later") }]);
    await turn({ kind: "migrate-chat", newChatKey: "ana-later" });
    const rows = await inTenant<{ n: number }>(
      "select count(*)::int as n from conversation where not takes_broadcasts",
    );
    expect(rows).toEqual([{ n: 2 }]);
  });
});
