import { randomUUID } from "node:crypto";
import type { Assistant, AssistantLink } from "../core/assistant.ts";
import type { Cipher } from "../core/cipher.ts";
import { PregoneroError } from "../core/errors.ts";
import { type AssistantId, asId, type TenantId } from "../core/ids.ts";
import { writeLinks } from "./assistant-links.ts";
import { keepVersion } from "./assistant-versions.ts";
import type { Transaction } from "./database.ts";
import { appendEvents } from "./events/append-events.ts";

/** What is known of an assistant by its name. */
export interface FoundAssistant {
  readonly id: string;
  readonly revision: number;
  readonly isDefault: boolean;
}

/** Also the lock that keeps changes of one tenant's assistants one after the other. */
export async function raiseRevision(tx: Transaction, tenantId: TenantId): Promise<void> {
  await tx.query(
    `insert into assistant_revision as r (tenant_id, revision) values ($1, 1)
     on conflict (tenant_id) do update set revision = r.revision + 1`,
    [tenantId],
  );
}

export async function findAssistant(
  tx: Transaction,
  name: string,
): Promise<FoundAssistant | undefined> {
  const [row] = await tx.query<FoundAssistant>(
    `select id, revision, is_default as "isDefault" from assistant where name = $1`,
    [name],
  );
  return row;
}

/** Throws `assistant-unknown` (404). */
export async function needAssistant(tx: Transaction, name: string): Promise<FoundAssistant> {
  const found = await findAssistant(tx, name);
  if (found === undefined) throw unknown(name);
  return found;
}

/** Saves it as its next revision, with its version, its audit entry and its event. */
export async function writeRevision(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  save: {
    readonly assistant: Pick<Assistant, "name" | "isDefault" | "settings">;
    /** As it stands under the lock of `raiseRevision`; undefined: there is none yet. */
    readonly known: FoundAssistant | undefined;
    readonly actor: string;
    /** The revision that these settings repeat; undefined: they were written anew. */
    readonly restoredFrom: number | undefined;
  },
): Promise<void> {
  const { assistant, known, actor, restoredFrom } = save;
  const { name, isDefault, settings } = assistant;
  if (isDefault) await tx.query("update assistant set is_default = false where is_default");
  const id = await writeAssistant(tx, tenantId, assistant, known?.id);
  await writeLinks(tx, cipher, tenantId, id, settings);
  const revision = (known?.revision ?? 0) + 1;
  const kept = { assistantId: id, revision, settings, savedBy: actor, restoredFrom };
  await keepVersion(tx, cipher, tenantId, kept);
  const action = restoredFrom === undefined ? "assistant-saved" : "assistant-restored";
  await auditAssistant(tx, tenantId, actor, action, name, {
    revision,
    ...(restoredFrom !== undefined && { restoredFrom }),
    isDefault,
    usual: settings.usual.map(nameOf),
    large: settings.large.map(nameOf),
  });
  const detail = { assistantId: asId<AssistantId>(id), change: "saved" } as const;
  await appendEvents(tx, tenantId, [{ kind: "assistant-changed", detail }]);
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

export async function auditAssistant(
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

export function changed(name: string): PregoneroError {
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
