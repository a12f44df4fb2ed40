import type { Cipher } from "../../core/cipher.ts";
import type { ConsentState, ContactProfile, ContactView } from "../../core/contacts.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";

const EMPTY_PROFILE: ContactProfile = { fields: {} };

export interface ContactRow {
  readonly id: string;
  readonly identity: Buffer | null;
  readonly profile: Buffer | null;
  readonly consent: ConsentState;
  readonly is_blocked: boolean;
  readonly is_allowed: boolean;
  readonly source: ContactView["source"];
  readonly created_at: Date;
  readonly revision: number;
  readonly tags: readonly string[];
  readonly last_seen_at: Date | null;
}

/** Of `contact k`, whatever a view needs; to be selected for the rows of one page only. */
export const VIEW_COLUMNS = `k.id, k.identity, k.profile, k.consent, k.blocked_at is not null as is_blocked,
  k.allowed_at is not null as is_allowed, k.source, k.created_at, k.revision,
  array(select t.tag from contact_tag t where t.contact_id = k.id order by t.tag) as tags,
  greatest((select max(c.last_inbound_at) from conversation c where c.contact_id = k.id and c.kind = 'private'),
           (select max(c.last_inbound_at) from contact p join conversation c on c.contact_id = p.id
            where p.merged_into = k.id and c.kind = 'private')) as last_seen_at`;

export function openProfile(
  cipher: Cipher,
  tenantId: TenantId,
  row: Pick<ContactRow, "id" | "profile">,
): ContactProfile {
  if (row.profile === null) return EMPTY_PROFILE;
  const place = { tenantId, table: "contact", column: "profile", rowId: row.id };
  return {
    ...EMPTY_PROFILE,
    ...(JSON.parse(cipher.decrypt(place, row.profile)) as ContactProfile),
  };
}

/** What the network calls them. */
export function openNetworkName(
  cipher: Cipher,
  tenantId: TenantId,
  row: Pick<ContactRow, "id" | "identity">,
): string | undefined {
  if (row.identity === null) return undefined;
  const place = { tenantId, table: "contact", column: "identity", rowId: row.id };
  return (JSON.parse(cipher.decrypt(place, row.identity)) as { displayName?: string }).displayName;
}

export function sealProfile(
  cipher: Cipher,
  tenantId: TenantId,
  contactId: string,
  profile: ContactProfile,
): Buffer {
  const place = { tenantId, table: "contact", column: "profile", rowId: contactId };
  return cipher.encrypt(place, JSON.stringify(profile));
}

export function toView(cipher: Cipher, tenantId: TenantId, row: ContactRow): ContactView {
  return {
    contactId: asId<ContactId>(row.id),
    name: openProfile(cipher, tenantId, row).name ?? openNetworkName(cipher, tenantId, row),
    tags: row.tags,
    consent: row.consent,
    isBlocked: row.is_blocked,
    isAllowed: row.is_allowed,
    source: row.source,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at ?? undefined,
    revision: row.revision,
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

export function unknownContact(): PregoneroError {
  return new PregoneroError("contact-unknown", "There is no such contact.", { status: 404 });
}

export interface LockedContact {
  readonly id: string;
  readonly identity: Buffer | null;
  readonly profile: Buffer | null;
  readonly revision: number;
  readonly merged_into: string | null;
  readonly blocked_at: Date | null;
  readonly block_reason: Buffer | null;
  readonly allowed_at: Date | null;
  readonly consent: ConsentState;
}

const LOCKED = `k.id, k.identity, k.profile, k.revision, k.merged_into, k.blocked_at, k.block_reason, k.allowed_at,
  k.consent`;

/**
 * Locks the contacts in the order of their ids, so that two processes never wait for each other in a circle. They
 * need not all be there.
 */
export function lockContacts(
  tx: Transaction,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<LockedContact[]> {
  return tx.query<LockedContact>(
    `select ${LOCKED} from contact k where k.tenant_id = $1 and k.id = any($2::uuid[])
     order by k.id for no key update`,
    [tenantId, ids.filter(isUuid)],
  );
}

/** Locks the contact that this id stands for, which may be the one that it was merged into. Throws `contact-unknown`. */
export async function lockWhole(
  tx: Transaction,
  tenantId: TenantId,
  contactId: string,
): Promise<LockedContact> {
  // The part itself is not locked: whoever merges holds the whole when it comes to the parts.
  let id = (await findWhole(tx, tenantId, contactId)) ?? contactId;
  // Merged meanwhile: look again. It ends, since no part has parts.
  for (let attempt = 0; attempt < 3; attempt++) {
    const [found] = await lockContacts(tx, tenantId, [id]);
    if (found === undefined) break;
    if (found.merged_into === null) return found;
    id = found.merged_into;
  }
  throw unknownContact();
}

/** The contact that this id stands for; undefined: there is none. */
export async function findWhole(
  tx: Transaction,
  tenantId: TenantId,
  contactId: string,
): Promise<string | undefined> {
  if (!isUuid(contactId)) return undefined;
  const [found] = await tx.query<{ id: string }>(
    "select coalesce(merged_into, id) as id from contact where tenant_id = $1 and id = $2",
    [tenantId, contactId],
  );
  return found?.id;
}

/** The contact and those that are part of it. */
export async function listParts(tx: Transaction, wholeId: string): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>(
    "select id from contact where merged_into = $1 order by id",
    [wholeId],
  );
  return [wholeId, ...rows.map(({ id }) => id)];
}
