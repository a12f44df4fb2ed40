import type { BalanceNotice, Balances, Booking, UsageRow } from "../../core/balance.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type BotId, type TenantId } from "../../core/ids.ts";
import type { Requester } from "../../core/tenants.ts";
import type { Database, Transaction as Tx } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { writeAudit } from "../people-rows.ts";
import { LEDGER_COLUMNS, type LedgerRow, toTransaction } from "./ledger-rows.ts";

const NOTICES_AT_ONCE = 100;

export function createBalances(database: Database): Balances {
  return {
    book: (tenantId, booking, by) =>
      database.asTenant(tenantId, (tx) => book(tx, tenantId, booking, by)),
    async list(tenantId, { before, limit }) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<LedgerRow>(
          `select ${LEDGER_COLUMNS} from account_transaction
           where tenant_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
          [tenantId, before ?? null, limit],
        ),
      );
      return rows.map(toTransaction);
    },
    async thresholds(tenantId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<{ threshold: string }>(
          `select threshold_micro_usd as threshold from balance_threshold where tenant_id = $1
           order by threshold_micro_usd`,
          [tenantId],
        ),
      );
      return rows.map(({ threshold }) => Number(threshold));
    },
    setThresholds: (tenantId, thresholds, { actor, origin }) =>
      database.asTenant(tenantId, async (tx) => {
        await tx.query("delete from balance_threshold where tenant_id = $1", [tenantId]);
        await tx.query(
          `insert into balance_threshold (tenant_id, threshold_micro_usd)
           select $1, threshold from unnest($2::bigint[]) as threshold`,
          [tenantId, thresholds],
        );
        await writeAudit(tx, {
          tenantId,
          actor,
          action: "balance-thresholds-set",
          subject: tenantId,
          detail: { thresholdsMicroUsd: thresholds },
          ...(origin === undefined ? {} : { origin }),
        });
      }),
    usage: (tenantId, from, until) =>
      database.asTenant(tenantId, (tx) => readUsage(tx, tenantId, from, until)),
    takeNotices: () => takeNotices(database),
  };
}

async function book(
  tx: Tx,
  tenantId: TenantId,
  { kind, amount, reference, note }: Booking,
  { actor, origin }: Requester,
): ReturnType<Balances["book"]> {
  // The account's row is the lock: bookings of one tenant come one after the other.
  await tx.query("insert into account (tenant_id) values ($1) on conflict do nothing", [tenantId]);
  await tx.query("select 1 from account where tenant_id = $1 for update", [tenantId]);
  const [written] = await tx.query<LedgerRow>(
    `insert into account_transaction
       (tenant_id, kind, amount_micro_usd, balance_micro_usd, actor, reference, note)
     select $1, $2, $3, balance_micro_usd + $3, $4, $5, $6 from account where tenant_id = $1
     on conflict (reference) where reference is not null do nothing
     returning ${LEDGER_COLUMNS}`,
    [tenantId, kind, amount, actor, reference, note ?? null],
  );
  if (written === undefined) {
    return {
      transaction: await findBooked(tx, tenantId, { kind, amount, reference }),
      isRepeated: true,
    };
  }
  await tx.query(
    "update account set balance_micro_usd = balance_micro_usd + $2 where tenant_id = $1",
    [tenantId, amount],
  );
  await writeAudit(tx, {
    tenantId,
    actor,
    action: kind === "top-up" ? "balance-topped-up" : "balance-adjusted",
    subject: written.id,
    detail: { amountMicroUsd: amount, reference },
    ...(origin === undefined ? {} : { origin }),
  });
  if (amount > 0) {
    await appendEvents(tx, tenantId, [{ kind: "balance-changed", detail: { state: "topped-up" } }]);
  }
  return { transaction: toTransaction(written), isRepeated: false };
}

async function findBooked(tx: Tx, tenantId: TenantId, { kind, amount, reference }: Booking) {
  const [row] = await tx.query<LedgerRow>(
    `select ${LEDGER_COLUMNS} from account_transaction
     where tenant_id = $1 and reference = $2 and kind = $3 and amount_micro_usd = $4`,
    [tenantId, reference, kind, amount],
  );
  if (row !== undefined) return toTransaction(row);
  throw new PregoneroError(
    "reference-taken",
    `"${reference}" was booked before, and otherwise: a payment has one id, one tenant and one amount.`,
    { status: 409 },
  );
}

async function readUsage(
  tx: Tx,
  tenantId: TenantId,
  from: string,
  until: string,
): Promise<readonly UsageRow[]> {
  const rows = await tx.query<
    Record<"calls" | "input" | "output" | "cost" | "unpriced", string> & {
      readonly day: string;
      readonly bot_id: string | null;
      readonly model: string;
    }
  >(
    `select c.called_on::text as day, i.bot_id, c.model, count(*) as calls,
            coalesce(sum(c.input_tokens), 0) as input, coalesce(sum(c.output_tokens), 0) as output,
            coalesce(sum(c.cost_micro_usd), 0) as cost, count(*) filter (where c.cost_micro_usd is null) as unpriced
     from model_call c left join inbox i on i.id = c.message_id and i.tenant_id = c.tenant_id
     where c.tenant_id = $1 and c.state = 'settled' and c.called_on between $2::date and $3::date
     group by c.called_on, i.bot_id, c.model order by c.called_on, i.bot_id, c.model`,
    [tenantId, from, until],
  );
  return rows.map((row) => ({
    day: row.day,
    botId: row.bot_id === null ? undefined : asId<BotId>(row.bot_id),
    model: row.model,
    calls: Number(row.calls),
    inputTokens: Number(row.input),
    outputTokens: Number(row.output),
    cost: Number(row.cost),
    unpricedCalls: Number(row.unpriced),
  }));
}

async function takeNotices(database: Database): Promise<readonly BalanceNotice[]> {
  const untold = await database.asDispatcher((tx) =>
    tx.query<{ tenant_id: string; id: string }>(
      `select tenant_id, id from balance_notice where told_at is null
       order by happened_at limit ${NOTICES_AT_ONCE}`,
    ),
  );
  const taken: BalanceNotice[] = [];
  for (const { tenant_id, id } of untold) {
    const tenantId = asId<TenantId>(tenant_id);
    const notice = await database.asTenant(tenantId, (tx) => takeNotice(tx, tenantId, id));
    if (notice !== undefined) taken.push(notice);
  }
  return taken;
}

/** Undefined: another process was first. */
async function takeNotice(
  tx: Tx,
  tenantId: TenantId,
  id: string,
): Promise<BalanceNotice | undefined> {
  const [row] = await tx.query<{ threshold: string; balance: string }>(
    `update balance_notice set told_at = now() where tenant_id = $1 and id = $2 and told_at is null
     returning threshold_micro_usd as threshold, balance_micro_usd as balance`,
    [tenantId, id],
  );
  if (row === undefined) return undefined;
  const threshold = Number(row.threshold);
  const detail = { thresholdMicroUsd: threshold, balanceMicroUsd: Number(row.balance) };
  const action = threshold === 0 ? "balance-exhausted" : "balance-low";
  await writeAudit(tx, { tenantId, actor: "scheduler", action, subject: tenantId, detail });
  const state = threshold === 0 ? "exhausted" : "low";
  await appendEvents(tx, tenantId, [{ kind: "balance-changed", detail: { state } }]);
  return { tenantId, threshold, balance: detail.balanceMicroUsd };
}
