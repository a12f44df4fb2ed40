import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../../core/cipher.ts";
import type { ConsentState, ContactActor, MergeView } from "../../core/contacts.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import {
  findWhole,
  isUuid,
  type LockedContact,
  listParts,
  openProfile,
  unknownContact,
} from "./contact-rows.ts";
import { lockPeople } from "./lock-people.ts";
import { tellContact } from "./tell-contact.ts";
import { auditContact, silence, writeProfile } from "./write-contact.ts";

/** What `into` was, and what came to it: nothing of whom or what was said. Kept in `contact_merge.before`. */
interface Before {
  /** Contacts that became part of `into`. */
  readonly moved: readonly string[];
  readonly addedTags: readonly string[];
  readonly addedFields: readonly string[];
  readonly addedName: boolean;
  readonly addedLanguage: boolean;
  readonly wasBlocked: boolean;
  readonly wasAllowed: boolean;
  readonly consent: ConsentState;
  /** Chats that took broadcasts until then. */
  readonly withheld: readonly string[];
}

/**
 * `from` becomes part of `into`: a pointer, under the locks of both. Conversations and identifiers stay where they
 * are, so whoever writes meanwhile, or after it is undone, is found as ever. What `into` answers for both — tags,
 * fields, standing, consent — is copied to it; of consents the strictest wins.
 */
export async function mergeContacts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  pair: { readonly from: ContactId; readonly into: ContactId },
  by: ContactActor,
): Promise<MergeView> {
  const { from, into } = await lockPair(tx, tenantId, pair);
  const moved = await listParts(tx, from.id);
  const addedTags = await copyTags(tx, tenantId, from.id, into.id);
  const added = await copyProfile(tx, cipher, tenantId, from, into);
  const states = [from.consent, into.consent];
  const consent = CONSENT_BY_STRICTNESS.find((state) => states.includes(state)) ?? "unknown";
  await tx.query(
    `update contact set merged_into = $3, revision = revision + 1, updated_at = now()
     where tenant_id = $1 and id = any($2::uuid[])`,
    [tenantId, moved, into.id],
  );
  const isBlocked = from.blocked_at !== null || into.blocked_at !== null;
  await tx.query(
    `update contact set consent = $3, blocked_at = case when $4 then coalesce(blocked_at, now()) end,
       allowed_at = case when $5 then coalesce(allowed_at, now()) else allowed_at end,
       revision = revision + 1, updated_at = now()
     where tenant_id = $1 and id = $2`,
    [tenantId, into.id, consent, isBlocked, from.allowed_at !== null],
  );
  if (isBlocked) await silence(tx, tenantId, into.id);
  const before: Before = {
    moved,
    addedTags,
    ...added,
    wasBlocked: into.blocked_at !== null,
    wasAllowed: into.allowed_at !== null,
    consent: into.consent,
    withheld: await shareRefusals(tx, tenantId, into.id),
  };
  const mergeId = uuidv7();
  const [row] = await tx.query<MergeRow>(
    `insert into contact_merge (tenant_id, id, from_id, into_id, actor, before, merged_at)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp()) returning ${MERGE_COLUMNS}`,
    [tenantId, mergeId, from.id, into.id, by.actor, JSON.stringify(before)],
  );
  await auditContact(tx, tenantId, by, "contacts-merged", into.id, { from: from.id, mergeId });
  await tellContact(tx, tenantId, into.id, "merged");
  return toMerge(row as MergeRow);
}

const CONSENT_BY_STRICTNESS: readonly ConsentState[] = ["refused", "granted", "unknown"];

/** Both as they stand alone. What either was merged into meanwhile is not guessed: the caller looks again. */
async function lockPair(
  tx: Transaction,
  tenantId: TenantId,
  pair: { readonly from: ContactId; readonly into: ContactId },
): Promise<{ readonly from: LockedContact; readonly into: LockedContact }> {
  if (pair.from === pair.into) {
    throw new PregoneroError("merge-impossible", "A contact is not merged with itself.", {
      status: 409,
    });
  }
  const locked = await lockPeople(tx, tenantId, [pair.from, pair.into]);
  const from = locked.find(({ id }) => id === pair.from);
  const into = locked.find(({ id }) => id === pair.into);
  if (from === undefined || into === undefined) throw unknownContact();
  for (const { id, merged_into } of [from, into]) {
    if (merged_into === null) continue;
    throw new PregoneroError(
      "merge-impossible",
      `Contact ${id} is part of ${merged_into} since: take that one.`,
      { status: 409 },
    );
  }
  return { from, into };
}

async function copyTags(
  tx: Transaction,
  tenantId: TenantId,
  fromId: string,
  intoId: string,
): Promise<readonly string[]> {
  const rows = await tx.query<{ tag: string }>(
    `insert into contact_tag (tenant_id, contact_id, tag)
     select $1, $3, tag from contact_tag where tenant_id = $1 and contact_id = $2
     on conflict do nothing returning tag`,
    [tenantId, fromId, intoId],
  );
  return rows.map(({ tag }) => tag);
}

/** What `into` does not say itself. */
async function copyProfile(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  from: LockedContact,
  into: LockedContact,
): Promise<Pick<Before, "addedFields" | "addedName" | "addedLanguage">> {
  const [theirs, ours] = [from, into].map((row) => openProfile(cipher, tenantId, row));
  const own = ours ?? { fields: {} };
  const other = theirs ?? { fields: {} };
  const addedFields = Object.keys(other.fields).filter((name) => own.fields[name] === undefined);
  const addedName = own.name === undefined && other.name !== undefined;
  const addedLanguage = own.language === undefined && other.language !== undefined;
  if (addedFields.length > 0 || addedName || addedLanguage) {
    await writeProfile(tx, cipher, tenantId, into.id, {
      name: own.name ?? other.name,
      language: own.language ?? other.language,
      fields: { ...other.fields, ...own.fields },
    });
  }
  return { addedFields, addedName, addedLanguage };
}

/** A refusal in one chat counts in all of them. Returns the chats in which it did not until now. */
async function shareRefusals(
  tx: Transaction,
  tenantId: TenantId,
  wholeId: string,
): Promise<readonly string[]> {
  const parts = await listParts(tx, wholeId);
  const chats = await tx.query<{ id: string; takes_broadcasts: boolean }>(
    `select id, takes_broadcasts from conversation
     where tenant_id = $1 and contact_id = any($2::uuid[]) order by id`,
    [tenantId, parts],
  );
  const [contact] = await tx.query<{ consent: ConsentState }>(
    "select consent from contact where tenant_id = $1 and id = $2",
    [tenantId, wholeId],
  );
  const hasRefused =
    contact?.consent === "refused" || chats.some(({ takes_broadcasts }) => !takes_broadcasts);
  if (!hasRefused) return [];
  await tx.query("update contact set consent = 'refused' where tenant_id = $1 and id = $2", [
    tenantId,
    wholeId,
  ]);
  const withheld = chats.filter((chat) => chat.takes_broadcasts).map(({ id }) => id);
  await tx.query(
    `with withheld as (
       update conversation set takes_broadcasts = false where tenant_id = $1 and id = any($2::uuid[])
     )
     update outbox set state = 'failed', reason = 'unsubscribed', settled_at = now()
     where tenant_id = $1 and conversation_id = any($2::uuid[]) and state = 'queued' and priority = 2`,
    [tenantId, withheld],
  );
  return withheld;
}

interface MergeRow {
  readonly id: string;
  readonly from_id: string;
  readonly into_id: string;
  readonly actor: string;
  readonly merged_at: Date;
  readonly undone_at: Date | null;
}

const MERGE_COLUMNS = "id, from_id, into_id, actor, merged_at, undone_at";

function toMerge(row: MergeRow): MergeView {
  return {
    mergeId: row.id,
    from: asId(row.from_id),
    into: asId(row.into_id),
    mergedAt: row.merged_at,
    mergedBy: row.actor,
    undoneAt: row.undone_at ?? undefined,
  };
}

/** Of the contact and of those that are part of it, newest first. */
export async function listMerges(
  tx: Transaction,
  tenantId: TenantId,
  wholeId: string,
): Promise<readonly MergeView[]> {
  const rows = await tx.query<MergeRow>(
    `select ${MERGE_COLUMNS} from contact_merge
     where tenant_id = $1 and (into_id = any($2::uuid[]) or from_id = any($2::uuid[]))
     order by merged_at desc, id desc limit 100`,
    [tenantId, await listParts(tx, wholeId)],
  );
  return rows.map(toMerge);
}

/**
 * Takes apart what one act put together; whatever was written since stays with whom it came from. Tags and fields
 * that came by the merge go again; standing and consent are as they were, unless somebody changed them since: a
 * person who refused since has refused.
 */
export async function undoMerge(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  mergeId: string,
  by: ContactActor,
): Promise<boolean> {
  if (!isUuid(mergeId)) return false;
  const locked = await lockMerged(tx, tenantId, mergeId);
  const [merge] = await tx.query<{ from_id: string; into_id: string; before: Before }>(
    `select from_id, into_id, before from contact_merge
     where tenant_id = $1 and id = $2 and undone_at is null for no key update`,
    [tenantId, mergeId],
  );
  if (merge === undefined) return false;
  const { before, from_id: fromId, into_id: intoId } = merge;
  // `into` may itself have become part of another since: what it got by this act is taken from the whole.
  const wholeId = (await findWhole(tx, tenantId, intoId)) ?? intoId;
  const whole = locked.find(({ id }) => id === wholeId);
  if (whole === undefined) return false;
  await separate(tx, tenantId, { moved: before.moved, fromId, wholeId });
  await tx.query(
    "delete from contact_tag where tenant_id = $1 and contact_id = $2 and tag = any($3::text[])",
    [tenantId, wholeId, before.addedTags],
  );
  await takeProfileBack(tx, cipher, tenantId, whole, before);
  await restoreStanding(tx, tenantId, wholeId, before, mergeId);
  await tx.query(
    "update contact_merge set undone_at = now(), undone_by = $3 where tenant_id = $1 and id = $2",
    [tenantId, mergeId, by.actor],
  );
  await auditContact(tx, tenantId, by, "merge-undone", wholeId, { from: fromId, mergeId });
  await tellContact(tx, tenantId, wholeId, "merge-undone");
  return true;
}

/** Everybody whom the act concerned, with the chats that it silenced. */
async function lockMerged(
  tx: Transaction,
  tenantId: TenantId,
  mergeId: string,
): Promise<readonly LockedContact[]> {
  const [act] = await tx.query<{ into_id: string; before: Before; silenced: readonly string[] }>(
    `select m.into_id, m.before, array(
              select c.contact_id::text from conversation c
              where c.contact_id is not null and c.id in (
                select w::uuid from jsonb_array_elements_text(m.before -> 'withheld') as w)) as silenced
     from contact_merge m where m.tenant_id = $1 and m.id = $2`,
    [tenantId, mergeId],
  );
  if (act === undefined) return [];
  return lockPeople(tx, tenantId, [act.into_id, ...act.before.moved, ...act.silenced]);
}

/** `from` stands alone again, with those that were part of it and were not taken apart by another act since. */
async function separate(
  tx: Transaction,
  tenantId: TenantId,
  act: { readonly moved: readonly string[]; readonly fromId: string; readonly wholeId: string },
): Promise<void> {
  await tx.query(
    `update contact set merged_into = case when id = $3 then null else $3 end,
       revision = revision + 1, updated_at = now()
     where tenant_id = $1 and id = any($2::uuid[]) and merged_into = $4`,
    [tenantId, act.moved, act.fromId, act.wholeId],
  );
}

async function takeProfileBack(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  whole: LockedContact,
  before: Before,
): Promise<void> {
  if (before.addedFields.length === 0 && !before.addedName && !before.addedLanguage) return;
  const { name, language, fields } = openProfile(cipher, tenantId, whole);
  const kept = Object.entries(fields).filter(([field]) => !before.addedFields.includes(field));
  await writeProfile(tx, cipher, tenantId, whole.id, {
    name: before.addedName ? undefined : name,
    language: before.addedLanguage ? undefined : language,
    fields: Object.fromEntries(kept),
  });
}

async function restoreStanding(
  tx: Transaction,
  tenantId: TenantId,
  wholeId: string,
  before: Before,
  mergeId: string,
): Promise<void> {
  const [said] = await tx.query<{ has_spoken: boolean }>(
    `select exists (select 1 from contact_consent s join contact_merge m on m.id = $2
                    where s.contact_id = any($1::uuid[]) and s.recorded_at > m.merged_at) as has_spoken`,
    [[...(await listParts(tx, wholeId)), ...before.moved], mergeId],
  );
  const hasSpoken = said?.has_spoken ?? false;
  await tx.query(
    `update contact set revision = revision + 1, updated_at = now(),
       blocked_at = case when $3 then blocked_at end, allowed_at = case when $4 then allowed_at end,
       consent = case when $5 then consent else $6 end
     where tenant_id = $1 and id = $2`,
    [tenantId, wholeId, before.wasBlocked, before.wasAllowed, hasSpoken, before.consent],
  );
  if (hasSpoken) return;
  await tx.query(
    "update conversation set takes_broadcasts = true where tenant_id = $1 and id = any($2::uuid[])",
    [tenantId, before.withheld],
  );
}
