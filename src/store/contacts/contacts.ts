import type { Cipher } from "../../core/cipher.ts";
import type { Contacts } from "../../core/contacts.ts";
import type { ContactId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { atOf, toKeysetPage } from "../keyset.ts";
import { type ContactRow, findWhole, toView, VIEW_COLUMNS } from "./contact-rows.ts";
import { createParameters, querySql } from "./filter-sql.ts";
import { listMerges, mergeContacts, undoMerge } from "./merge-contacts.ts";
import { openChats } from "./open-chats.ts";
import { readContact } from "./read-contact.ts";
import { withinTime } from "./within-time.ts";
import { changeContact, createContact, setBlocked } from "./write-contact.ts";

/** Contacts on PostgreSQL: names, identifiers and evidence sealed, found by keyed hashes. */
export function createContacts(database: Database, cipher: Cipher): Contacts {
  return {
    list: (tenantId, query, { after, limit }) =>
      withinTime(database, tenantId, async (tx) => {
        const parameters = createParameters(
          tenantId,
          after?.at ?? null,
          after?.id ?? null,
          limit + 1,
        );
        const fits = querySql(cipher, tenantId, query, parameters);
        const rows = await tx.query<ContactRow & { at: string }>(
          `select ${VIEW_COLUMNS}, ${atOf("k.created_at")} as at from (
             select * from contact k
             where k.tenant_id = $1 and k.merged_into is null
               and ($2::timestamptz is null or (k.created_at, k.id) < ($2::timestamptz, $3::uuid))
               and ${fits}
             order by k.created_at desc, k.id desc limit $4) k
           order by k.created_at desc, k.id desc`,
          parameters.values,
        );
        return toKeysetPage(rows, limit, (row) => toView(cipher, tenantId, row));
      }),
    find: (tenantId, contactId) =>
      database.asTenant(tenantId, async (tx) => {
        const whole = await findWhole(tx, tenantId, contactId);
        return whole === undefined ? undefined : readContact(tx, cipher, tenantId, whole);
      }),
    create: (tenantId, change, by) =>
      database.asTenant(tenantId, (tx) => createContact(tx, cipher, tenantId, change, by)),
    change: (tenantId, contactId, change, revision, by) =>
      database.asTenant(tenantId, (tx) =>
        changeContact(tx, cipher, tenantId, { contactId, change, revision }, by),
      ),
    setBlocked: (tenantId, contactId, block, by) =>
      database.asTenant(tenantId, (tx) => setBlocked(tx, cipher, tenantId, contactId, block, by)),
    merge: (tenantId, pair, by) =>
      database.asTenant(tenantId, (tx) => mergeContacts(tx, cipher, tenantId, pair, by)),
    listMerges: (tenantId, contactId: ContactId) =>
      database.asTenant(tenantId, async (tx) => {
        const whole = await findWhole(tx, tenantId, contactId);
        return whole === undefined ? [] : listMerges(tx, tenantId, whole);
      }),
    undoMerge: (tenantId, mergeId, by) =>
      database.asTenant(tenantId, (tx) => undoMerge(tx, cipher, tenantId, mergeId, by)),
    openChats: (tenantId, botId, contactIds) =>
      database.asTenant(tenantId, (tx) => openChats(tx, cipher, tenantId, botId, contactIds)),
  };
}
