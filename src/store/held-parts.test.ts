import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ALL_BROADCASTS,
  addBot,
  addTenant,
  answer,
  type Ledgers,
  message,
  NO_BROADCASTS,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotAccount } from "../core/channel.ts";
import type { TenantId } from "../core/ids.ts";
import type { DuePart, Outbox } from "../core/ledgers.ts";
import type { SessionState } from "../core/session.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";
import { createOutbox, readParts } from "./outbox.ts";

const HOLDER = "holder";
const OTHER = "other";
const SENT = { kind: "sent", networkMessageId: "11" } as const;

let database: Database;
let line: Ledgers;
let held: Outbox;
let tenantId: TenantId;
let bot: BotAccount;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
  held = createOutbox(database, line.cipher, "held");
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId } = await addTenant(line));
  bot = await addBot(line, tenantId, { channel: "whatsapp-web", isHeld: true });
});

async function hold(owner: string, state: SessionState = "ready", forMs = 30_000): Promise<void> {
  await line.bots.holdPolling([bot.botId], owner, forMs);
  await line.sessions.report(tenantId, bot.botId, {
    state,
    since: "2026-11-21T10:00:00.000Z",
    checkedAt: "2026-11-21T10:00:00.000Z",
    evidence: "As the test says.",
    engine: "dom",
    restarts: 0,
  });
}

/** One answer of two parts in each chat. */
async function queue(...chats: readonly string[]): Promise<void> {
  await line.inbox.accept(
    tenantId,
    chats.map((chat) => ({ bot, message: message(`u${chat}`, chat) })),
  );
  const leases = await line.conversations.claim("a", 50, 30_000);
  const { due } = await line.conversations.readDue(
    leases.filter((lease) => lease.tenantId === tenantId),
  );
  await line.conversations.commitAnswers(due.map((one) => answer(one, 2)));
}

async function claim(outbox: Outbox, owner: string, broadcasts = NO_BROADCASTS) {
  const { parts } = await outbox.claim(owner, 50, broadcasts);
  return parts.filter((part) => part.tenantId === tenantId);
}

const settle = (due: DuePart, outcome: Parameters<Outbox["settle"]>[0][number]["outcome"] = SENT) =>
  held.settle([{ due, outcome, retryAfterMs: undefined }]);

describe("parts of an account whose session one process holds", () => {
  it("are claimed by nobody while nobody holds it, nor by any worker ever", async () => {
    await queue("1");
    expect(await claim(held, HOLDER)).toEqual([]);
    await hold(HOLDER);
    expect(await claim(line.outbox, HOLDER)).toEqual([]);
    expect(await claim(line.outbox, OTHER)).toEqual([]);
    expect(await claim(held, OTHER)).toEqual([]);
    expect(await claim(held, HOLDER)).toHaveLength(1);
  });

  it("are not claimed under a right that has expired", async () => {
    await queue("1");
    await hold(HOLDER, "ready", 0);
    expect(await claim(held, HOLDER)).toEqual([]);
  });

  it("wait, without an attempt, while the session cannot send", async () => {
    await queue("1");
    for (const state of ["starting", "waiting-for-scan", "restricted", "conflict"] as const) {
      await hold(HOLDER, state);
      expect(await claim(held, HOLDER), state).toEqual([]);
    }
    await hold(HOLDER, "degraded");
    const [part] = await claim(held, HOLDER);
    expect(part?.attempts).toBe(1);
  });

  it("go one after the other, whatever chats they are for, in order within a chat", async () => {
    await queue("1", "2");
    await hold(HOLDER);
    const order: string[] = [];
    for (let round = 0; round < 4; round++) {
      const parts = await claim(held, HOLDER);
      expect(parts).toHaveLength(1);
      expect(await claim(held, HOLDER)).toEqual([]);
      for (const part of parts) {
        order.push(`${part.chatKey} ${part.part.text}`);
        await settle(part);
      }
    }
    expect(order.filter((text) => text.startsWith("1 "))).toEqual(["1 parte 0", "1 parte 1"]);
    expect(order.filter((text) => text.startsWith("2 "))).toEqual(["2 parte 0", "2 parte 1"]);
    expect(await claim(held, HOLDER)).toEqual([]);
  });

  it("that a holder died over are called unknown at once by the next one, and looked up by it alone", async () => {
    await queue("1");
    await hold(HOLDER);
    const [part] = await claim(held, HOLDER);
    expect(await line.sweep.settleTakenOver(HOLDER)).toBe(0);
    await database.asTenant(tenantId, (tx) =>
      tx.query("update bot set poll_expires_at = now() - interval '1 second' where id = $1", [
        bot.botId,
      ]),
    );
    await hold(OTHER);
    expect(await line.sweep.settleTakenOver(HOLDER)).toBe(0);
    expect(await line.sweep.settleTakenOver(OTHER)).toBe(1);
    const find = (heldBy?: string) => line.sweep.findUnknown(["whatsapp-web"], 60_000, heldBy);
    expect(await find()).toEqual([]);
    expect(await find(HOLDER)).toEqual([]);
    const [found] = await find(OTHER);
    expect(found).toMatchObject({ outboxId: part?.outboxId, unknownSince: expect.any(Date) });
    // What stood behind it does not wait for the look.
    expect((await claim(held, OTHER)).map((one) => one.part)).toEqual([{ text: "parte 1" }]);
  });

  it("that turned out to have arrived while they were looked up stay sent", async () => {
    await queue("1");
    await hold(HOLDER);
    const [part] = await claim(held, HOLDER);
    if (part === undefined) throw new Error("nothing was claimed");
    await settle(part, { kind: "unknown", reason: "reset" });
    await settle(part);
    const claimed = [{ tenantId, id: part.outboxId }];
    const read = await database.asTenant(tenantId, (tx) =>
      readParts(tx, line.cipher, tenantId, { owner: undefined, claimed }),
    );
    expect(read).toEqual([]);
    const [row] = await database.asTenant(tenantId, (tx) =>
      tx.query("select state, reason from outbox where id = $1", [part.outboxId]),
    );
    expect(row).toEqual({ state: "sent", reason: null });
  });

  it("are broadcast one at a time too, behind the replies", async () => {
    await queue("1");
    const conversations = await database.asTenant(tenantId, (tx) =>
      tx.query<{ id: never }>("select id from conversation"),
    );
    const [id] = conversations.map((row) => row.id);
    await hold(HOLDER);
    const share = {
      room: 50,
      paces: new Map([...ALL_BROADCASTS.paces].map(([, pace]) => ["whatsapp-web" as const, pace])),
    };
    await line.outbox.broadcast(tenantId, [id as never], [{ text: "aviso" }]);
    const order: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      await database.asTenant(tenantId, (tx) =>
        tx.query("update conversation set send_next_at = null"),
      );
      expect(await claim(line.outbox, HOLDER, share)).toEqual([]);
      const [part] = await claim(held, HOLDER, share);
      if (part === undefined) break;
      order.push(part.part.text);
      await settle(part);
    }
    expect(order).toEqual(["parte 0", "parte 1", "aviso"]);
  });
});
