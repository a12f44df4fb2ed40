import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { createCipher, type SecretKeys } from "../encryption.ts";
import { migrate } from "../migrate.ts";
import { openEmbedded } from "../open-embedded.ts";
import { openCipher } from "./open-cipher.ts";
import { createKeyRotation } from "./rotate-keys.ts";
import { SEALED_COLUMNS } from "./sealed-columns.ts";

const [OLD, NEW, OTHER] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const NOW = new Date("2026-11-21T09:00:00Z");
const tenantId = asId<TenantId>(randomUUID());
const never = new AbortController().signal;

let database: Database;
/** Thrown at the statement or commit that it counts down to: the process is gone. */
let statementsLeft = Number.POSITIVE_INFINITY;

beforeAll(async () => {
  database = await openEmbedded({
    dataDirectory: undefined,
    faultPoint: () => {
      statementsLeft -= 1;
      if (statementsLeft < 0) throw new Error("killed");
    },
  });
  await migrate(database, "migrations");
  await database.asDispatcher((tx) =>
    tx.query("insert into tenant (id, slug, name) values ($1, 't', 'T')", [tenantId]),
  );
});
beforeEach(async () => {
  statementsLeft = Number.POSITIVE_INFINITY;
  for (const table of ["contact", "look_up_key"]) {
    await database.asOwner((tx) => tx.query(`delete from ${table}`));
  }
});
afterAll(() => database.close());

const open = (keys: SecretKeys) => openCipher(database, keys, NOW);

/** Contacts with a name each, sealed as the line does it. */
async function addContacts(keys: SecretKeys, count: number): Promise<void> {
  const { cipher } = await open(keys);
  await database.asTenant(tenantId, async (tx) => {
    for (let number = 0; number < count; number += 1) {
      const id = randomUUID();
      const place = { tenantId, table: "contact", column: "identity", rowId: id };
      await tx.query("insert into contact (tenant_id, id, identity) values ($1, $2, $3)", [
        tenantId,
        id,
        cipher.encrypt(place, `name ${number}`),
      ]);
    }
  });
}

async function readNames(keys: SecretKeys): Promise<readonly string[]> {
  const { cipher } = await open(keys);
  const rows = await database.asTenant(tenantId, (tx) =>
    tx.query<{ id: string; identity: Buffer }>("select id, identity from contact"),
  );
  return rows
    .map(({ id, identity }) =>
      cipher.decrypt({ tenantId, table: "contact", column: "identity", rowId: id }, identity),
    )
    .sort();
}

async function rotate(keys: SecretKeys) {
  const { cipher, keyring } = await open(keys);
  return createKeyRotation(database, cipher, keyring).rotate(never, () => {});
}

async function othersLeft(keys: SecretKeys): Promise<number> {
  const { cipher, keyring } = await open(keys);
  const states = await createKeyRotation(database, cipher, keyring).status(never);
  return states.flatMap(({ others }) => others).reduce((sum, { count }) => sum + count, 0);
}

describe("keys that change", () => {
  it("are read side by side, and the old one is not needed after the rotation", async () => {
    await addContacts([OLD], 450);
    const names = await readNames([OLD]);
    await addContacts([NEW, OLD], 1);
    expect(await othersLeft([NEW, OLD])).toBe(451);
    const { resealed, unreadable } = await rotate([NEW, OLD]);
    expect([resealed, unreadable]).toEqual([451, []]);
    expect(await othersLeft([NEW])).toBe(0);
    expect(await readNames([NEW])).toEqual([...names, "name 0"].sort());
    await expect(readNames([OLD])).rejects.toMatchObject({ code: "secret-key-wrong" });
  });

  it("go on where they were, wherever the rotation was killed, and seal nothing twice", async () => {
    await addContacts([OLD], 450);
    const names = await readNames([OLD]);
    let deaths = 0;
    let resealed = 0;
    for (;;) {
      statementsLeft = 330;
      try {
        resealed = (await rotate([NEW, OLD])).resealed;
        break;
      } catch {
        deaths += 1;
        if (deaths > 20) throw new Error("It never ends.");
      }
      statementsLeft = Number.POSITIVE_INFINITY;
      expect(await readNames([NEW, OLD])).toEqual(names);
    }
    statementsLeft = Number.POSITIVE_INFINITY;
    expect(deaths).toBeGreaterThan(1);
    expect(resealed).toBeLessThan(451);
    expect(await othersLeft([NEW])).toBe(0);
    expect(await readNames([NEW])).toEqual(names);
  });

  it("leave look-ups as they were: what was hashed is found", async () => {
    const before = (await open([OLD])).cipher.hash("person-email", "ana@example.org");
    await rotate([NEW, OLD]);
    const after = (await open([NEW])).cipher.hash("person-email", "ana@example.org");
    expect(after).toEqual(before);
    expect(before).toEqual(createCipher([OLD]).hash("person-email", "ana@example.org"));
  });

  it("refuse a start with a key that is none of theirs, and name both", async () => {
    await open([OLD]);
    await expect(open([OTHER])).rejects.toMatchObject({
      code: "secret-key-wrong",
      message: expect.stringMatching(/[0-9a-f]{8}; SECRET_KEY is [0-9a-f]{8}\. Give/),
    });
  });

  it("leave what does not open as it was, and say so", async () => {
    await addContacts([OLD], 2);
    const { cipher } = await open([OLD]);
    const place = { tenantId, table: "contact", column: "identity", rowId: "another row" };
    const id = randomUUID();
    await database.asTenant(tenantId, (tx) =>
      tx.query("insert into contact (tenant_id, id, identity) values ($1, $2, $3)", [
        tenantId,
        id,
        cipher.encrypt(place, "moved"),
      ]),
    );
    expect(await rotate([NEW, OLD])).toEqual({
      resealed: 3,
      unreadable: [{ column: "contact.identity", count: 1 }],
    });
    expect(await othersLeft([NEW, OLD])).toBe(1);
  });
});

describe("the list of sealed columns", () => {
  /** Bytes that no key of ours made: a timestamp of an outside authority, a picture that a web chat shows to everybody. */
  const NO_ENVELOPES = ["audit_seal.seal", "web_chat_avatar.content"];

  it("has every column of envelopes that the schema has, with what its row is bound to", async () => {
    const columns = await database.asOwner((tx) =>
      tx.query<{ name: string }>(
        `select c.relname || '.' || a.attname as name
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and a.atttypid = 'bytea'::regtype and a.attname !~ '_hash$' order by 1`,
      ),
    );
    const listed = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    const sealed = columns.map(({ name }) => name).filter((name) => !NO_ENVELOPES.includes(name));
    expect(sealed.filter((name) => !listed.includes(name))).toEqual([]);
  });

  it("can be read and sealed anew by the role that does it, which reads nothing else of people", async () => {
    const { keyring } = await open([OLD]);
    const rotation = createKeyRotation(database, createCipher([OLD]), keyring);
    expect((await rotation.status(never)).length).toBeGreaterThan(20);
    await rotation.rotate(never, () => {});
    for (const text of ["select password_hash from person", "update bot set name = 'x'"]) {
      await expect(database.asRekeyer((tx) => tx.query(text))).rejects.toMatchObject({
        code: expect.stringMatching(/./),
      });
    }
  });

  it("is worked through by a role that has no power besides", async () => {
    const [role] = await database.asOwner((tx) =>
      tx.query<{ powers: boolean; owned: number; groups: number }>(
        `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin as powers,
                (select count(*)::int from pg_class where relowner = r.oid) as owned,
                (select count(*)::int from pg_auth_members where member = r.oid) as groups
           from pg_roles r where rolname = 'pregonero_rekeyer'`,
      ),
    );
    expect(role).toEqual({ powers: false, owned: 0, groups: 0 });
  });
});
