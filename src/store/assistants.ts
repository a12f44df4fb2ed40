import type { Assistant, AssistantSettings, AssistantStore, Route } from "../core/assistant.ts";
import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import { type AssistantId, asId, type BotId, type TenantId } from "../core/ids.ts";
import { readLinks } from "./assistant-links.ts";
import {
  auditAssistant,
  changed,
  findAssistant,
  needAssistant,
  raiseRevision,
  writeRevision,
} from "./assistant-rows.ts";
import { listVersions, readVersion } from "./assistant-versions.ts";
import type { Database, Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";
import { readComparisons, refuseWhileRunning } from "./experiments/running.ts";

interface AssistantRow {
  readonly id: string;
  readonly name: string;
  readonly is_default: boolean;
  readonly revision: number;
  readonly settings: Omit<AssistantSettings, Route>;
}

export function createAssistantStore(database: Database, cipher: Cipher): AssistantStore {
  return {
    load: (tenantId) =>
      database.asTenant(tenantId, async (tx) => ({
        revision: await readRevision(tx, tenantId),
        assistants: await readAssistants(tx, cipher, tenantId),
        byBot: await readBots(tx),
      })),
    revision: (tenantId) => database.asTenant(tenantId, (tx) => readRevision(tx, tenantId)),
    versions: (tenantId, name) =>
      database.asTenant(tenantId, async (tx) => {
        const { id } = await needAssistant(tx, name);
        return listVersions(tx, id);
      }),
    version: (tenantId, name, revision) =>
      database.asTenant(tenantId, async (tx) => {
        const { id } = await needAssistant(tx, name);
        return readVersion(tx, cipher, tenantId, id, revision);
      }),
    save: (tenantId, assistant, expectedRevision, actor, restoredFrom) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const known = await findAssistant(tx, assistant.name);
        if ((known?.revision ?? 0) !== expectedRevision) throw changed(assistant.name);
        if (known !== undefined) await refuseWhileRunning(tx, assistant.name, known.id);
        await writeRevision(tx, cipher, tenantId, { assistant, known, actor, restoredFrom });
      }),
    remove: (tenantId, name, actor) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const { id } = await needAssistant(tx, name);
        const using = await tx.query(
          "select 1 from bot where assistant_id = $1 and state <> 'removed' limit 1",
          [id],
        );
        if (using.length > 0) throw inUse(name);
        await tx.query("update bot set assistant_id = null where assistant_id = $1", [id]);
        await tx.query("delete from assistant where id = $1", [id]);
        await auditAssistant(tx, tenantId, actor, "assistant-removed", name, {});
        const detail = { assistantId: asId<AssistantId>(id), change: "removed" } as const;
        await appendEvents(tx, tenantId, [{ kind: "assistant-changed", detail }]);
      }),
    use: (tenantId, botId, name, actor) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const found = name === undefined ? undefined : await needAssistant(tx, name);
        const bots = await tx.query(
          "update bot set assistant_id = $2 where id::text = $1 and state <> 'removed' returning id",
          [botId, found?.id ?? null],
        );
        if (bots.length === 0) throw botUnknown(botId);
        await auditAssistant(tx, tenantId, actor, "assistant-used", botId, {
          assistant: name ?? null,
        });
        const detail = { botId: asId<BotId>(botId), state: "assistant-chosen" } as const;
        await appendEvents(tx, tenantId, [{ kind: "bot-changed", detail }]);
      }),
  };
}

async function readRevision(tx: Transaction, tenantId: TenantId): Promise<number> {
  const [row] = await tx.query<{ revision: number }>(
    {
      name: "assistants-revision",
      text: "select revision from assistant_revision where tenant_id = $1",
    },
    [tenantId],
  );
  return row?.revision ?? 0;
}

async function readAssistants(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
): Promise<readonly Assistant[]> {
  const rows = await tx.query<AssistantRow>(
    "select id, name, is_default, revision, settings from assistant order by name",
  );
  const linksOf = await readLinks(tx, cipher, tenantId);
  const comparisons = await readComparisons(tx, cipher, tenantId);
  return rows.map(({ id, name, is_default, revision, settings }) => {
    const comparison = comparisons.get(id);
    return {
      assistantId: asId<AssistantId>(id),
      name,
      isDefault: is_default,
      revision,
      settings: { ...settings, usual: linksOf(id, "usual"), large: linksOf(id, "large") },
      ...(comparison !== undefined && { comparison }),
    };
  });
}

async function readBots(tx: Transaction): Promise<ReadonlyMap<BotId, AssistantId>> {
  const rows = await tx.query<{ id: string; assistant_id: string }>(
    "select id, assistant_id from bot where assistant_id is not null and state <> 'removed'",
  );
  return new Map(rows.map((row) => [asId<BotId>(row.id), asId<AssistantId>(row.assistant_id)]));
}

function inUse(name: string): PregoneroError {
  return new PregoneroError(
    "assistant-in-use",
    `Bots answer with assistant "${name}": give them another one first.`,
    { status: 409 },
  );
}

function botUnknown(botId: string): PregoneroError {
  return new PregoneroError("bot-unknown", `There is no bot "${botId}".`, { status: 404 });
}
