import { randomUUID } from "node:crypto";
import {
  type Assistant,
  type AssistantLink,
  type AssistantSettings,
  type AssistantStore,
  type Endpoint,
  ROUTES,
  type Route,
} from "../core/assistant.ts";
import type { Cipher } from "../core/cipher.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import { type AssistantId, asId, type BotId, type TenantId } from "../core/ids.ts";
import type { Database, Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";

interface AssistantRow {
  readonly id: string;
  readonly name: string;
  readonly is_default: boolean;
  readonly revision: number;
  readonly settings: Omit<AssistantSettings, Route>;
}

interface LinkRow {
  readonly id: string;
  readonly assistant_id: string;
  readonly route: Route;
  readonly provider: string;
  readonly model: string;
  readonly is_unlisted: boolean;
  readonly endpoint: Buffer | null;
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
    save: (tenantId, assistant, expectedRevision, actor) =>
      database.asTenant(tenantId, async (tx) => {
        await raiseRevision(tx, tenantId);
        const known = await findAssistant(tx, assistant.name);
        if ((known?.revision ?? 0) !== expectedRevision) throw changed(assistant.name);
        if (assistant.isDefault)
          await tx.query("update assistant set is_default = false where is_default");
        const id = await writeAssistant(tx, tenantId, assistant, known?.id);
        await writeLinks(tx, cipher, tenantId, id, assistant.settings);
        await audit(tx, tenantId, actor, "assistant-saved", assistant.name, {
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
  const links = await tx.query<LinkRow>(
    `select id, assistant_id, route, provider, model, is_unlisted, endpoint
     from assistant_link order by assistant_id, route, position`,
  );
  const linksOf = (assistantId: string, route: Route) =>
    links
      .filter((link) => link.assistant_id === assistantId && link.route === route)
      .map((link) => toLink(cipher, tenantId, link));
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

async function writeLinks(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  assistantId: string,
  settings: AssistantSettings,
): Promise<void> {
  await tx.query("delete from assistant_link where assistant_id = $1", [assistantId]);
  for (const route of ROUTES) {
    for (const [position, link] of settings[route].entries()) {
      const id = randomUUID();
      const endpoint =
        typeof link.endpoint === "object"
          ? cipher.encrypt(placeOf(tenantId, id), JSON.stringify(link.endpoint))
          : null;
      await tx.query(
        `insert into assistant_link
           (tenant_id, id, assistant_id, route, position, provider, model, is_unlisted, endpoint)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          tenantId,
          id,
          assistantId,
          route,
          position,
          link.provider,
          link.model,
          link.isUnlisted,
          endpoint,
        ],
      );
    }
  }
}

function toLink(cipher: Cipher, tenantId: TenantId, row: LinkRow): AssistantLink {
  const { provider, model, is_unlisted: isUnlisted } = row;
  return { provider, model, isUnlisted, endpoint: readEndpoint(cipher, tenantId, row) };
}

/** One link that cannot be read must not take the others with it: it is shown as in need of its key. */
function readEndpoint(cipher: Cipher, tenantId: TenantId, row: LinkRow): AssistantLink["endpoint"] {
  if (row.endpoint === null) return undefined;
  try {
    return JSON.parse(cipher.decrypt(placeOf(tenantId, row.id), row.endpoint)) as Endpoint;
  } catch (error) {
    if (isPregoneroError(error, "decryption-failed")) return "unreadable";
    throw error;
  }
}

function placeOf(tenantId: TenantId, rowId: string) {
  return { tenantId, table: "assistant_link", column: "endpoint", rowId };
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
