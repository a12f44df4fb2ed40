import type { ContactActor } from "./contacts.ts";
import type { ContactId, ConversationId, TenantId } from "./ids.ts";

/** What is kept about a citizen, for `/exportar` and for the institution that is asked by letter. */
export interface CitizenData {
  /**
   * Everything kept about the contact of this conversation (messages, turns, memory, aliases), decrypted,
   * as plain JSON. Never another contact's, never another tenant's.
   */
  export(tenantId: TenantId, conversationId: ConversationId): Promise<unknown>;
}

/** The same for staff, who name the contact. */
export interface CitizenRights {
  /** Undefined: there is no such contact. Audited. */
  exportContact(tenantId: TenantId, contactId: ContactId, by: ContactActor): Promise<unknown>;
  /**
   * As `/borrar`, at once: messages, turns, parts that wait, memory, files, names, identifiers, consents, of the
   * contact and of those that are part of it. Whoever writes again is somebody else. False: there is no such contact.
   */
  eraseContact(tenantId: TenantId, contactId: ContactId, by: ContactActor): Promise<boolean>;
}
