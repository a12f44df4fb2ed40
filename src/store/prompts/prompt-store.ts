import { PregoneroError } from "../../core/errors.ts";
import { asId, type PromptId, type TenantId } from "../../core/ids.ts";
import type { Author } from "../../core/operations.ts";
import type { PromptSettings, PromptStore } from "../../core/prompts.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { audit, type PromptRow, SELECT_PROMPTS, toPrompt } from "./prompt-rows.ts";

export function createPromptStore(database: Database): PromptStore {
  return {
    create: (tenantId, promptId, prompt, nextAt, by) =>
      database.asTenant(tenantId, (tx) => create(tx, { tenantId, promptId, nextAt, by }, prompt)),

    list: (tenantId) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<PromptRow>(`${SELECT_PROMPTS} order by lower(p.name), p.id`);
        return rows.map(toPrompt);
      }),

    find: (tenantId, promptId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<PromptRow>(`${SELECT_PROMPTS} and p.id = $1`, [promptId]);
        return row && toPrompt(row);
      }),

    versions: (tenantId, promptId) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<{
          version: number;
          settings: PromptSettings;
          created_at: Date;
          created_by: string;
        }>(
          `select version, settings, created_at, created_by from prompt_version
            where prompt_id = $1 order by version desc`,
          [promptId],
        );
        return rows.map(({ version, settings, created_at, created_by }) => ({
          version,
          settings,
          createdAt: created_at,
          createdBy: created_by,
        }));
      }),

    change: (tenantId, promptId, prompt, nextAt, revision, by) =>
      database.asTenant(tenantId, (tx) =>
        change(tx, { tenantId, promptId, nextAt, by }, prompt, revision),
      ),

    pause: (tenantId, promptId, isPaused, nextAt, by) =>
      database.asTenant(tenantId, async (tx) => {
        const [changed] = await tx.query(
          `update prompt set is_paused = $2, revision = revision + 1, next_at = case when $2 then null else $3::timestamptz end,
                  active_since = case when $2 then active_since else now() end
            where id = $1 and removed_at is null and is_paused <> $2 returning 1 as changed`,
          [promptId, isPaused, nextAt ?? null],
        );
        if (changed === undefined) return;
        await note(tx, { tenantId, promptId, by }, isPaused ? "paused" : "resumed");
      }),

    remove: (tenantId, promptId, by) =>
      database.asTenant(tenantId, async (tx) => {
        const [removed] = await tx.query(
          `update prompt set removed_at = now(), next_at = null
            where id = $1 and removed_at is null returning 1 as removed`,
          [promptId],
        );
        if (removed !== undefined) await note(tx, { tenantId, promptId, by }, "removed");
        return removed !== undefined;
      }),
  };
}

interface Change {
  readonly tenantId: TenantId;
  readonly promptId: PromptId;
  readonly nextAt: Date | undefined;
  readonly by: Author;
}

type Given = Parameters<PromptStore["create"]>[2];

async function create(tx: Transaction, at: Change, { name, settings }: Given): Promise<void> {
  const { tenantId, promptId, nextAt, by } = at;
  const [made] = await tx.query(
    `insert into prompt (tenant_id, id, name, next_at, is_scheduled) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning 1 as made`,
    [tenantId, promptId, name, nextAt ?? null, settings.schedule.kind !== "manual"],
  );
  if (made === undefined) {
    const [same] = await tx.query("select 1 as same from prompt where id = $1", [promptId]);
    if (same !== undefined) return;
    throw exists(name);
  }
  await addVersion(tx, at, 1, settings, by);
  await note(tx, at, "created", { name });
}

async function change(
  tx: Transaction,
  at: Change,
  { name, settings }: Given,
  revision: number | undefined,
): Promise<void> {
  const { promptId, nextAt, by } = at;
  const [row] = await tx.query<{ version: number; revision: number; settings: PromptSettings }>(
    `select p.version, p.revision, v.settings from prompt p
       join prompt_version v on v.prompt_id = p.id and v.version = p.version
      where p.id = $1 and p.removed_at is null for update of p`,
    [promptId],
  );
  if (row === undefined) throw gone();
  if (revision !== undefined && revision !== row.revision) throw stale();
  const [other] = await tx.query(
    "select 1 as other from prompt where lower(name) = lower($2) and id <> $1 and removed_at is null",
    [promptId, name],
  );
  if (other !== undefined) throw exists(name);
  const [{ is_same: isSame } = { is_same: false }] = await tx.query<{ is_same: boolean }>(
    `select settings = $3::jsonb as is_same from prompt_version where prompt_id = $1 and version = $2`,
    [promptId, row.version, JSON.stringify(settings)],
  );
  const version = isSame ? row.version : row.version + 1;
  if (!isSame) await addVersion(tx, at, version, settings, by);
  // A gazette that is added brings no editions that came in before.
  const begins =
    JSON.stringify([...row.settings.sources].sort()) !==
      JSON.stringify([...settings.sources].sort()) ||
    row.settings.schedule.kind !== settings.schedule.kind;
  await tx.query(
    `update prompt set name = $2, version = $3, revision = revision + 1, is_scheduled = $4,
            next_at = case when is_paused then null else $5::timestamptz end,
            active_since = case when $6 then now() else active_since end
      where id = $1`,
    [promptId, name, version, settings.schedule.kind !== "manual", nextAt ?? null, begins],
  );
  await note(tx, at, "changed", { name, version });
}

async function addVersion(
  tx: Transaction,
  { tenantId, promptId }: Pick<Change, "tenantId" | "promptId">,
  version: number,
  settings: PromptSettings,
  by: Author,
): Promise<void> {
  await tx.query(
    `insert into prompt_version (tenant_id, prompt_id, version, settings, created_by)
     values ($1, $2, $3, $4, $5)`,
    [tenantId, promptId, version, JSON.stringify(settings), by.actor],
  );
}

async function note(
  tx: Transaction,
  { tenantId, promptId, by }: Pick<Change, "tenantId" | "promptId" | "by">,
  what: "created" | "changed" | "paused" | "resumed" | "removed",
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await audit(tx, tenantId, { action: `prompt-${what}`, subject: promptId, detail }, by);
  await appendEvents(tx, tenantId, [
    { kind: "prompt-changed", detail: { promptId: asId<PromptId>(promptId), change: what } },
  ]);
}

function exists(name: string): PregoneroError {
  return new PregoneroError(
    "prompt-exists",
    `There is a prompt "${name}" already: change that one, or choose another name.`,
    { status: 409 },
  );
}

function gone(): PregoneroError {
  return new PregoneroError("not-found", "There is no such prompt.", { status: 404 });
}

export function stale(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
    { status: 412 },
  );
}
