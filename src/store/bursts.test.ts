import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotAccount } from "../core/channel.ts";
import type { TenantId } from "../core/ids.ts";
import type { DueMessage } from "../core/ledgers.ts";
import type { IncomingContent } from "../core/message.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";

/** Longer than channels have it: what a slow machine takes between two statements must not end a burst. */
const WINDOW_MS = 6_000;

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

async function write(updateKey: string) {
  const [accepted] = await line.inbox.accept(tenantId, [
    { bot, message: message(updateKey), burstWindowMs: WINDOW_MS },
  ]);
  return accepted?.messageId;
}

async function writePlain(updateKey: string, content: IncomingContent): Promise<void> {
  await line.inbox.accept(tenantId, [{ bot, message: message(updateKey, "7", content) }]);
}

/** The whole past moves away by so much. */
async function timePasses(ms: number): Promise<void> {
  const ago = `interval '${ms} milliseconds'`;
  await database.asTenant(tenantId, async (tx) => {
    await tx.query(
      `update inbox set not_before = not_before - ${ago}, received_at = received_at - ${ago},
              burst_ends_at = burst_ends_at - ${ago}`,
    );
    await tx.query(
      `update conversation set due_at = due_at - ${ago}, lease_expires_at = lease_expires_at - ${ago}`,
    );
  });
}

async function claimDue(): Promise<DueMessage | undefined> {
  const leases = await line.conversations.claim("a", 50, 60_000);
  const own = leases.filter((lease) => lease.tenantId === tenantId);
  return (await line.conversations.readDue(own)).due[0];
}

async function claimOne(): Promise<DueMessage> {
  const due = await claimDue();
  if (due === undefined) throw new Error("nothing is due");
  return due;
}

const keys = (due: DueMessage) =>
  [due.message, ...due.followers.map((follower) => follower.message)].map(
    ({ updateKey }) => updateKey,
  );
const commit = async (due: DueMessage) =>
  (await line.conversations.commitAnswers([answer(due, 1, { followers: due.followers })]))[0];

/** From the arrival of a message to when the conversation is due, by the database's clock. */
async function waitSince(updateKey: string): Promise<number> {
  const [row] = await database.asTenant(tenantId, (tx) =>
    tx.query<{ ms: number }>(
      `select extract(epoch from c.due_at - i.received_at)::float8 * 1000 as ms
       from inbox i join conversation c on c.id = i.conversation_id where i.update_key = $1`,
      [updateKey],
    ),
  );
  return Math.round(row?.ms ?? Number.NaN);
}

describe("a burst", () => {
  it("waits for what comes within the window, and is one turn with every message answered", async () => {
    const first = await write("1");
    expect(await waitSince("1")).toBe(WINDOW_MS);
    expect(await claimDue()).toBeUndefined();
    const second = await write("2");
    expect(await waitSince("2")).toBe(WINDOW_MS);
    await write("3");
    expect(await claimDue()).toBeUndefined();
    await timePasses(8_000);
    const due = await claimOne();
    expect(keys(due)).toEqual(["1", "2", "3"]);
    expect(await commit(due)).toBe("done");
    const states = await database.asTenant(tenantId, (tx) =>
      tx.query("select distinct state from inbox"),
    );
    expect(states).toEqual([{ state: "answered" }]);
    const [passport] = await line.passports.find(tenantId, second ?? "");
    expect(passport?.events.at(-1)).toMatchObject({ kind: "answered", detail: { with: first } });
    expect(await claimDue()).toBeUndefined();
  });

  it("is answered 8 s after its first message, however the person goes on", async () => {
    await write("1");
    await timePasses(3_500);
    await write("2");
    expect(await waitSince("1")).toBe(8_000);
    await write("3");
    expect(await waitSince("1")).toBe(8_000);
    await timePasses(8_000);
    expect(keys(await claimOne())).toEqual(["1", "2", "3"]);
  });

  it("ends where the pause was longer than the window, also when nobody answered meanwhile", async () => {
    await write("1");
    await timePasses(WINDOW_MS + 500);
    await write("2");
    await write("3");
    const due = await claimOne();
    expect(keys(due)).toEqual(["1"]);
    expect(await commit(due)).toBe("more");
    expect(await claimDue()).toBeUndefined();
    await timePasses(8_000);
    expect(keys(await claimOne())).toEqual(["2", "3"]);
  });

  it("leaves what comes while it is being answered to the next turn, after a window of its own", async () => {
    await write("1");
    await timePasses(WINDOW_MS);
    const due = await claimOne();
    await write("2");
    expect(await commit(due)).toBe("more");
    expect(await waitSince("2")).toBe(WINDOW_MS);
    await timePasses(WINDOW_MS);
    expect(keys(await claimOne())).toEqual(["2"]);
  });

  it("ends at what is no text, which keeps its place", async () => {
    await write("1");
    await writePlain("2", { kind: "media", media: "photo", fileKey: "f" });
    await write("3");
    expect(await claimDue()).toBeUndefined();
    await timePasses(8_000);
    for (const expected of [["1"], ["2"], ["3"]]) {
      const due = await claimOne();
      expect(keys(due)).toEqual(expected);
      await commit(due);
    }
  });

  it("is whole again for the next owner when its first one dies, and loses nothing", async () => {
    await write("1");
    await write("2");
    await timePasses(8_000);
    const stale = await claimOne();
    await timePasses(61_000);
    const fresh = await claimOne();
    expect(keys(fresh)).toEqual(["1", "2"]);
    expect(await commit(stale)).toBe("lost");
    expect(await commit(fresh)).toBe("done");
  });

  it("begins again when one of its messages is edited, with what that says now", async () => {
    await write("1");
    await write("2");
    await timePasses(8_000);
    const stale = await claimOne();
    await writePlain("3", { kind: "edit", text: "corregida", editedMessageId: "m2" });
    expect(await commit(stale)).toBe("edited");
    const fresh = await claimOne();
    expect(fresh.message.content).toEqual({ kind: "text", text: "pregunta 1" });
    expect(fresh.followers.map((follower) => follower.message.content)).toEqual([
      { kind: "text", text: "corregida" },
    ]);
    expect(await commit(fresh)).toBe("done");
    expect(await claimDue()).toBeUndefined();
  });

  it("is no matter for channels without a window", async () => {
    await writePlain("1", { kind: "text", text: "hola" });
    await writePlain("2", { kind: "text", text: "¿cuánto es la multa?" });
    const due = await claimOne();
    expect(keys(due)).toEqual(["1"]);
    expect(await commit(due)).toBe("more");
    expect(keys(await claimOne())).toEqual(["2"]);
  });
});

describe("when the person last wrote", () => {
  it("is the network's time, never later than ours, and goes with the parts", async () => {
    const ahead = { ...message("1"), sentAt: "2099-01-01T00:00:00.000Z" };
    const before = Date.now();
    await line.inbox.accept(tenantId, [
      { bot, message: { ...message("2"), sentAt: "2024-04-15T12:00:00Z" } },
    ]);
    await commit(await claimOne());
    const claimParts = async () =>
      (await line.outbox.claim("a", 50, { room: 0, paces: new Map() })).parts.filter(
        (part) => part.tenantId === tenantId,
      );
    const [part] = await claimParts();
    expect(part?.lastInboundAt).toEqual(new Date("2024-04-15T12:00:00Z"));
    if (part) {
      const outcome = { kind: "sent", networkMessageId: "n" } as const;
      await line.outbox.settle([{ due: part, outcome, retryAfterMs: undefined }]);
    }
    await line.inbox.accept(tenantId, [{ bot, message: ahead }]);
    await commit(await claimOne());
    const [later] = await claimParts();
    expect(later?.lastInboundAt?.getTime()).toBeGreaterThanOrEqual(before);
    expect(later?.lastInboundAt?.getTime()).toBeLessThanOrEqual(Date.now());
  });
});
