import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type PersonId, type TenantId } from "../core/ids.ts";
import type { InvitationView, PlatformRole, TenantRole } from "../core/people.ts";
import type { MemberStore, StoredInvitation } from "../core/people-store.ts";
import type { Database, Transaction } from "./database.ts";
import {
  actorOf,
  hashEmail,
  insertPerson,
  insertSession,
  placeOf,
  tellMember,
  toPage,
  writeAudit,
} from "./people-rows.ts";

interface InvitationRow {
  readonly id: string;
  readonly tenant_id: string | null;
  readonly email: Buffer;
  readonly role: TenantRole | PlatformRole;
  readonly invited_at: Date;
  readonly expires_at: Date;
}

const COLUMNS = "id, tenant_id, email, role, invited_at, expires_at";

type InvitationPart = Pick<
  MemberStore,
  | "saveInvitation"
  | "findInvitation"
  | "listInvitations"
  | "withdrawInvitation"
  | "acceptAsNew"
  | "acceptAs"
>;

export function createPeopleInvitations(database: Database, cipher: Cipher): InvitationPart {
  return {
    saveInvitation: (invitation, now, actor) =>
      database.asRegistrar(async (tx) => {
        const { invitationId, tenantId, email, role, tokenHash, expiresAt } = invitation;
        const emailHash = hashEmail(cipher, email);
        // Invited again: the earlier link is void.
        await tx.query(
          `update invitation set closed_at = $3
           where email_hash = $1 and tenant_id is not distinct from $2 and closed_at is null`,
          [emailHash, tenantId ?? null, now],
        );
        await tx.query(
          `insert into invitation
             (tenant_id, id, email_hash, email, role, token_hash, invited_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            tenantId ?? null,
            invitationId,
            emailHash,
            cipher.encrypt(placeOf("invitation", "email", invitationId), email),
            role,
            tokenHash,
            now,
            expiresAt,
          ],
        );
        const detail = { role };
        await writeAudit(tx, { tenantId, actor, action: "invited", subject: invitationId, detail });
        await tellMember(tx, tenantId, { invitationId, change: "invited" });
      }),
    async findInvitation(tokenHash, now) {
      const [row] = await database.asRegistrar((tx) =>
        tx.query<InvitationRow>(
          `select ${COLUMNS} from invitation
           where token_hash = $1 and closed_at is null and expires_at > $2`,
          [tokenHash, now],
        ),
      );
      return row && toInvitation(cipher, row);
    },
    async listInvitations(tenantId, { cursor, limit }, now) {
      const rows = await database.asRegistrar((tx) =>
        tx.query<InvitationRow>(
          `select ${COLUMNS} from invitation
           where tenant_id = $1 and closed_at is null and expires_at > $4
             and ($2::uuid is null or (invited_at, id) > (
               select invited_at, id from invitation where tenant_id = $1 and id = $2))
           order by invited_at, id limit $3`,
          [tenantId, cursor ?? null, limit + 1, now],
        ),
      );
      return toPage(
        rows.map((row) => toView(toInvitation(cipher, row))),
        limit,
        ({ invitationId }) => invitationId,
      );
    },
    withdrawInvitation: (tenantId, invitationId, now, actor) =>
      database.asRegistrar(async (tx) => {
        const withdrawn = await tx.query(
          `update invitation set closed_at = $3
           where tenant_id = $1 and id::text = $2 and closed_at is null returning id`,
          [tenantId, invitationId, now],
        );
        if (withdrawn.length === 0) return false;
        const action = "invitation-withdrawn";
        await writeAudit(tx, { tenantId, actor, action, subject: invitationId });
        await tellMember(tx, tenantId, { invitationId, change: action });
        return true;
      }),
    acceptAsNew: (tokenHash, person, session, now, origin) =>
      database.asRegistrar(async (tx) => {
        const invitation = await closeInvitation(tx, tokenHash, now);
        if (invitation === undefined) return false;
        const taken = await tx.query("select 1 from person where email_hash = $1", [
          hashEmail(cipher, person.email),
        ]);
        if (taken.length > 0) throw signInFirst();
        // Where somebody is, there is nothing to set up any more.
        await tx.query("update set_up set used_at = $1 where used_at is null", [now]);
        await insertPerson(tx, cipher, person, now);
        await join(tx, invitation, person.personId, now);
        await writeAudit(tx, joined(invitation, person.personId, origin));
        await insertSession(tx, cipher, person.personId, session, now, origin);
        return true;
      }),
    acceptAs: (tokenHash, personId, now, origin) =>
      database.asRegistrar(async (tx) => {
        const invitation = await closeInvitation(tx, tokenHash, now);
        if (invitation === undefined) return false;
        await join(tx, invitation, personId, now);
        await writeAudit(tx, joined(invitation, personId, origin));
        return true;
      }),
  };
}

/** The update is the lock: a link opened twice at once is accepted once. */
async function closeInvitation(
  tx: Transaction,
  tokenHash: Buffer,
  now: Date,
): Promise<InvitationRow | undefined> {
  const [row] = await tx.query<InvitationRow>(
    `update invitation set closed_at = $2
     where token_hash = $1 and closed_at is null and expires_at > $2 returning ${COLUMNS}`,
    [tokenHash, now],
  );
  return row;
}

async function join(
  tx: Transaction,
  { tenant_id, role }: InvitationRow,
  personId: PersonId,
  now: Date,
): Promise<void> {
  if (tenant_id === null) {
    await tx.query("update person set platform_role = $2 where id = $1", [personId, role]);
    return;
  }
  await tx.query(
    `insert into membership (tenant_id, person_id, role, created_at) values ($1, $2, $3, $4)
     on conflict (person_id, tenant_id) do nothing`,
    [tenant_id, personId, role, now],
  );
  await tellMember(tx, asId<TenantId>(tenant_id), { personId, change: "joined" });
}

function joined(
  { id, tenant_id, role }: InvitationRow,
  personId: PersonId,
  origin: Parameters<MemberStore["acceptAs"]>[3],
) {
  return {
    tenantId: tenant_id === null ? undefined : asId<TenantId>(tenant_id),
    actor: actorOf(personId),
    action: "joined",
    subject: personId,
    detail: { role, invitation: id },
    origin,
  };
}

function toInvitation(cipher: Cipher, row: InvitationRow): StoredInvitation {
  return {
    invitationId: row.id,
    tenantId: row.tenant_id === null ? undefined : asId<TenantId>(row.tenant_id),
    email: cipher.decrypt(placeOf("invitation", "email", row.id), row.email),
    role: row.role,
    invitedAt: row.invited_at,
    expiresAt: row.expires_at,
  };
}

function toView({ tenantId: _tenantId, ...view }: StoredInvitation): InvitationView {
  return view;
}

function signInFirst(): PregoneroError {
  return new PregoneroError("sign-in-first", "Somebody with this address signs in here already.", {
    status: 409,
  });
}
