import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuditHead } from "../core/audit-seals.ts";
import type { TenantId } from "../core/ids.ts";
import { createAudit } from "./audit.ts";
import { createAuditSeals } from "./audit-seals.ts";
import type { Database } from "./database.ts";
import { createCipher } from "./encryption.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";
import { createTenants } from "./tenants.ts";

let database: Database;
let tenantId: TenantId;
const cipher = createCipher([randomBytes(32)]);
const signal = new AbortController().signal;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  tenantId = await createTenants(database).ensureSampleTenant();
});
afterAll(() => database?.close());

/** What nobody may: the database itself, by its owner. */
const tamper = (statement: string) => database.asOwner((tx) => tx.query(statement));
const seals = () => createAuditSeals(database, cipher);
const verify = (head?: AuditHead) => seals().verify(head, signal);

async function write(count: number) {
  const audit = createAudit(database);
  for (let n = 1; n <= count; n += 1) {
    await audit.note(tenantId, { actor: "ana", action: "tested", subject: `s${n}`, detail: { n } });
  }
}

beforeEach(async () => {
  await tamper("truncate audit, audit_seal restart identity");
  await write(8);
  await seals().seal();
});

describe("the audit's chain", () => {
  it("holds over what was written, and goes on where it ended", async () => {
    const first = await verify();
    expect(first).toMatchObject({ rows: 8, findings: [] });
    await write(3);
    const second = await verify(first.head);
    expect(second).toMatchObject({ rows: 11, findings: [] });
    expect(second.head.seal).toMatch(/^[0-9a-f]{64}$/);
    expect(await seals().seal()).toBeUndefined();
  });

  it.each([
    ["actor", "actor = 'eva'"],
    ["action", "action = 'nothing'"],
    ["subject", "subject = 's6'"],
    ["detail", `detail = '{"n": 50}'`],
    ["time", "happened_at = happened_at + interval '1 microsecond'"],
    ["tenant", "tenant_id = null"],
  ])("names the row whose %s was changed, and no other", async (_, change) => {
    await tamper(`update audit set ${change} where id = 5`);
    const { findings } = await verify();
    expect(findings).toEqual([
      { kind: "changed", auditId: 5, what: "Row 5 was changed after it was sealed." },
    ]);
  });

  it("names a row that was deleted, alone or with its seal", async () => {
    await tamper("delete from audit where id = 3");
    await tamper("delete from audit where id = 6");
    await tamper("delete from audit_seal where audit_id = 6");
    const { findings } = await verify();
    expect(findings.map(({ what }) => what)).toEqual([
      "Row 3 was deleted.",
      "Seal 6 is missing from the chain.",
    ]);
  });

  it("names rows that changed places", async () => {
    await tamper(
      `update audit a set subject = b.subject, detail = b.detail from audit b
       where (a.id, b.id) in ((2, 7), (7, 2))`,
    );
    const { findings } = await verify();
    expect(findings.map(({ auditId }) => auditId)).toEqual([2, 7]);
  });

  it("notices seals made anew without the key", async () => {
    await tamper("update audit set actor = 'eva' where id = 4");
    await tamper("delete from audit_seal where audit_id >= 4");
    await createAuditSeals(database, createCipher([randomBytes(32)])).seal();
    expect((await verify()).findings.length).toBeGreaterThan(0);
  });

  it("notices what was cut off, by a head that was noted", async () => {
    const { head } = await verify();
    await tamper("delete from audit where id > 6");
    await tamper("delete from audit_seal where audit_id > 6");
    expect((await verify(head)).findings).toMatchObject([{ kind: "cut-off" }]);
    await write(4);
    expect((await verify(head)).findings).toMatchObject([{ kind: "cut-off" }]);
  });

  it("names a row put in under an old number", async () => {
    await tamper(
      "insert into audit (id, tenant_id, actor, action, subject) overriding system value values (30000, null, 'a', 'b', 'c')",
    );
    await seals().seal();
    await tamper(
      "insert into audit (id, tenant_id, actor, action, subject) overriding system value values (100, null, 'eva', 'b', 'c')",
    );
    expect((await verify()).findings).toMatchObject([{ kind: "not-sealed", auditId: 100 }]);
  });

  it("can be changed by no role of ours", async () => {
    for (const [as, table] of [
      [database.asRegistrar, "audit"],
      [database.asRegistrar, "audit_seal"],
      [database.asDispatcher, "audit"],
      [(work: never) => database.asTenant(tenantId, work), "audit"],
    ] as const) {
      for (const statement of [
        `update ${table} set id = 1`,
        `delete from ${table}`,
        `truncate ${table}`,
      ]) {
        await expect(
          (as as Database["asOwner"])((tx) =>
            tx.query(statement.replace("set id", table === "audit" ? "set actor" : "set position")),
          ),
        ).rejects.toMatchObject({ code: "42501" });
      }
    }
  });
});
