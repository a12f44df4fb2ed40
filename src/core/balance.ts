import type { BotId, TenantId } from "./ids.ts";
import type { MicroUsd } from "./spending.ts";
import type { Requester } from "./tenants.ts";

/** `adjustment`: a correction, up or down. `model-call`: booked by the chain, never by a person. */
export const TRANSACTION_KINDS = ["top-up", "adjustment", "model-call"] as const;
export type TransactionKind = (typeof TRANSACTION_KINDS)[number];

/** One line of the ledger, which is only added to. */
export interface Transaction {
  /** Grows in the order of booking. Decimal digits. */
  readonly id: string;
  readonly kind: TransactionKind;
  readonly amount: MicroUsd;
  /** After it. */
  readonly balance: MicroUsd;
  /** The payment's id, or that of whatever it was booked for; undefined: of a model's call. */
  readonly reference: string | undefined;
  readonly note: string | undefined;
  readonly actor: string;
  readonly happenedAt: Date;
}

export interface Booking {
  readonly kind: "top-up" | "adjustment";
  /** Not zero; of a top-up more. */
  readonly amount: MicroUsd;
  /** Booked once, whoever tells of it and however often. */
  readonly reference: string;
  readonly note?: string | undefined;
}

/** What models cost on one day (UTC). */
export interface UsageRow {
  /** ISO date. */
  readonly day: string;
  /** Undefined: asked by a program or on the command line. */
  readonly botId: BotId | undefined;
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cost: MicroUsd;
  /** Calls whose price is not known; not part of `cost`. */
  readonly unpricedCalls: number;
}

/** A balance that fell to a threshold, or to zero. */
export interface BalanceNotice {
  readonly tenantId: TenantId;
  readonly threshold: MicroUsd;
  readonly balance: MicroUsd;
}

/** The prepaid balance of a tenant, as people see and change it. What calls of models do to it is `Spending`'s. */
export interface Balances {
  /**
   * Commits before it resolves. `isRepeated`: that reference was booked before, and nothing is booked again. Throws
   * `reference-taken` (409) when it was booked for another tenant or with another amount.
   */
  book(
    tenantId: TenantId,
    booking: Booking,
    by: Requester,
  ): Promise<{ readonly transaction: Transaction; readonly isRepeated: boolean }>;
  /** Newest first; `before`: the id of the last line of the page before. */
  list(
    tenantId: TenantId,
    page: { readonly before: string | undefined; readonly limit: number },
  ): Promise<readonly Transaction[]>;
  thresholds(tenantId: TenantId): Promise<readonly MicroUsd[]>;
  setThresholds(tenantId: TenantId, thresholds: readonly MicroUsd[], by: Requester): Promise<void>;
  /** Both days included. */
  usage(tenantId: TenantId, from: string, until: string): Promise<readonly UsageRow[]>;
  /** Crossings that nobody was told of; each is given once, to one process, and audited. */
  takeNotices(): Promise<readonly BalanceNotice[]>;
}
