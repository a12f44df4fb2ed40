import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../../core/cipher.ts";
import type { ImportCounts, ImportedContact } from "../../core/contact-import.ts";
import { type ContactProfile, hasTooManyFields } from "../../core/contacts.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { openProfile, sealProfile } from "./contact-rows.ts";
import { aliasesOf, hashLookup, sealAlias } from "./identify.ts";
import { lockPeople } from "./lock-people.ts";
import { hashWords } from "./name-words.ts";
import { evidencePlace } from "./read-contact.ts";
import { heed } from "./write-contact.ts";

/** Of each line, the contacts that have one of its identifiers: usually none or one. */
export async function findHolders(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  contacts: readonly ImportedContact[],
): Promise<readonly (readonly string[])[]> {
  const hashes = contacts.map(({ identifiers }) =>
    identifiers.flatMap((identifier) =>
      aliasesOf(identifier).flatMap(({ lookup }) =>
        lookup === undefined ? [] : [hashLookup(cipher, tenantId, lookup).toString("hex")],
      ),
    ),
  );
  const wanted = [...new Set(hashes.flat())].map((hash) => Buffer.from(hash, "hex"));
  const rows = await tx.query<{ lookup_hash: Buffer; whole: string }>(
    `select distinct a.lookup_hash, coalesce(k.merged_into, k.id) as whole
     from contact_alias a join contact k on k.id = a.contact_id
     where a.lookup_hash = any($1::bytea[])`,
    [wanted],
  );
  const holders = new Map<string, string[]>();
  for (const { lookup_hash, whole } of rows) {
    const hash = lookup_hash.toString("hex");
    holders.set(hash, [...(holders.get(hash) ?? []), whole]);
  }
  return hashes.map((some) => [...new Set(some.flatMap((hash) => holders.get(hash) ?? []))]);
}

interface Taken {
  readonly id: string;
  readonly isNew: boolean;
  readonly contact: ImportedContact;
  readonly profile: ContactProfile;
}

/**
 * Creates whom nobody knows, adds to the others what the file says; a tag or a field that it does not name stays.
 * Ambiguous ones are left out. Statements work on the whole batch, at most 500, so that 200,000 lines take a minute and
 * not an hour.
 */
export async function takeContacts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  contacts: readonly ImportedContact[],
  actor: string,
): Promise<ImportCounts> {
  const holders = await findHolders(tx, cipher, tenantId, contacts);
  const known = [...new Set(holders.flatMap((ids) => (ids.length === 1 ? ids : [])))];
  const locked = known.length > 0 ? await lockPeople(tx, tenantId, known) : [];
  const profiles = new Map(locked.map((row) => [row.id, openProfile(cipher, tenantId, row)]));
  const taken = contacts.flatMap((contact, index): Taken[] => {
    const [id, another] = holders[index] ?? [];
    // Of two people, or merged meanwhile.
    if (another !== undefined || (id !== undefined && !profiles.has(id))) return [];
    const own = (id === undefined ? undefined : profiles.get(id)) ?? { fields: {} };
    const fields = { ...own.fields, ...contact.fields };
    // Somebody gave it more since the line was checked.
    if (hasTooManyFields(own.fields, fields)) return [];
    const profile = {
      name: contact.name ?? own.name,
      language: contact.language ?? own.language,
      fields,
    };
    return [{ id: id ?? uuidv7(), isNew: id === undefined, contact, profile }];
  });
  await writeContacts(tx, cipher, tenantId, taken);
  await writeAliases(tx, cipher, tenantId, taken, actor);
  await writeWordsAndTags(tx, cipher, tenantId, taken);
  await writeConsents(tx, cipher, tenantId, taken, actor);
  const created = taken.filter(({ isNew }) => isNew).length;
  return {
    created,
    updated: taken.length - created,
    skipped: contacts.length - taken.length,
  };
}

async function writeContacts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  taken: readonly Taken[],
): Promise<void> {
  const sealed = taken.map(({ id, profile }) => sealProfile(cipher, tenantId, id, profile));
  await tx.query(
    `insert into contact (tenant_id, id, profile, source)
     select $1, id, profile, 'import' from unnest($2::uuid[], $3::bytea[]) as w (id, profile)
     on conflict (id, tenant_id) do update
       set profile = excluded.profile, revision = contact.revision + 1, updated_at = now()`,
    [tenantId, taken.map(({ id }) => id), sealed],
  );
}

async function writeAliases(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  taken: readonly Taken[],
  actor: string,
): Promise<void> {
  const aliases = taken.flatMap(({ id, contact }) =>
    contact.identifiers
      .flatMap(aliasesOf)
      .map((alias) => ({ contactId: id, ...sealAlias(cipher, tenantId, alias) })),
  );
  // In the order of their hashes, as the line writes them. Who writes for the first time at this moment comes first.
  await tx.query(
    `insert into contact_alias
       (tenant_id, channel, alias_hash, contact_id, kind, value, lookup_hash, national_hash, added_by)
     select $1, channel, hash, contact, kind, value, lookup, national, $9
     from unnest($2::text[], $3::bytea[], $4::uuid[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[])
       as w (channel, hash, contact, kind, value, lookup, national)
     order by hash, channel
     on conflict do nothing`,
    [
      tenantId,
      aliases.map(({ channel }) => channel),
      aliases.map(({ hash }) => hash),
      aliases.map(({ contactId }) => contactId),
      aliases.map(({ kind }) => kind),
      aliases.map(({ value }) => value),
      aliases.map(({ lookupHash }) => lookupHash),
      aliases.map(({ nationalHash }) => nationalHash),
      actor,
    ],
  );
}

async function writeWordsAndTags(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  taken: readonly Taken[],
): Promise<void> {
  const known = taken.filter(({ isNew }) => !isNew).map(({ id }) => id);
  if (known.length > 0) {
    await tx.query(
      "delete from contact_word where tenant_id = $1 and contact_id = any($2::uuid[]) and origin = 'profile'",
      [tenantId, known],
    );
  }
  const words = taken.flatMap(({ id, profile }) =>
    hashWords(cipher, tenantId, profile.name).map((hash) => ({ id, hash })),
  );
  await tx.query(
    `insert into contact_word (tenant_id, contact_id, word_hash, origin)
     select $1, id, hash, 'profile' from unnest($2::uuid[], $3::bytea[]) as w (id, hash)
     on conflict do nothing`,
    [tenantId, words.map(({ id }) => id), words.map(({ hash }) => hash)],
  );
  const tags = taken.flatMap(({ id, contact }) => contact.tags.map((tag) => ({ id, tag })));
  await tx.query(
    `insert into contact_tag (tenant_id, contact_id, tag)
     select $1, id, tag from unnest($2::uuid[], $3::text[]) as w (id, tag) on conflict do nothing`,
    [tenantId, tags.map(({ id }) => id), tags.map(({ tag }) => tag)],
  );
}

async function writeConsents(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  taken: readonly Taken[],
  actor: string,
): Promise<void> {
  const said = taken.flatMap(({ id, isNew, contact: { consent } }) =>
    consent === undefined ? [] : [{ id, isNew, ...consent }],
  );
  if (said.length === 0) return;
  await tx.query(
    `insert into contact_consent (tenant_id, contact_id, state, how, evidence, actor, given_at)
     select $1, id, state, 'import', evidence, $6, given_at
     from unnest($2::uuid[], $3::text[], $4::bytea[], $5::timestamptz[]) as w (id, state, evidence, given_at)`,
    [
      tenantId,
      said.map(({ id }) => id),
      said.map(({ state }) => state),
      said.map(({ id, evidence, givenAt }) =>
        cipher.encrypt(evidencePlace(tenantId, id, givenAt), evidence),
      ),
      said.map(({ givenAt }) => givenAt),
      actor,
    ],
  );
  const fresh = said.filter(({ isNew }) => isNew);
  await tx.query(
    `update contact k set consent = w.state
     from unnest($2::uuid[], $3::text[]) as w (id, state) where k.tenant_id = $1 and k.id = w.id`,
    [tenantId, fresh.map(({ id }) => id), fresh.map(({ state }) => state)],
  );
  for (const { id } of said.filter(({ isNew }) => !isNew)) await heed(tx, tenantId, id);
}
