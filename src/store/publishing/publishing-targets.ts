import type { Cipher } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/events.ts";
import type { PromptId, TenantId } from "../../core/ids.ts";
import type {
  PublishingStore,
  TargetChange,
  TargetSettings,
  TargetState,
} from "../../core/publishing.ts";
import type { Database, Transaction } from "../database.ts";
import { requireOpenPages } from "./edition-publisher.ts";
import {
  noteDeed,
  sealSettings,
  TARGET_COLUMNS,
  type TargetRow,
  toTarget,
  UUID,
} from "./publishing-rows.ts";

type TargetPart = Pick<
  PublishingStore,
  "addTarget" | "listTargets" | "findTarget" | "changeTarget" | "removeTarget"
>;

const MAX_TARGETS = 50;

export function createPublishingTargets(database: Database, cipher: Cipher): TargetPart {
  async function read(tx: Transaction, tenantId: TenantId, targetId: string) {
    const [row] = await tx.query<TargetRow>(
      `select ${TARGET_COLUMNS} from publishing_target t where t.tenant_id = $1 and t.id = $2`,
      [tenantId, targetId],
    );
    return row && toTarget(cipher, tenantId, row);
  }

  return {
    addTarget: (tenantId, targetId, draft, by) =>
      database.asTenant(tenantId, async (tx) => {
        const known = await read(tx, tenantId, targetId);
        if (known !== undefined) return known;
        await requireRoom(tx, tenantId);
        await requireBot(tx, tenantId, draft.settings);
        await requireOpenPages(tx, tenantId, draft.settings);
        await tx.query(
          `insert into publishing_target (tenant_id, id, name, kind, settings, bot_id)
           values ($1, $2, $3, $4, $5, $6)`,
          [
            tenantId,
            targetId,
            draft.name,
            draft.settings.kind,
            sealSettings(cipher, tenantId, targetId, draft.settings),
            botOf(draft.settings),
          ],
        );
        await linkPrompts(tx, tenantId, targetId, draft.promptIds);
        const detail = { kind: draft.settings.kind, prompts: draft.promptIds.length };
        const events = [targetEvent(targetId, "added")];
        const deed = { tenantId, action: "publishing-target-added", subject: targetId };
        await noteDeed(tx, { ...deed, detail, events }, by);
        const made = await read(tx, tenantId, targetId);
        if (made === undefined) throw new Error("An insert left no row.");
        return made;
      }),
    async listTargets(tenantId) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<TargetRow>(
          `select ${TARGET_COLUMNS} from publishing_target t where t.tenant_id = $1
           order by t.created_at, t.id`,
          [tenantId],
        ),
      );
      return rows.map((row) => toTarget(cipher, tenantId, row));
    },
    async findTarget(tenantId, targetId) {
      if (!UUID.test(targetId)) return undefined;
      return database.asTenant(tenantId, (tx) => read(tx, tenantId, targetId));
    },
    async changeTarget(tenantId, targetId, change, revision, by) {
      if (!UUID.test(targetId)) return undefined;
      return database.asTenant(tenantId, async (tx) => {
        const { settings } = change;
        const sealed =
          settings === undefined ? null : sealSettings(cipher, tenantId, targetId, settings);
        const found = await requireRevision(tx, tenantId, targetId, revision);
        if (found === undefined) return undefined;
        if (settings !== undefined) requireKind(found.kind, settings);
        if (settings !== undefined) await requireBot(tx, tenantId, settings);
        await updateTarget(tx, [tenantId, targetId], change, sealed);
        if (change.promptIds !== undefined) {
          await linkPrompts(tx, tenantId, targetId, change.promptIds);
        }
        const changed = await read(tx, tenantId, targetId);
        if (changed === undefined) throw new Error("A locked row is gone.");
        const detail = {
          state: change.state,
          areSettingsChanged: settings !== undefined,
          prompts: change.promptIds?.length,
        };
        const events = [targetEvent(targetId, changed.state)];
        const deed = { tenantId, action: "publishing-target-changed", subject: targetId };
        await noteDeed(tx, { ...deed, detail, events }, by);
        return changed;
      });
    },
    async removeTarget(tenantId, targetId, by) {
      if (!UUID.test(targetId)) return false;
      return database.asTenant(tenantId, async (tx) => {
        const [busy] = await tx.query<{ is_busy: boolean }>(
          `select busy_until > now() and exists (
                    select 1 from publication_post o join publication p
                      on p.id = o.publication_id and p.tenant_id = o.tenant_id
                    where p.target_id = t.id and o.state = 'attempting') as is_busy
           from publishing_target t where t.tenant_id = $1 and t.id = $2 for update of t`,
          [tenantId, targetId],
        );
        if (busy === undefined) return false;
        if (busy.is_busy) {
          throw new PregoneroError(
            "target-busy",
            "Something is being posted there at this moment. Try again in a minute.",
            { status: 409 },
          );
        }
        await tx.query("delete from publishing_target where tenant_id = $1 and id = $2", [
          tenantId,
          targetId,
        ]);
        const deed = { tenantId, action: "publishing-target-removed", subject: targetId };
        await noteDeed(tx, { ...deed, events: [targetEvent(targetId, "removed")] }, by);
        return true;
      });
    },
  };
}

export function targetEvent(targetId: string, state: TargetState | "added" | "removed"): NewEvent {
  return { kind: "publishing-target-changed", detail: { targetId, state } };
}

function botOf(settings: TargetSettings): string | null {
  return settings.kind === "telegram-channel" || settings.kind === "whatsapp-template"
    ? settings.botId
    : null;
}

/** Undefined: there is no such target. */
async function requireRevision(
  tx: Transaction,
  tenantId: TenantId,
  targetId: string,
  revision: number | undefined,
): Promise<{ readonly kind: string } | undefined> {
  const [before] = await tx.query<{ revision: number; kind: string }>(
    "select revision, kind from publishing_target where tenant_id = $1 and id = $2 for update",
    [tenantId, targetId],
  );
  if (before === undefined) return undefined;
  if (revision !== undefined && before.revision !== revision) {
    throw new PregoneroError("stale", "Somebody changed this target since: read it again.", {
      status: 412,
    });
  }
  return before;
}

function requireKind(kind: string, settings: TargetSettings): void {
  if (settings.kind === kind) return;
  throw new PregoneroError(
    "target-kind",
    `This target is of kind ${kind} and stays so: add another one for ${settings.kind}.`,
    { status: 409 },
  );
}

/** New settings, or a person's word, make a target that needed attention active again. */
async function updateTarget(
  tx: Transaction,
  [tenantId, targetId]: readonly [TenantId, string],
  change: TargetChange,
  sealed: Buffer | null,
): Promise<void> {
  const { settings } = change;
  await tx.query(
    `update publishing_target
     set name = coalesce($3, name), settings = coalesce($4, settings),
         bot_id = case when $4::bytea is null then bot_id else $5::uuid end,
         state = coalesce($6, case when $4::bytea is not null and state = 'needs-attention' then 'active'
                              else state end),
         attention = case when $4::bytea is not null or $6::text is not null then null else attention end,
         busy_until = case when $4::bytea is not null and busy_until > now() + interval '3 minutes'
                           then now() else busy_until end,
         revision = revision + 1
     where tenant_id = $1 and id = $2`,
    [
      tenantId,
      targetId,
      change.name ?? null,
      sealed,
      settings === undefined ? null : botOf(settings),
      change.state ?? null,
    ],
  );
}

async function linkPrompts(
  tx: Transaction,
  tenantId: TenantId,
  targetId: string,
  promptIds: readonly PromptId[],
): Promise<void> {
  const wanted = [...new Set<string>(promptIds)];
  const known = await tx.query<{ id: string }>(
    "select id from prompt where tenant_id = $1 and id = any($2::uuid[]) and removed_at is null",
    [tenantId, wanted],
  );
  if (known.length < wanted.length) {
    throw new PregoneroError("prompt-unknown", "There is no such prompt.", { status: 404 });
  }
  await tx.query(
    "delete from publishing_link where tenant_id = $1 and target_id = $2 and prompt_id <> all($3::uuid[])",
    [tenantId, targetId, wanted],
  );
  await tx.query(
    `insert into publishing_link (tenant_id, target_id, prompt_id)
     select $1::uuid, $2::uuid, unnest($3::uuid[]) on conflict do nothing`,
    [tenantId, targetId, wanted],
  );
}

async function requireBot(
  tx: Transaction,
  tenantId: TenantId,
  settings: TargetSettings,
): Promise<void> {
  const botId = botOf(settings);
  if (botId === null) return;
  const channel = settings.kind === "telegram-channel" ? "telegram" : "whatsapp-cloud";
  const rows = await tx.query(
    "select 1 from bot where tenant_id = $1 and id = $2 and channel = $3 and state = 'active'",
    [tenantId, botId, channel],
  );
  if (rows.length > 0) return;
  throw new PregoneroError("bot-unknown", `There is no such ${channel} bot.`, { status: 404 });
}

async function requireRoom(tx: Transaction, tenantId: TenantId): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [
    `publishing_target ${tenantId}`,
  ]);
  const [row] = await tx.query<{ count: string }>(
    "select count(*) as count from publishing_target where tenant_id = $1",
    [tenantId],
  );
  if (Number(row?.count ?? 0) < MAX_TARGETS) return;
  throw new PregoneroError(
    "too-many-targets",
    `A tenant has at most ${MAX_TARGETS} targets. Remove one.`,
    { status: 409 },
  );
}
