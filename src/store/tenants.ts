import { randomUUID } from "node:crypto";
import { PregoneroError } from "../core/errors.ts";
import type { EventDetails } from "../core/events.ts";
import { asId, type TenantId } from "../core/ids.ts";
import { isLanguage, type Language } from "../core/language.ts";
import type {
  Requester,
  TenantChange,
  TenantEntry,
  TenantState,
  Tenants,
  TenantView,
} from "../core/tenants.ts";
import type { Database, Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";
import { atOf, type PlacedRow, toKeysetPage } from "./keyset.ts";
import { writeAudit } from "./people-rows.ts";

const SAMPLE_SLUG = "pregonero";

interface TenantRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly state: TenantState;
  readonly state_since: Date;
  readonly deletion_due_at: Date | null;
  readonly created_at: Date;
  readonly languages: string[];
  readonly time_zone: string;
  readonly retention_days: number | null;
  readonly revision: number;
  readonly may_publish: boolean;
}

const COLUMNS = `id, slug, name, state, state_since, deletion_due_at, created_at, languages, time_zone, retention_days,
  revision, exists (select 1 from edition_publisher e where e.tenant_id = tenant.id) as may_publish`;

/** From which states each is reached. What is being erased cannot be called back. */
const REACHED_FROM = {
  active: ["suspended", "deleting"],
  suspended: ["active"],
  deleting: ["active"],
} as const satisfies Partial<Record<TenantState, readonly TenantState[]>>;

const ACTIONS = {
  active: "tenant-opened",
  suspended: "tenant-suspended",
  deleting: "tenant-deletion-asked",
} as const;

const TOLD_AS = {
  active: "opened",
  suspended: "suspended",
  deleting: "deletion-asked",
} as const;

export function createTenants(database: Database): Tenants {
  return {
    ensureSampleTenant: () =>
      database.asDispatcher(async (tx) => {
        await tx.query(
          `with made as (
             insert into tenant (id, slug, name) values ($1, $2, 'Pregonero') on conflict (slug) do nothing
             returning id)
           insert into edition_publisher (tenant_id) select id from made`,
          [randomUUID(), SAMPLE_SLUG],
        );
        const [row] = await tx.query<{ id: string }>("select id from tenant where slug = $1", [
          SAMPLE_SLUG,
        ]);
        return asId(row?.id ?? "");
      }),
    async create({ name, slug }, by) {
      const tenantId = asId<TenantId>(randomUUID());
      await database.asTenant(tenantId, async (tx) => {
        const made = await tx.query(
          "insert into tenant (id, slug, name) values ($1, $2, $3) on conflict (slug) do nothing returning 1 as made",
          [tenantId, slug, name],
        );
        if (made.length === 0) throw slugTaken(slug);
        await note(tx, tenantId, by, "tenant-created", { slug });
        await tell(tx, tenantId, "created");
      });
      return tenantId;
    },
    async list({ after, limit }) {
      const rows = await database.asDispatcher((tx) =>
        tx.query<TenantRow & PlacedRow>(
          `select ${COLUMNS}, ${atOf("created_at")} as at from tenant
           where state <> 'deleted' and ($1::timestamptz is null or (created_at, id) > ($1, $2::uuid))
           order by created_at, id limit $3`,
          [after?.at ?? null, after?.id ?? null, limit + 1],
        ),
      );
      return toKeysetPage(rows, limit, toEntry);
    },
    find: (tenantId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<TenantRow>(`select ${COLUMNS} from tenant where id = $1`, [
          tenantId,
        ]);
        if (row === undefined || row.state === "deleted") return undefined;
        const [assistant] = await tx.query<{ name: string }>(
          "select name from assistant where tenant_id = $1 and is_default",
          [tenantId],
        );
        return toView(row, assistant?.name);
      }),
    async standing(tenantId) {
      const [row] = await database.asDispatcher((tx) =>
        tx.query<Pick<TenantRow, "state" | "languages" | "time_zone">>(
          {
            name: "tenants-standing",
            text: "select state, languages, time_zone from tenant where id = $1",
          },
          [tenantId],
        ),
      );
      const { state = "deleted", languages = [], time_zone: timeZone = "UTC" } = row ?? {};
      return { state, language: languagesOf(languages)[0] ?? "es", timeZone };
    },
    change: (tenantId, change, expectedRevision, by) =>
      database.asTenant(tenantId, (tx) => applyChange(tx, tenantId, change, expectedRevision, by)),
    setState: (tenantId, change, by) =>
      database.asTenant(tenantId, async (tx) => {
        const from =
          change.state === "active" && change.from !== undefined
            ? [change.from]
            : REACHED_FROM[change.state];
        const dueAt = change.state === "deleting" ? change.dueAt : undefined;
        const changed = await tx.query(
          `update tenant set state = $2, state_since = now(), deletion_due_at = $3
           where id = $1 and state = any ($4) returning 1 as changed`,
          [tenantId, change.state, dueAt ?? null, from],
        );
        if (changed.length === 0) throw notFromHere(change.state);
        await note(tx, tenantId, by, ACTIONS[change.state], {
          ...(dueAt === undefined ? {} : { dueAt: dueAt.toISOString() }),
        });
        await tell(tx, tenantId, TOLD_AS[change.state]);
      }),
    setEditionPublisher: (tenantId, isAllowed, by) =>
      database.asRegistrar(async (tx) => {
        const changed = await tx.query(
          isAllowed
            ? "insert into edition_publisher (tenant_id) values ($1) on conflict do nothing returning 1 as changed"
            : "delete from edition_publisher where tenant_id = $1 returning 1 as changed",
          [tenantId],
        );
        if (changed.length === 0) return;
        await note(
          tx,
          tenantId,
          by,
          isAllowed ? "edition-pages-opened" : "edition-pages-closed",
          {},
        );
      }),
  };
}

async function applyChange(
  tx: Transaction,
  tenantId: TenantId,
  change: TenantChange,
  expectedRevision: number | undefined,
  by: Requester,
): Promise<void> {
  const { name, languages, timeZone, retentionDays, defaultAssistant } = change;
  const changed = await tx.query(
    `update tenant set name = coalesce($2, name), languages = coalesce($3, languages),
       time_zone = coalesce($4, time_zone),
       retention_days = case when $5 then $6::integer else retention_days end, revision = revision + 1
     where id = $1 and ($7::integer is null or revision = $7) returning 1 as changed`,
    [
      tenantId,
      name ?? null,
      languages ?? null,
      timeZone ?? null,
      retentionDays !== undefined,
      retentionDays ?? null,
      expectedRevision ?? null,
    ],
  );
  if (changed.length === 0) throw stale();
  if (defaultAssistant !== undefined) await makeDefault(tx, tenantId, defaultAssistant);
  const { name: _name, ...detail } = change;
  await note(tx, tenantId, by, "tenant-changed", {
    ...detail,
    ...(name === undefined ? {} : { name: "changed" }),
  });
  await tell(tx, tenantId, "changed");
}

/** As saving the assistant with `isDefault` would: its revision and that of all of them grow. */
async function makeDefault(tx: Transaction, tenantId: TenantId, name: string): Promise<void> {
  await tx.query(
    `insert into assistant_revision as r (tenant_id, revision) values ($1, 1)
     on conflict (tenant_id) do update set revision = r.revision + 1`,
    [tenantId],
  );
  await tx.query(
    `update assistant set is_default = false, revision = revision + 1
     where tenant_id = $1 and is_default and name <> $2`,
    [tenantId, name],
  );
  const chosen = await tx.query(
    `update assistant set is_default = true,
       revision = revision + case when is_default then 0 else 1 end
     where tenant_id = $1 and name = $2 returning 1 as chosen`,
    [tenantId, name],
  );
  if (chosen.length > 0) return;
  throw new PregoneroError("assistant-unknown", `There is no assistant "${name}".`, {
    status: 404,
  });
}

/** In the tenant's audit, with the id of the tenant as its subject. */
function note(
  tx: Transaction,
  tenantId: TenantId,
  { actor, origin }: Requester,
  action: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const from = origin === undefined ? {} : { origin };
  return writeAudit(tx, { tenantId, actor, action, subject: tenantId, detail, ...from });
}

async function tell(
  tx: Transaction,
  tenantId: TenantId,
  change: EventDetails["tenant-changed"]["change"],
): Promise<void> {
  await appendEvents(tx, tenantId, [{ kind: "tenant-changed", detail: { change } }]);
}

function toEntry(row: TenantRow): TenantEntry {
  return {
    tenantId: asId<TenantId>(row.id),
    slug: row.slug,
    name: row.name,
    state: row.state,
    stateSince: row.state_since,
    deletionDueAt: row.deletion_due_at ?? undefined,
    createdAt: row.created_at,
    mayPublishOnEditions: row.may_publish,
  };
}

function toView(row: TenantRow, defaultAssistant: string | undefined): TenantView {
  return {
    ...toEntry(row),
    languages: languagesOf(row.languages),
    timeZone: row.time_zone,
    retentionDays: row.retention_days ?? undefined,
    defaultAssistant,
    revision: row.revision,
  };
}

function languagesOf(values: readonly string[]): readonly Language[] {
  return values.filter(isLanguage);
}

function slugTaken(slug: string): PregoneroError {
  return new PregoneroError("slug-taken", `Another tenant has the short name "${slug}".`, {
    status: 409,
  });
}

function notFromHere(state: "active" | "suspended" | "deleting"): PregoneroError {
  const why = {
    active: "It is open, or nothing of the kind is under way.",
    suspended: "Only an open tenant can be suspended.",
    deleting: "Only an open tenant can be deleted, and once.",
  }[state];
  return new PregoneroError("tenant-state", why, { status: 409 });
}

/** As every edit of what somebody else changed meanwhile (HTTP: If-Match). */
function stale(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
    { status: 412 },
  );
}
