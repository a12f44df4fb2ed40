import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addChats, addTenant, type Ledgers, openLedgers } from "../../../test/line/tenant-line.ts";
import { asId, type ContactId, type ConversationId, type MessageId } from "../../core/ids.ts";
import { noMetrics } from "../../core/metrics.ts";
import type { PlanLimits, Plans, QuestionLimits } from "../../core/plans.ts";
import type { Database } from "../database.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { createPlans } from "./plans.ts";
import { createQuestionLimits } from "./question-limits.ts";

let database: Database;
let ledgers: Ledgers;
let plans: Plans;
let limits: QuestionLimits;
let tenant: Awaited<ReturnType<typeof addTenant>>;
/** Statements and commits until the next one fails; undefined: none does. */
let dieAt: number | undefined;

beforeAll(async () => {
  database = await openEmbedded({
    dataDirectory: undefined,
    faultPoint() {
      if (dieAt === undefined || dieAt === 0) return;
      dieAt -= 1;
      if (dieAt === 0) throw new Error("The process died here.");
    },
  });
  await migrate(database, "migrations");
  ledgers = openLedgers(database);
  plans = createPlans(database);
  limits = createQuestionLimits(database, ledgers.cipher, noMetrics);
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await addTenant(ledgers);
});

const BY = { actor: "person:ana" };
const NO_LIMITS: PlanLimits = { questionsPerDay: undefined, questionsPerContactDay: undefined };
const newMessage = () => asId<MessageId>(randomUUID());

async function withPlan(given: Partial<PlanLimits>): Promise<string> {
  const name = `p-${randomUUID().slice(0, 8)}`;
  await plans.set(name, { ...NO_LIMITS, ...given }, undefined, BY);
  await plans.assign(tenant.tenantId, name, BY);
  return name;
}

/** The chats' people, and how each asks. */
async function people(...chats: readonly string[]) {
  await addChats(ledgers, tenant, chats);
  const rows = await database.asTenant(tenant.tenantId, (tx) =>
    tx.query<{ id: ConversationId; contact_id: ContactId }>(
      "select id, contact_id from conversation order by id",
    ),
  );
  return rows.map((row) => (messageId: MessageId = newMessage()) => {
    const { botId, channel } = tenant.bot;
    const chat = { botId, channel, conversationId: row.id };
    return ask(messageId, { ...chat, contactId: row.contact_id, senderKey: "" });
  });
}

async function ask(messageId: MessageId, who?: Parameters<QuestionLimits["admit"]>[0]["who"]) {
  const admission = await limits.admit({ tenantId: tenant.tenantId, messageId, who });
  return admission.kind === "admitted" ? "admitted" : admission.by;
}

describe("a plan", () => {
  it("lets so many questions through in a day, of one person and of all, each counted once", async () => {
    const [ana, luis, eva] = await people("1", "2", "3");
    if (ana === undefined || luis === undefined || eva === undefined) throw new Error("nobody");
    expect(await ana()).toBe("admitted");
    expect(await plans.today(tenant.tenantId)).toBeUndefined();
    await withPlan({ questionsPerDay: 3, questionsPerContactDay: 2 });
    const first = newMessage();
    // A turn that is taken again asks about the same message.
    expect([await ana(first), await ana(first), await ana(first)]).toEqual(
      Array(3).fill("admitted"),
    );
    expect([await ana(), await ana(), await luis()]).toEqual([
      "admitted",
      "contact-day",
      "admitted",
    ]);
    const late = newMessage();
    expect([await eva(late), await ask(newMessage())]).toEqual(["day", "day"]);
    expect(await plans.today(tenant.tenantId)).toMatchObject({ questions: 3, refused: 3 });
    // What was refused stays so when its turn is taken again, whatever changed meanwhile.
    await withPlan({});
    expect([await eva(late), await eva()]).toEqual(["day", "admitted"]);
    const other = await addTenant(ledgers);
    expect(await plans.planOf(other.tenantId)).toBeUndefined();
  });

  it("knows a person in a group, and counts whom it does not know by the chat", async () => {
    const [ana] = await people("1");
    await withPlan({ questionsPerContactDay: 1 });
    const { botId, channel } = tenant.bot;
    const group = {
      botId,
      channel,
      contactId: undefined,
      conversationId: asId<ConversationId>(randomUUID()),
    };
    const inGroup = (senderKey: string) => ask(newMessage(), { ...group, senderKey });
    expect([await inGroup("1"), await ana?.()]).toEqual(["admitted", "contact-day"]);
    expect([await inGroup("8"), await inGroup("9")]).toEqual(["admitted", "contact-day"]);
  });

  it("lets no more through of many who ask at once", async () => {
    const [ana] = await people("1");
    await withPlan({ questionsPerContactDay: 5 });
    const all = await Promise.all(Array.from({ length: 12 }, () => ana?.()));
    expect(all.filter((outcome) => outcome === "admitted")).toHaveLength(5);
  });

  it("counts a question once, wherever the process dies while it is counted", async () => {
    const [ana] = await people("1");
    await withPlan({ questionsPerDay: 10 });
    const messageId = newMessage();
    for (let death = 1; death < 20; death += 1) {
      dieAt = death;
      const outcome = await ana?.(messageId).catch(() => undefined);
      dieAt = undefined;
      if (outcome !== undefined) break;
    }
    expect(await ana?.(messageId)).toBe("admitted");
    expect(await plans.today(tenant.tenantId)).toMatchObject({ questions: 1, refused: 0 });
  });

  it("begins anew with the day of the tenant's own calendar", async () => {
    const [ana] = await people("1");
    await withPlan({ questionsPerContactDay: 1 });
    const live = (timeZone: string) =>
      database.asTenant(tenant.tenantId, (tx) =>
        tx.query("update tenant set time_zone = $1", [timeZone]),
      );
    // 25 hours ahead of the other: never the same date.
    await live("Pacific/Niue");
    expect([await ana?.(), await ana?.()]).toEqual(["admitted", "contact-day"]);
    const before = await plans.today(tenant.tenantId);
    await live("Pacific/Kiritimati");
    expect(await ana?.()).toBe("admitted");
    const after = await plans.today(tenant.tenantId);
    expect((after?.day ?? "") > (before?.day ?? "z")).toBe(true);
    expect(after?.endsAt.getTime()).toBeGreaterThan(Date.now());
  });

  it("is changed for all that have it, removed when nobody does, and overwritten unseen by nobody", async () => {
    const [ana] = await people("1");
    const name = await withPlan({ questionsPerContactDay: 1 });
    expect([await ana?.(), await ana?.()]).toEqual(["admitted", "contact-day"]);
    const changed = await plans.set(name, { ...NO_LIMITS, questionsPerContactDay: 2 }, 1, BY);
    expect(changed).toMatchObject({ revision: 2, tenants: 1, questionsPerContactDay: 2 });
    expect(await ana?.()).toBe("admitted");
    await expect(plans.set(name, NO_LIMITS, 1, BY)).rejects.toMatchObject({ code: "stale" });
    await expect(plans.set("none-such", NO_LIMITS, 1, BY)).rejects.toMatchObject({ code: "stale" });
    // Somebody else made it a moment ago.
    await expect(plans.set(name, NO_LIMITS, "new", BY)).rejects.toMatchObject({ code: "stale" });
    await expect(plans.remove(name, BY)).rejects.toMatchObject({ code: "plan-in-use" });
    await expect(plans.assign(tenant.tenantId, "none-such", BY)).rejects.toMatchObject({
      code: "plan-unknown",
    });
    await plans.assign(tenant.tenantId, undefined, BY);
    expect([await plans.remove(name, BY), await plans.remove(name, BY)]).toEqual([true, false]);
    const audited = await database.asTenant(tenant.tenantId, (tx) =>
      tx.query("select action, actor from audit where action like 'plan%' order by id"),
    );
    expect(audited).toEqual([
      { action: "plan-assigned", actor: "person:ana" },
      { action: "plan-assigned", actor: "person:ana" },
    ]);
  });
});
