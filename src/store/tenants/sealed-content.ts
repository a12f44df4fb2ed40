import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";

export type Row = Readonly<Record<string, unknown>>;

/**
 * Encrypted columns that are a tenant's content, and under which row id each is sealed. Those that hold secrets (tokens
 * of bots, keys of models, codes of sessions) are not among them: whatever is not here is withheld from an archive.
 */
const CONTENT: Readonly<Record<string, (row: Row) => string>> = {
  "alert.content": (row) => String(row.id),
  "campaign.content": (row) => String(row.id),
  "campaign_recipient.variables": (row) => String(row.id),
  "contact.block_reason": (row) => String(row.id),
  "contact.identity": (row) => String(row.id),
  "contact.profile": (row) => String(row.id),
  "contact_alias.value": (row) => hexOf(row.alias_hash),
  "contact_consent.evidence": (row) => `${row.contact_id}/${isoOf(row.given_at)}`,
  "conversation.chat": (row) => hexOf(row.chat_hash),
  "conversation.memory": (row) => String(row.id),
  "conversation_note.content": (row) => String(row.id),
  "document.url": (row) => String(row.id),
  "feedback.comment": (row) => String(row.id),
  "inbox.message": (row) => String(row.id),
  "outbox.part": (row) => String(row.id),
  "publication_post.content": (row) => `${row.publication_id}/${row.position}`,
  "question_cluster.label": (row) => String(row.id),
  "subscription.topic": (row) => String(row.id),
  "turn.content": (row) => `${row.message_id ?? row.desk_message_id} ${row.speaker}`,
  "web_chat_entry.part": (row) => `${row.conversation_id}/${row.entry_id}`,
};

export function isContent(table: string, column: string): boolean {
  return Object.hasOwn(CONTENT, `${table}.${column}`);
}

/** What is sealed in a column, as JSON where it is; undefined: erased, or sealed under a key that is gone. */
export function openContent(
  cipher: Cipher,
  tenantId: TenantId,
  place: { readonly table: string; readonly column: string },
  row: Row,
): unknown {
  const sealed = row[place.column];
  const rowId = CONTENT[`${place.table}.${place.column}`]?.(row);
  if (!Buffer.isBuffer(sealed) || sealed.length === 0 || rowId === undefined) return undefined;
  const text = tryDecrypt(cipher, { tenantId, ...place, rowId }, sealed);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** One value that cannot be read does not keep the rest from its owner. */
function tryDecrypt(
  cipher: Cipher,
  place: Parameters<Cipher["decrypt"]>[0],
  sealed: Buffer,
): string | undefined {
  try {
    return cipher.decrypt(place, sealed);
  } catch {
    return undefined;
  }
}

function hexOf(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString("hex") : "";
}

function isoOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : "";
}
