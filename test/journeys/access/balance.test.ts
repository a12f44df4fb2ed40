import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MessageId, ModelCallId, TenantId } from "../../../src/core/ids.ts";
import { signPayment } from "../../../src/http/balance/payment-signature.ts";
import { openBrowser } from "../people/browser.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

const SECRET = "a secret that a payment provider and we alone know";

let people: RunningPeople;
let admin: Member;

beforeAll(async () => {
  people = await startPeople({ PAYMENT_WEBHOOK_SECRET: SECRET });
  admin = await setUp(people);
});
afterAll(() => people?.close());

const LEDGER = "/api/v1/balance/transactions";

async function openTenant(email: string): Promise<{ tenantId: TenantId; owner: Member }> {
  const tenantId = await people.addTenant();
  return { tenantId, owner: await people.join(email, "owner", tenantId) };
}

function pay(
  payment: object,
  { secret = SECRET, at = Date.now(), body = JSON.stringify(payment), header = "" } = {},
) {
  const seconds = String(Math.floor(at / 1000));
  const signature = signPayment(secret, seconds, Buffer.from(JSON.stringify(payment)));
  return openBrowser(people.url).call("POST", "/api/v1/payments", body, {
    headers: { "pregonero-signature": header || `t=${seconds},v1=${signature.toString("hex")}` },
  });
}

describe("the prepaid balance", () => {
  it("is topped up by hand by a platform-admin alone, once for each reference", async () => {
    const { tenantId, owner } = await openTenant("ada@example.org");
    const booking = { kind: "top-up", amountMicroUsd: 5_000_000, reference: "invoice-1" };
    const refused = await owner.browser.call("POST", LEDGER, booking);
    expect(refused.json).toMatchObject({ status: 403, code: "role-missing" });
    const book = (body: object, tenant: string = tenantId) =>
      admin.browser.call("POST", LEDGER, body, { tenant });
    const booked = await Promise.all([book(booking), book(booking), book(booking)]);
    expect(booked.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const other = await openTenant("otto@example.org");
    expect((await book(booking, other.tenantId)).json.code).toBe("reference-taken");
    expect((await book({ ...booking, amountMicroUsd: 6_000_000 })).status).toBe(409);
    const negative = { kind: "top-up", amountMicroUsd: -1, reference: "x" };
    expect((await book(negative)).json.fields).toMatchObject([{ field: "amountMicroUsd" }]);
    const adjusted = { kind: "adjustment", amountMicroUsd: -1_500_000, reference: "fix-1" };
    expect((await book({ ...adjusted, note: "=cmd|'calc'" })).status).toBe(201);
    const balance = await owner.browser.call("GET", "/api/v1/balance");
    expect(balance.json).toMatchObject({ balanceMicroUsd: 3_500_000, asksModels: true });
    const first = await owner.browser.call("GET", `${LEDGER}?limit=1`);
    expect(first.json.transactions).toMatchObject([{ kind: "adjustment", reference: "fix-1" }]);
    const second = await owner.browser.call("GET", `${LEDGER}?limit=1&cursor=${first.json.next}`);
    expect(second.json).toMatchObject({
      transactions: [{ amountMicroUsd: 5_000_000, balanceMicroUsd: 5_000_000 }],
      next: null,
    });
    const csv = await owner.browser.call("GET", "/api/v1/balance/statement.csv");
    expect(csv.text).toContain("adjustment,-1.500000,3.500000,fix-1,'=cmd|'calc',person:");
  });

  it("is topped up by a signed payment at most once, and by no other", async () => {
    const { tenantId, owner } = await openTenant("bea@example.org");
    const payment = { paymentId: "pay_1", tenantId, amountMicroUsd: 2_000_000 };
    const told = await Promise.all([pay(payment), pay(payment), pay(payment)]);
    expect(told.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const wrong = [
      pay(payment, { secret: "another secret of thirty-two letters" }),
      pay(payment, { at: Date.now() - 6 * 60_000 }),
      pay(payment, { at: Date.now() + 6 * 60_000 }),
      pay(payment, { body: JSON.stringify({ ...payment, amountMicroUsd: 9_000_000 }) }),
      pay(payment, { header: "t=1,v1=" }),
      pay(payment, { header: `t=${Math.floor(Date.now() / 1000)},v1=${"0".repeat(64)}` }),
    ];
    for (const refused of await Promise.all(wrong)) {
      expect(refused.json).toMatchObject({ status: 401, code: "signature-wrong" });
    }
    const nobody = await pay({ ...payment, paymentId: "pay_2", tenantId: randomUUID() });
    expect(nobody.status).toBe(404);
    const balance = await owner.browser.call("GET", "/api/v1/balance");
    expect(balance.json.balanceMicroUsd).toBe(2_000_000);
  });

  it("tells once of each threshold that it crosses, and asks no model at zero", async () => {
    const { tenantId, owner } = await openTenant("cleo@example.org");
    const { spending, database } = people.installation;
    const set = await owner.browser.call("PUT", "/api/v1/balance/thresholds", {
      thresholdsMicroUsd: [500_000, 800_000],
    });
    expect(set.json.thresholdsMicroUsd).toEqual([500_000, 800_000]);
    await spending.topUp(tenantId, 1_000_000, "test");
    const spend = async (amount: number) => {
      const call = {
        tenantId,
        messageId: randomUUID() as MessageId,
        callId: randomUUID() as ModelCallId,
        model: "openai:gpt-5-mini",
        purpose: "write",
      };
      const refused = await spending.reserve(call, amount);
      if (refused !== undefined) return refused;
      const usage = { input: 10, cachedInput: 0, output: 5 };
      await spending.settle(call, { outcome: "answered", usage, cost: amount, isEstimate: false });
      return undefined;
    };
    for (const amount of [150_000, 100_000, 100_000, 200_000, 450_000]) await spend(amount);
    expect(await spend(1)).toBe("balance");
    await people.installation.access.balances.takeNotices();
    const audited = () =>
      database.asTenant(tenantId, (tx) =>
        tx.query<{ action: string; threshold: number }>(
          `select action, (detail ->> 'thresholdMicroUsd')::int as threshold from audit
           where action in ('balance-low', 'balance-exhausted') order by threshold desc`,
        ),
      );
    await expect.poll(audited).toEqual([
      { action: "balance-low", threshold: 800_000 },
      { action: "balance-low", threshold: 500_000 },
      { action: "balance-exhausted", threshold: 0 },
    ]);
    const balance = await owner.browser.call("GET", "/api/v1/balance");
    expect(balance.json).toMatchObject({ balanceMicroUsd: 0, asksModels: false });
    // Up and down again is another crossing.
    await spending.topUp(tenantId, 600_000, "test");
    await spend(200_000);
    await people.installation.access.balances.takeNotices();
    await expect.poll(async () => (await audited()).length).toBe(4);
    const today = new Date().toISOString().slice(0, 10);
    const usage = await owner.browser.call("GET", `/api/v1/usage?from=${today}&until=${today}`);
    expect(usage.json.usage).toMatchObject([
      { day: today, botId: null, model: "openai:gpt-5-mini", calls: 6, costMicroUsd: 1_200_000 },
    ]);
    const backwards = await owner.browser.call(
      "GET",
      "/api/v1/usage?from=2026-02-01&until=2026-01-01",
    );
    expect(backwards.json.fields).toMatchObject([{ field: "until" }]);
  });
});
