/** A column of envelopes, and what of its row the envelope is bound to (`CipherPlace.rowId`), as SQL. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
  /** True: bound to the installation, although the row may name a tenant. */
  readonly isOfInstallation?: true;
}

const hex = (column: string) => `encode(${column}, 'hex')`;

/** Every sealed column there is; a test compares the list with the schema. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: "assistant_link", column: "endpoint", rowId: "id::text" },
  { table: "assistant_version", column: "links", rowId: "id::text" },
  { table: "bot", column: "secrets", rowId: "id::text" },
  { table: "bot_session", column: "code", rowId: "bot_id::text" },
  { table: "chat_mark", column: "mark", rowId: `bot_id || '/' || ${hex("chat_hash")}` },
  { table: "contact", column: "identity", rowId: "id::text" },
  { table: "conversation", column: "chat", rowId: hex("chat_hash") },
  { table: "conversation", column: "memory", rowId: "id::text" },
  { table: "idempotency_key", column: "answer", rowId: "operation_id::text" },
  { table: "inbox", column: "message", rowId: "id::text" },
  { table: "invitation", column: "email", rowId: "id::text", isOfInstallation: true },
  { table: "look_up_key", column: "envelope", rowId: "'look-up'", isOfInstallation: true },
  { table: "media_file", column: "content", rowId: "id::text" },
  { table: "outbox", column: "part", rowId: "id::text" },
  { table: "person", column: "email", rowId: "id::text", isOfInstallation: true },
  { table: "person", column: "name", rowId: "id::text", isOfInstallation: true },
  { table: "person", column: "totp", rowId: "id::text", isOfInstallation: true },
  { table: "person", column: "totp_pending", rowId: "id::text", isOfInstallation: true },
  { table: "person_session", column: "origin", rowId: "id::text", isOfInstallation: true },
  { table: "session_request", column: "png", rowId: "id::text" },
  { table: "session_request", column: "request", rowId: "id::text" },
  { table: "turn", column: "content", rowId: "message_id || ' ' || speaker" },
  { table: "web_chat_entry", column: "part", rowId: "conversation_id || '/' || entry_id" },
  { table: "campaign", column: "content", rowId: "id::text" },
  { table: "campaign_recipient", column: "variables", rowId: "id::text" },
  { table: "contact", column: "block_reason", rowId: "id::text" },
  { table: "contact", column: "profile", rowId: "id::text" },
  { table: "contact_alias", column: "value", rowId: hex("alias_hash") },
  {
    table: "contact_consent",
    column: "evidence",
    rowId: `contact_id || '/' || to_char(given_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  },
  { table: "contact_import_batch", column: "contacts", rowId: "id::text" },
  { table: "conversation_note", column: "content", rowId: "id::text" },
  { table: "document", column: "url", rowId: "id::text" },
  { table: "feedback", column: "comment", rowId: "id::text" },
  { table: "alert", column: "content", rowId: "id::text" },
  { table: "alert_meaning", column: "content", rowId: "id::text" },
  { table: "subscription", column: "topic", rowId: "id::text" },
  { table: "publication_post", column: "content", rowId: "publication_id || '/' || position" },
  { table: "publishing_target", column: "settings", rowId: "id::text" },
  { table: "question_cluster", column: "label", rowId: "id::text" },
  { table: "identity_provider", column: "client_secret", rowId: "tenant_id::text" },
  { table: "security_event", column: "source", rowId: hex("source_hash") },
  { table: "tenant_export_chunk", column: "content", rowId: "export_id || '/' || position" },
  { table: "webhook_attempt", column: "response", rowId: "delivery_id || '/' || attempt" },
  { table: "webhook_endpoint", column: "previous_secret", rowId: "id::text" },
  { table: "webhook_endpoint", column: "secret", rowId: "id::text" },
  { table: "webhook_endpoint", column: "url", rowId: "id::text" },
];
