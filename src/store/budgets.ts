import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import { BUDGET_PERIODS, type BudgetPeriod, type Spending } from "../core/spending.ts";
import type { Database, Transaction } from "./database.ts";

/** What people read and set of a tenant's spending. */
export function createBudgets(
  database: Database,
): Omit<Spending, "reserve" | "settle" | "record" | "settleAbandoned"> {
  return {
    async isBound(tenantId) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<{ is_bound: boolean }>(
          {
            name: "budgets-is-bound",
            text: "select exists (select from budget where tenant_id = $1) or exists (select from account where tenant_id = $1) as is_bound",
          },
          [tenantId],
        ),
      );
      return row?.is_bound ?? false;
    },
    async listBudgets(tenantId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<{ period: BudgetPeriod; most: string; spent: string; reserved: string }>(
          `select b.period, b.limit_micro_usd as most,
                  coalesce(s.spent_micro_usd, 0) as spent, coalesce(s.reserved_micro_usd, 0) as reserved
           from budget b
           left join lateral (
             select spent_micro_usd, reserved_micro_usd from spending s
             where s.tenant_id = b.tenant_id and s.period = b.period and s.begins_on = case b.period
                     when 'message' then date '1970-01-01'
                     when 'month' then date_trunc('month', now() at time zone 'UTC')::date
                     else (now() at time zone 'UTC')::date end
             order by spent_micro_usd + reserved_micro_usd desc limit 1
           ) s on true
           where b.tenant_id = $1`,
          [tenantId],
        ),
      );
      return rows
        .map((row) => ({
          period: row.period,
          limit: Number(row.most),
          spent: Number(row.spent),
          reserved: Number(row.reserved),
        }))
        .sort((a, b) => BUDGET_PERIODS.indexOf(a.period) - BUDGET_PERIODS.indexOf(b.period));
    },
    async setBudget(tenantId, period, limit, actor) {
      if (limit !== undefined) checkAmount(limit);
      await database.asTenant(tenantId, async (tx) => {
        if (limit === undefined) {
          await tx.query("delete from budget where tenant_id = $1 and period = $2", [
            tenantId,
            period,
          ]);
        } else {
          await tx.query(
            `insert into budget (tenant_id, period, limit_micro_usd) values ($1, $2, $3)
             on conflict (period, tenant_id) do update set limit_micro_usd = excluded.limit_micro_usd, updated_at = now()`,
            [tenantId, period, limit],
          );
          await countSpentBefore(tx, tenantId, period);
        }
        await tx.query(
          "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, 'budget-set', $3, $4)",
          [tenantId, actor, period, JSON.stringify({ limitMicroUsd: limit ?? null })],
        );
      });
    },
    async topUp(tenantId, amount, actor) {
      checkAmount(amount);
      return database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<{ balance: string }>(
          `insert into account as a (tenant_id, balance_micro_usd) values ($1, $2)
           on conflict (tenant_id) do update set balance_micro_usd = a.balance_micro_usd + excluded.balance_micro_usd
           returning balance_micro_usd as balance`,
          [tenantId, amount],
        );
        const balance = Number(row?.balance);
        await tx.query(
          `insert into account_transaction (tenant_id, kind, amount_micro_usd, balance_micro_usd, actor)
           values ($1, 'top-up', $2, $3, $4)`,
          [tenantId, amount, balance, actor],
        );
        return balance;
      });
    },
    async balance(tenantId) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<{ balance: string; reserved: string }>(
          "select balance_micro_usd as balance, reserved_micro_usd as reserved from account where tenant_id = $1",
          [tenantId],
        ),
      );
      return row && { balance: Number(row.balance), reserved: Number(row.reserved) };
    },
    async costOf(tenantId, messageId) {
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<{ cost: string; unpriced: string }>(
          `select coalesce(sum(cost_micro_usd), 0) as cost,
                  count(*) filter (where cost_micro_usd is null) as unpriced
           from model_call where message_id = $1 and tenant_id = $2 and state = 'settled'`,
          [messageId, tenantId],
        ),
      );
      return row === undefined || Number(row.unpriced) > 0 ? undefined : Number(row.cost);
    },
    async listSpending(tenantId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<
          Record<
            "model" | "calls" | "input" | "cached" | "output" | "cost" | "unpriced",
            string
          > & {
            readonly first_token: readonly [number, number] | null;
          }
        >(
          `select model, count(*) as calls, coalesce(sum(input_tokens), 0) as input,
                  coalesce(sum(cached_input_tokens), 0) as cached, coalesce(sum(output_tokens), 0) as output,
                  coalesce(sum(cost_micro_usd), 0) as cost, count(*) filter (where cost_micro_usd is null) as unpriced,
                  percentile_disc(array[0.5, 0.95]) within group (order by first_token_ms) as first_token
           from model_call
           where tenant_id = $1 and state = 'settled'
             and called_on >= date_trunc('month', now() at time zone 'UTC')::date
           group by model order by sum(cost_micro_usd) desc nulls last, model`,
          [tenantId],
        ),
      );
      return rows.map((row) => ({
        model: row.model,
        calls: Number(row.calls),
        usage: {
          input: Number(row.input),
          cachedInput: Number(row.cached),
          output: Number(row.output),
        },
        cost: Number(row.cost),
        unpricedCalls: Number(row.unpriced),
        ...(row.first_token === null
          ? {}
          : { firstTokenMs: { p50: row.first_token[0], p95: row.first_token[1] } }),
      }));
    },
  };
}

/** What was spent of the running period before it had a limit. A message's is over by then. */
async function countSpentBefore(
  tx: Transaction,
  tenantId: TenantId,
  period: BudgetPeriod,
): Promise<void> {
  if (period === "message") return;
  await tx.query(
    `insert into spending (tenant_id, period, subject, begins_on, spent_micro_usd)
     select $1, $2, subject, begins_on, sum(cost_micro_usd)
     from model_call,
       lateral (select case when $2 = 'contact-day' then contact_id::text else '' end as subject,
                       case when $2 = 'month' then date_trunc('month', now() at time zone 'UTC')::date
                            else (now() at time zone 'UTC')::date end as begins_on) budgeted
     where tenant_id = $1 and state = 'settled' and called_on >= begins_on
       and subject is not null and cost_micro_usd > 0
     group by subject, begins_on
     on conflict (subject, begins_on, period, tenant_id) do update set spent_micro_usd = excluded.spent_micro_usd`,
    [tenantId, period],
  );
}

function checkAmount(amount: number): void {
  if (Number.isSafeInteger(amount) && amount >= 0) return;
  throw new PregoneroError(
    "amount-invalid",
    `An amount is a whole number of micro-dollars from 0, not ${amount}.`,
    { status: 400 },
  );
}
