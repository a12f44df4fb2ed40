import type { ConversationId, TenantId } from "./ids.ts";

/** What is kept about a citizen, for `/exportar`. Implemented in `src/store`. */
export interface CitizenData {
  /**
   * Everything kept about the contact of this conversation (messages, turns, memory, aliases), decrypted,
   * as plain JSON. Never another contact's, never another tenant's.
   */
  export(tenantId: TenantId, conversationId: ConversationId): Promise<unknown>;
}
