import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  asId,
  type ContactId,
  type MessageId,
  type ModelCallId,
  type TenantId,
} from "../../src/core/ids.ts";
import { type Logger, silentLogger } from "../../src/core/logger.ts";
import type { CallResult, ModelCall, Spending } from "../../src/core/spending.ts";
import type { Database } from "../../src/store/database.ts";
import { createSpending } from "../../src/store/spending.ts";

const PRICE = 1_000;
const PAID: CallResult = {
  outcome: "answered",
  usage: { input: 100, cachedInput: 20, output: 40 },
  cost: PRICE,
  isEstimate: false,
};

/** What `Spending` promises, on an embedded database and on a server. `others`: handles as of other processes. */
export function spendingConformance(
  name: string,
  open: () => Promise<{
    readonly database: Database;
    readonly others: readonly Database[];
    close(): Promise<void>;
  }>,
): void {
  describe(`spending on ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let tenantId: TenantId;
    let spending: Spending;
    let everywhere: readonly Spending[];
    const warnings: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (event, fields) => warnings.push(`${event} ${String(fields?.period)}`),
    };

    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    beforeEach(async () => {
      tenantId = await newTenant();
      spending = createSpending(opened.database, logger);
      everywhere = [opened.database, ...opened.others].map((database) =>
        createSpending(database, silentLogger),
      );
      warnings.length = 0;
    });

    async function newTenant(): Promise<TenantId> {
      const id = randomUUID();
      await opened.database.asDispatcher((tx) =>
        tx.query("insert into tenant (id, slug, name) values ($1, $2, 'T')", [id, `t-${id}`]),
      );
      return asId(id);
    }

    function newCall(changes: Partial<ModelCall> = {}): ModelCall {
      return {
        tenantId,
        messageId: asId<MessageId>(randomUUID()),
        contactId: undefined,
        callId: asId<ModelCallId>(randomUUID()),
        model: "openai:gpt-5-mini",
        purpose: "write",
        ...changes,
      };
    }

    /** Reserves and, when that is allowed, settles: what one answered message does. */
    async function makeCall(at: Spending, call = newCall()): Promise<boolean> {
      if ((await at.reserve(call, PRICE)) !== undefined) return false;
      await at.settle(call, PAID);
      return true;
    }

    it.each(["day", "month"] as const)(
      "serves exactly 50 of 200 calls that race for a budget of 50 a %s, from every process",
      async (period) => {
        await spending.setBudget(tenantId, period, 50 * PRICE, "test");
        const served = await Promise.all(
          Array.from({ length: 200 }, (_, index) =>
            makeCall(everywhere[index % everywhere.length] as Spending),
          ),
        );
        expect(served.filter(Boolean)).toHaveLength(50);
        expect(await spending.listBudgets(tenantId)).toEqual([
          { period, limit: 50 * PRICE, spent: 50 * PRICE, reserved: 0 },
        ]);
      },
    );

    it("never takes the prepaid balance below zero, and each cent of it is in a transaction", async () => {
      await spending.topUp(tenantId, 50 * PRICE, "test");
      let lowest = Number.POSITIVE_INFINITY;
      const served = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const isServed = await makeCall(everywhere[index % everywhere.length] as Spending);
          const account = await spending.balance(tenantId);
          lowest = Math.min(lowest, (account?.balance ?? 0) - (account?.reserved ?? 0));
          return isServed;
        }),
      );
      expect(served.filter(Boolean)).toHaveLength(50);
      expect(lowest).toBe(0);
      expect(await spending.balance(tenantId)).toEqual({ balance: 0, reserved: 0 });
      const rows = await opened.database.asTenant(tenantId, (tx) =>
        tx.query<{ sum: string; count: string }>(
          "select sum(amount_micro_usd), count(*) from account_transaction",
        ),
      );
      expect(rows).toEqual([{ sum: "0", count: "51" }]);
    });

    it("holds what running calls may cost, and gives back what they did not", async () => {
      await spending.setBudget(tenantId, "day", 2 * PRICE, "test");
      const [first, second] = [newCall(), newCall()];
      expect(await spending.reserve(first, 2 * PRICE)).toBeUndefined();
      expect(await spending.reserve(second, PRICE)).toBe("day");
      await spending.settle(first, PAID);
      expect(await spending.reserve(second, PRICE)).toBeUndefined();
    });

    it("settles a call once, however often it is told", async () => {
      await spending.setBudget(tenantId, "day", 9 * PRICE, "test");
      await spending.topUp(tenantId, 9 * PRICE, "test");
      const call = newCall();
      await spending.reserve(call, 3 * PRICE);
      await Promise.all([1, 2, 3].map(() => spending.settle(call, PAID)));
      expect(await spending.listBudgets(tenantId)).toMatchObject([{ spent: PRICE, reserved: 0 }]);
      expect(await spending.balance(tenantId)).toEqual({ balance: 8 * PRICE, reserved: 0 });
    });

    it("refuses by the first budget that is too small, and then holds nothing of the others", async () => {
      await spending.setBudget(tenantId, "month", 9 * PRICE, "test");
      await spending.setBudget(tenantId, "message", PRICE, "test");
      await spending.topUp(tenantId, PRICE, "test");
      expect(await spending.reserve(newCall(), 2 * PRICE)).toBe("message");
      expect(await spending.reserve(newCall(), PRICE)).toBeUndefined();
      expect(await spending.reserve(newCall(), PRICE)).toBe("balance");
      expect(await spending.listBudgets(tenantId)).toMatchObject([
        { period: "message" },
        { period: "month", reserved: PRICE },
      ]);
    });

    it("limits a message over all its calls, and a person over the day", async () => {
      await spending.setBudget(tenantId, "message", 2 * PRICE, "test");
      await spending.setBudget(tenantId, "contact-day", 3 * PRICE, "test");
      const contactId = asId<ContactId>(randomUUID());
      const one = newCall({ contactId });
      const again = () => newCall({ contactId, messageId: one.messageId });
      expect([await makeCall(spending, one), await makeCall(spending, again())]).toEqual([
        true,
        true,
      ]);
      expect(await spending.reserve(again(), PRICE)).toBe("message");
      expect(await makeCall(spending, newCall({ contactId }))).toBe(true);
      expect(await spending.reserve(newCall({ contactId }), PRICE)).toBe("contact-day");
      expect(await makeCall(spending, newCall({ contactId: asId<ContactId>(randomUUID()) }))).toBe(
        true,
      );
      // Nobody known: the person's limit cannot bind.
      expect(await makeCall(spending)).toBe(true);
    });

    it("counts what was spent before a limit was set, and frees only what was reserved from it", async () => {
      const early = newCall();
      await spending.reserve(early, PRICE);
      await makeCall(spending);
      await spending.setBudget(tenantId, "day", 3 * PRICE, "test");
      const late = newCall();
      expect(await spending.reserve(late, PRICE)).toBeUndefined();
      await spending.settle(early, PAID);
      expect(await spending.listBudgets(tenantId)).toMatchObject([
        { spent: 2 * PRICE, reserved: PRICE },
      ]);
      expect(await spending.reserve(newCall(), PRICE)).toBe("day");
    });

    it("books what a dead process reserved, once", async () => {
      await spending.setBudget(tenantId, "day", 9 * PRICE, "test");
      const call = newCall();
      await spending.reserve(call, 2 * PRICE);
      expect(await spending.settleAbandoned(60_000)).toBe(0);
      const swept = await Promise.all(everywhere.map((at) => at.settleAbandoned(-1)));
      expect(Math.max(...swept)).toBeGreaterThanOrEqual(1);
      await spending.settle(call, PAID);
      expect(await spending.listBudgets(tenantId)).toMatchObject([
        { spent: 2 * PRICE, reserved: 0 },
      ]);
    });

    it("says once that a limit is near", async () => {
      await spending.setBudget(tenantId, "day", 10 * PRICE, "test");
      for (let call = 0; call < 9; call += 1) await makeCall(spending);
      expect(warnings).toEqual(["budget-near day"]);
    });

    it("keeps one tenant's budget, balance and calls from another", async () => {
      await spending.setBudget(tenantId, "day", PRICE, "test");
      await spending.topUp(tenantId, PRICE, "test");
      await makeCall(spending);
      const other = await newTenant();
      expect(await spending.isBound(tenantId)).toBe(true);
      expect(await spending.isBound(other)).toBe(false);
      expect(await spending.balance(other)).toBeUndefined();
      expect(await spending.listSpending(other)).toEqual([]);
      expect(await makeCall(spending, newCall({ tenantId: other }))).toBe(true);
    });

    it("lists the month's calls by model, and those whose price is not known apart", async () => {
      await makeCall(spending);
      await makeCall(spending);
      const odd = newCall({ model: "xai:grok-9" });
      await spending.reserve(odd, 0);
      await spending.settle(odd, { ...PAID, cost: undefined });
      expect(await spending.listSpending(tenantId)).toEqual([
        {
          model: "openai:gpt-5-mini",
          calls: 2,
          usage: { input: 200, cachedInput: 40, output: 80 },
          cost: 2 * PRICE,
          unpricedCalls: 0,
        },
        {
          model: "xai:grok-9",
          calls: 1,
          usage: { input: 100, cachedInput: 20, output: 40 },
          cost: 0,
          unpricedCalls: 1,
        },
      ]);
    });

    it("books calls that cost nothing without asking any budget", async () => {
      await spending.setBudget(tenantId, "day", 0, "test");
      const calls = Array.from({ length: 100 }, () =>
        newCall({ model: "openai-compatible:llama" }),
      );
      const free = { ...PAID, cost: 0 };
      await Promise.all(calls.map((call) => spending.record(call, free)));
      await spending.record(calls[0] ?? newCall(), free);
      expect(await spending.listSpending(tenantId)).toMatchObject([
        { model: "openai-compatible:llama", calls: 100, usage: { output: 4_000 }, cost: 0 },
      ]);
    });

    it("refuses amounts that are no whole micro-dollars", async () => {
      await expect(spending.setBudget(tenantId, "day", 0.5, "test")).rejects.toMatchObject({
        code: "amount-invalid",
        status: 400,
      });
      await expect(spending.topUp(tenantId, -1, "test")).rejects.toMatchObject({
        code: "amount-invalid",
      });
    });
  });
}
