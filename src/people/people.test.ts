import { randomBytes, randomUUID } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId, type TenantId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import type { OpenedSession, People, SignedIn } from "../core/people.ts";
import type { Database } from "../store/database.ts";
import { createCipher } from "../store/encryption.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { createPeopleStore } from "../store/people.ts";
import { createTenants } from "../store/tenants.ts";
import { createPeople } from "./create-people.ts";
import { createPasswordHasher } from "./password-hasher.ts";

const PASSWORD = "tres gatos leen la gaceta";
const origin = { ip: "192.0.2.7", userAgent: "Firefox", requestId: "r1" };
const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

let database: Database;
let people: People;
let tenantId: TenantId;
let now = Date.parse("2026-11-21T12:00:00Z");
let count = 0;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  const cipher = createCipher([randomBytes(32)]);
  tenantId = await createTenants(database).ensureSampleTenant();
  people = createPeople({
    store: createPeopleStore(database, cipher),
    hasher: createPasswordHasher({ memoryKibibytes: 64, passes: 1 }),
    hash: cipher.hash,
    clock: { now: () => new Date(now) },
    logger: silentLogger,
  });
});
afterAll(() => database?.close());

/** Somebody who has just joined. */
async function join(role: "owner" | "viewer" = "viewer", tenant = tenantId) {
  count += 1;
  const email = `person${count}@example.org`;
  const { token } = await people.members.invite(tenant, { email, role, actor: "test" });
  const session = await people.members.accept(
    token,
    { name: `Persona ${count}`, password: PASSWORD },
    origin,
  );
  if (session === undefined) throw new Error("not accepted");
  return { email, session, ...session };
}

async function signedIn({ sessionId }: OpenedSession): Promise<SignedIn> {
  const found = await people.find(sessionId);
  if (found === undefined) throw new Error("signed out");
  return found;
}

async function addTotp(session: OpenedSession) {
  const { secret } = await people.beginTotp(await signedIn(session));
  const code = () => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: now });
  const codes = await people.confirmTotp(await signedIn(session), code(), origin);
  if (codes === undefined) throw new Error("not confirmed");
  return { code, codes };
}

const actions = async (subject: string) =>
  (
    await database.asOwner((tx) =>
      tx.query<{ action: string }>("select action from audit where subject = $1 order by id", [
        subject,
      ]),
    )
  ).map(({ action }) => action);

describe("refreshing", () => {
  it("gives each token one successor, the same to two tabs within ten seconds", async () => {
    const { refreshToken } = await join();
    const [one, other] = await Promise.all([
      people.refresh(refreshToken, origin),
      people.refresh(refreshToken, origin),
    ]);
    expect(one).toMatchObject({ kind: "refreshed" });
    expect(other).toEqual(one);
    now += 9 * SECOND;
    expect(await people.refresh(refreshToken, origin)).toEqual(one);
  });

  it("ends the session when an old token comes again, and tells the audit", async () => {
    const { refreshToken, sessionId } = await join();
    const first = await people.refresh(refreshToken, origin);
    now += 11 * SECOND;
    expect((await people.refresh(refreshToken, origin)).kind).toBe("refused");
    expect(await people.find(sessionId)).toBeUndefined();
    const heir = first.kind === "refreshed" ? first.refreshToken : "";
    expect((await people.refresh(heir, origin)).kind).toBe("refused");
    expect(await actions(sessionId)).toEqual(["signed-in", "refresh-token-reused"]);
  });

  it("ends it also within ten seconds once the successor was used, and for any ancestor", async () => {
    const { refreshToken, sessionId } = await join();
    const first = await people.refresh(refreshToken, origin);
    const second = await people.refresh(
      first.kind === "refreshed" ? first.refreshToken : "",
      origin,
    );
    expect(second.kind).toBe("refreshed");
    expect((await people.refresh(refreshToken, origin)).kind).toBe("refused");
    expect(await people.find(sessionId)).toBeUndefined();
  });

  it("is refused for what is no token of ours, and ends nothing", async () => {
    const { sessionId } = await join();
    for (const token of ["", "x", sessionId, randomBytes(32).toString("base64url")]) {
      expect((await people.refresh(token, origin)).kind).toBe("refused");
    }
    expect(await people.find(sessionId)).toBeDefined();
  });

  it("keeps a session that is used, up to two weeks, and no idle one longer than three days", async () => {
    const idle = await join();
    const busy = await join();
    let token = busy.refreshToken;
    for (let day = 0; day < 13; day += 1) {
      now += DAY;
      const outcome = await people.refresh(token, origin);
      if (outcome.kind !== "refreshed") throw new Error(`refused on day ${day}`);
      token = outcome.refreshToken;
      expect((await people.find(idle.sessionId)) !== undefined).toBe(day < 2);
    }
    now += DAY + SECOND;
    expect((await people.refresh(token, origin)).kind).toBe("refused");
  });
});

describe("the second factor", () => {
  it("takes a code once, and none of an earlier step", async () => {
    const { email, session } = await join();
    const { code } = await addTotp(session);
    const enter = async (given: string) => {
      const pending = await people.signIn(email, PASSWORD, origin);
      if (pending.kind !== "totp-needed") throw new Error(pending.kind);
      return people.finishSignIn(pending, { kind: "totp", code: given }, origin);
    };
    expect(await enter(code()), "the code that confirmed it").toBeUndefined();
    const earlier = code();
    now += 30 * SECOND;
    const next = code();
    expect(await enter(next)).toBeDefined();
    expect(await enter(next)).toBeUndefined();
    expect(await enter(earlier)).toBeUndefined();
    now += 30 * SECOND;
    const both = await Promise.all([enter(code()), enter(code())]);
    expect(both.filter((each) => each !== undefined)).toHaveLength(1);
    for (const wrong of ["", "12345", "abcdef", "000000 ", "١٢٣٤٥٦"]) {
      expect(await enter(wrong)).toBeUndefined();
    }
  });

  it("takes each recovery code once, of this person alone, and stores none of them", async () => {
    const { email, session } = await join();
    const other = await join();
    const { codes } = await addTotp(session);
    await addTotp(other.session);
    const [recoveryCode = ""] = codes;
    const enter = async (who: string) => {
      const pending = await people.signIn(who, PASSWORD, origin);
      if (pending.kind !== "totp-needed") throw new Error(pending.kind);
      return people.finishSignIn(pending, { kind: "recovery", code: recoveryCode }, origin);
    };
    expect(await enter(other.email)).toBeUndefined();
    expect(await enter(email)).toBeDefined();
    expect(await enter(email)).toBeUndefined();
    const stored = await database.asOwner((tx) =>
      tx.query("select r::text from recovery_code r where person_id = any ($1)", [
        [session.personId, other.personId],
      ]),
    );
    expect(stored.length).toBe(9 + 10);
    expect(JSON.stringify(stored)).not.toContain(codes[1]?.replaceAll("-", ""));
  });

  it("ends a sign-in under way when the password changes meanwhile", async () => {
    const { email, session } = await join();
    const { code } = await addTotp(session);
    const pending = await people.signIn(email, PASSWORD, origin);
    if (pending.kind !== "totp-needed") throw new Error(pending.kind);
    await people.changePassword(
      await signedIn(session),
      PASSWORD,
      "otra frase que es larga",
      origin,
    );
    now += 30 * SECOND;
    expect(
      await people.finishSignIn(pending, { kind: "totp", code: code() }, origin),
    ).toBeUndefined();
  });
});

describe("sessions", () => {
  it("all end with the password, and the one that changed it begins anew", async () => {
    const { email, session } = await join();
    const elsewhere = await people.signIn(email, PASSWORD, origin);
    if (elsewhere.kind !== "signed-in") throw new Error(elsewhere.kind);
    expect(
      await people.changePassword(await signedIn(session), "wrong", PASSWORD, origin),
    ).toBeUndefined();
    const fresh = await people.changePassword(
      await signedIn(session),
      PASSWORD,
      `${PASSWORD} 2`,
      origin,
    );
    expect(await people.find(session.sessionId)).toBeUndefined();
    expect(await people.find(elsewhere.sessionId)).toBeUndefined();
    expect(await people.find(fresh?.sessionId ?? asId(""))).toBeDefined();
    expect((await people.signIn(email, PASSWORD, origin)).kind).toBe("refused");
  });

  it.each([
    ["role", { role: "editor" }],
    ["being disabled", { isDisabled: true }],
  ] as const)("all end with the %s", async (_, change) => {
    const { session, personId, email } = await join();
    expect(await people.members.change(tenantId, personId, change, "test")).toBeDefined();
    expect(await people.find(session.sessionId)).toBeUndefined();
    const kind = "role" in change ? "signed-in" : "refused";
    expect((await people.signIn(email, PASSWORD, origin)).kind).toBe(kind);
  });

  it("are listed and ended by their own person alone", async () => {
    const one = await join();
    const other = await join();
    expect(await people.endSession(other.personId, one.sessionId, origin)).toBe(false);
    expect(await people.listSessions(one.personId)).toMatchObject([
      { sessionId: one.sessionId, ip: origin.ip, userAgent: origin.userAgent },
    ]);
    expect(await people.endSession(one.personId, one.sessionId, origin)).toBe(true);
    expect(await people.listSessions(one.personId)).toEqual([]);
  });
});

describe("a new password by link", () => {
  it("works once, within half an hour, by the last link alone, and ends every session", async () => {
    const { personId, session, email } = await join();
    const begin = () => people.beginReset(personId, { dropsTotp: false, actor: "test" });
    const earlier = await begin();
    const { token } = await begin();
    const next = "otra frase que es larga";
    for (const wrong of ["", "undefined", "null", earlier.token]) {
      expect(await people.redeemReset(wrong, next, origin)).toBe(false);
    }
    await expect(people.redeemReset(token, "short", origin)).rejects.toMatchObject({
      code: "password-refused",
    });
    expect(await people.redeemReset(token, next, origin)).toBe(true);
    expect(await people.redeemReset(token, next, origin)).toBe(false);
    expect(await people.find(session.sessionId)).toBeUndefined();
    expect((await people.signIn(email, next, origin)).kind).toBe("signed-in");
    const late = await begin();
    now += 31 * 60 * SECOND;
    expect(await people.redeemReset(late.token, next, origin)).toBe(false);
  });

  it("drops the second factor only when it was made to", async () => {
    const { personId, session, email } = await join();
    await addTotp(session);
    const reset = async (dropsTotp: boolean) => {
      const { token } = await people.beginReset(personId, { dropsTotp, actor: "test" });
      await people.redeemReset(token, PASSWORD, origin);
      return (await people.signIn(email, PASSWORD, origin)).kind;
    };
    expect([await reset(false), await reset(true)]).toEqual(["totp-needed", "signed-in"]);
  });
});

describe("membership", () => {
  it("never leaves a tenant without an owner", async () => {
    const tenant = asId<TenantId>(randomUUID());
    await database.asDispatcher((tx) =>
      tx.query("insert into tenant (id, slug, name) values ($1, $2, 'T')", [tenant, tenant]),
    );
    const [one, other] = [await join("owner", tenant), await join("owner", tenant)];
    const leave = ({ personId }: { personId: typeof one.personId }) =>
      people.members.change(tenant, personId, { role: "viewer" }, "test").then(
        () => "done",
        (error: { code: string }) => error.code,
      );
    expect((await Promise.all([leave(one), leave(other)])).sort()).toEqual(["done", "last-owner"]);
  });

  it("is joined by the last invitation alone, once, within a week, by whom it is for", async () => {
    const email = "nueva@example.org";
    const invite = () => people.members.invite(tenantId, { email, role: "agent", actor: "test" });
    const accept = (token: string) =>
      people.members.accept(token, { name: "Nueva", password: PASSWORD }, origin);
    const earlier = await invite();
    const { token, view } = await invite();
    expect(await accept(earlier.token)).toBeUndefined();
    const stranger = await signedIn((await join()).session);
    expect(await people.members.acceptAs(stranger, token, origin)).toBe(false);
    await people.members.withdrawInvitation(tenantId, view.invitationId, "test");
    expect(await accept(token)).toBeUndefined();
    const late = await invite();
    now += 8 * DAY;
    expect(await accept(late.token)).toBeUndefined();
    const last = await invite();
    const both = await Promise.allSettled([accept(last.token), accept(last.token)]);
    const joined = both.filter((each) => each.status === "fulfilled" && each.value !== undefined);
    expect(joined).toHaveLength(1);
    await expect(invite()).rejects.toMatchObject({ code: "already-member" });
  });

  it("is listed page by page, each member once", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await people.members.list(tenantId, { cursor, limit: 3 });
      seen.push(...page.entries.map(({ personId }) => personId));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen.length).toBeGreaterThan(10);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

it("stores no address, name, secret or token in the clear", async () => {
  const tables = [
    "person",
    "person_session",
    "refresh_token",
    "invitation",
    "password_reset",
    "audit",
  ];
  const text = JSON.stringify(
    await database.asOwner(async (tx) => {
      const rows = [];
      for (const table of tables) rows.push(await tx.query(`select t::text from ${table} t`));
      return rows;
    }),
  );
  expect(text).toContain("signed-in");
  for (const secret of ["example.org", "Firefox", "Persona", PASSWORD])
    expect(text).not.toContain(secret);
});
