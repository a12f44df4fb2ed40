import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  addTenant,
  answer,
  type Ledgers,
  message,
  NO_BROADCASTS,
  openLedgers,
} from "../../test/line/tenant-line.ts";
import type { BotAccount } from "../core/channel.ts";
import type { TenantId } from "../core/ids.ts";
import type { DueMessage } from "../core/ledgers.ts";
import type { Database } from "./database.ts";
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

async function accept(updateKey: string): Promise<void> {
  await line.inbox.accept(tenantId, [{ bot, message: message(updateKey) }]);
}

async function edit(updateKey: string, text: string, of = "m1"): Promise<void> {
  const content = { kind: "edit", text, editedMessageId: of } as const;
  await line.inbox.accept(tenantId, [{ bot, message: message(updateKey, "7", content) }]);
}

async function claimOne(): Promise<DueMessage> {
  const leases = await line.conversations.claim("a", 50, 60_000);
  const own = leases.filter((lease) => lease.tenantId === tenantId);
  const [due] = (await line.conversations.readDue(own)).due;
  if (due === undefined) throw new Error("nothing is due");
  return due;
}

const commit = async (due: DueMessage) =>
  (await line.conversations.commitAnswers([answer(due)]))[0];

describe("an edit that comes while the answer is prepared", () => {
  it("is what gets answered, once, in the place of the message", async () => {
    await accept("1");
    const stale = await claimOne();
    await accept("2");
    await edit("3", "primera corrección");
    await edit("4", "segunda corrección");
    expect(await commit(stale)).toBe("edited");
    const { parts } = await line.outbox.claim("a", 50, NO_BROADCASTS);
    expect(parts.filter((part) => part.tenantId === tenantId)).toEqual([]);

    const fresh = await claimOne();
    expect(fresh.messageId).toBe(stale.messageId);
    expect(fresh.message).toMatchObject({
      networkMessageId: "m1",
      content: { kind: "text", text: "segunda corrección" },
    });
    expect(fresh.history).toEqual([]);
    expect(await commit(fresh)).toBe("more");
    const next = await claimOne();
    expect(next.message.updateKey).toBe("2");
    expect(await commit(next)).toBe("done");
    const passports = await Promise.all(["1", "3", "4"].map((key) => findByUpdate(key)));
    expect(passports.map((passport) => passport?.state)).toEqual([
      "answered",
      "answered",
      "answered",
    ]);
    expect(passports.map((passport) => passport?.parts.length)).toEqual([1, 0, 0]);
    expect(JSON.stringify(passports[2]?.events)).toContain("edit-taken-in");
  });

  it("puts the answer off three times at most", async () => {
    await accept("1");
    for (const round of [1, 2, 3]) {
      const due = await claimOne();
      await edit(`e${round}`, `corrección ${round}`);
      expect(await commit(due)).toBe("edited");
    }
    const last = await claimOne();
    await edit("e4", "corrección 4");
    expect(await commit(last)).toBe("more");
    expect((await claimOne()).message.content).toMatchObject({ kind: "edit" });
  });

  it("of another message changes nothing", async () => {
    await accept("1");
    const due = await claimOne();
    await edit("2", "corrección", "m0");
    expect(await commit(due)).toBe("more");
    expect((await claimOne()).message.content).toMatchObject({ editedMessageId: "m0" });
  });
});

async function findByUpdate(updateKey: string) {
  const [row] = await database.asTenant(tenantId, (tx) =>
    tx.query<{ id: string }>("select id from inbox where update_key = $1", [updateKey]),
  );
  const [passport] = await line.passports.find(tenantId, row?.id ?? "");
  return passport;
}
