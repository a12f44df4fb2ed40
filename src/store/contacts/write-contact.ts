import { v7 as uuidv7 } from "uuid";
import { actorOfKey } from "../../core/api-keys.ts";
import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import {
  type ConsentChange,
  type ConsentEntry,
  type ContactActor,
  type ContactChange,
  type ContactProfile,
  hasTooManyFields,
  type Identifier,
  MAX_CONTACT_FIELDS,
} from "../../core/contacts.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { dropQueued } from "../drop-queued.ts";
import { writeAudit } from "../people-rows.ts";
import {
  type LockedContact,
  listParts,
  lockWhole,
  openProfile,
  sealProfile,
} from "./contact-rows.ts";
import { aliasesOf, sealAlias } from "./identify.ts";
import { lockPeople } from "./lock-people.ts";
import { hashWords } from "./name-words.ts";
import { evidencePlace } from "./read-contact.ts";
import { stale } from "./segments.ts";
import { tellContact } from "./tell-contact.ts";

export async function createContact(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  change: ContactChange,
  by: ContactActor,
): Promise<ContactId> {
  const id = uuidv7();
  await tx.query(
    "insert into contact (tenant_id, id, source, allowed_at) values ($1, $2, 'person', case when $3 then now() end)",
    [tenantId, id, change.isAllowed ?? false],
  );
  await applyChange(tx, cipher, tenantId, { id, profile: { fields: {} } }, change, by);
  await auditContact(tx, tenantId, by, "contact-created", id, { fields: Object.keys(change) });
  await tellContact(tx, tenantId, id, "created");
  return asId<ContactId>(id);
}

export async function changeContact(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  wanted: {
    readonly contactId: ContactId;
    readonly change: ContactChange;
    readonly revision: number | undefined;
  },
  by: ContactActor,
): Promise<void> {
  const { change, revision } = wanted;
  if (change.consent !== undefined) await lockPeople(tx, tenantId, [wanted.contactId]);
  const locked = await lockWhole(tx, tenantId, wanted.contactId);
  if (revision !== undefined && revision !== locked.revision) throw stale();
  const { id } = locked;
  await applyChange(
    tx,
    cipher,
    tenantId,
    { id, profile: openProfile(cipher, tenantId, locked) },
    change,
    by,
  );
  await tx.query(
    `update contact set revision = revision + 1, updated_at = now(),
       allowed_at = case when $3::boolean is null then allowed_at
                         when $3 then coalesce(allowed_at, now()) end
     where tenant_id = $1 and id = $2`,
    [tenantId, id, change.isAllowed ?? null],
  );
  await auditContact(tx, tenantId, by, "contact-changed", id, { fields: Object.keys(change) });
  const isAllowedNow = change.isAllowed === true && locked.allowed_at === null;
  await tellContact(tx, tenantId, id, ...(isAllowedNow ? ["allowed" as const] : []), "changed");
}

/** All but `isAllowed`. */
async function applyChange(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  { id, profile }: { readonly id: string; readonly profile: ContactProfile },
  change: ContactChange,
  by: ContactActor,
): Promise<void> {
  if (change.name !== undefined || change.language !== undefined || change.fields !== undefined) {
    await writeProfile(tx, cipher, tenantId, id, changedProfile(profile, change));
  }
  if (change.tags !== undefined) await replaceTags(tx, tenantId, id, change.tags);
  for (const identifier of change.identifiers ?? []) {
    await addIdentifier(tx, cipher, tenantId, id, identifier, by.actor);
  }
  if (change.consent !== undefined) {
    const how = by.actor.startsWith(actorOfKey("")) ? "api" : "person";
    await recordConsent(tx, cipher, tenantId, id, { ...change.consent, how, actor: by.actor });
  }
}

function changedProfile(profile: ContactProfile, change: ContactChange): ContactProfile {
  const fields = Object.entries({ ...profile.fields, ...change.fields });
  const kept = fields.filter((entry): entry is [string, string] => entry[1] !== null);
  const after = Object.fromEntries(kept);
  if (hasTooManyFields(profile.fields, after)) throw fieldsFull();
  return {
    name: change.name === undefined ? profile.name : (change.name ?? undefined),
    language: change.language === undefined ? profile.language : (change.language ?? undefined),
    fields: after,
  };
}

function fieldsFull(): PregoneroError {
  return new PregoneroError(
    "contact-fields-full",
    `A contact has at most ${MAX_CONTACT_FIELDS} fields: take some away first (null).`,
    { status: 409 },
  );
}

export async function writeProfile(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  contactId: string,
  profile: ContactProfile,
): Promise<void> {
  await tx.query("update contact set profile = $3 where tenant_id = $1 and id = $2", [
    tenantId,
    contactId,
    sealProfile(cipher, tenantId, contactId, profile),
  ]);
  await tx.query(
    "delete from contact_word where tenant_id = $1 and contact_id = $2 and origin = 'profile'",
    [tenantId, contactId],
  );
  await tx.query(
    `insert into contact_word (tenant_id, contact_id, word_hash, origin)
     select $1, $2, hash, 'profile' from unnest($3::bytea[]) as w (hash)`,
    [tenantId, contactId, hashWords(cipher, tenantId, profile.name)],
  );
}

async function replaceTags(
  tx: Transaction,
  tenantId: TenantId,
  contactId: string,
  tags: readonly string[],
): Promise<void> {
  await tx.query("delete from contact_tag where tenant_id = $1 and contact_id = $2", [
    tenantId,
    contactId,
  ]);
  await tx.query(
    `insert into contact_tag (tenant_id, contact_id, tag)
     select distinct $1::uuid, $2::uuid, tag from unnest($3::text[]) as w (tag)`,
    [tenantId, contactId, tags],
  );
}

async function addIdentifier(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  contactId: string,
  identifier: Identifier,
  actor: string,
): Promise<void> {
  const aliases = aliasesOf(identifier);
  if (aliases.length === 0) throw malformedIdentifier(identifier.kind);
  for (const alias of aliases) {
    const sealed = sealAlias(cipher, tenantId, alias);
    const [held] = await tx.query<{ contact_id: string }>(
      `insert into contact_alias
         (tenant_id, channel, alias_hash, contact_id, kind, value, lookup_hash, national_hash, added_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (tenant_id, channel, alias_hash) do update set channel = excluded.channel
       returning contact_id`,
      [
        tenantId,
        sealed.channel,
        sealed.hash,
        contactId,
        sealed.kind,
        sealed.value,
        sealed.lookupHash,
        sealed.nationalHash,
        actor,
      ],
    );
    const parts = await listParts(tx, contactId);
    if (held !== undefined && !parts.includes(held.contact_id))
      throw contactExists(held.contact_id);
  }
}

/** Writes down what somebody said, and makes it count: a refusal in every chat of theirs. */
export async function recordConsent(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  wholeId: string,
  said: Pick<ConsentEntry, "how" | "actor"> &
    Omit<ConsentChange, "evidence"> & {
      readonly evidence?: string | undefined;
      readonly channel?: ChannelName | undefined;
    },
): Promise<void> {
  const { state, how, actor, givenAt, evidence, channel } = said;
  await tx.query(
    `insert into contact_consent (tenant_id, contact_id, state, how, channel, evidence, actor, given_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      tenantId,
      wholeId,
      state,
      how,
      channel ?? null,
      evidence === undefined
        ? null
        : cipher.encrypt(evidencePlace(tenantId, wholeId, givenAt), evidence),
      actor,
      givenAt,
    ],
  );
  await heed(tx, tenantId, wholeId);
}

/**
 * Makes the last word that the person gave, by when they gave it, count in every chat of theirs: an old form found
 * late does not outdo a refusal since. Of words of one moment the refusal counts.
 */
export async function heed(tx: Transaction, tenantId: TenantId, wholeId: string): Promise<void> {
  const parts = await listParts(tx, wholeId);
  const [last] = await tx.query<{ state: "granted" | "refused"; given_at: Date }>(
    `select state, given_at from contact_consent where tenant_id = $1 and contact_id = any($2::uuid[])
     order by given_at desc, state = 'refused' desc limit 1`,
    [tenantId, parts],
  );
  if (last === undefined) return;
  const heard = await tx.query(
    "update contact set consent = $3 where tenant_id = $1 and id = $2 and consent <> $3 returning id",
    [tenantId, wholeId, last.state],
  );
  if (heard.length > 0) {
    await tellContact(tx, tenantId, wholeId, last.state === "refused" ? "opted-out" : "opted-in");
  }
  if (last.state === "refused") await withholdBroadcasts(tx, tenantId, parts, last.given_at);
  else {
    await tx.query(
      `update conversation set takes_broadcasts = true, broadcasts_chosen_at = $3
       where tenant_id = $1 and contact_id = any($2::uuid[]) and not takes_broadcasts
         and (broadcasts_chosen_at is null or broadcasts_chosen_at < $3)`,
      [tenantId, parts, last.given_at],
    );
  }
}

/** No chat of theirs takes broadcasts, and what is queued of them is dropped. */
async function withholdBroadcasts(
  tx: Transaction,
  tenantId: TenantId,
  parts: readonly string[],
  since: Date,
): Promise<void> {
  await tx.query(
    `with withheld as (
       update conversation set takes_broadcasts = false, broadcasts_chosen_at = $3
       where tenant_id = $1 and contact_id = any($2::uuid[]) and takes_broadcasts
     ), dropped as (
       update outbox o set state = 'failed', reason = 'unsubscribed', settled_at = now()
       from conversation c
       where c.tenant_id = $1 and c.contact_id = any($2::uuid[]) and o.conversation_id = c.id
         and o.state = 'queued' and o.priority = 2
       returning o.id
     )
     insert into passport_event (tenant_id, message_id, kind, detail)
     select $1, id, 'dropped', jsonb_build_object('outbox', id, 'reason', 'unsubscribed') from dropped`,
    [tenantId, parts, since],
  );
}

export async function setBlocked(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  contactId: ContactId,
  { isBlocked, reason }: { readonly isBlocked: boolean; readonly reason?: string | undefined },
  by: ContactActor,
): Promise<void> {
  await lockPeople(tx, tenantId, [contactId]);
  const { id } = await lockWhole(tx, tenantId, contactId);
  const place = { tenantId, table: "contact", column: "block_reason", rowId: id };
  await tx.query(
    `update contact set blocked_at = case when $3 then coalesce(blocked_at, now()) end, block_reason = $4,
       told_at = case when $3 then told_at end, revision = revision + 1, updated_at = now()
     where tenant_id = $1 and id = $2`,
    [
      tenantId,
      id,
      isBlocked,
      isBlocked && reason !== undefined ? cipher.encrypt(place, reason) : null,
    ],
  );
  if (isBlocked) await silence(tx, tenantId, id);
  const change = isBlocked ? "blocked" : "unblocked";
  await auditContact(tx, tenantId, by, `contact-${change}`, id);
  await tellContact(tx, tenantId, id, change);
}

/** What waits for a person who is blocked is not sent any more. */
export async function silence(tx: Transaction, tenantId: TenantId, wholeId: string): Promise<void> {
  const chats = await tx.query<{ id: string }>(
    "select id from conversation where tenant_id = $1 and contact_id = any($2::uuid[]) and kind = 'private'",
    [tenantId, await listParts(tx, wholeId)],
  );
  for (const { id } of chats) await dropQueued(tx, tenantId, id, "blocked");
}

export function auditContact(
  tx: Transaction,
  tenantId: TenantId,
  { actor, requestId }: ContactActor,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  return writeAudit(tx, { tenantId, actor, action, subject, detail: { ...detail, requestId } });
}

function contactExists(id: LockedContact["id"]): PregoneroError {
  return new PregoneroError(
    "contact-exists",
    `Contact ${id} has this identifier already: change that one, or merge the two.`,
    { status: 409 },
  );
}

function malformedIdentifier(kind: Identifier["kind"]): PregoneroError {
  const example = kind === "phone" ? "+506 8888 7777, with the country's code" : "123456789";
  return new PregoneroError("invalid-input", `A ${kind} identifier looks like ${example}.`, {
    status: 400,
  });
}
