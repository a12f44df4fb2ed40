import type { Cipher, CipherPlace } from "../core/cipher.ts";
import type { EventDetails } from "../core/events.ts";
import { asId, type PersonId, type SessionId, type TenantId } from "../core/ids.ts";
import type { Membership, Page, PersonView, PlatformRole, RequestOrigin } from "../core/people.ts";
import type { AuditEntry, NewSession, PersonRecord, StoredPerson } from "../core/people-store.ts";
import type { Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";

/** What people's tables hold, and how it is read and written. */

/** People are of no tenant: what is encrypted of them is bound to the installation. */
const INSTALLATION = asId<TenantId>("installation");

export function placeOf(table: string, column: string, rowId: string): CipherPlace {
  return { tenantId: INSTALLATION, table, column, rowId };
}

export function hashEmail(cipher: Cipher, email: string): Buffer {
  return cipher.hash("person-email", email);
}

export interface PersonRow {
  readonly id: string;
  readonly email: Buffer;
  readonly name: Buffer;
  readonly password_hash: string;
  readonly platform_role: PlatformRole | null;
  readonly totp: Buffer | null;
  readonly totp_pending: Buffer | null;
  readonly credential_version: number;
  readonly disabled_at: Date | null;
  readonly last_sign_in_at: Date | null;
  readonly memberships: readonly Membership[];
}

/** Of `person p`: everything, with the memberships that are not disabled. */
export const PERSON_COLUMNS = `p.id, p.email, p.name, p.password_hash, p.platform_role, p.totp, p.totp_pending,
  p.credential_version, p.disabled_at, p.last_sign_in_at,
  coalesce((select json_agg(json_build_object('tenantId', m.tenant_id, 'role', m.role)
                            order by m.created_at, m.tenant_id)
            from membership m where m.person_id = p.id and m.disabled_at is null), '[]') as memberships`;

export function toPerson(cipher: Cipher, row: PersonRow): StoredPerson {
  const open = (column: string, envelope: Buffer | null) =>
    envelope === null ? undefined : cipher.decrypt(placeOf("person", column, row.id), envelope);
  return {
    ...toPersonView(cipher, row),
    passwordHash: row.password_hash,
    totpSecret: open("totp", row.totp),
    pendingTotpSecret: open("totp_pending", row.totp_pending),
    credentialVersion: row.credential_version,
  };
}

export function toPersonView(cipher: Cipher, row: PersonRow): PersonView {
  return {
    personId: asId<PersonId>(row.id),
    email: cipher.decrypt(placeOf("person", "email", row.id), row.email),
    name: cipher.decrypt(placeOf("person", "name", row.id), row.name),
    platformRole: row.platform_role ?? undefined,
    memberships: row.memberships,
    isDisabled: row.disabled_at !== null,
    hasTotp: row.totp !== null,
    lastSignInAt: row.last_sign_in_at ?? undefined,
  };
}

export async function writeAudit(tx: Transaction, entry: AuditEntry): Promise<void> {
  const { tenantId, actor, action, subject, detail, origin } = entry;
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)",
    [
      tenantId ?? null,
      actor,
      action,
      subject,
      JSON.stringify({
        ...detail,
        ...(origin === undefined ? {} : { ip: origin.ip, requestId: origin.requestId }),
      }),
    ],
  );
}

/** How a person is named in the audit log. */
export function actorOf(personId: PersonId): string {
  return `person:${personId}`;
}

/** Also notes that the person signed in. */
export async function insertSession(
  tx: Transaction,
  cipher: Cipher,
  personId: PersonId,
  session: NewSession,
  now: Date,
  origin: RequestOrigin,
): Promise<void> {
  const { sessionId, tokenHash, expiresAt, idleAt } = session;
  const from = JSON.stringify({ ip: origin.ip, userAgent: origin.userAgent });
  await tx.query(
    `insert into person_session
       (id, person_id, origin, created_at, last_used_at, proved_at, expires_at, idle_at)
     values ($1, $2, $3, $4, $4, $4, $5, $6)`,
    [
      sessionId,
      personId,
      cipher.encrypt(placeOf("person_session", "origin", sessionId), from),
      now,
      expiresAt,
      idleAt,
    ],
  );
  await tx.query(
    "insert into refresh_token (token_hash, session_id, issued_at) values ($1, $2, $3)",
    [tokenHash, sessionId, now],
  );
  await tx.query("update person set last_sign_in_at = $2 where id = $1", [personId, now]);
  await writeAudit(tx, {
    actor: actorOf(personId),
    action: "signed-in",
    subject: sessionId,
    origin,
  });
  for (const tenantId of await tenantsOf(tx, personId)) {
    await appendEvents(tx, tenantId, [{ kind: "signed-in", detail: { personId, sessionId } }]);
  }
}

/** Of which the person is a member who is not disabled. */
export async function tenantsOf(tx: Transaction, personId: PersonId): Promise<readonly TenantId[]> {
  const rows = await tx.query<{ tenant_id: string }>(
    "select tenant_id from membership where person_id = $1 and disabled_at is null",
    [personId],
  );
  return rows.map(({ tenant_id }) => asId<TenantId>(tenant_id));
}

/** Those who follow the tenant are told. People of the installation are of no tenant, and nobody follows them. */
export async function tellMember(
  tx: Transaction,
  tenantId: TenantId | undefined,
  detail: EventDetails["member-changed"],
): Promise<void> {
  if (tenantId === undefined) return;
  await appendEvents(tx, tenantId, [{ kind: "member-changed", detail }]);
}

/** Ends the person's sessions but `except`. Returns how many it ended. */
export async function endSessionsOf(
  tx: Transaction,
  personId: PersonId,
  except: SessionId | undefined,
  reason: string,
  now: Date,
): Promise<number> {
  const ended = await tx.query(
    `update person_session set ended_at = $3, end_reason = $4
     where person_id = $1 and ended_at is null and ($2::uuid is null or id <> $2) returning id`,
    [personId, except ?? null, now, reason],
  );
  return ended.length;
}

export async function insertPerson(
  tx: Transaction,
  cipher: Cipher,
  { personId, email, name, passwordHash }: PersonRecord,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into person (id, email_hash, email, name, password_hash, created_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      personId,
      hashEmail(cipher, email),
      cipher.encrypt(placeOf("person", "email", personId), email),
      cipher.encrypt(placeOf("person", "name", personId), name),
      passwordHash,
      now,
    ],
  );
}

/** The first `limit` of the rows read, and where the next page begins when there was one more. */
export function toPage<Entry>(
  rows: readonly Entry[],
  limit: number,
  idOf: (entry: Entry) => string,
): Page<Entry> {
  const entries = rows.slice(0, limit);
  const last = entries.at(-1);
  return {
    entries,
    next: rows.length > limit && last !== undefined ? idOf(last) : undefined,
  };
}
