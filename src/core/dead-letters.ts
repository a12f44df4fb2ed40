import type { BotId, MessageId, TenantId } from "./ids.ts";

/** A message given up, waiting for a person to decide. No text. */
export interface DeadLetter {
  readonly messageId: MessageId;
  readonly botId: BotId;
  readonly channel: string;
  /** Of the bot. */
  readonly name: string;
  readonly reason: string;
  readonly attempts: number;
  readonly receivedAt: Date;
}

/** What became of a wish about a dead letter. `erased`: its person was forgotten, and with it what was asked. */
export type DeadLetterChange = "done" | "not-dead" | "erased";

/** Settles messages that were given up. Every change is audited, and noted in the message's passport. */
export interface DeadLetters {
  /** Newest first, at most 200. */
  list(tenantId: TenantId): Promise<readonly DeadLetter[]>;
  /** The message is pending again, in the place that it had in its conversation, with all its attempts. */
  retry(tenantId: TenantId, messageId: MessageId, actor: string): Promise<DeadLetterChange>;
  /** The message is `dropped`: kept, and no longer anybody's concern. */
  drop(tenantId: TenantId, messageId: MessageId, actor: string): Promise<DeadLetterChange>;
}
