import { createHash, randomBytes, randomUUID } from "node:crypto";
import { asId, type PersonId, type TenantId } from "../../src/core/ids.ts";
import { TENANT_ROLES, type TenantRole } from "../../src/core/people.ts";
import { createAccessTokens } from "../../src/http/access/access-token.ts";
import { newSession } from "../../src/people/new-session.ts";
import { createPeopleStore } from "../../src/store/people.ts";
import { type Answer, type Browser, openBrowser } from "../journeys/people/browser.ts";
import {
  enrol,
  PASSWORD,
  type RunningPeople,
  setUp,
  startPeople,
} from "../journeys/people/running-people.ts";

/** Whoever may try: people of our tenant, of the installation, of another tenant; programs; and those who were. */
export const CALLERS = [
  "anonymous",
  "owner",
  "editor",
  "agent",
  "viewer",
  "platform-admin",
  "operator",
  "foreign owner",
  "foreign editor",
  "foreign agent",
  "foreign viewer",
  "disabled",
  "expired",
  "key without scope",
  "key with scope",
  "foreign key",
] as const;
export type Caller = (typeof CALLERS)[number];

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The product with the same people in many tenants, so that no limit per tenant stands between a test and its answer. */
export interface Ground {
  readonly people: RunningPeople;
  /** Another tenant's, in which there is something of everything. */
  readonly foreign: TenantId;
  /** A tenant that nothing was asked of yet, with all its people. */
  newTenant(): Promise<TenantId>;
  /** As the caller, for the tenant. A key with scope has `scope`, one without has another. */
  call(who: Caller, tenantId: TenantId, call: Call, scope?: string): Promise<Answer>;
  /** The next call of the caller is in a session begun anew. */
  forget(who: Caller): void;
  close(): Promise<void>;
}

const ORIGIN = { ip: "127.0.0.1", userAgent: "test", requestId: "test" };
/** An address for each call: nobody here is one caller too many. */
const newIp = () => `198.18.${randomBytes(1)[0]}.${randomBytes(1)[0]}`;

export async function startGround(): Promise<Ground> {
  const people = await startPeople();
  const { installation } = people;
  const { database, cipher } = installation;
  await setUp(people);
  const persons = await enlist(people);
  const sessions = new Map<Caller, Browser>();
  const foreign = await addTenant();
  await joinAs(foreign, "foreign ");

  async function addTenant(): Promise<TenantId> {
    const id = asId<TenantId>(randomUUID());
    await database.asDispatcher((tx) =>
      tx.query("insert into tenant (id, slug, name) values ($1, $2, 'T')", [id, id]),
    );
    return id;
  }

  async function joinAs(tenantId: TenantId, prefix: "" | "foreign "): Promise<void> {
    await database.asRegistrar(async (tx) => {
      for (const role of [...TENANT_ROLES, ...(prefix === "" ? (["disabled"] as const) : [])]) {
        const who = `${role === "disabled" ? "" : prefix}${role}` as Caller;
        await tx.query(
          `insert into membership (tenant_id, person_id, role, created_at, disabled_at)
           values ($1, $2, $3, now(), $4)`,
          [
            tenantId,
            persons.get(who),
            role === "disabled" ? "owner" : role,
            role === "disabled" ? new Date() : null,
          ],
        );
      }
    });
  }

  async function enter(who: Caller): Promise<Browser> {
    const known = sessions.get(who);
    if (known !== undefined) return known;
    const personId = persons.get(who === "expired" ? "owner" : who);
    if (personId === undefined) throw new Error(`Nobody is ${who}`);
    const browser = openBrowser(people.url, newIp());
    const now = new Date();
    const { stored, opened } = newSession(personId, now);
    await createPeopleStore(database, cipher).openSession(personId, stored, now, ORIGIN);
    browser.cookies.set("refresh", opened.refreshToken);
    const refreshed = await browser.call("POST", "/api/v1/session/refresh");
    if (refreshed.status !== 200) throw new Error(`${who}: ${refreshed.text}`);
    if (who === "expired") {
      const past = createAccessTokens(cipher.hash, { now: () => new Date(Date.now() - 3_600_000) });
      const { sessionId } = opened;
      browser.cookies.set("access", await past.signAccess({ personId, sessionId }));
    }
    sessions.set(who, browser);
    return browser;
  }

  async function keyFor(tenantId: TenantId, scope: string): Promise<string> {
    const key = `prg_${randomBytes(32).toString("base64url")}`;
    await database.asTenant(tenantId, (tx) =>
      tx.query(
        "insert into api_key (tenant_id, id, name, key_hash, scopes) values ($1, $2, 'test', $3, $4)",
        [tenantId, randomUUID(), createHash("sha256").update(key).digest(), [scope]],
      ),
    );
    return key;
  }

  return {
    people,
    foreign,
    async newTenant() {
      const tenantId = await addTenant();
      await joinAs(tenantId, "");
      return tenantId;
    },
    async call(who, tenantId, { method, path, body, headers = {} }, scope = "ask") {
      const ip = { "x-forwarded-for": newIp() };
      if (who === "anonymous" || who.includes("key")) {
        const held = who === "key without scope" ? (scope === "ask" ? "bots" : "ask") : scope;
        const authorization =
          who === "anonymous"
            ? {}
            : {
                authorization: `Bearer ${await keyFor(who === "foreign key" ? foreign : tenantId, held)}`,
              };
        const options = { headers: { ...ip, ...headers, ...authorization } };
        return openBrowser(people.url, newIp()).call(method, path, body, options);
      }
      const browser = await enter(who);
      return browser.call(method, path, body, { tenant: tenantId, headers: { ...ip, ...headers } });
    },
    forget: (who) => void sessions.delete(who),
    close: () => people.close(),
  };
}

/** Everybody who calls, with their second factor where their role demands one. */
async function enlist(people: RunningPeople): Promise<ReadonlyMap<Caller, PersonId>> {
  const persons = new Map<Caller, PersonId>();
  const elsewhere = await people.addTenant();
  const join = async (who: Caller, role: TenantRole) => {
    const email = `${who.replace(" ", "-")}@example.org`;
    persons.set(who, asId<PersonId>((await people.join(email, role, elsewhere)).id));
  };
  for (const role of TENANT_ROLES) {
    await join(role, role);
    await join(`foreign ${role}`, role);
  }
  await join("disabled", "owner");
  const { members } = people.installation.people;
  for (const role of ["platform-admin", "operator"] as const) {
    const email = `${role}@example.org`;
    const { token } = await members.invite(undefined, { email, role, actor: "test" });
    const browser = openBrowser(people.url, newIp());
    const body = { token, name: role, password: PASSWORD };
    const accepted = await browser.call("POST", "/api/v1/invitations/accept", body);
    if (accepted.status !== 201) throw new Error(accepted.text);
    persons.set(role, asId<PersonId>(accepted.json.person.id));
    await enrol(browser);
  }
  return persons;
}
