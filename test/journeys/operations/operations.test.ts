import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId, type MessageId, type PersonId, type TenantId } from "../../../src/core/ids.ts";
import { type Browser, openBrowser } from "../people/browser.ts";
import {
  enrol,
  type Member,
  PASSWORD,
  type RunningPeople,
  setUp,
  startPeople,
} from "../people/running-people.ts";

/** What an operator does at three in the morning, over HTTP, before the whole product. */
let people: RunningPeople;
let admin: Member;
let operator: Browser;
let agent: Member;
let foreigner: Member;
let theirs: TenantId;

beforeAll(async () => {
  people = await startPeople();
  admin = await setUp(people);
  agent = await people.join("agent@example.org", "agent");
  theirs = await people.addTenant();
  foreigner = await people.join("eva@example.org", "owner", theirs);
  const { token } = await people.installation.people.members.invite(undefined, {
    email: "op@example.org",
    role: "operator",
    actor: "test",
  });
  operator = openBrowser(people.url);
  const body = { token, name: "Op", password: PASSWORD };
  const accepted = await operator.call("POST", "/api/v1/invitations/accept", body);
  expect(accepted.status, accepted.text).toBe(201);
  await enrol(operator);
});
afterAll(() => people?.close());

const get = (browser: Browser, path: string) => browser.call("GET", path);
const ownBot = () => {
  const bot = people.installation.registry
    .list()
    .find(({ tenantId }) => tenantId === people.installation.tenantId);
  if (bot === undefined) throw new Error("there is no bot");
  return bot;
};

/** A question by the web chat, accepted by the running product. */
async function askInChat(text: string): Promise<MessageId> {
  const bot = ownBot();
  const page = await fetch(`${people.url}/chat/${bot.botKey}`);
  await page.text();
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const sent = await fetch(`${people.url}/api/v1/chat/${bot.botKey}/messages`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify({ clientMessageId: randomUUID(), text }),
  });
  const told = (await sent.json()) as { readonly messageId?: string };
  expect(sent.status, JSON.stringify(told)).toBe(202);
  const [row] = await people.installation.database.asTenant(bot.tenantId, (tx) =>
    tx.query<{ id: string }>("select id from inbox order by id desc limit 1"),
  );
  return asId<MessageId>(row?.id ?? "");
}

async function stateOf(id: MessageId): Promise<string | undefined> {
  const [passport] = await people.installation.passports.find(people.installation.tenantId, id);
  return passport?.state;
}

describe("a pause", () => {
  it("set by the operator keeps what comes, is shown everywhere, and is lifted in order", async () => {
    const paused = await operator.call("POST", "/api/v1/pauses", {
      channel: "web-chat",
      stops: "both",
      reason: "database maintenance",
    });
    expect(paused.status, paused.text).toBe(201);
    expect(paused.json).toMatchObject({ tenantId: null, isPlatforms: true, stops: "both" });
    const id = await askInChat("¿Qué es el decreto?");
    const queues = await get(operator, "/api/v1/queues");
    const own = queues.json.queues.find((each: { botId: string }) => each.botId === ownBot().botId);
    expect(own).toMatchObject({ inbox: { count: 1 }, held: [{ kind: "paused" }, {}] });
    expect(queues.text).not.toContain("decreto");
    const health = await get(operator, "/api/v1/health");
    expect(health.json.components).toContainEqual(
      expect.objectContaining({ kind: "switch", id: paused.json.id, state: "degraded" }),
    );
    expect(await stateOf(id)).toBe("pending");
    expect((await agent.browser.call("DELETE", `/api/v1/pauses/${paused.json.id}`)).status).toBe(
      403,
    );
    const owner = await admin.browser.call("DELETE", `/api/v1/pauses/${paused.json.id}`);
    expect(owner.status, owner.text).toBe(204);
    await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe("answered");
  });

  it("of a tenant is that tenant's alone to see and to lift", async () => {
    const mine = await foreigner.browser.call("POST", "/api/v1/pauses", {
      stops: "answers",
      reason: "holiday",
    });
    expect(mine.json).toMatchObject({ tenantId: theirs, isPlatforms: false });
    const seen = await agent.browser.call("GET", "/api/v1/pauses");
    expect(seen.text).not.toContain(theirs);
    const wrong = await foreigner.browser.call("POST", "/api/v1/pauses", {
      botId: ownBot().botId,
      stops: "both",
      reason: "not mine",
    });
    expect([wrong.status, wrong.json.code]).toEqual([404, "not-found"]);
    const lifted = await foreigner.browser.call("DELETE", `/api/v1/pauses/${mine.json.id}`);
    expect(lifted.status).toBe(204);
  });
});

describe("switches", () => {
  it("take effect on the next question, whose passport says what was off", async () => {
    const set = await operator.call("PUT", "/api/v1/switches/models", {
      isOn: false,
      reason: "provider is down",
    });
    expect(set.status, set.text).toBe(200);
    expect(set.json.off).toContain("models");
    const asked = await fetch(`${people.url}/api/v1/ask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ question: "¿Qué dice el decreto?" }),
    });
    const { passport } = (await asked.json()) as { readonly passport: string };
    const [found] = await people.installation.passports.find(
      people.installation.tenantId,
      passport,
    );
    expect(found?.events).toContainEqual(
      expect.objectContaining({ kind: "planned", detail: { shedLevel: 0, off: "models" } }),
    );
    await operator.call("PUT", "/api/v1/switches/models", { isOn: null, reason: "it is back" });
  });

  it("cannot be switched on against the platform by a tenant, nor those of everybody", async () => {
    const on = await foreigner.browser.call("PUT", "/api/v1/switches/models", {
      isOn: true,
      reason: "we want it",
    });
    const ocr = await foreigner.browser.call("PUT", "/api/v1/switches/ocr", {
      isOn: false,
      reason: "we want it",
    });
    expect([on.json.code, ocr.json.code]).toEqual(["switch-not-tenants", "switch-not-tenants"]);
  });

  it("shed by level, and say what the level sheds", async () => {
    const level = await operator.call("PUT", "/api/v1/shedding", {
      isAutomatic: false,
      level: 2,
      reason: "a flood of questions",
    });
    expect(level.json).toMatchObject({
      level: 2,
      sheds: ["planner", "ocr", "broadcasts", "media"],
    });
    const seen = await foreigner.browser.call("GET", "/api/v1/switches");
    expect(seen.json).toMatchObject({ level: 2, off: expect.arrayContaining(["broadcasts"]) });
    await operator.call("PUT", "/api/v1/shedding", {
      isAutomatic: false,
      level: 0,
      reason: "over",
    });
    const falling = await operator.call("PUT", "/api/v1/shedding", {
      isAutomatic: true,
      thresholds: [
        { waitSeconds: 60, waiting: 9 },
        { waitSeconds: 5, waiting: 9 },
        { waitSeconds: 90, waiting: 9 },
      ],
      reason: "wrong",
    });
    expect([falling.status, falling.json.code]).toEqual([400, "invalid-input"]);
  });
});

describe("a breaker", () => {
  it("is tripped and reset by hand, and says by whom and why", async () => {
    const model = "openai-compatible:m";
    const breaker = people.installation.operations.breakers(model);
    await operator.call("POST", "/api/v1/breakers/orders", {
      order: "trip",
      model,
      minutes: 30,
      reason: "wrong answers",
    });
    expect(breaker.enter()).toBeUndefined();
    const { json } = await get(operator, "/api/v1/breakers");
    expect(json.breakers).toContainEqual(
      expect.objectContaining({
        model,
        state: "held",
        order: expect.objectContaining({ reason: "wrong answers" }),
      }),
    );
    await operator.call("POST", "/api/v1/breakers/orders", {
      order: "reset",
      model,
      reason: "it is well again",
    });
    expect(breaker.enter()).toBeDefined();
  });
});

describe("security events", () => {
  it("tell of wrong passwords and forged webhooks: to the operator all, to an owner their own", async () => {
    const thief = openBrowser(people.url, "203.0.113.66");
    await thief.call("POST", "/api/v1/session", {
      email: "ana@example.org",
      password: "wrong one 1",
    });
    await people.installation.securityEvents.close();
    const seen = await get(operator, "/api/v1/security-events?source=203.0.113.66");
    expect(seen.json.securityEvents).toMatchObject([
      { kind: "sign-in-refused", subject: "POST /api/v1/session", count: 1 },
    ]);
    const others = await get(foreigner.browser, "/api/v1/security-events");
    expect(others.json.securityEvents).toEqual([]);
    expect((await get(agent.browser, "/api/v1/security-events")).status).toBe(403);
  });
});

describe("the audit", () => {
  it("is found by the id of the request, and by who did what", async () => {
    const set = await operator.call("PUT", "/api/v1/switches/ocr", { isOn: false, reason: "cpu" });
    const requestId = set.headers.get("x-request-id");
    const { json } = await get(operator, `/api/v1/audit?requestId=${requestId}`);
    expect(json.entries).toMatchObject([{ action: "switched-off", subject: "ocr" }]);
    const { actor } = json.entries[0];
    const by = await get(operator, `/api/v1/audit?actor=${actor}&action=switched-off&limit=1`);
    expect(by.json.entries).toHaveLength(1);
    const more = await get(operator, `/api/v1/audit?limit=2&cursor=${by.json.entries[0].id}`);
    expect(more.json.entries).toHaveLength(2);
    await operator.call("PUT", "/api/v1/switches/ocr", { isOn: null, reason: "over" });
  });

  it("shows a tenant nothing of another, in the list and in the export", async () => {
    await agent.browser.call("GET", "/api/v1/queues");
    const own = await get(foreigner.browser, "/api/v1/audit?limit=100");
    expect(own.status, own.text).toBe(200);
    for (const entry of own.json.entries) expect(entry.tenantId).toBe(theirs);
    const csv = await get(foreigner.browser, "/api/v1/audit/export?format=csv");
    expect(csv.status, csv.text).toBe(200);
    expect(csv.text).toMatch(/^"id","at","tenantId","actor","action","subject","detail"\r\n/);
    expect(own.text + csv.text).not.toContain(people.installation.tenantId);
  });

  it("names the row that somebody changed in the database", async () => {
    const whole = await operator.call("POST", "/api/v1/audit/verification", {});
    expect(whole.json).toMatchObject({ isWhole: true, findings: [] });
    const { database } = people.installation;
    const [row] = await database.asOwner((tx) =>
      tx.query<{ id: string; actor: string }>(
        "select id, actor from audit where id = (select audit_id from audit_seal where position = 2)",
      ),
    );
    const forge = (actor: string) =>
      database.asOwner(async (tx) => {
        await tx.query("update audit set actor = $2 where id = $1", [row?.id, actor]);
      });
    await forge("nobody");
    const broken = await operator.call("POST", "/api/v1/audit/verification", {
      head: whole.json.head,
    });
    expect(broken.json).toMatchObject({
      isWhole: false,
      findings: [{ kind: "changed", auditId: Number(row?.id) }],
    });
    await forge(row?.actor ?? "");
  });
});

describe("announcements", () => {
  it("reach the people of the tenants that they are for, until they are read or withdrawn", async () => {
    const draft = {
      texts: { es: { title: "Mantenimiento", body: "Mañana a las 3." } },
      severity: "warning",
      tenants: [theirs],
    };
    const made = await operator.call("POST", "/api/v1/platform/announcements", draft);
    expect(made.status, made.text).toBe(201);
    const shownTo = async (browser: Browser) =>
      (await get(browser, "/api/v1/announcements")).json.announcements;
    expect(await shownTo(agent.browser)).toEqual([]);
    expect(await shownTo(foreigner.browser)).toMatchObject([{ id: made.json.id, readAt: null }]);
    const reading = `/api/v1/announcements/${made.json.id}/reading`;
    expect((await agent.browser.call("PUT", reading)).status).toBe(404);
    expect((await foreigner.browser.call("PUT", reading)).status).toBe(204);
    expect(await shownTo(foreigner.browser)).toMatchObject([{ readAt: expect.any(String) }]);
    const path = `/api/v1/platform/announcements/${made.json.id}`;
    const stale = await operator.call("PUT", path, draft, { headers: { "if-match": '"r9"' } });
    expect(stale.status).toBe(412);
    const changed = await operator.call(
      "PUT",
      path,
      { ...draft, tenants: null },
      { headers: { "if-match": '"r1"' } },
    );
    expect(changed.json, changed.text).toMatchObject({ revision: 2, tenants: null, readBy: 1 });
    expect(await shownTo(agent.browser)).toHaveLength(1);
    expect((await operator.call("DELETE", path)).status).toBe(204);
    expect(await shownTo(agent.browser)).toEqual([]);
  });
});

describe("health", () => {
  it("tells a tenant of its own bots alone, and never calls ok what nobody looks at", async () => {
    const own = await get(foreigner.browser, "/api/v1/health");
    expect(own.json.components.map(({ kind }: { kind: string }) => kind)).toEqual(["switch"]);
    const all = await get(operator, "/api/v1/health");
    const bot = all.json.components.find(
      (each: { kind: string; id: string }) => each.kind === "bot" && each.id === ownBot().botId,
    );
    expect(bot).toMatchObject({ state: "unknown", evidence: expect.any(String) });
    expect((await get(agent.browser, "/api/v1/health")).status).toBe(403);
  });
});

it("keeps the operator from every text", async () => {
  const missing = "/api/v1/dead-letters/00000000-0000-4000-8000-000000000000/text";
  const named = await operator.call("GET", missing, undefined, {
    tenant: people.installation.tenantId,
  });
  expect([403, 404]).toContain(named.status);
  expect(named.json.code).not.toBe(undefined);
  const members = people.installation.people.members;
  expect(await members.find(people.installation.tenantId, asId<PersonId>(agent.id))).toBeDefined();
});
