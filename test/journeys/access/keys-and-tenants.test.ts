import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantId } from "../../../src/core/ids.ts";
import { openBrowser } from "../people/browser.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

let people: RunningPeople;
let owner: Member;

beforeAll(async () => {
  people = await startPeople();
  owner = await setUp(people);
});
afterAll(() => people?.close());

const withKey = (key: string, path = "/api/v1/assistants") =>
  openBrowser(people.url).call("GET", path, undefined, {
    headers: { authorization: `Bearer ${key}` },
  });

async function audited(action: string, tenantId: TenantId = people.installation.tenantId) {
  return people.installation.database.asTenant(tenantId, (tx) =>
    tx.query<{ actor: string; subject: string; detail: Record<string, unknown> }>(
      "select actor, subject, detail from audit where action = $1 order by id",
      [action],
    ),
  );
}

/** As the clock goes on: nobody waits fifteen minutes. */
function forgetProof(of: Member) {
  return people.installation.database.asRegistrar((tx) =>
    tx.query(
      "update person_session set proved_at = proved_at - interval '1 hour' where person_id = $1",
      [of.id],
    ),
  );
}

describe("API keys over HTTP", () => {
  it("show their secret once, say who made them and when they were used, and end at once", async () => {
    const made = await owner.browser.call("POST", "/api/v1/api-keys", {
      name: "statistics",
      scopes: ["assistants"],
    });
    expect(made.status).toBe(201);
    const { id, key } = made.json;
    expect(key).toMatch(/^prg_[\w-]{43}$/);
    expect((await withKey(key)).status).toBe(200);
    const listed = await owner.browser.call("GET", "/api/v1/api-keys");
    const [entry] = listed.json.apiKeys.filter((each: { id: string }) => each.id === id);
    expect(entry).toMatchObject({ createdBy: `person:${owner.id}`, scopes: ["assistants"] });
    expect(entry.lastUsedAt).not.toBeNull();
    expect(listed.text).not.toContain(key);
    expect((await owner.browser.call("DELETE", `/api/v1/api-keys/${id}`)).status).toBe(204);
    expect((await withKey(key)).status).toBe(401);
    expect(await audited("key-refused")).toMatchObject([
      { actor: `key:${id}`, subject: id, detail: { reason: "revoked" } },
    ]);
    expect((await owner.browser.call("DELETE", `/api/v1/api-keys/${id}`)).status).toBe(404);
  });

  it("expire, and are named in the audit of what they did", async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const made = await owner.browser.call("POST", "/api/v1/api-keys", {
      name: "temporary",
      scopes: ["assistants"],
      expiresAt: soon,
    });
    const { id, key } = made.json;
    const saved = await openBrowser(people.url).call(
      "PUT",
      "/api/v1/assistants/by-key",
      {},
      {
        headers: { authorization: `Bearer ${key}` },
      },
    );
    expect(saved.status).toBe(200);
    const saves = await audited("assistant-saved");
    expect(saves.map(({ actor }) => actor)).toContain(`key:${id}`);
    const { database, tenantId } = people.installation;
    await database.asTenant(tenantId, (tx) =>
      tx.query("update api_key set expires_at = now() where id = $1", [id]),
    );
    expect((await withKey(key)).status).toBe(401);
  });

  it("are made only by an owner who has just proved who they are, for scopes that there are", async () => {
    const past = { name: "x", scopes: ["ask"], expiresAt: "2020-01-01T00:00:00Z" };
    const refused = await owner.browser.call("POST", "/api/v1/api-keys", past);
    expect(refused.json).toMatchObject({ status: 400, fields: [{ field: "expiresAt" }] });
    const unknown = { name: "x", scopes: ["everything"] };
    expect((await owner.browser.call("POST", "/api/v1/api-keys", unknown)).status).toBe(400);
    await forgetProof(owner);
    const late = await owner.browser.call("POST", "/api/v1/api-keys", {
      name: "x",
      scopes: ["ask"],
    });
    expect(late.json).toMatchObject({ status: 403, code: "proof-needed" });
    const proof = { password: "tres gatos leen la gaceta", code: owner.totp?.code(1) };
    expect((await owner.browser.call("POST", "/api/v1/session/proof", proof)).status).toBe(204);
  });
});

describe("tenants over HTTP", () => {
  it("are made with a link for their owner, and changed by what one read", async () => {
    const made = await owner.browser.call("POST", "/api/v1/tenants", {
      name: "Salud",
      slug: "salud",
      ownerEmail: "luz@example.org",
    });
    expect(made.status).toBe(201);
    const { tenant, invitation } = made.json;
    const token = new URL(invitation.url, people.url).hash.slice(1);
    const luz = openBrowser(people.url);
    const accepted = await luz.call("POST", "/api/v1/invitations/accept", {
      token,
      name: "Luz",
      password: "cinco ranas cantan de noche",
    });
    expect(accepted.json.person.memberships).toEqual([{ tenantId: tenant.id, role: "owner" }]);
    const again = { name: "Otra", slug: "salud", ownerEmail: "x@example.org" };
    expect((await owner.browser.call("POST", "/api/v1/tenants", again)).status).toBe(409);
    expect(await audited("tenant-created", tenant.id)).toMatchObject([
      { actor: `person:${owner.id}`, subject: tenant.id },
    ]);
  });

  it("change for whoever read them last, and for nobody who did not", async () => {
    const read = await owner.browser.call("GET", "/api/v1/tenant");
    const tag = read.headers.get("etag") ?? "";
    const change = (ifMatch: string | undefined, body: object) =>
      owner.browser.call("PATCH", "/api/v1/tenant", body, {
        headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
      });
    expect((await change(undefined, { retentionDays: 90 })).status).toBe(428);
    const changed = await change(tag, { retentionDays: 90, languages: ["pt", "es"] });
    expect(changed.json).toMatchObject({ retentionDays: 90, languages: ["pt", "es"] });
    expect((await change(tag, { retentionDays: null })).status).toBe(412);
    const back = await change(changed.headers.get("etag") ?? "", { retentionDays: null });
    expect(back.json.retentionDays).toBeNull();
    const zone = await change("*", { timeZone: "Mars/Olympus" });
    expect(zone.json).toMatchObject({ status: 400, fields: [{ field: "timeZone" }] });
    expect((await change("*", { defaultAssistant: "nobody" })).status).toBe(404);
    const role = await change("*", { name: "x", state: "active" });
    expect(role.json).toMatchObject({ status: 400, fields: [{ field: "state" }] });
  });

  it("refuse staff and programs while they are suspended, and lose nothing", async () => {
    const tenantId = await people.addTenant();
    const eva = await people.join("eva@example.org", "owner", tenantId);
    const { key } = await people.installation.apiKeys.create(tenantId, "k", ["assistants"]);
    const put = (state: string) =>
      owner.browser.call("PUT", `/api/v1/tenants/${tenantId}/state`, { state });
    expect((await put("suspended")).json.state).toBe("suspended");
    expect((await put("suspended")).status).toBe(409);
    const refused = await eva.browser.call("GET", "/api/v1/assistants");
    expect(refused.json).toMatchObject({ status: 403, code: "tenant-closed" });
    expect(refused.json.detail).toMatch(/^This tenant is suspended: nothing is lost/);
    expect((await withKey(key)).json).toMatchObject({ status: 403, code: "tenant-closed" });
    expect((await eva.browser.call("GET", "/api/v1/tenant")).json.state).toBe("suspended");
    const deletion = await eva.browser.call("POST", "/api/v1/tenant/deletion", { name: "Otra" });
    expect(deletion.json).toMatchObject({ status: 409, code: "tenant-state" });
    expect((await eva.browser.call("DELETE", "/api/v1/tenant/deletion")).status).toBe(409);
    expect((await put("active")).status).toBe(200);
    expect((await withKey(key)).status).toBe(200);
    expect((await audited("tenant-suspended", tenantId)).length).toBe(1);
  });

  it("are deleted by name, in seven days, unless an owner calls it back", async () => {
    const tenantId = await people.addTenant();
    const iris = await people.join("iris@example.org", "owner", tenantId);
    const wrong = await iris.browser.call("POST", "/api/v1/tenant/deletion", { name: "otra" });
    expect(wrong.json).toMatchObject({ status: 400, code: "name-wrong" });
    const asked = await iris.browser.call("POST", "/api/v1/tenant/deletion", { name: "Otra" });
    expect(asked.json).toMatchObject({ state: "deleting" });
    const days = (Date.parse(asked.json.deletionDueAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect((await iris.browser.call("GET", "/api/v1/assistants")).json.code).toBe("tenant-closed");
    const back = await iris.browser.call("DELETE", "/api/v1/tenant/deletion");
    expect(back.json).toMatchObject({ state: "active", deletionDueAt: null });
    expect((await iris.browser.call("GET", "/api/v1/assistants")).status).toBe(200);
  });
});

describe("plans over HTTP", () => {
  it("limit what is asked in a day, are changed by what one read, and leave when nobody has them", async () => {
    const put = (body: object, ifMatch?: string) =>
      owner.browser.call("PUT", "/api/v1/plans/basic", body, {
        headers: ifMatch === undefined ? {} : { "if-match": ifMatch },
      });
    const limits = { questionsPerDay: 2, questionsPerContactDay: null };
    expect((await put({ ...limits, questionsPerDay: 0 })).status).toBe(400);
    expect((await put(limits)).json).toEqual({ name: "basic", ...limits, tenants: 0 });
    expect((await put(limits)).status).toBe(428);
    expect((await put(limits, '"r9"')).status).toBe(412);
    const { tenantId } = people.installation;
    const assign = (plan: string | null) =>
      owner.browser.call("PUT", `/api/v1/tenants/${tenantId}/plan`, { plan });
    expect((await assign("none-such")).status).toBe(404);
    expect((await assign("basic")).json).toMatchObject({ plan: "basic", today: { questions: 0 } });
    const remove = () => owner.browser.call("DELETE", "/api/v1/plans/basic");
    expect((await remove()).status).toBe(409);

    const ask = () =>
      fetch(`${people.url}/api/v1/ask`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ question: "¿Qué dice la gaceta de hoy sobre becas?" }),
      });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: "question-limit" });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const own = await owner.browser.call("GET", "/api/v1/plan");
    expect(own.json).toMatchObject({
      plan: "basic",
      ...limits,
      today: { questions: 2, refused: 1 },
    });

    expect((await assign(null)).json).toMatchObject({ plan: null, today: null });
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
    expect(await audited("plan-assigned")).toMatchObject([
      { actor: `person:${owner.id}`, detail: { plan: "basic" } },
      { detail: { plan: null } },
    ]);
  });
});
