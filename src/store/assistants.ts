import { randomUUID } from "node:crypto";
import type {
  Assistant,
  AssistantLink,
  AssistantSettings,
  AssistantStore,
  Route,
} from "../core/assistant.ts";
import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import { type AssistantId, asId, type BotId, type TenantId } from "../core/ids.ts";
import { readLinks, writeLinks } from "./assistant-links.ts";
import { keepVersion, listVersions, readVersion } from "./assistant-versions.ts";
import type { Database, Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";

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
        const { id } = (await findAssistant(tx, name)) ?? fail(unknown(name));
        return listVersions(tx, id);
      }),
    version: (tenantId, name, revision) =>
      database.asTenant(tenantId, async (tx) => {
        const { id } = (await findAssistant(tx, name)) ?? fail(unknown(name));
        return readVersion(tx, cipher, tenantId, id, revision);
      }),
    save: (tenantId, assistant, expectedRevision, actor, restoredFrom) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const known = await findAssistant(tx, assistant.name);
        if ((known?.revision ?? 0) !== expectedRevision) throw changed(assistant.name);
        if (assistant.isDefault)
          await tx.query("update assistant set is_default = false where is_default");
        const id = await writeAssistant(tx, tenantId, assistant, known?.id);
        await writeLinks(tx, cipher, tenantId, id, assistant.settings);
        const { settings } = assistant;
        const revision = expectedRevision + 1;
        const kept = { assistantId: id, revision, settings, savedBy: actor, restoredFrom };
        await keepVersion(tx, cipher, tenantId, kept);
        const action = restoredFrom === undefined ? "assistant-saved" : "assistant-restored";
        await audit(tx, tenantId, actor, action, assistant.name, {
          revision,
          ...(restoredFrom !== undefined && { restoredFrom }),
          isDefault: assistant.isDefault,
          usual: assistant.settings.usual.map(nameOf),
          large: assistant.settings.large.map(nameOf),
        });
        const detail = { assistantId: asId<AssistantId>(id), change: "saved" } as const;
        await appendEvents(tx, tenantId, [{ kind: "assistant-changed", detail }]);
      }),
    remove: (tenantId, name, actor) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const { id } = (await findAssistant(tx, name)) ?? fail(unknown(name));
        const using = await tx.query(
          "select 1 from bot where assistant_id = $1 and state <> 'removed' limit 1",
          [id],
        );
        if (using.length > 0) throw inUse(name);
        await tx.query("update bot set assistant_id = null where assistant_id = $1", [id]);
        await tx.query("delete from assistant where id = $1", [id]);
        await audit(tx, tenantId, actor, "assistant-removed", name, {});
        const detail = { assistantId: asId<AssistantId>(id), change: "removed" } as const;
        await appendEvents(tx, tenantId, [{ kind: "assistant-changed", detail }]);
      }),
    use: (tenantId, botId, name, actor) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const found = name === undefined ? undefined : await findAssistant(tx, name);
        if (name !== undefined && found === undefined) throw unknown(name);
        const bots = await tx.query(
          "update bot set assistant_id = $2 where id::text = $1 and state <> 'removed' returning id",
          [botId, found?.id ?? null],
        );
        if (bots.length === 0) throw botUnknown(botId);
        await audit(tx, tenantId, actor, "assistant-used", botId, { assistant: name ?? null });
        const detail = { botId: asId<BotId>(botId), state: "assistant-chosen" } as const;
        await appendEvents(tx, tenantId, [{ kind: "bot-changed", detail }]);
      }),
  };
}

/** Also the lock that keeps changes of one tenant's assistants one after the other. */
async function raiseRevision(tx: Transaction, tenantId: TenantId): Promise<void> {
  await tx.query(
    `insert into assistant_revision as r (tenant_id, revision) values ($1, 1)
     on conflict (tenant_id) do update set revision = r.revision + 1`,
    [tenantId],
  );
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
  return rows.map(({ id, name, is_default, revision, settings }) => ({
    assistantId: asId<AssistantId>(id),
    name,
    isDefault: is_default,
    revision,
    settings: { ...settings, usual: linksOf(id, "usual"), large: linksOf(id, "large") },
  }));
}

async function readBots(tx: Transaction): Promise<ReadonlyMap<BotId, AssistantId>> {
  const rows = await tx.query<{ id: string; assistant_id: string }>(
    "select id, assistant_id from bot where assistant_id is not null and state <> 'removed'",
  );
  return new Map(rows.map((row) => [asId<BotId>(row.id), asId<AssistantId>(row.assistant_id)]));
}

async function findAssistant(
  tx: Transaction,
  name: string,
): Promise<{ readonly id: string; readonly revision: number } | undefined> {
  const [row] = await tx.query<{ id: string; revision: number }>(
    "select id, revision from assistant where name = $1",
    [name],
  );
  return row;
}

async function writeAssistant(
  tx: Transaction,
  tenantId: TenantId,
  { name, isDefault, settings }: Pick<Assistant, "name" | "isDefault" | "settings">,
  knownId: string | undefined,
): Promise<string> {
  const { usual: _usual, large: _large, ...rest } = settings;
  if (knownId !== undefined) {
    await tx.query(
      `update assistant set is_default = $2, settings = $3, revision = revision + 1, updated_at = now()
       where id = $1`,
      [knownId, isDefault, JSON.stringify(rest)],
    );
    return knownId;
  }
  const id = randomUUID();
  await tx.query(
    "insert into assistant (tenant_id, id, name, is_default, settings) values ($1, $2, $3, $4, $5)",
    [tenantId, id, name, isDefault, JSON.stringify(rest)],
  );
  return id;
}

function nameOf({ provider, model }: AssistantLink): string {
  return `${provider}:${model}`;
}

async function audit(
  tx: Transaction,
  tenantId: TenantId,
  actor: string,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject, detail) values ($1, $2, $3, $4, $5)",
    [tenantId, actor, action, subject, JSON.stringify(detail)],
  );
}

function fail(error: Error): never {
  throw error;
}

function changed(name: string): PregoneroError {
  return new PregoneroError(
    "assistant-changed",
    `Assistant "${name}" was changed by somebody else meanwhile: read it again, then save.`,
    { status: 409 },
  );
}

function unknown(name: string): PregoneroError {
  return new PregoneroError("assistant-unknown", `There is no assistant "${name}".`, {
    status: 404,
  });
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
