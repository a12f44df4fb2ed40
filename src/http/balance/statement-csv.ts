import { stringify } from "csv-stringify/sync";
import type { Transaction } from "../../core/balance.ts";

const COLUMNS = ["id", "booked_at", "kind", "amount_usd", "balance_usd", "reference", "note", "by"];

export const STATEMENT_HEAD = stringify([COLUMNS], { bom: true });

/** Lines of the statement. Text that a spreadsheet would take for a formula begins with an apostrophe. */
export function toStatementLines(transactions: readonly Transaction[]): string {
  return transactions
    .map((transaction) => {
      const { id, happenedAt, kind, reference = "", note = "", actor } = transaction;
      const figures = [id, happenedAt.toISOString(), kind].concat(
        toUsd(transaction.amount),
        toUsd(transaction.balance),
      );
      // Negative amounts are numbers, and stay so: only what somebody typed is escaped.
      const typed = stringify([[reference, note, actor]], { escape_formulas: true });
      return `${stringify([figures]).trimEnd()},${typed}`;
    })
    .join("");
}

function toUsd(microUsd: number): string {
  return (microUsd / 1_000_000).toFixed(6);
}
