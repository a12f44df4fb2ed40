import type { Cipher } from "../../core/cipher.ts";
import type {
  ContactFiles,
  ExportedContact,
  ImportConflict,
  ImportedContact,
} from "../../core/contact-import.ts";
import { type AliasKind, type ContactQuery, hasTooManyFields } from "../../core/contacts.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { type ContactRow, openProfile, toView, VIEW_COLUMNS } from "./contact-rows.ts";
import { createParameters, querySql } from "./filter-sql.ts";
import { phoneOf } from "./identify.ts";
import { findHolders } from "./import-contacts.ts";
import { evidencePlace } from "./read-contact.ts";
import { auditContact } from "./write-contact.ts";

const BATCH = 500;
const NO_UUID = "00000000-0000-0000-0000-000000000000";

export function createContactFiles(database: Database, cipher: Cipher): ContactFiles {
  return {
    findConflicts: (tenantId, contacts) =>
      database.asTenant(tenantId, (tx) => findConflicts(tx, cipher, tenantId, contacts)),
    noteExport: (tenantId, by) =>
      database.asTenant(tenantId, (tx) =>
        auditContact(tx, tenantId, by, "contacts-exported", tenantId),
      ),
    readAll: (tenantId, query, signal) => readAll(database, cipher, tenantId, query, signal),
  };
}

async function findConflicts(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  contacts: readonly ImportedContact[],
): Promise<readonly ImportConflict[]> {
  const holders = await findHolders(tx, cipher, tenantId, contacts);
  const known = contacts.flatMap(({ fields }, index) =>
    Object.keys(fields).length > 0 && holders[index]?.length === 1 ? holders[index] : [],
  );
  const rows = await tx.query<{ id: string; profile: Buffer | null }>(
    "select id, profile from contact where tenant_id = $1 and id = any($2::uuid[])",
    [tenantId, known],
  );
  const profiles = new Map(rows.map((row) => [row.id, openProfile(cipher, tenantId, row)]));
  return contacts.flatMap(({ line, fields }, index): ImportConflict[] => {
    const [holder, another] = holders[index] ?? [];
    if (another !== undefined) return [{ line, rule: "two-contacts" }];
    const own = (holder === undefined ? undefined : profiles.get(holder)?.fields) ?? {};
    if (!hasTooManyFields(own, { ...own, ...fields })) return [];
    return [{ line, rule: "too-many-fields" }];
  });
}

type ExportRow = ContactRow & {
  readonly aliases: readonly { kind: AliasKind; hash: string; value: string | null }[] | null;
  readonly consented: { id: string; at: string; evidence: string | null } | null;
};

async function* readAll(
  database: Database,
  cipher: Cipher,
  tenantId: TenantId,
  query: ContactQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly ExportedContact[]> {
  for (let after = NO_UUID; ; ) {
    signal.throwIfAborted();
    const rows = await database.asTenant(tenantId, (tx) =>
      readBatch(tx, cipher, tenantId, query, after),
    );
    if (rows.length > 0) yield rows.map((row) => toExported(cipher, tenantId, row));
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH) return;
    after = last.id;
  }
}

function readBatch(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  query: ContactQuery,
  after: string,
): Promise<ExportRow[]> {
  const parameters = createParameters(tenantId, after, BATCH);
  const fits = querySql(cipher, tenantId, query, parameters);
  const parts =
    "array(select k.id union all select p.id from contact p where p.merged_into = k.id)";
  return tx.query<ExportRow>(
    `select ${VIEW_COLUMNS},
       (select json_agg(json_build_object('kind', a.kind, 'hash', encode(a.alias_hash, 'hex'),
                                          'value', encode(a.value, 'base64')) order by a.created_at, a.alias_hash)
        from contact_alias a where a.contact_id = any(${parts})) as aliases,
       (select json_build_object('id', s.contact_id, 'at', s.given_at, 'evidence', encode(s.evidence, 'base64'))
        from contact_consent s where s.contact_id = any(${parts})
        order by s.given_at desc, s.state = 'refused' desc limit 1) as consented
     from (select * from contact k
           where k.tenant_id = $1 and k.id > $2 and k.merged_into is null and ${fits}
           order by k.id limit $3) k
     order by k.id`,
    parameters.values,
  );
}

function toExported(cipher: Cipher, tenantId: TenantId, row: ExportRow): ExportedContact {
  const opened = (row.aliases ?? []).flatMap(({ kind, hash, value }) => {
    if (value === null) return [];
    const place = { tenantId, table: "contact_alias", column: "value", rowId: hash };
    return [{ kind, value: cipher.decrypt(place, Buffer.from(value, "base64")) }];
  });
  const profile = openProfile(cipher, tenantId, row);
  const phone = opened.flatMap((alias) => phoneOf(alias) ?? [])[0];
  const { consented } = row;
  const consentAt = consented === null ? undefined : new Date(consented.at);
  return {
    ...toView(cipher, tenantId, row),
    phone: phone && `+${phone}`,
    telegram: opened.find(({ kind }) => kind === "telegram")?.value,
    language: profile.language,
    fields: profile.fields,
    consentAt,
    consentEvidence:
      consented?.evidence && consentAt
        ? cipher.decrypt(
            evidencePlace(tenantId, consented.id, consentAt),
            Buffer.from(consented.evidence, "base64"),
          )
        : undefined,
  };
}
