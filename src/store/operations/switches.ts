import { asId, type TenantId } from "../../core/ids.ts";
import type { Author } from "../../core/operations.ts";
import type {
  BreakerOrder,
  Feature,
  SetSwitch,
  Shedding,
  ShedLevel,
  SwitchStore,
} from "../../core/switches.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { writeAudit } from "../people-rows.ts";

export function createSwitchStore(database: Database): SwitchStore {
  return {
    read: () =>
      database.asRegistrar(async (tx) => ({
        shedding: await readShedding(tx),
        switches: await readSwitches(tx),
        breakerOrders: await readOrders(tx),
      })),

    async set(feature, tenantId, { isOn, reason }, by) {
      await database.asRegistrar(async (tx) => {
        await (isOn === undefined
          ? tx.query(
              "delete from feature_switch where feature = $1 and tenant_id is not distinct from $2::uuid",
              [feature, tenantId ?? null],
            )
          : tx.query(
              `insert into feature_switch (feature, tenant_id, is_off, reason, actor) values ($1, $2, $3, $4, $5)
               on conflict (feature, tenant_id) do update
               set is_off = excluded.is_off, reason = excluded.reason, actor = excluded.actor, since = now()`,
              [feature, tenantId ?? null, !isOn, reason, by.actor],
            ));
        const action = isOn === undefined ? "switch-reset" : isOn ? "switched-on" : "switched-off";
        await note(tx, action, feature, { reason }, by, tenantId);
        const state = isOn === undefined ? "as-usual" : isOn ? "on" : "off";
        await appendEvents(tx, tenantId, [{ kind: "switch-changed", detail: { feature, state } }]);
      });
    },

    shed: (change, by) =>
      database.asRegistrar(async (tx) => {
        const before = await readShedding(tx, "for update");
        const { thresholds, ...rest } = change;
        const after: Shedding = {
          ...before,
          ...rest,
          ...(thresholds && { thresholds }),
          actor: by.actor,
          since: new Date(),
          calmSince: undefined,
        };
        await writeShedding(tx, after);
        const { level, isAutomatic, reason } = after;
        const detail = { from: before.level, level, isAutomatic, reason };
        await note(tx, "shedding-changed", "shedding", detail, by);
        await tellShedding(tx, after);
        return after;
      }),

    adjust: (decide, pressure) =>
      database.asRegistrar(async (tx) => {
        const before = await readShedding(tx, "for update skip locked");
        if (before === undefined) return undefined;
        const after = decide(before);
        if (after === undefined) return undefined;
        await writeShedding(tx, after);
        if (after.level !== before.level) {
          const detail = { from: before.level, level: after.level, ...pressure };
          await note(tx, "shedding-changed", "shedding", detail, { actor: after.actor });
          await tellShedding(tx, after);
        }
        return after;
      }),

    async order(model, { until, reason }, by) {
      await database.asRegistrar(async (tx) => {
        await tx.query(
          `insert into breaker_order (model, until, reason, actor, at) values ($1, $2, $3, $4, clock_timestamp())
           on conflict (model) do update
           set until = excluded.until, reason = excluded.reason, actor = excluded.actor, at = excluded.at`,
          [model, until ?? null, reason, by.actor],
        );
        const action = until === undefined ? "breaker-reset" : "breaker-tripped";
        await note(tx, action, model, { reason, ...(until && { until }) }, by);
        const state = until === undefined ? "reset" : "tripped";
        await appendEvents(tx, undefined, [{ kind: "breaker-changed", detail: { model, state } }]);
      });
    },
  };
}

function tellShedding(tx: Transaction, { level, isAutomatic }: Shedding): Promise<void> {
  const detail = { level, isAutomatic };
  return appendEvents(tx, undefined, [{ kind: "shedding-changed", detail }]);
}

interface SheddingRow {
  readonly is_automatic: boolean;
  readonly level: ShedLevel;
  readonly pressure: ShedLevel;
  readonly thresholds: Shedding["thresholds"];
  readonly reason: string;
  readonly actor: string;
  readonly since: Date;
  readonly calm_since: Date | null;
}

async function readShedding(tx: Transaction): Promise<Shedding>;
async function readShedding(tx: Transaction, lock: "for update"): Promise<Shedding>;
async function readShedding(
  tx: Transaction,
  lock: "for update skip locked",
): Promise<Shedding | undefined>;
async function readShedding(tx: Transaction, lock = ""): Promise<Shedding | undefined> {
  const [row] = await tx.query<SheddingRow>(
    `select is_automatic, level, pressure, thresholds, reason, actor, since, calm_since from shedding ${lock}`,
  );
  if (row === undefined) {
    if (lock.endsWith("skip locked")) return undefined;
    throw new Error("the row of shedding is gone");
  }
  const { is_automatic, calm_since, ...rest } = row;
  return { ...rest, isAutomatic: is_automatic, calmSince: calm_since ?? undefined };
}

async function writeShedding(tx: Transaction, shedding: Shedding): Promise<void> {
  const { isAutomatic, level, pressure, thresholds, reason, actor, since, calmSince } = shedding;
  await tx.query(
    `update shedding set is_automatic = $1, level = $2, pressure = $3, thresholds = $4, reason = $5, actor = $6,
                         since = $7, calm_since = $8`,
    [
      isAutomatic,
      level,
      pressure,
      JSON.stringify(thresholds),
      reason,
      actor,
      since,
      calmSince ?? null,
    ],
  );
}

async function readSwitches(tx: Transaction): Promise<readonly SetSwitch[]> {
  const rows = await tx.query<{
    feature: Feature;
    tenant_id: string | null;
    is_off: boolean;
    reason: string;
    actor: string;
    since: Date;
  }>(
    `select feature, tenant_id, is_off, reason, actor, since from feature_switch
     order by feature, tenant_id nulls first`,
  );
  return rows.map(({ tenant_id, is_off, ...row }) => ({
    ...row,
    tenantId: tenant_id === null ? undefined : asId<TenantId>(tenant_id),
    isOn: !is_off,
  }));
}

async function readOrders(tx: Transaction): Promise<readonly BreakerOrder[]> {
  const rows = await tx.query<{
    model: string;
    until: Date | null;
    reason: string;
    actor: string;
    at: Date;
  }>("select model, until, reason, actor, at from breaker_order order by model");
  return rows.map((row) => ({ ...row, until: row.until ?? undefined }));
}

async function note(
  tx: Transaction,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>>,
  by: Author,
  tenantId?: TenantId,
): Promise<void> {
  await writeAudit(tx, {
    tenantId,
    actor: by.actor,
    action,
    subject,
    detail,
    ...(by.origin && { origin: by.origin }),
  });
}
