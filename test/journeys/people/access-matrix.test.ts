import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { API_KEY_SCOPES } from "../../../src/core/api-keys.ts";
import { asId, type PersonId, type TenantId } from "../../../src/core/ids.ts";
import type { PlatformRole, TenantRole } from "../../../src/core/people.ts";
import { ACCESS, type Access } from "../../../src/http/access/access-table.ts";
import { newSession } from "../../../src/people/new-session.ts";
import { createPeopleStore } from "../../../src/store/people.ts";
import { openBrowser } from "./browser.ts";
import { enrol, PASSWORD, type RunningPeople, setUp, startPeople } from "./running-people.ts";

/**
 * Security checklist S07 to S09: every route of the API × whoever may call, made from the table that the middleware
 * reads. What each cell must say follows from the table; what each role may do at all is the snapshot below.
 */
type Who = TenantRole | PlatformRole | "anonymous" | "foreign owner" | "disabled" | "signed out";

const PERSONS: readonly Who[] = [
  "owner",
  "editor",
  "agent",
  "viewer",
  "platform-admin",
  "operator",
  "foreign owner",
  "disabled",
  "signed out",
];

const routes = Object.entries(ACCESS) as readonly [string, Access][];

let people: RunningPeople;
let theirs: TenantId;
/** Who is in which session; each cell begins one anew, for some routes end it. */
const persons = new Map<Who, PersonId>();

beforeAll(async () => {
  people = await startPeople();
  const admin = await setUp(people);
  persons.set("platform-admin", asId(admin.id));
  theirs = await people.addTenant();
  for (const role of ["owner", "editor", "agent", "viewer"] as const) {
    persons.set(role, asId((await people.join(`${role}@example.org`, role)).id));
  }
  for (const who of ["disabled", "signed out"] as const) {
    persons.set(who, asId((await people.join(`${who.replace(" ", "-")}@example.org`, "owner")).id));
  }
  persons.set("foreign owner", asId((await people.join("eva@example.org", "owner", theirs)).id));
  const { members } = people.installation.people;
  const { token } = await members.invite(undefined, {
    email: "op@example.org",
    role: "operator",
    actor: "test",
  });
  const operator = openBrowser(people.url);
  const body = { token, name: "Op", password: PASSWORD };
  const accepted = await operator.call("POST", "/api/v1/invitations/accept", body);
  persons.set("operator", asId(accepted.json.person.id));
  await enrol(operator);
});
afterAll(() => people?.close());

const ORIGIN = { ip: "127.0.0.1", userAgent: "test", requestId: "test" };
/** Of nobody and nothing. */
const MISSING = "00000000-0000-4000-8000-000000000000";

describe("every route of the API", () => {
  it.each(routes)("%s asks nobody in who is not declared", async (route, access) => {
    const seen: Record<string, string> = {};
    for (const who of ["anonymous" as const, ...PERSONS]) {
      seen[who] = await call(route, who);
    }
    const expected = Object.fromEntries(
      (["anonymous", ...PERSONS] as const).map((who) => [who, expectedOf(access, who, seen[who])]),
    );
    expect(seen).toEqual(expected);
  });

  it("answers a tenant's key with the scope alone, and no key where none is declared", async () => {
    const { apiKeys, tenantId } = people.installation;
    const { key: asks } = await apiKeys.create(tenantId, "asks only", ["ask"]);
    const { key: all } = await apiKeys.create(tenantId, "all", API_KEY_SCOPES);
    for (const [route, access] of routes) {
      if (access.kind === "open" || access.kind === "own") continue;
      const scope = access.kind === "tenant" ? access.scope : undefined;
      expect(await callWithKey(route, asks), route).toBe(
        access.kind === "tenant" ? "403 scope-missing" : "401 sign-in-needed",
      );
      const given = await callWithKey(route, all);
      if (scope === undefined) {
        expect(given, route).toMatch(/^40[13] (scope-missing|sign-in-needed)$/);
      } else expect(given, route).not.toMatch(/^(401|403|5)/);
    }
  });

  it("tells a foreign id from a missing one by nothing", async () => {
    const foreigner = persons.get("foreign owner") ?? "";
    const { browser } = await enter("owner");
    for (const [method, at, body] of [
      ["GET", (id: string) => `/api/v1/members/${id}`, undefined],
      ["PATCH", (id: string) => `/api/v1/members/${id}`, { role: "viewer" }],
      ["DELETE", (id: string) => `/api/v1/invitations/${id}`, undefined],
      ["DELETE", (id: string) => `/api/v1/sessions/${id}`, undefined],
    ] as const) {
      const [foreign, missing] = [
        await browser.call(method, at(foreigner), body),
        await browser.call(method, at(MISSING), body),
      ];
      expect([foreign.status, withoutIds(foreign.text)]).toEqual([404, withoutIds(missing.text)]);
    }
    const reset = (personId: string) =>
      browser.call("POST", "/api/v1/password-resets", { personId });
    const [foreign, missing] = [await reset(foreigner), await reset(MISSING)];
    expect([foreign.status, withoutIds(foreign.text)]).toEqual([404, withoutIds(missing.text)]);
    const page = await browser.call("GET", `/api/v1/members?cursor=${foreigner}`);
    expect(page.text).toBe((await browser.call("GET", `/api/v1/members?cursor=${MISSING}`)).text);
    const named = (tenant: string) => browser.call("GET", "/api/v1/members", undefined, { tenant });
    const [their, no] = [await named(theirs), await named(MISSING)];
    expect([their.status, withoutIds(their.text)]).toEqual([404, withoutIds(no.text)]);
  });

  it("says what each role may, as it was agreed", async () => {
    const roles = ["owner", "editor", "agent", "viewer", "platform-admin", "operator"];
    const lines = routes.flatMap(([route, access]) => {
      if (access.kind === "platform") {
        const proof = access.needsProof === true ? ", proved" : "";
        return [`${route}: ${access.roles.join(" ")}${proof}`];
      }
      if (access.kind !== "tenant") return [`${route}: ${access.kind}`];
      const allowed: readonly string[] = [...access.roles, ...(access.platform ?? [])];
      const proof = access.needsProof === true ? ", proved" : "";
      const key = access.scope === undefined ? "" : `, key with ${access.scope}`;
      return [
        `${route}: ${roles.filter((role) => allowed.includes(role)).join(" ")}${key}${proof}`,
      ];
    });
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("__snapshots__/roles.txt");
  });
});

/** `allowed`, or the refusal; what comes after the door (400, 404 of a thing, 200) is not looked at. */
async function call(route: string, who: Who): Promise<string> {
  const [method = "", path = ""] = route.split(" ");
  const { browser, tenant } = who === "anonymous" ? anonymous() : await enter(who);
  const answer = await browser.call(
    method,
    path.replace(/:(\w+)/g, (_, name: string) => (name === "period" ? "day" : MISSING)),
    method === "GET" || method === "DELETE" ? undefined : {},
    tenant === undefined ? {} : { tenant },
  );
  if (answer.status >= 500) return `${answer.status} ${answer.text}`;
  const code: unknown = answer.json?.code;
  const isRefusal = REFUSALS.includes(String(code)) || answer.json?.detail === NO_TENANT;
  return isRefusal ? `${answer.status} ${code}` : "allowed";
}

const REFUSALS = [
  "sign-in-needed",
  "api-key-needed",
  "role-missing",
  "scope-missing",
  "csrf-token-wrong",
  "totp-set-up-needed",
  "tenant-needed",
  "proof-needed",
];
const NO_TENANT = "There is no such tenant.";

function expectedOf(access: Access, who: Who, seen: string | undefined): string {
  if (access.kind === "own") return seen?.startsWith("5") ? "no failure" : (seen ?? "");
  if (access.kind === "open") return "allowed";
  if (who === "anonymous" && access.kind === "tenant") {
    return `401 ${access.scope === undefined ? "sign-in-needed" : "api-key-needed"}`;
  }
  if (who === "anonymous" || who === "disabled" || who === "signed out") {
    return "401 sign-in-needed";
  }
  if (access.kind === "person") return "allowed";
  if (access.kind === "platform") {
    const isAllowed = (access.roles as readonly Who[]).includes(who);
    return isAllowed ? "allowed" : "403 role-missing";
  }
  if (who === "foreign owner") return "404 not-found";
  if ((access.platform as readonly Who[] | undefined)?.includes(who)) return "allowed";
  if (who === "operator") return "404 not-found";
  // The first person also owns the tenant.
  const role = who === "platform-admin" ? "owner" : who;
  return access.roles.includes(role) ? "allowed" : "403 role-missing";
}

function anonymous() {
  return { browser: openBrowser(people.url), tenant: undefined };
}

/** A browser in which `who` has just signed in, asking for our tenant; without argon2, for there are hundreds. */
async function enter(who: Who) {
  const personId = persons.get(who);
  if (personId === undefined) throw new Error(`Nobody is ${who}`);
  const browser = openBrowser(people.url);
  const opened = await openSession(personId);
  browser.cookies.set("refresh", opened.refreshToken);
  const refreshed = await browser.call("POST", "/api/v1/session/refresh");
  if (refreshed.status !== 200) throw new Error(refreshed.text);
  const { members, endSessions } = people.installation.people;
  if (who === "signed out") await endSessions(personId, undefined, ORIGIN);
  if (who === "disabled") {
    await members.setDisabled(personId, true, "test");
    // Enabled again for the next cell: the sessions that the disabling ended stay ended.
    await members.setDisabled(personId, false, "test");
  }
  return { browser, tenant: people.installation.tenantId };
}

async function openSession(personId: PersonId) {
  const { database, cipher } = people.installation;
  const now = new Date();
  const { stored, opened } = newSession(personId, now);
  await createPeopleStore(database, cipher).openSession(personId, stored, now, ORIGIN);
  return opened;
}

async function callWithKey(route: string, key: string): Promise<string> {
  const [method = "", path = ""] = route.split(" ");
  const answer = await openBrowser(people.url).call(
    method,
    path.replace(/:(\w+)/g, (_, name: string) => (name === "period" ? "day" : MISSING)),
    method === "GET" || method === "DELETE" ? undefined : {},
    { headers: { authorization: `Bearer ${key}` } },
  );
  return `${answer.status} ${answer.json?.code}`;
}

function withoutIds(text: string): string {
  return text.replace(/"requestId":"[^"]*"/, "");
}
