import { expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { asId, type BotId, type TenantId } from "../core/ids.ts";
import type { Receipt, Receipts } from "../core/receipt.ts";
import { createReceiptNoter } from "./note-receipts.ts";

const TENANT = asId<TenantId>("t");
const BOT = asId<BotId>("b");
const receipt = (networkMessageId: string): Receipt => ({
  networkMessageId,
  status: "delivered",
  at: "2026-11-21T10:00:00.000Z",
});

/** A ledger that notes down its commits, and refuses what holds `poison`. */
function openLedger() {
  const commits: string[] = [];
  const ledger: Receipts = {
    async note(_tenantId, botId, receipts) {
      const ids = receipts.map(({ networkMessageId }) => networkMessageId);
      if (ids.includes("poison")) throw new PregoneroError("bad-receipt", "poison");
      await Promise.resolve();
      commits.push(`${botId}: ${ids.join(" ")}`);
    },
  };
  return { commits, noter: createReceiptNoter(ledger) };
}

it("commits receipts of one bot together that come during a commit, and resolves after it", async () => {
  const { commits, noter } = openLedger();
  const note = (id: string, bot = BOT) => noter.note(TENANT, bot, [receipt(id)]);
  await Promise.all([note("1"), note("2"), note("3"), note("9", asId<BotId>("other"))]);
  expect(commits.sort()).toEqual(["b: 1", "b: 2 3", "other: 9"]);
  await note("4");
  expect(commits.at(-1)).toBe("b: 4");
});

it("lets nobody wait in vain for another's receipt that cannot be noted", async () => {
  const { commits, noter } = openLedger();
  const outcomes = await Promise.allSettled(
    ["1", "poison", "2"].map((id) => noter.note(TENANT, BOT, [receipt(id)])),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(commits.join()).toContain("2");
});

it("commits nothing for nothing", async () => {
  const { commits, noter } = openLedger();
  await noter.note(TENANT, BOT, []);
  expect(commits).toEqual([]);
});
