import type { BotId, ConversationId, MessageId, TenantId } from "./ids.ts";
import type { PassportEvent } from "./passport.ts";

/** The whole timeline of one message, with the state of its parts. No message text. */
export interface Passport {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  readonly botId: BotId | undefined;
  readonly conversationId: ConversationId | undefined;
  /** `pending`, `answered`, `dead`; undefined for a question that came by API or command line. */
  readonly state: string | undefined;
  readonly deadReason: string | undefined;
  readonly events: readonly PassportEvent[];
  readonly parts: readonly {
    readonly outboxId: string;
    readonly state: string;
    readonly attempts: number;
    readonly networkMessageId: string | undefined;
    readonly reason: string | undefined;
  }[];
}

export interface Passports {
  /** By message id, outbox id, the network's update key or the network's id of a sent part. Newest first, at most 20. */
  find(tenantId: TenantId, id: string): Promise<readonly Passport[]>;
  /** For questions that have no inbox row (API, command line). */
  record(tenantId: TenantId, messageId: MessageId, events: readonly PassportEvent[]): Promise<void>;
}
