import type { BotId, OutboxId, TenantId } from "./ids.ts";

/** What became of a message after the network took it, in the order in which it can happen. */
export const RECEIPT_STATUSES = ["sent", "delivered", "read", "failed"] as const;
export type ReceiptStatus = (typeof RECEIPT_STATUSES)[number];

/** The network's word on a message that we sent. Comes late, repeated and in any order. */
export interface Receipt {
  /** As `SendOutcome` gave it. */
  readonly networkMessageId: string;
  /** Our own id of the part, when the network echoes it: settles a part that is `unknown`. */
  readonly outboxId?: OutboxId;
  readonly status: ReceiptStatus;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of `failed`: stable kebab-case, as in `SendOutcome`. */
  readonly reason?: string;
}

/** Keeps the furthest status of each part: a status never regresses, and `failed` counts only when nothing higher came. */
export interface Receipts {
  /**
   * Commits before it resolves. Each receipt that tells something new becomes a passport event (`delivered`, `read`,
   * `refused`); an `unknown` part that the network tells of becomes `sent`. Unknown ids are ignored.
   */
  note(tenantId: TenantId, botId: BotId, receipts: readonly Receipt[]): Promise<void>;
}
