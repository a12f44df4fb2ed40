import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type PersonId, type TenantId } from "../core/ids.ts";
import type { Membership, MemberView, TenantRole } from "../core/people.ts";
import type { MemberStore } from "../core/people-store.ts";
import type { Database, Transaction } from "./database.ts";
import { createPeopleInvitations } from "./people-invitations.ts";
import {
  endSessionsOf,
  placeOf,
  tellMember,
  tenantsOf,
  toPage,
  writeAudit,
} from "./people-rows.ts";

interface MemberRow {
  readonly id: string;
  readonly email: Buffer;
  readonly name: Buffer;
  readonly role: TenantRole;
  readonly is_disabled: boolean;
  readonly has_totp: boolean;
  readonly created_at: Date;
  readonly last_sign_in_at: Date | null;
}

const MEMBERS = `select p.id, p.email, p.name, m.role, m.created_at, p.last_sign_in_at,
    m.disabled_at is not null or p.disabled_at is not null as is_disabled, p.totp is not null as has_totp
  from membership m join person p on p.id = m.person_id where m.tenant_id = $1`;

export function createPeopleMembers(database: Database, cipher: Cipher): MemberStore {
  return {
    ...createPeopleInvitations(database, cipher),
    async tenantExists(tenantId) {
      const found = await database.asDispatcher((tx) =>
        tx.query("select 1 from tenant where id = $1", [tenantId]),
      );
      return found.length > 0;
    },
    async findTenant(wanted) {
      const [found] = await database.asDispatcher((tx) =>
        tx.query<{ id: string }>("select id from tenant where id::text = $1 or slug = $1", [
          wanted,
        ]),
      );
      return found && asId<TenantId>(found.id);
    },
    async list(tenantId, { cursor, limit }) {
      const rows = await database.asRegistrar((tx) =>
        tx.query<MemberRow>(
          `${MEMBERS} and ($2::uuid is null or (m.created_at, m.person_id) > (
             select created_at, person_id from membership where tenant_id = $1 and person_id = $2))
           order by m.created_at, m.person_id limit $3`,
          [tenantId, cursor ?? null, limit + 1],
        ),
      );
      return toPage(
        rows.map((row) => toMember(cipher, row)),
        limit,
        ({ personId }) => personId,
      );
    },
    async find(tenantId, personId) {
      const [row] = await database.asRegistrar((tx) =>
        tx.query<MemberRow>(`${MEMBERS} and p.id::text = $2`, [tenantId, personId]),
      );
      return row && toMember(cipher, row);
    },
    async membershipsOf(personId) {
      const rows = await database.asRegistrar((tx) =>
        tx.query<{ tenant_id: string; role: TenantRole }>(
          "select tenant_id, role from membership where person_id = $1 order by created_at, tenant_id",
          [personId],
        ),
      );
      return rows.map(
        ({ tenant_id, role }): Membership => ({ tenantId: asId<TenantId>(tenant_id), role }),
      );
    },
    change: (tenantId, personId, { role, isDisabled }, now, actor) =>
      database.asRegistrar(async (tx) => {
        // All owners' rows are locked, so that two of them cannot remove each other at once.
        const owners = await tx.query(
          `select 1 from membership where tenant_id = $1 and role = 'owner' and disabled_at is null
           order by person_id for update`,
          [tenantId],
        );
        const changed = await tx.query(
          `update membership set role = coalesce($3, role),
             disabled_at = case when $4::boolean is null then disabled_at when $4 then $5::timestamptz end
           where tenant_id = $1 and person_id::text = $2 returning 1 as one`,
          [tenantId, personId, role ?? null, isDisabled ?? null, now],
        );
        if (changed.length === 0) return false;
        if (owners.length > 0) await requireOwner(tx, tenantId);
        await endSessionsOf(tx, personId, undefined, "member-changed", now);
        await writeAudit(tx, {
          tenantId,
          actor,
          action: "member-changed",
          subject: personId,
          detail: { role, isDisabled },
        });
        const change = isDisabled === undefined ? "changed" : isDisabled ? "disabled" : "enabled";
        await tellMember(tx, tenantId, { personId, change });
        return true;
      }),
    setDisabled: (personId, isDisabled, now, actor) =>
      database.asRegistrar(async (tx) => {
        const admins = await tx.query(
          `select 1 from person where platform_role = 'platform-admin' and disabled_at is null
           order by id for update`,
        );
        const changed = await tx.query(
          `update person set disabled_at = case when $2 then $3::timestamptz end,
             credential_version = credential_version + 1
           where id::text = $1 returning id`,
          [personId, isDisabled, now],
        );
        if (changed.length === 0) return false;
        if (admins.length > 0) await requireAdmin(tx);
        await endSessionsOf(tx, personId, undefined, "disabled", now);
        const action = isDisabled ? "person-disabled" : "person-enabled";
        await writeAudit(tx, { actor, action, subject: personId });
        const change = isDisabled ? "disabled" : "enabled";
        for (const tenantId of await tenantsOf(tx, personId)) {
          await tellMember(tx, tenantId, { personId, change });
        }
        return true;
      }),
  };
}

async function requireOwner(tx: Transaction, tenantId: TenantId): Promise<void> {
  const owners = await tx.query(
    `select 1 from membership where tenant_id = $1 and role = 'owner' and disabled_at is null limit 1`,
    [tenantId],
  );
  if (owners.length > 0) return;
  throw new PregoneroError(
    "last-owner",
    "Nobody would own this tenant any more: make somebody else an owner first.",
    { status: 409 },
  );
}

async function requireAdmin(tx: Transaction): Promise<void> {
  const admins = await tx.query(
    "select 1 from person where platform_role = 'platform-admin' and disabled_at is null limit 1",
  );
  if (admins.length > 0) return;
  throw new PregoneroError(
    "last-admin",
    "Nobody would manage this installation any more: invite another platform-admin first.",
    { status: 409 },
  );
}

function toMember(cipher: Cipher, row: MemberRow): MemberView {
  return {
    personId: asId<PersonId>(row.id),
    email: cipher.decrypt(placeOf("person", "email", row.id), row.email),
    name: cipher.decrypt(placeOf("person", "name", row.id), row.name),
    role: row.role,
    isDisabled: row.is_disabled,
    hasTotp: row.has_totp,
    since: row.created_at,
    lastSignInAt: row.last_sign_in_at ?? undefined,
  };
}
