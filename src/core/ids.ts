/**
 * Opaque identifiers. Each is made in one place, compared as a string, and parsed by nobody else.
 * The brand exists in the type system only.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** UUID of a tenant. Made by the tenant store; unique over the installation. */
export type TenantId = Branded<"TenantId">;
/** UUID of a bot account. Made when a bot is added; unique over the installation. */
export type BotId = Branded<"BotId">;
/** UUID of a conversation: one chat seen by one bot. Unique over the installation. */
export type ConversationId = Branded<"ConversationId">;
/** UUID of a contact: one person known to one tenant, however many aliases they have. */
export type ContactId = Branded<"ContactId">;
/** UUIDv7 of one message taken in, and of its passport. Sortable by time of arrival. */
export type MessageId = Branded<"MessageId">;
/** UUIDv7 of one part of a reply in the outbox. */
export type OutboxId = Branded<"OutboxId">;
/** UUID of an assistant: how bots of one tenant answer. Unique over the installation. */
export type AssistantId = Branded<"AssistantId">;
/** UUIDv7 of one call of a language model. */
export type ModelCallId = Branded<"ModelCallId">;
/** UUID of somebody who signs in. Unique over the installation, whatever tenants they work for. */
export type PersonId = Branded<"PersonId">;
/** UUID of one sign-in on one device: a family of refresh tokens. */
export type SessionId = Branded<"SessionId">;
/** UUID of a gazette source, such as La Gaceta. */
export type SourceId = Branded<"SourceId">;
/** UUID of one edition: one source, one date, one set of bytes. */
export type EditionId = Branded<"EditionId">;
/** UUID of a tenant's own document, whatever its version. Unique over the installation. */
export type DocumentId = Branded<"DocumentId">;
/** Number of one passage: the smallest citable text. Unique over the installation. */
export type PassageId = Branded<"PassageId">;

/** UUID of a prompt, whatever its version. Unique over the installation. */
export type PromptId = Branded<"PromptId">;
/** UUID of one run of a prompt over editions. Unique over the installation. */
export type PromptRunId = Branded<"PromptRunId">;

/** The only way to brand a string; call it where the id is made or read from a trusted row. */
export function asId<Id extends Branded<string>>(value: string): Id {
  return value as Id;
}
