import type { Transaction } from "../../core/balance.ts";

const COLUMNS = ["id", "booked_at", "kind", "amount_usd", "balance_usd", "reference", "note", "by"];

/** With a byte order mark, by which spreadsheets know UTF-8; lines as RFC 4180 has them. */
export const STATEMENT_HEAD = `\ufeff${COLUMNS.join(",")}\r\n`;

/** Lines of the statement. Text that a spreadsheet would take for a formula begins with an apostrophe. */
export function toStatementLines(transactions: readonly Transaction[]): string {
  return transactions
    .map((transaction) => {
      const { id, happenedAt, kind, reference = "", note = "", actor } = transaction;
      // Negative amounts are numbers, and stay so: only what somebody typed is escaped.
      const figures = [id, happenedAt.toISOString(), kind];
      const amounts = [toUsd(transaction.amount), toUsd(transaction.balance)];
      const typed = [reference, note, actor].map(toCell);
      return `${[...figures, ...amounts, ...typed].join(",")}\r\n`;
    })
    .join("");
}

/** Security checklist S42: `=`, `+`, `-`, `@`, tab and return begin a formula, in their full width too. */
function toCell(text: string): string {
  const safe = /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function toUsd(microUsd: number): string {
  return (microUsd / 1_000_000).toFixed(6);
}
