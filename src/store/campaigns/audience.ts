import { v7 as uuidv7 } from "uuid";
import type { AudienceEntry } from "../../core/campaigns.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { Identifier } from "../../core/contacts.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import { aliasesOf, hashLookup } from "../contacts/identify.ts";
import type { Database, Transaction } from "../database.ts";
import { variablesPlace } from "./campaign-rows.ts";

/** Contacts per transaction: nobody waits for a long list. */
export const LIST_BATCH = 500;

export interface ListPlace {
  readonly tenantId: TenantId;
  readonly campaignId: string;
  readonly audienceId: string;
}

/**
 * Writes recipients in batches, each a transaction of its own; they count for nothing until the campaign names
 * their audience. Who is on the list already is noted as `duplicate`, or left out.
 */
export async function writeEntries(
  database: Database,
  cipher: Cipher,
  place: ListPlace,
  entries: readonly AudienceEntry[],
): Promise<void> {
  for (let start = 0; start < entries.length; start += LIST_BATCH) {
    const batch = entries.slice(start, start + LIST_BATCH);
    await database.asTenant(place.tenantId, (tx) =>
      insertEntries(tx, cipher, place, batch, "duplicates-noted"),
    );
  }
}

export async function insertEntries(
  tx: Transaction,
  cipher: Cipher,
  { tenantId, campaignId, audienceId }: ListPlace,
  entries: readonly AudienceEntry[],
  duplicates: "duplicates-noted" | "duplicates-left-out",
): Promise<void> {
  const rows = entries.map(({ contactId, line, variables }, n) => {
    const id = uuidv7();
    const hasVariables = Object.keys(variables).length > 0;
    const sealed = hasVariables
      ? cipher.encrypt(variablesPlace(tenantId, id), JSON.stringify(variables)).toString("base64")
      : null;
    return { n, id, contact: contactId ?? null, line: line ?? null, variables: sealed };
  });
  await tx.query(
    {
      name: "campaign-list",
      text: `with given as (
               select g.*, coalesce(k.merged_into, k.id) as person
               from jsonb_to_recordset($4::jsonb) as g (n int, id uuid, contact uuid, line int, variables text)
               left join contact k on k.id = g.contact
             ), judged as (
               select given.*, person is not null and (
                        row_number() over (partition by person order by n) > 1
                        or exists (select 1 from campaign_recipient r
                                   where r.audience_id = $3 and r.contact_id = given.person
                                     and r.reason is distinct from 'duplicate')) as is_duplicate
               from given
             )
             insert into campaign_recipient
               (tenant_id, id, campaign_id, audience_id, contact_id, variables, line, state, reason)
             select $1, id, $2, $3, person, decode(variables, 'base64'), line,
                    case when person is null or is_duplicate then 'skipped' else 'pending' end,
                    case when person is null then 'unknown-contact' when is_duplicate then 'duplicate' end
             from judged where not is_duplicate or $5 order by n
             on conflict do nothing`,
    },
    [tenantId, campaignId, audienceId, JSON.stringify(rows), duplicates === "duplicates-noted"],
  );
}

/** Removes, in batches, what belongs to other audiences of the campaign than the one that counts. */
export async function removeLeftBehind(
  database: Database,
  { tenantId, campaignId, audienceId }: ListPlace,
): Promise<void> {
  for (;;) {
    const removed = await database.asTenant(tenantId, (tx) =>
      tx.query<{ id: string }>(
        `delete from campaign_recipient where id in (
           select id from campaign_recipient where campaign_id = $1 and audience_id <> $2 limit ${LIST_BATCH})
         returning id`,
        [campaignId, audienceId],
      ),
    );
    if (removed.length < LIST_BATCH) return;
  }
}

/** Whose each identifier is, in order; `malformed`: it is none; undefined: nobody's. */
export async function matchIdentifiers(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  identifiers: readonly Identifier[],
): Promise<readonly (ContactId | "malformed" | undefined)[]> {
  const hashes = identifiers.map((identifier) => {
    const lookup = aliasesOf(identifier)[0]?.lookup;
    return lookup && hashLookup(cipher, tenantId, lookup);
  });
  // Of several contacts with one identifier, whoever has a chat is written to.
  const rows = await tx.query<{ lookup_hash: Buffer; person: string }>(
    `select distinct on (a.lookup_hash) a.lookup_hash, coalesce(k.merged_into, k.id) as person
     from contact_alias a join contact k on k.id = a.contact_id
     where a.lookup_hash = any($1::bytea[])
     order by a.lookup_hash, exists (select 1 from conversation c where c.contact_id = k.id) desc, person`,
    [hashes.filter((hash) => hash !== undefined)],
  );
  const persons = new Map(rows.map((row) => [row.lookup_hash.toString("hex"), row.person]));
  return hashes.map((hash) => {
    if (hash === undefined) return "malformed";
    const person = persons.get(hash.toString("hex"));
    return person === undefined ? undefined : asId<ContactId>(person);
  });
}
