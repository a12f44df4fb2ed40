import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TenantId } from "../../../src/core/ids.ts";
import {
  type Account,
  CLIENT_ID,
  CLIENT_SECRET,
  type Lie,
  type OidcStandIn,
  startOidcStandIn,
} from "../../stand-ins/oidc/oidc-stand-in.ts";
import { type Browser, openBrowser } from "../people/browser.ts";
import { type Member, type RunningPeople, setUp, startPeople } from "../people/running-people.ts";

const SITE = "http://localhost:8080";

let people: RunningPeople;
let provider: OidcStandIn;
let admin: Member;

beforeAll(async () => {
  provider = await startOidcStandIn(() => `${SITE}/access/sso`);
  people = await startPeople({
    PUBLIC_URL: SITE,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    ALLOWED_PRIVATE_ADDRESSES: `127.0.0.1:${provider.port}`,
  });
  admin = await setUp(people);
});
afterAll(async () => {
  await people?.close();
  await provider?.close();
});
beforeEach(() => {
  provider.lie = undefined;
});

let count = 0;

function somebody(told: Partial<Account> = {}): Account {
  count += 1;
  const email = `person-${count}@example.org`;
  const named = { subject: `s-${count}`, email, name: `Person ${count}` };
  return { ...named, isVerified: true, amr: ["pwd"], ...told };
}

async function enter(
  account: Account,
  {
    browser = openBrowser(people.url),
    tenant,
    prove,
    tamper,
  }: {
    readonly browser?: Browser;
    readonly tenant?: string;
    readonly prove?: boolean;
    readonly tamper?: (returned: URL) => void;
  } = {},
) {
  provider.account = account;
  const begun = await browser.call("POST", "/api/v1/session/sso", { tenant, prove });
  if (begun.status !== 200) return { browser, answer: begun };
  const returned = await provider.visit(begun.json.url);
  tamper?.(returned);
  const query = returned.search.slice(1);
  const answer = await browser.call("POST", "/api/v1/session/sso/callback", { query });
  return { browser, answer, query };
}

async function invite(email: string, role: "owner" | "viewer", tenantId?: TenantId) {
  const { members } = people.installation.people;
  const of = tenantId ?? people.installation.tenantId;
  await members.invite(of, { email, role, actor: "test" });
}

/** A second tenant with a provider of its own. */
async function tenantWithProvider(email: string, domains: readonly string[] = []) {
  const tenantId = await people.addTenant();
  const owner = await people.join(email, "owner", tenantId);
  const saved = await owner.browser.call("PUT", "/api/v1/tenant/single-sign-on", {
    issuer: provider.issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    domains,
  });
  expect(saved.status).toBe(200);
  return { tenantId, owner, saved };
}

describe("signing in by OpenID Connect", () => {
  it("lets in who is invited, once as new and then as the same person, and nobody else", async () => {
    const ada = somebody();
    const stranger = await enter(ada);
    expect(stranger.answer.json).toMatchObject({ status: 403, code: "sso-not-invited" });
    await invite(ada.email, "viewer");
    const first = await enter(ada);
    expect(first.answer.json).toMatchObject({ state: "signed-in", person: { email: ada.email } });
    // Known by the provider's id from now on, whatever address it tells.
    const moved = await enter({ ...ada, email: "moved@example.org" });
    expect(moved.answer.json.person.id).toBe(first.answer.json.person.id);
    expect((await moved.browser.call("GET", "/api/v1/assistants")).status).toBe(200);
  });

  it("takes no address that the provider has not verified", async () => {
    const eve = somebody({ isVerified: false });
    await invite(eve.email, "viewer");
    expect((await enter(eve)).answer.json.code).toBe("sso-email-unverified");
  });

  it("asks for our code of who has set one up, unless the provider asked for two factors", async () => {
    const iris = await people.join("iris@example.org", "owner");
    const account = somebody({ email: iris.email });
    const one = await enter(account);
    expect(one.answer.json).toMatchObject({ state: "totp-needed", person: null });
    const code = { code: iris.totp?.code(1) };
    const finished = await one.browser.call("POST", "/api/v1/session/totp", code);
    expect(finished.json.person.id).toBe(iris.id);
    const two = await enter({ ...account, amr: ["pwd", "otp"] });
    expect(two.answer.json).toMatchObject({ state: "signed-in", person: { id: iris.id } });
  });

  it("demands a second factor of an owner as the role does, from the provider or from us", async () => {
    const olga = somebody();
    await invite(olga.email, "owner");
    const plain = await enter(olga);
    expect(plain.answer.json.person.mustSetUpTotp).toBe(true);
    const strong = await enter({ ...olga, amr: ["mfa"] });
    expect(strong.answer.json.person.mustSetUpTotp).toBe(false);
    // Signed in, but not proved lately: what is delicate needs the provider's word that they were just asked.
    const keys = () =>
      strong.browser.call("POST", "/api/v1/api-keys", { name: "k", scopes: ["ask"] });
    await people.installation.database.asRegistrar((tx) =>
      tx.query("update person_session set proved_at = proved_at - interval '1 hour'"),
    );
    expect((await keys()).json.code).toBe("proof-needed");
    const proved = { browser: strong.browser, prove: true };
    expect((await enter({ ...olga, amr: ["mfa"] }, proved)).answer.status).toBe(200);
    expect((await keys()).status).toBe(201);
  });

  it.each<[string, Lie]>([
    ["another nonce", { kind: "claims", claims: { nonce: "another" } }],
    ["another audience", { kind: "claims", claims: { aud: "somebody-else" } }],
    ["another issuer", { kind: "claims", claims: { iss: "https://elsewhere.example" } }],
    ["a time that is over", { kind: "claims", claims: { exp: 1_600_000_000 } }],
    ["no signature", { kind: "unsigned" }],
    ["another key's signature", { kind: "other-key" }],
  ])("takes no token with %s", async (_, lie) => {
    const account = somebody();
    await invite(account.email, "viewer");
    provider.lie = lie;
    const { answer, browser } = await enter(account);
    expect(answer.json).toMatchObject({ status: 401, code: "sso-refused" });
    expect((await browser.call("GET", "/api/v1/session")).json.state).toBe("anonymous");
  });

  it("takes no answer of another state, in another browser, or a second time", async () => {
    const account = somebody();
    await invite(account.email, "viewer");
    const tampered = await enter(account, {
      tamper: (returned) => returned.searchParams.set("state", "another"),
    });
    expect(tampered.answer.json.code).toBe("sso-refused");
    const good = await enter(account);
    expect(good.answer.status).toBe(200);
    const again = await good.browser.call("POST", "/api/v1/session/sso/callback", {
      query: good.query,
    });
    expect(again.json.code).toBe("sso-refused");
    const elsewhere = await openBrowser(people.url).call("POST", "/api/v1/session/sso/callback", {
      query: good.query,
    });
    expect(elsewhere.json.code).toBe("sso-refused");
  });
});

describe("a tenant's own provider", () => {
  it("lets in the domain that the tenant allows, into that tenant and with that role", async () => {
    const { tenantId, owner, saved } = await tenantWithProvider("fay@example.org", ["salud.cr"]);
    expect(saved.text).not.toContain(CLIENT_SECRET);
    expect(saved.json.redirectUri).toBe(`${SITE}/access/sso`);
    const inside = await enter(somebody({ email: "nora@salud.cr" }), { tenant: tenantId });
    expect(inside.answer.json.person.memberships).toEqual([{ tenantId, role: "viewer" }]);
    const outside = await enter(somebody({ email: "nora@salud.cr.evil.example" }), {
      tenant: tenantId,
    });
    expect(outside.answer.json.code).toBe("sso-not-invited");
    const removed = await owner.browser.call("DELETE", "/api/v1/tenant/single-sign-on");
    expect(removed.status).toBe(204);
    const late = await enter(somebody({ email: "later@salud.cr" }), { tenant: tenantId });
    expect(late.answer.status).toBe(404);
  });

  it("does not speak for people of other tenants, nor for those who manage the installation", async () => {
    const { tenantId } = await tenantWithProvider("gil@example.org");
    const foreign = await people.join("hal@example.org", "viewer");
    for (const email of [foreign.email, admin.email]) {
      const { answer } = await enter(somebody({ email, amr: ["mfa"] }), { tenant: tenantId });
      expect(answer.json.code).toBe("sso-belongs-elsewhere");
    }
  });
});
