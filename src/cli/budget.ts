import { PregoneroError } from "../core/errors.ts";
import type { BudgetPeriod, MicroUsd } from "../core/spending.ts";
import type { CommandContext, CommandPorts, Output, SpendingView } from "./ports.ts";
import { table } from "./terminal.ts";

const MICRO = 1_000_000;

/** `0.25` and `$0.25` → 250,000 micro-dollars. */
export function parseUsd(text: string): MicroUsd {
  const plain = text.trim().replace(/^\$/, "");
  if (/^\d{1,9}(\.\d{1,6})?$/.test(plain)) return Math.round(Number(plain) * MICRO);
  throw new PregoneroError(
    "amount-invalid",
    `"${text}" is not an amount of US dollars. Write it as 25 or 0.05, with at most 6 decimals.`,
    { status: 400 },
  );
}

export function formatUsd(amount: MicroUsd): string {
  return `$${(amount / MICRO).toFixed(6).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}

export async function showSpendingCommand(
  ports: Pick<CommandPorts, "showSpending">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const spending = await ports.showSpending({}, context);
  out.result(budgetTable(spending));
  if (spending.models.length === 0) out.progress("No model was called this month.");
  else out.result(`\n${modelTable(spending)}`);
  return 0;
}

export async function setBudgetCommand(
  ports: Pick<CommandPorts, "setBudget">,
  input: { readonly period: BudgetPeriod; readonly limit: MicroUsd | undefined },
  context: CommandContext,
  out: Output,
): Promise<number> {
  await ports.setBudget(input, context);
  out.result(
    input.limit === undefined
      ? `Models have no limit per ${input.period} any more.`
      : `Models may cost at most ${formatUsd(input.limit)} per ${input.period}. Past it, answers are quotations.`,
  );
  return 0;
}

export async function topUpCommand(
  ports: Pick<CommandPorts, "topUp">,
  input: { readonly amount: MicroUsd },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { balance } = await ports.topUp(input, context);
  out.result(
    `The prepaid balance is ${formatUsd(balance)}. Models are called only while it lasts.`,
  );
  return 0;
}

function budgetTable({ budgets, balance }: SpendingView): string {
  const rows = budgets.map(({ period, limit, spent, reserved }) => [
    `per ${period}`,
    formatUsd(limit),
    formatUsd(spent),
    formatUsd(reserved),
  ]);
  if (balance !== undefined) {
    rows.push(["prepaid", formatUsd(balance.balance), "", formatUsd(balance.reserved)]);
  }
  if (rows.length === 0) return "No budget is set. Set one with: pregonero budget set month 25";
  return table([["BUDGET", "LIMIT", "SPENT", "IN FLIGHT"], ...rows]);
}

function modelTable({ models }: SpendingView): string {
  return table([
    ["THIS MONTH", "CALLS", "TOKENS IN", "CACHED", "TOKENS OUT", "COST"],
    ...models.map(({ model, calls, usage, cost, unpricedCalls }) => [
      model,
      String(calls),
      String(usage.input),
      String(usage.cachedInput),
      String(usage.output),
      unpricedCalls === 0 ? formatUsd(cost) : `${formatUsd(cost)} and ${unpricedCalls} unpriced`,
    ]),
  ]);
}
