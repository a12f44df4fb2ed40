import type { CipherPlace } from "../../../src/core/cipher.ts";
import type { TenantId } from "../../../src/core/ids.ts";
import type { Installation } from "../../../src/installation.ts";

type Row = Readonly<Record<string, unknown>>;

/** Under which row id each encrypted column is sealed; see docs/security/encryption.md. */
const SEALED: Readonly<Record<string, (row: Row) => string>> = {
  "alert.content": (row) => String(row.id),
  "assistant_version.links": (row) => String(row.id),
  "bot.secrets": (row) => String(row.id),
  "bot_session.code": (row) => String(row.bot_id),
  "campaign.content": (row) => String(row.id),
  "campaign_recipient.variables": (row) => String(row.id),
  "chat_mark.mark": (row) => `${row.bot_id}/${(row.chat_hash as Buffer).toString("hex")}`,
  "contact.block_reason": (row) => String(row.id),
  "contact.identity": (row) => String(row.id),
  "contact.profile": (row) => String(row.id),
  "contact_alias.value": (row) => (row.alias_hash as Buffer).toString("hex"),
  "contact_consent.evidence": (row) => `${row.contact_id}/${(row.given_at as Date).toISOString()}`,
  "contact_import_batch.contacts": (row) => String(row.id),
  "conversation.chat": (row) => (row.chat_hash as Buffer).toString("hex"),
  "conversation.memory": (row) => String(row.id),
  "conversation_note.content": (row) => String(row.id),
  "document.url": (row) => String(row.id),
  "feedback.comment": (row) => String(row.id),
  "idempotency_key.answer": (row) => String(row.operation_id),
  "inbox.message": (row) => String(row.id),
  "media_file.content": (row) => String(row.id),
  "outbox.part": (row) => String(row.id),
  "publication_post.content": (row) => `${row.publication_id}/${row.position}`,
  "publishing_target.settings": (row) => String(row.id),
  "question_cluster.label": (row) => String(row.id),
  "security_event.source": (row) => (row.source_hash as Buffer).toString("hex"),
  "session_request.png": (row) => String(row.id),
  "session_request.request": (row) => String(row.id),
  "subscription.topic": (row) => String(row.id),
  "turn.content": (row) => `${row.message_id ?? row.desk_message_id} ${row.speaker}`,
  "webhook_attempt.response": (row) => `${row.delivery_id}/${row.attempt}`,
  "webhook_endpoint.previous_secret": (row) => String(row.id),
  "webhook_endpoint.secret": (row) => String(row.id),
  "webhook_endpoint.url": (row) => String(row.id),
  "web_chat_entry.part": (row) => `${row.conversation_id}/${row.entry_id}`,
};

/** The rows of a tenant, as `dumpInTheClear` writes them, in which the pattern occurs. */
export async function rowsWith(
  pattern: RegExp,
  installation: Installation,
  of: TenantId = installation.tenantId,
): Promise<readonly string[]> {
  return (await dumpInTheClear(installation, of)).filter((row) => pattern.test(row));
}

/**
 * Every row of a tenant in every table, with encrypted columns opened and hashes in hex: what somebody who
 * has the key can read. Throws for a sealed column that it cannot open, so that none is overlooked.
 */
async function dumpInTheClear(
  { database, cipher }: Installation,
  of: TenantId,
): Promise<readonly string[]> {
  return database.asTenant(of, async (tx) => {
    // Of the staff's credentials, which the registrar alone reads, those columns that a tenant may see.
    const tables = await tx.query<{ name: string; columns: string }>(
      `select table_name as name, string_agg(quote_ident(column_name), ', ') as columns
       from information_schema.columns
       where table_schema = 'public'
         and has_column_privilege(current_user, quote_ident(table_name), column_name, 'select')
       group by table_name having bool_or(column_name = 'tenant_id') order by table_name`,
    );
    const lines: string[] = [];
    for (const { name, columns } of tables) {
      for (const row of await tx.query<Row>(
        `select ${columns} from "${name}" where tenant_id = $1`,
        [of],
      )) {
        const clear = Object.entries(row).map(([column, value]) => {
          return [column, Buffer.isBuffer(value) ? open(name, column, row, value) : value];
        });
        lines.push(`${name} ${JSON.stringify(Object.fromEntries(clear))}`);
      }
    }
    return lines;
  });

  function open(table: string, column: string, row: Row, value: Buffer): string {
    if (value.length === 0) return "";
    const rowId = SEALED[`${table}.${column}`]?.(row);
    if (rowId === undefined) {
      if (column.endsWith("_hash")) return value.toString("hex");
      throw new Error(`How ${table}.${column} is sealed is not known here.`);
    }
    const place: CipherPlace = { tenantId: of, table, column, rowId };
    return cipher.decrypt(place, value);
  }
}
