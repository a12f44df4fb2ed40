import type { Cipher } from "../core/cipher.ts";
import type { TenantId } from "../core/ids.ts";
import type { PeopleStore, PersonRecord } from "../core/people-store.ts";
import type { Database, Transaction } from "./database.ts";
import { createPeopleCredentials } from "./people-credentials.ts";
import { createPeopleMembers } from "./people-members.ts";
import {
  actorOf,
  hashEmail,
  insertPerson,
  insertSession,
  PERSON_COLUMNS,
  type PersonRow,
  tellMember,
  toPerson,
  toPersonView,
  writeAudit,
} from "./people-rows.ts";
import { createPeopleSessions } from "./people-sessions.ts";

export function createPeopleStore(database: Database, cipher: Cipher): PeopleStore {
  const findWhere = async (condition: string, value: unknown) => {
    const [row] = await database.asRegistrar((tx) =>
      tx.query<PersonRow>(`select ${PERSON_COLUMNS} from person p where ${condition} = $1`, [
        value,
      ]),
    );
    return row && toPerson(cipher, row);
  };
  return {
    ...createPeopleSessions(database, cipher),
    ...createPeopleCredentials(database, cipher),
    members: createPeopleMembers(database, cipher),
    findByEmail: (email) => findWhere("p.email_hash", hashEmail(cipher, email)),
    findPerson: (personId) => findWhere("p.id", personId),
    async listPeople() {
      const rows = await database.asRegistrar((tx) =>
        tx.query<PersonRow>(`select ${PERSON_COLUMNS} from person p order by p.created_at, p.id`),
      );
      return rows.map((row) => toPersonView(cipher, row));
    },
    note: (entry) => database.asRegistrar((tx) => writeAudit(tx, entry)),
    saveSetUp: (tokenHash, now) =>
      database.asRegistrar(async (tx) => {
        const saved = await tx.query(
          `insert into set_up as s (token_hash, made_at) select $1, $2
           where not exists (select 1 from person)
           on conflict (id) do update set token_hash = $1, made_at = $2
           where s.used_at is null returning id`,
          [tokenHash, now],
        );
        return saved.length > 0;
      }),
    async isSetUpOpen(tokenHash) {
      const found = await database.asRegistrar((tx) =>
        tx.query(
          `select 1 from set_up where token_hash = $1 and used_at is null
             and not exists (select 1 from person)`,
          [tokenHash],
        ),
      );
      return found.length > 0;
    },
    setUp: (tokenHash, person, tenantId, session, now, origin) =>
      database.asRegistrar(async (tx) => {
        // The one row is the lock: whoever comes second finds it used.
        const used = await tx.query(
          "update set_up set used_at = $2 where token_hash = $1 and used_at is null returning id",
          [tokenHash, now],
        );
        if (used.length === 0 || (await tx.query("select 1 from person limit 1")).length > 0) {
          return false;
        }
        await insertPerson(tx, cipher, person, now);
        await tx.query("update person set platform_role = 'platform-admin' where id = $1", [
          person.personId,
        ]);
        await insertOwner(tx, tenantId, person, now);
        await writeAudit(tx, {
          tenantId,
          actor: actorOf(person.personId),
          action: "set-up",
          subject: person.personId,
          origin,
        });
        await insertSession(tx, cipher, person.personId, session, now, origin);
        return true;
      }),
  };
}

async function insertOwner(
  tx: Transaction,
  tenantId: TenantId,
  { personId }: PersonRecord,
  now: Date,
): Promise<void> {
  await tx.query(
    "insert into membership (tenant_id, person_id, role, created_at) values ($1, $2, 'owner', $3)",
    [tenantId, personId, now],
  );
  await tellMember(tx, tenantId, { personId, change: "joined" });
}
