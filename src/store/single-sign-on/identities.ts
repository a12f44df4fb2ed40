import type { Cipher } from "../../core/cipher.ts";
import type { PersonId, TenantId } from "../../core/ids.ts";
import { asId } from "../../core/ids.ts";
import type { PlatformRole, RequestOrigin, TenantRole } from "../../core/people.ts";
import type {
  Admission,
  FoundPerson,
  IdentityKey,
  IdentityStore,
} from "../../core/single-sign-on.ts";
import type { Database, Transaction } from "../database.ts";
import {
  actorOf,
  hashEmail,
  insertPerson,
  insertSession,
  tellMember,
  writeAudit,
} from "../people-rows.ts";

/** Who people are at their providers. Subjects are found by HMAC; each call is one transaction. */
export function createIdentities(database: Database, cipher: Cipher): IdentityStore {
  const hashSubject = ({ issuer, subject }: IdentityKey) =>
    cipher.hash("identity-subject", `${issuer} ${subject}`);
  return {
    find: (key, email) =>
      database.asRegistrar(async (tx) => {
        const linked = await findPerson(tx, LINKED, [key.issuer, hashSubject(key)]);
        if (linked !== undefined) return { ...linked, isLinked: true };
        const known = await findPerson(tx, "p.email_hash = $1", [hashEmail(cipher, email)]);
        return known && { ...known, isLinked: false };
      }),

    findInvitation: (email, tenantId, now) =>
      database.asRegistrar(async (tx) => {
        const [row] = await tx.query<{ id: string; tenant_id: string | null; role: TenantRole }>(
          `select id, tenant_id, role from invitation
           where email_hash = $1 and closed_at is null and expires_at > $2
             and ($3::uuid is null or tenant_id = $3)
           order by invited_at, id limit 1`,
          [hashEmail(cipher, email), now, tenantId ?? null],
        );
        return row && toInvitation(row);
      }),

    link: (key, personId, now, origin) =>
      database.asRegistrar((tx) => link(tx, key, hashSubject(key), personId, now, origin)),

    join: (key, person, into, now, origin) =>
      database.asRegistrar(async (tx) => {
        const { invitationId } = into;
        if (invitationId !== undefined && !(await closeInvitation(tx, invitationId, now))) {
          return false;
        }
        const taken = await tx.query("select 1 from person where email_hash = $1", [
          hashEmail(cipher, person.email),
        ]);
        if (taken.length > 0) return false;
        await insertPerson(tx, cipher, person, now);
        await addTo(tx, person.personId, into, now);
        await link(tx, key, hashSubject(key), person.personId, now, origin);
        await writeAudit(tx, {
          tenantId: into.tenantId,
          actor: actorOf(person.personId),
          action: "joined",
          subject: person.personId,
          detail: { role: into.role, issuer: key.issuer },
          origin,
        });
        return true;
      }),

    openSession: (personId, session, told, now, origin) =>
      database.asRegistrar(async (tx) => {
        await insertSession(tx, cipher, personId, session, now, origin);
        await tx.query(
          "update person_session set has_outside_factor = $2, proved_at = $3 where id = $1",
          [session.sessionId, told.hasSecondFactor, told.provedAt],
        );
      }),
    note: (entry) => database.asRegistrar((tx) => writeAudit(tx, entry)),
  };
}

const LINKED = `p.id = (select person_id from person_identity where issuer = $1 and subject_hash = $2)`;

async function findPerson(
  tx: Transaction,
  condition: string,
  values: readonly unknown[],
): Promise<Omit<FoundPerson, "isLinked"> | undefined> {
  const [row] = await tx.query<{
    id: string;
    is_disabled: boolean;
    has_totp: boolean;
    credential_version: number;
    platform_role: PlatformRole | null;
    memberships: FoundPerson["memberships"];
  }>(
    `select p.id, p.disabled_at is not null as is_disabled, p.totp is not null as has_totp,
            p.credential_version, p.platform_role,
            coalesce((select json_agg(json_build_object('tenantId', m.tenant_id, 'role', m.role,
                        'isDisabled', m.disabled_at is not null))
                      from membership m where m.person_id = p.id), '[]') as memberships
     from person p where ${condition}`,
    values,
  );
  return (
    row && {
      personId: asId<PersonId>(row.id),
      isDisabled: row.is_disabled,
      hasTotp: row.has_totp,
      credentialVersion: row.credential_version,
      platformRole: row.platform_role ?? undefined,
      memberships: row.memberships,
    }
  );
}

async function link(
  tx: Transaction,
  { issuer }: IdentityKey,
  subjectHash: Buffer,
  personId: PersonId,
  now: Date,
  origin: RequestOrigin,
): Promise<void> {
  await tx.query(
    `insert into person_identity (issuer, subject_hash, person_id, linked_at) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [issuer, subjectHash, personId, now],
  );
  const actor = actorOf(personId);
  const detail = { issuer };
  await writeAudit(tx, { actor, action: "identity-linked", subject: personId, detail, origin });
}

async function closeInvitation(tx: Transaction, id: string, now: Date): Promise<boolean> {
  const closed = await tx.query(
    "update invitation set closed_at = $2 where id = $1 and closed_at is null returning 1 as closed",
    [id, now],
  );
  return closed.length > 0;
}

async function addTo(
  tx: Transaction,
  personId: PersonId,
  { tenantId, role }: { readonly tenantId: TenantId | undefined; readonly role: string },
  now: Date,
): Promise<void> {
  if (tenantId === undefined) {
    await tx.query("update person set platform_role = $2 where id = $1", [personId, role]);
    return;
  }
  await tx.query(
    "insert into membership (tenant_id, person_id, role, created_at) values ($1, $2, $3, $4)",
    [tenantId, personId, role, now],
  );
  await tellMember(tx, tenantId, { personId, change: "joined" });
}

function toInvitation(row: {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly role: TenantRole;
}): Admission {
  const tenantId = row.tenant_id === null ? undefined : asId<TenantId>(row.tenant_id);
  return { invitationId: row.id, tenantId, role: row.role };
}
