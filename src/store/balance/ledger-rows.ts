import type { Transaction, TransactionKind } from "../../core/balance.ts";

export interface LedgerRow {
  readonly id: string;
  readonly kind: TransactionKind;
  readonly amount: string;
  readonly balance: string;
  readonly reference: string | null;
  readonly note: string | null;
  readonly actor: string;
  readonly happened_at: Date;
}

export const LEDGER_COLUMNS = `id, kind, amount_micro_usd as amount, balance_micro_usd as balance, reference, note, actor,
  happened_at`;

export function toTransaction(row: LedgerRow): Transaction {
  return {
    id: String(row.id),
    kind: row.kind,
    amount: Number(row.amount),
    balance: Number(row.balance),
    reference: row.reference ?? undefined,
    note: row.note ?? undefined,
    actor: row.actor,
    happenedAt: row.happened_at,
  };
}
