import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../../core/cipher.ts";
import type {
  ContactImport,
  ContactImports,
  ImportCounts,
  ImportedContact,
  ImportProgress,
  ImportState,
} from "../../core/contact-import.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { atOf, toKeysetPage } from "../keyset.ts";
import { repeatOnDeadlock } from "../repeat-on-deadlock.ts";
import { takeContacts } from "./import-contacts.ts";
import { auditContact } from "./write-contact.ts";

/** A process that said nothing for so long is gone, and so is a sender who sent nothing. */
const BUSY = "now() + interval '2 minutes'";
/** What is kept of an import holds no names; after this it is of no interest. */
const KEPT = "interval '90 days'";

/** Files of contacts on PostgreSQL, put aside in sealed batches until they are taken. */
export function createContactImports(database: Database, cipher: Cipher): ContactImports {
  return {
    begin: (tenantId, isDryRun, by) =>
      database.asTenant(tenantId, async (tx) => {
        await tx.query(
          `delete from contact_import where tenant_id = $1 and finished_at < now() - ${KEPT}`,
          [tenantId],
        );
        const [begun] = await tx.query<{ id: string }>(
          `insert into contact_import (tenant_id, id, is_dry_run, actor, request_id, busy_until)
           values ($1, $2, $3, $4, $5, ${BUSY}) on conflict do nothing returning id`,
          [tenantId, uuidv7(), isDryRun, by.actor, by.requestId ?? null],
        );
        if (begun === undefined) throw underWay();
        return begun.id;
      }),
    putAside: (tenantId, importId, contacts, progress) =>
      database.asTenant(tenantId, async (tx) => {
        await goOn(tx, tenantId, importId, progress, "reading");
        if (contacts.length === 0) return;
        const id = uuidv7();
        await tx.query(
          `insert into contact_import_batch (tenant_id, id, import_id, position, contacts)
           select $1::uuid, $2::uuid, $3::uuid, 1 + coalesce(max(b.position), 0), $4::bytea
           from contact_import_batch b where b.import_id = $3::uuid`,
          [tenantId, id, importId, cipher.encrypt(place(tenantId, id), JSON.stringify(contacts))],
        );
      }),
    decide: (tenantId, importId, progress) =>
      database.asTenant(tenantId, (tx) => goOn(tx, tenantId, importId, progress, "taking")),
    close: (tenantId, importId, state, progress) =>
      database.asTenant(tenantId, (tx) => close(tx, tenantId, importId, state, progress)),
    takeNext: (tenantId, importId) =>
      repeatOnDeadlock(() =>
        database.asTenant(tenantId, (tx) => takeNext(tx, cipher, tenantId, importId)),
      ),
    async findLeft() {
      // Whichever: one that cannot be ended does not keep the others waiting.
      const [left] = await database.asDispatcher((tx) =>
        tx.query<{ tenant_id: string; id: string; state: "reading" | "taking" }>(
          `select tenant_id, id, state from contact_import
           where state in ('reading', 'taking') and busy_until < now() order by random() limit 1`,
        ),
      );
      if (left === undefined) return undefined;
      return { tenantId: asId<TenantId>(left.tenant_id), importId: left.id, state: left.state };
    },
    list: (tenantId, { after, limit }) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<ImportRow & { at: string }>(
          `select ${COLUMNS}, ${atOf("began_at")} as at from contact_import
           where tenant_id = $1 and ($2::timestamptz is null or (began_at, id) < ($2::timestamptz, $3::uuid))
           order by began_at desc, id desc limit $4`,
          [tenantId, after?.at ?? null, after?.id ?? null, limit + 1],
        );
        return toKeysetPage(rows, limit, toImport);
      }),
  };
}

interface ImportRow {
  readonly id: string;
  readonly state: ImportState;
  readonly is_dry_run: boolean;
  readonly actor: string;
  readonly request_id: string | null;
  readonly lines: number;
  readonly bad_lines: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly began_at: Date;
  readonly finished_at: Date | null;
}

const COLUMNS =
  "id, state, is_dry_run, actor, request_id, lines, bad_lines, created, updated, skipped, began_at, finished_at";

function toImport(row: ImportRow): ContactImport {
  return {
    importId: row.id,
    state: row.state,
    isDryRun: row.is_dry_run,
    lines: row.lines,
    badLines: row.bad_lines,
    ...countsOf(row),
    startedBy: row.actor,
    startedAt: row.began_at,
    finishedAt: row.finished_at ?? undefined,
  };
}

function countsOf({ created, updated, skipped }: ImportRow): ImportCounts {
  return { created, updated, skipped };
}

function place(tenantId: TenantId, rowId: string) {
  return { tenantId, table: "contact_import_batch", column: "contacts", rowId };
}

async function goOn(
  tx: Transaction,
  tenantId: TenantId,
  importId: string,
  { lines, badLines }: ImportProgress,
  state: "reading" | "taking",
): Promise<void> {
  const changed = await tx.query(
    `update contact_import set state = $3, lines = $4, bad_lines = $5, busy_until = ${BUSY}
     where tenant_id = $1 and id = $2 and state = 'reading' returning id`,
    [tenantId, importId, state, lines, badLines],
  );
  if (changed.length === 0) throw lost();
}

/** Who is only slow is not taken for gone: it said that it works on it between the look and this. */
async function close(
  tx: Transaction,
  tenantId: TenantId,
  importId: string,
  state: "refused" | "abandoned",
  progress: ImportProgress | undefined,
): Promise<void> {
  const [closed] = await tx.query<{ is_dry_run: boolean }>(
    `update contact_import
     set state = $3, lines = coalesce($4, lines), bad_lines = coalesce($5, bad_lines), finished_at = now()
     where tenant_id = $1 and id = $2 and state = 'reading' and ($4::integer is not null or busy_until < now())
     returning is_dry_run`,
    [tenantId, importId, state, progress?.lines ?? null, progress?.badLines ?? null],
  );
  if (closed === undefined) return;
  // With their batches.
  if (closed.is_dry_run) {
    await tx.query("delete from contact_import where tenant_id = $1 and id = $2", [
      tenantId,
      importId,
    ]);
    return;
  }
  await tx.query("delete from contact_import_batch where tenant_id = $1 and import_id = $2", [
    tenantId,
    importId,
  ]);
}

async function takeNext(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  importId: string,
): Promise<ImportCounts & { readonly isDone: boolean }> {
  const [row] = await tx.query<ImportRow>(
    `select ${COLUMNS} from contact_import where tenant_id = $1 and id = $2 for no key update`,
    [tenantId, importId],
  );
  if (row === undefined) throw lost();
  if (row.state !== "taking") return { ...countsOf(row), isDone: true };
  const [batch] = await tx.query<{ id: string; contacts: Buffer }>(
    `select id, contacts from contact_import_batch where tenant_id = $1 and import_id = $2
     order by position limit 1`,
    [tenantId, importId],
  );
  if (batch === undefined) return { ...(await finish(tx, tenantId, row)), isDone: true };
  const contacts = openBatch(cipher, tenantId, batch);
  const taken = await takeContacts(tx, cipher, tenantId, contacts, row.actor);
  await tx.query("delete from contact_import_batch where tenant_id = $1 and id = $2", [
    tenantId,
    batch.id,
  ]);
  const [counted] = await tx.query<ImportRow>(
    `update contact_import set created = created + $3, updated = updated + $4, skipped = skipped + $5,
       busy_until = ${BUSY}
     where tenant_id = $1 and id = $2 returning ${COLUMNS}`,
    [tenantId, importId, taken.created, taken.updated, taken.skipped],
  );
  return { ...countsOf(counted ?? row), isDone: false };
}

function openBatch(
  cipher: Cipher,
  tenantId: TenantId,
  batch: { readonly id: string; readonly contacts: Buffer },
): readonly ImportedContact[] {
  const text = cipher.decrypt(place(tenantId, batch.id), batch.contacts);
  const contacts = JSON.parse(text) as readonly (Omit<ImportedContact, "consent"> & {
    readonly consent?: Omit<NonNullable<ImportedContact["consent"]>, "givenAt"> & {
      readonly givenAt: string;
    };
  })[];
  return contacts.map(({ consent, ...contact }) => ({
    ...contact,
    consent: consent && { ...consent, givenAt: new Date(consent.givenAt) },
  }));
}

async function finish(tx: Transaction, tenantId: TenantId, row: ImportRow): Promise<ImportCounts> {
  await tx.query(
    "update contact_import set state = 'done', finished_at = now() where tenant_id = $1 and id = $2",
    [tenantId, row.id],
  );
  const counts = { ...countsOf(row), skipped: row.skipped + row.bad_lines };
  const by = { actor: row.actor, ...(row.request_id !== null && { requestId: row.request_id }) };
  await auditContact(tx, tenantId, by, "contacts-imported", tenantId, {
    ...counts,
    importId: row.id,
  });
  await appendEvents(tx, tenantId, [{ kind: "contacts-imported", detail: counts }]);
  return countsOf(row);
}

function underWay(): PregoneroError {
  return new PregoneroError(
    "import-under-way",
    "Another file of contacts is being taken in: wait until it is done.",
    { status: 409 },
  );
}

function lost(): PregoneroError {
  return new PregoneroError(
    "import-lost",
    "The file came so slowly that it was given up. Nothing of it was taken: send it again.",
    { status: 409 },
  );
}
