import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asId, type PersonId, type TenantId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { People, TenantRole } from "../../src/core/people.ts";
import { createPeople } from "../../src/people/create-people.ts";
import { createPasswordHasher } from "../../src/people/password-hasher.ts";
import { createAuditSeals } from "../../src/store/audit-seals.ts";
import type { Database } from "../../src/store/database.ts";
import { createCipher } from "../../src/store/encryption.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openServer } from "../../src/store/open-server.ts";
import { createPeopleStore } from "../../src/store/people.ts";
import { createTenants } from "../../src/store/tenants.ts";
import { servicesMissing } from "./harness/binaries.ts";
import { expectNoServers } from "./harness/leaks.ts";
import { startPostgres } from "./harness/postgres.ts";
import { repositoryRoot } from "./harness/repository.ts";

const PASSWORD = "tres gatos leen la gaceta";
const ROUNDS = 10;
const origin = { ip: "192.0.2.7", userAgent: "Firefox", requestId: "r1" };

describe.skipIf(servicesMissing())("people, in several processes at once", () => {
  let databases: readonly Database[];
  /** One per process. */
  let all: readonly People[];
  let tenantId: TenantId;
  let stop: () => Promise<void>;
  const cipher = createCipher([randomBytes(32)]);

  beforeAll(async () => {
    const postgres = await startPostgres();
    const testDatabase = await postgres.createDatabase();
    const open = () => openServer({ url: testDatabase.url, maxConnections: 4 });
    databases = [open(), open(), open()];
    const [database] = databases;
    if (database === undefined) throw new Error("no database");
    await migrate(database, path.join(repositoryRoot(), "migrations"));
    tenantId = await createTenants(database).ensureSampleTenant();
    all = databases.map((each) =>
      createPeople({
        store: createPeopleStore(each, cipher),
        hasher: createPasswordHasher({ memoryKibibytes: 64, passes: 1 }),
        hash: cipher.hash,
        clock: { now: () => new Date() },
        logger: silentLogger,
      }),
    );
    stop = async () => {
      await Promise.all(databases.map((each) => each.close()));
      await testDatabase.drop();
      await postgres.stop();
      expectNoServers();
    };
  });
  afterAll(() => stop?.());

  const people = () => all[0] as People;
  const newPerson = (name: string) => ({ email: `${name}@example.org`, name, password: PASSWORD });

  async function join(role: TenantRole, tenant = tenantId) {
    const { email, name, password } = newPerson(`p${randomUUID()}`);
    const { token } = await people().members.invite(tenant, { email, role, actor: "test" });
    const opened = await people().members.accept(token, { name, password }, origin);
    if (opened === undefined) throw new Error("not accepted");
    return { email, ...opened };
  }

  it("one of several set-ups makes the first person", async () => {
    const token = (await people().members.prepareSetUp()) ?? "";
    const made = await Promise.all(
      all.map(({ members }, at) => members.setUp(token, newPerson(`n${at}`), tenantId, origin)),
    );
    expect(made.filter((each) => each !== undefined)).toHaveLength(1);
    expect(await people().members.listPeople()).toHaveLength(1);
  });

  it("a refresh token has one successor, however many ask at once", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { refreshToken, sessionId } = await join("viewer");
      const outcomes = await Promise.all(all.map((each) => each.refresh(refreshToken, origin)));
      expect(new Set(outcomes.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(outcomes[0]?.kind).toBe("refreshed");
      const [row] = await (databases[0] as Database).asRegistrar((tx) =>
        tx.query<{ count: number }>(
          "select count(*)::int as count from refresh_token where session_id = $1",
          [sessionId],
        ),
      );
      expect(row?.count).toBe(2);
    }
  });

  it("a code is taken by one of several sign-ins", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { email, sessionId } = await join("viewer");
      const signedIn = await people().find(sessionId);
      if (signedIn === undefined) throw new Error("signed out");
      const { secret } = await people().beginTotp(signedIn);
      const code = (ahead: number) =>
        TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: Date.now() + ahead });
      await people().confirmTotp(signedIn, code(0), origin);
      const pending = await people().signIn(email, PASSWORD, origin);
      if (pending.kind !== "totp-needed") throw new Error(pending.kind);
      const next = code(30_000);
      const opened = await Promise.all(
        all.map((each) => each.finishSignIn(pending, { kind: "totp", code: next }, origin)),
      );
      expect(opened.filter((each) => each !== undefined)).toHaveLength(1);
    }
  });

  it("two owners cannot remove each other, nor both leave", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const tenant = asId<TenantId>(randomUUID());
      await (databases[0] as Database).asDispatcher((tx) =>
        tx.query("insert into tenant (id, slug, name) values ($1, $2, 'T')", [tenant, tenant]),
      );
      const owners = [await join("owner", tenant), await join("owner", tenant)];
      const leave = (personId: PersonId, at: number) =>
        (all[at] as People).members.change(tenant, personId, { isDisabled: true }, "test").then(
          () => "done",
          (error: { code: string }) => error.code,
        );
      const outcomes = await Promise.all(owners.map(({ personId }, at) => leave(personId, at)));
      expect(outcomes.sort()).toEqual(["done", "last-owner"]);
    }
  });

  it("an invitation is accepted once", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { email, name, password } = newPerson(`i${round}`);
      const invitation = { email, role: "agent", actor: "test" } as const;
      const { token } = await people().members.invite(tenantId, invitation);
      const accepted = await Promise.allSettled(
        all.map(({ members }) => members.accept(token, { name, password }, origin)),
      );
      const joined = accepted.filter(
        (each) => each.status === "fulfilled" && each.value !== undefined,
      );
      expect(joined).toHaveLength(1);
      const codes = accepted.flatMap((each) =>
        each.status === "rejected" ? [(each.reason as { code: string }).code] : [],
      );
      expect(codes.filter((code) => code !== "sign-in-first")).toEqual([]);
    }
  });

  it("the audit of all of it is one chain, whoever seals", async () => {
    const seals = databases.map((each) => createAuditSeals(each, cipher));
    await Promise.all(seals.map((each) => each.seal()));
    const verdict = await seals[0]?.verify(undefined, new AbortController().signal);
    expect(verdict?.findings).toEqual([]);
    expect(verdict?.rows).toBeGreaterThan(100);
  });
});
