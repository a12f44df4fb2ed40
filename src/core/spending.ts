import type { ContactId, MessageId, ModelCallId, TenantId } from "./ids.ts";
import type { TokenUsage } from "./language-model.ts";

/** A millionth of a US dollar, in which the vendors' prices are whole numbers. */
export type MicroUsd = number;

/** What a budget limits: one message, one person's day, the tenant's day or month. Days are UTC. */
export const BUDGET_PERIODS = ["message", "contact-day", "day", "month"] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** On whose account a model is called. */
export interface Payer {
  readonly tenantId: TenantId;
  readonly messageId: MessageId;
  /** Undefined: nobody known, as on the command line. */
  readonly contactId?: ContactId | undefined;
}

export interface ModelCall extends Payer {
  readonly callId: ModelCallId;
  /** `provider:model`. */
  readonly model: string;
  /** What it is called for: `write`, `plan`, `remember`, `transcribe`, `see`, `check`, `prompt`, `embed`. */
  readonly purpose: string;
}

/** What stopped a call: the budget that has too little left, or the prepaid balance. */
export type OverBudget = BudgetPeriod | "balance";

export interface CallResult {
  /** `answered`, or the error's code. */
  readonly outcome: string;
  readonly usage: TokenUsage;
  /** Undefined: the model's price is not known. */
  readonly cost: MicroUsd | undefined;
  /** The provider did not tell the tokens; we counted them. */
  readonly isEstimate: boolean;
  /** From the call to the first piece of text; undefined: none came. */
  readonly firstTokenMs?: number | undefined;
}

export interface BudgetState {
  readonly period: BudgetPeriod;
  readonly limit: MicroUsd;
  /** Settled in the running day or month; of `message` and `contact-day`, of whoever spent most. */
  readonly spent: MicroUsd;
  readonly reserved: MicroUsd;
}

/**
 * Who spent what on models. A call is reserved before it is made: in one transaction from every budget
 * and the prepaid balance, or not at all, so that no number of concurrent calls can spend past a limit.
 * It is settled once after it, whatever became of it.
 */
export interface Spending {
  /** Undefined: reserved, go ahead. */
  reserve(call: ModelCall, atMost: MicroUsd): Promise<OverBudget | undefined>;
  /** Books a call that cost nothing, and was not reserved. Calls that end together are written together. */
  record(call: ModelCall, result: CallResult): Promise<void>;
  /** Frees what was reserved and books what it cost. A second settlement of a call changes nothing. */
  settle(call: ModelCall, result: CallResult): Promise<void>;
  /** Books calls reserved for longer than `olderThanMs` at what they reserved: their process is gone. Returns how many. */
  settleAbandoned(olderThanMs: number): Promise<number>;
  /** Whether any budget or prepaid balance binds the tenant, so that a model of unknown price may not be called. */
  isBound(tenantId: TenantId): Promise<boolean>;
  listBudgets(tenantId: TenantId): Promise<readonly BudgetState[]>;
  /** Undefined removes the limit. `actor` goes into the audit log. */
  setBudget(
    tenantId: TenantId,
    period: BudgetPeriod,
    limit: MicroUsd | undefined,
    actor: string,
  ): Promise<void>;
  /** Adds prepaid credit; the first makes the account. Returns the balance. */
  topUp(tenantId: TenantId, amount: MicroUsd, actor: string): Promise<MicroUsd>;
  /** What the settled calls for one message cost; undefined: the price of one of them is not known. */
  costOf(tenantId: TenantId, messageId: MessageId): Promise<MicroUsd | undefined>;
  /** Undefined: the tenant pays afterwards. */
  balance(
    tenantId: TenantId,
  ): Promise<{ readonly balance: MicroUsd; readonly reserved: MicroUsd } | undefined>;
  /** Calls and cost of the running month by model, dearest first. */
  listSpending(tenantId: TenantId): Promise<readonly ModelSpending[]>;
}

export interface ModelSpending {
  readonly model: string;
  readonly calls: number;
  readonly usage: TokenUsage;
  readonly cost: MicroUsd;
  /** Calls whose price is not known; not part of `cost`. */
  readonly unpricedCalls: number;
  /** Median and 95th percentile in milliseconds; undefined: no call wrote anything. */
  readonly firstTokenMs?: { readonly p50: number; readonly p95: number } | undefined;
}
