import { createGroupCommit } from "../core/group-commit.ts";
import type { TenantId } from "../core/ids.ts";
import { asId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { CallResult, MicroUsd, ModelCall, OverBudget, Spending } from "../core/spending.ts";
import { createBudgets } from "./budgets.ts";
import type { Database, Transaction } from "./database.ts";
import { byTenant } from "./group-by-tenant.ts";

/** At this share of a limit its nearness is logged, once per period. */
const NEAR_SHARE = 0.8;

/** Rolls the transaction back; never leaves this file. */
class Refusal extends Error {
  readonly by: OverBudget;
  constructor(by: OverBudget) {
    super(by);
    this.by = by;
  }
}

/** The ledger of model calls. See `Spending` for what it promises. */
export function createSpending(database: Database, logger: Logger): Spending {
  async function settle(call: Pick<ModelCall, "tenantId" | "callId">, result?: CallResult) {
    const near = await database.asTenant(call.tenantId, (tx) => settleOnce(tx, call, result));
    for (const { period, limit, spent } of near) {
      logger.warn("budget-near", {
        tenantId: call.tenantId,
        period,
        limitMicroUsd: Number(limit),
        spentMicroUsd: Number(spent),
      });
    }
  }

  const recordFree = createGroupCommit(
    (calls: readonly FreeCall[]) => writeFreeCalls(database, calls),
    { maxItems: 200 },
  );

  return {
    ...createBudgets(database),
    async reserve(call, atMost) {
      try {
        await database.asTenant(call.tenantId, async (tx) => {
          const from: readonly OverBudget[] =
            atMost === 0
              ? []
              : [
                  ...(await reserveFromBudgets(tx, call, atMost)),
                  ...(await reserveFromBalance(tx, call.tenantId, atMost)),
                ];
          await recordReserved(tx, call, atMost, from);
        });
        return undefined;
      } catch (error) {
        if (error instanceof Refusal) return error.by;
        throw error;
      }
    },
    settle,
    record: (call, result) => recordFree({ call, result }),
    async settleAbandoned(olderThanMs) {
      const calls = await database.asDispatcher((tx) =>
        tx.query<{ tenant_id: string; id: string }>(
          {
            name: "spending-find-abandoned",
            text: `select tenant_id, id from model_call
                   where state = 'reserved' and called_at < now() - $1 * interval '1 millisecond'
                   order by called_at limit 500`,
          },
          [olderThanMs],
        ),
      );
      for (const { tenant_id, id } of calls) {
        await settle({ tenantId: asId(tenant_id), callId: asId(id) });
      }
      return calls.length;
    },
  };
}

interface FreeCall {
  readonly call: ModelCall;
  readonly result: CallResult;
}

async function writeFreeCalls(
  database: Database,
  calls: readonly FreeCall[],
): Promise<readonly undefined[]> {
  for (const [tenantId, own] of byTenant(calls, ({ call }) => call.tenantId)) {
    await database.asTenant(tenantId, (tx) =>
      tx.query(
        {
          name: "spending-record-free",
          text: `insert into model_call (tenant_id, id, message_id, contact_id, purpose, model, state, outcome,
                                         reserved_micro_usd, reserved_from, cost_micro_usd, input_tokens,
                                         cached_input_tokens, output_tokens, is_estimate, first_token_ms,
                                         called_on, settled_at)
                 select $1, id, message_id, contact_id, purpose, model, 'settled', outcome, 0, '{}', 0, input,
                        cached, output, is_estimate, first_token_ms, (now() at time zone 'UTC')::date, now()
                 from jsonb_to_recordset($2::jsonb) as c
                   (id uuid, message_id uuid, contact_id uuid, purpose text, model text, outcome text,
                    input integer, cached integer, output integer, is_estimate boolean, first_token_ms integer)
                 on conflict (id, tenant_id) do nothing`,
        },
        [tenantId, JSON.stringify(own.map(toRow))],
      ),
    );
  }
  return calls.map(() => undefined);
}

function toRow({ call, result }: FreeCall) {
  return {
    id: call.callId,
    message_id: call.messageId,
    contact_id: call.contactId ?? null,
    purpose: call.purpose,
    model: call.model,
    outcome: result.outcome,
    input: result.usage.input,
    cached: result.usage.cachedInput,
    output: result.usage.output,
    is_estimate: result.isEstimate,
    first_token_ms: result.firstTokenMs ?? null,
  };
}

async function recordReserved(
  tx: Transaction,
  call: ModelCall,
  atMost: MicroUsd,
  from: readonly OverBudget[],
): Promise<void> {
  await tx.query(
    {
      name: "spending-record-call",
      text: `insert into model_call (tenant_id, id, message_id, contact_id, purpose, model, state,
                                     reserved_micro_usd, reserved_from, called_on)
             values ($1, $2, $3, $4, $5, $6, 'reserved', $7, $8, (now() at time zone 'UTC')::date)`,
    },
    [
      call.tenantId,
      call.callId,
      call.messageId,
      call.contactId ?? null,
      call.purpose,
      call.model,
      atMost,
      from,
    ],
  );
}

/**
 * Adds to each budget's running sum, unless the sum would pass the limit. The row that a concurrent call
 * holds is waited for, and the condition read again from what that call left (READ COMMITTED). Rows are
 * locked in one order, the most particular first, so that two calls never wait for each other.
 */
async function reserveFromBudgets(
  tx: Transaction,
  call: ModelCall,
  atMost: MicroUsd,
): Promise<readonly OverBudget[]> {
  const rows = await tx.query<{ period: OverBudget; is_reserved: boolean }>(
    {
      name: "spending-reserve",
      text: `with due as (
               select b.period, b.limit_micro_usd as most, ${subjectOf("b.period", "$3", "$4")} as subject,
                      ${beginningOf("b.period", "(now() at time zone 'UTC')::date")} as begins_on,
                      ${RANK} as rank
               from budget b
               where b.tenant_id = $1 and (b.period <> 'contact-day' or $4::uuid is not null)
               order by rank
             ), reserved as (
               insert into spending as s (tenant_id, period, subject, begins_on, reserved_micro_usd)
               select $1, period, subject, begins_on, $2::bigint from due where $2::bigint <= most order by rank
               on conflict (subject, begins_on, period, tenant_id) do update
                 set reserved_micro_usd = s.reserved_micro_usd + excluded.reserved_micro_usd
                 where s.reserved_micro_usd + s.spent_micro_usd + excluded.reserved_micro_usd
                       <= (select d.most from due d where d.period = s.period)
               returning s.period
             )
             select due.period, reserved.period is not null as is_reserved
             from due left join reserved on reserved.period = due.period order by due.rank`,
    },
    [call.tenantId, atMost, call.messageId, call.contactId ?? null],
  );
  const refused = rows.find(({ is_reserved }) => !is_reserved);
  if (refused !== undefined) throw new Refusal(refused.period);
  return rows.map(({ period }) => period);
}

async function reserveFromBalance(
  tx: Transaction,
  tenantId: TenantId,
  atMost: MicroUsd,
): Promise<readonly OverBudget[]> {
  const [row] = await tx.query<{ is_reserved: boolean }>(
    {
      name: "spending-reserve-balance",
      text: `with reserved as (
               update account set reserved_micro_usd = reserved_micro_usd + $2
               where tenant_id = $1 and balance_micro_usd - reserved_micro_usd >= $2 returning tenant_id
             )
             select exists (select from reserved) as is_reserved
             from account where tenant_id = $1`,
    },
    [tenantId, atMost],
  );
  if (row === undefined) return [];
  if (!row.is_reserved) throw new Refusal("balance");
  return ["balance"];
}

interface SettledCall {
  readonly reserved: string;
  readonly reserved_from: readonly OverBudget[];
  readonly cost: string | null;
  readonly message_id: string;
  readonly contact_id: string | null;
  readonly called_on: string;
}

/** Without a result: at what was reserved. Returns the budgets that this settlement brought near their limit. */
async function settleOnce(
  tx: Transaction,
  call: Pick<ModelCall, "tenantId" | "callId">,
  result: CallResult | undefined,
): Promise<readonly { period: string; limit: string; spent: string }[]> {
  const [settled] = await tx.query<SettledCall>(
    {
      name: "spending-settle-call",
      text: `update model_call
             set state = 'settled', settled_at = now(), outcome = $3, input_tokens = $4, cached_input_tokens = $5,
                 output_tokens = $6, is_estimate = $8, first_token_ms = $10,
                 cost_micro_usd = case when $9 then reserved_micro_usd else $7::bigint end
             where tenant_id = $1 and id = $2 and state = 'reserved'
             returning reserved_micro_usd as reserved, reserved_from, cost_micro_usd as cost, message_id, contact_id, called_on`,
    },
    [
      call.tenantId,
      call.callId,
      result?.outcome ?? "abandoned",
      result?.usage.input ?? null,
      result?.usage.cachedInput ?? null,
      result?.usage.output ?? null,
      result?.cost ?? null,
      result?.isEstimate ?? true,
      result === undefined,
      result?.firstTokenMs ?? null,
    ],
  );
  if (settled === undefined) return [];
  const cost = settled.cost ?? "0";
  if (cost === "0" && settled.reserved === "0") return [];
  const freed = settled.reserved_from.includes("balance") ? settled.reserved : "0";
  await bookOnBalance(tx, call, freed, cost);
  return tx.query(
    {
      name: "spending-settle-budgets",
      text: `with booked as (
               update spending s
               set reserved_micro_usd = s.reserved_micro_usd - case when s.period = any ($7) then $2::bigint else 0 end,
                   spent_micro_usd = s.spent_micro_usd + $3::bigint
               from unnest(array['message', 'contact-day', 'day', 'month']) b (period)
               where s.tenant_id = $1 and s.period = b.period
                 and s.subject = ${subjectOf("b.period", "$4", "$5")}
                 and s.begins_on = ${beginningOf("b.period", "$6::date")}
               returning s.period, s.spent_micro_usd as spent
             )
             select period, limit_micro_usd::text as limit, spent::text
             from booked join budget b using (period)
             where b.tenant_id = $1 and spent >= limit_micro_usd * $8::float8
               and spent - $3::bigint < limit_micro_usd * $8::float8`,
    },
    [
      call.tenantId,
      settled.reserved,
      cost,
      settled.message_id,
      settled.contact_id,
      settled.called_on,
      settled.reserved_from,
      NEAR_SHARE,
    ],
  );
}

async function bookOnBalance(
  tx: Transaction,
  call: Pick<ModelCall, "tenantId" | "callId">,
  reserved: string,
  cost: string,
): Promise<void> {
  await tx.query(
    {
      name: "spending-book-balance",
      text: `with booked as (
               update account set reserved_micro_usd = reserved_micro_usd - $2::bigint,
                                  balance_micro_usd = balance_micro_usd - $3::bigint
               where tenant_id = $1 returning balance_micro_usd
             )
             insert into account_transaction
               (tenant_id, kind, amount_micro_usd, balance_micro_usd, model_call_id, actor)
             select $1, 'model-call', -$3::bigint, balance_micro_usd, $4, 'chain'
             from booked where $3::bigint > 0`,
    },
    [call.tenantId, reserved, cost, call.callId],
  );
}

const RANK = "array_position(array['message', 'contact-day', 'day', 'month'], b.period)";

function subjectOf(period: string, messageId: string, contactId: string): string {
  return `case ${period} when 'message' then ${messageId}::uuid::text
                         when 'contact-day' then ${contactId}::uuid::text else '' end`;
}

/** A message is one subject whatever day it spends on: its period begins with time itself. */
function beginningOf(period: string, day: string): string {
  return `case ${period} when 'message' then date '1970-01-01'
                         when 'month' then date_trunc('month', ${day})::date else ${day} end`;
}
