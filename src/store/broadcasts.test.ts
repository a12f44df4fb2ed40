import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addBot,
  addChats,
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotAccount } from "../core/channel.ts";
import type { ConversationId, TenantId } from "../core/ids.ts";
import type { BroadcastShare } from "../core/ledgers.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";
import { createOutbox } from "./outbox.ts";

const MINUTE_MS = 60_000;
const chatPace = { intervalMs: 1_000, burst: 3 };
/** Slow enough that no slot comes back while a test runs. */
const SHARE: BroadcastShare = { room: 50, paces: pacesWith({ batch: 1 }) };
const IN_TWOS = { paces: pacesWith({ batch: 2 }) };
const CHATS = Array.from({ length: 12 }, (_, index) => `chat ${index}`);
const sent = { kind: "sent", networkMessageId: "1" } as const;

let database: Database;
let line: Ledgers;
let tenantId: TenantId;
let bot: BotAccount;
let conversations: readonly ConversationId[];

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
  conversations = await addChats(line, { tenantId, bot }, CHATS);
});

function pacesWith({ batch }: { readonly batch: number }): BroadcastShare["paces"] {
  const bulk = { intervalMs: MINUTE_MS, burst: 3, batch };
  return new Map([["telegram", { privateChat: chatPace, groupChat: chatPace, bulk }]]);
}

/** By a new ledger each time, as by a new process. */
function claim(owner: string, share: Partial<BroadcastShare> = {}) {
  return createOutbox(database, line.cipher).claim(owner, 50, { ...SHARE, ...share });
}

const inTenant = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  database.asTenant(tenantId, (tx) => tx.query<Row>(text, values));

async function countAttempting(): Promise<number> {
  const [row] = await inTenant<{ n: number }>(
    "select count(*)::int as n from outbox where state = 'attempting'",
  );
  return row?.n ?? 0;
}

describe("a broadcast", () => {
  it("goes out as the bot's bucket allows, whichever processes ask and however often", async () => {
    expect(await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }])).toBe(12);
    const { nextBroadcastInMs } = await claim("a");
    expect(await countAttempting()).toBe(3);
    for (const owner of ["a", "b", "after a restart"]) await claim(owner);
    expect(await countAttempting()).toBe(3);
    expect(nextBroadcastInMs).toBeGreaterThan(0);
    expect(nextBroadcastInMs).toBeLessThanOrEqual(MINUTE_MS);
    await inTenant("update bot set bulk_next_at = bulk_next_at - interval '1 minute'");
    await claim("b");
    expect(await countAttempting()).toBe(4);
  });

  it("goes out in batches, and says when the bucket has the slots of one", async () => {
    await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }]);
    const { nextBroadcastInMs } = await claim("a", IN_TWOS);
    expect(nextBroadcastInMs).toBeGreaterThan(MINUTE_MS);
    expect(nextBroadcastInMs).toBeLessThanOrEqual(2 * MINUTE_MS);
    await inTenant("update bot set bulk_next_at = bulk_next_at - interval '1 minute'");
    const early = await claim("a", IN_TWOS);
    expect(await countAttempting()).toBe(3);
    expect(early.nextBroadcastInMs).toBeLessThanOrEqual(MINUTE_MS);
    await inTenant("update bot set bulk_next_at = bulk_next_at - interval '1 minute'");
    await claim("a", IN_TWOS);
    expect(await countAttempting()).toBe(5);
  });

  it("does not wait for others to fill its batch", async () => {
    const [only] = conversations;
    await line.outbox.broadcast(tenantId, only === undefined ? [] : [only], [{ text: "aviso" }]);
    await claim("a", IN_TWOS);
    expect(await countAttempting()).toBe(1);
  });

  it("waits while its tenant is closed, and goes out when it is open again", async () => {
    await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }]);
    await inTenant("update tenant set state = 'suspended'");
    await claim("a");
    expect(await countAttempting()).toBe(0);
    await inTenant("update tenant set state = 'active'");
    await claim("a");
    expect(await countAttempting()).toBe(3);
  });

  it("does not make up for the time in which nobody sent", async () => {
    await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }]);
    await inTenant(
      "update outbox set not_before = now() - interval '1 hour', created_at = now() - interval '1 hour'",
    );
    await claim("a");
    expect(await countAttempting()).toBe(3);
  });

  it("has a bucket for each bot, and binds no reply", async () => {
    const second = await addBot(line, tenantId);
    const others = await addChats(line, { tenantId, bot: second }, CHATS);
    await line.outbox.broadcast(tenantId, [...conversations, ...others], [{ text: "aviso" }]);
    await claim("a");
    const taken = await inTenant<{ n: number }>(
      "select count(*)::int as n from outbox where state = 'attempting' group by bot_id",
    );
    expect(taken).toEqual([{ n: 3 }, { n: 3 }]);
  });

  it("fills no more than the room it is given, and spends the bucket by that", async () => {
    await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }]);
    await claim("a", { room: 0 });
    expect(await countAttempting()).toBe(0);
    await claim("a", { room: 1 });
    expect(await countAttempting()).toBe(1);
    await claim("a");
    expect(await countAttempting()).toBe(3);
  });

  it("waits for a paused bot, and then begins at its pace", async () => {
    await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }]);
    await inTenant("update bot set paused_until = now() + interval '1 hour'");
    await claim("a");
    expect(await countAttempting()).toBe(0);
    await inTenant("update bot set paused_until = now()");
    await claim("a");
    expect(await countAttempting()).toBe(3);
  });

  it("leaves out who cannot be reached, and keeps the order of its parts in a chat", async () => {
    await inTenant("update conversation set is_reachable = id = any ($1)", [
      conversations.slice(0, 2),
    ]);
    const parts = [{ text: "uno" }, { text: "dos" }];
    expect(await line.outbox.broadcast(tenantId, conversations, parts)).toBe(2);
    const first = await line.outbox.claim("a", 50, SHARE);
    const texts = () =>
      first.parts.filter((part) => part.tenantId === tenantId).map(({ part }) => part.text);
    expect(texts()).toEqual(["uno", "uno"]);
    expect(first.parts.every((part) => part.isBroadcast)).toBe(true);
    for (const due of first.parts) {
      await line.outbox.settle([{ due, outcome: sent, retryAfterMs: undefined }]);
    }
    // The chat's own bucket was spent too.
    expect((await line.outbox.claim("a", 50, SHARE)).parts).toEqual([]);
    await inTenant("update conversation set send_next_at = now()");
    const second = await line.outbox.claim("a", 50, SHARE);
    expect(second.parts.map(({ part }) => part.text)).toEqual(["dos"]);
  });
});

describe("a person who could not be reached", () => {
  it("is reached again from the message on that they write", async () => {
    await inTenant("update conversation set is_reachable = false");
    expect(await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }])).toBe(0);
    await line.inbox.accept(tenantId, [{ bot, message: message("hola", "chat 0") }]);
    expect(await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }])).toBe(1);
  });
});

describe("a reply during a broadcast", () => {
  it("goes out at once, also in a chat whose broadcast waits or is on its way", async () => {
    await line.outbox.broadcast(tenantId, conversations, [{ text: "aviso" }]);
    const before = await line.outbox.claim("a", 50, SHARE);
    expect(before.parts.filter((part) => part.tenantId === tenantId)).toHaveLength(3);
    await line.inbox.accept(
      tenantId,
      CHATS.map((chat) => ({ bot, message: message(`pregunta ${chat}`, chat) })),
    );
    const leases = await line.conversations.claim("a", 50, MINUTE_MS);
    const { due } = await line.conversations.readDue(
      leases.filter((lease) => lease.tenantId === tenantId),
    );
    await line.conversations.commitAnswers(due.map((one) => answer(one)));
    const { parts } = await line.outbox.claim("a", 50, SHARE);
    const replies = parts.filter((part) => part.tenantId === tenantId);
    expect(replies.map(({ isBroadcast }) => isBroadcast)).toEqual(CHATS.map(() => false));
  });
});
