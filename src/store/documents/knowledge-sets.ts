import { randomUUID } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type DocumentId, type TenantId } from "../../core/ids.ts";
import type { KnowledgeSet, KnowledgeSetDraft, KnowledgeSets } from "../../core/knowledge.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { audit } from "./document-rows.ts";

const MAX_SETS = 100;

interface SetRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly all_gazettes: boolean;
  readonly gazettes: readonly string[];
  readonly all_documents: boolean;
  readonly documents: readonly string[];
  readonly revision: number;
  readonly assistants: readonly string[];
}

export function createKnowledgeSets(database: Database, clock: Clock): KnowledgeSets {
  return {
    list: (tenantId) => database.asTenant(tenantId, async (tx) => (await readSets(tx)).map(toSet)),
    find: (tenantId, name) =>
      database.asTenant(tenantId, async (tx) => (await readSets(tx, name)).map(toSet)[0]),
    save: (tenantId, name, draft, expectedRevision, actor) =>
      database.asTenant(tenantId, async (tx) => {
        const known = await lockSet(tx, name);
        if (expectedRevision !== undefined && (known?.revision ?? 0) !== expectedRevision) {
          throw stale();
        }
        await checkMembers(tx, draft);
        const id = known?.id ?? (await makeRoom(tx));
        await writeSet(tx, tenantId, { id, name, at: clock.now() }, draft);
        await audit(tx, tenantId, actor, "knowledge-set-saved", name, {
          gazettes: countOf(draft.gazettes),
          documents: countOf(draft.documents),
        });
        await tellSet(tx, tenantId, id, "saved");
        const [saved] = await readSets(tx, name);
        if (saved === undefined)
          throw new Error(`knowledge set ${name} vanished while it was saved`);
        return toSet(saved);
      }),
    remove: (tenantId, name, actor) =>
      database.asTenant(tenantId, async (tx) => {
        const [found] = await readSets(tx, name);
        if (found === undefined) return false;
        if (found.assistants.length > 0) throw inUse(name, found.assistants);
        await tx.query("delete from knowledge_set where name = $1", [name]);
        await audit(tx, tenantId, actor, "knowledge-set-removed", name);
        await tellSet(tx, tenantId, found.id, "removed");
        return true;
      }),
  };
}

async function tellSet(
  tx: Transaction,
  tenantId: TenantId,
  knowledgeSetId: string,
  change: "saved" | "removed",
): Promise<void> {
  const detail = { knowledgeSetId, change };
  await appendEvents(tx, tenantId, [{ kind: "knowledge-set-changed", detail }]);
}

async function readSets(tx: Transaction, name?: string): Promise<readonly SetRow[]> {
  return tx.query<SetRow>(
    `select k.id, k.name, k.description, k.all_gazettes, k.gazettes, k.all_documents, k.revision,
            coalesce((select array_agg(m.document_id::text order by m.document_id)
                        from knowledge_set_document m where m.knowledge_set_id = k.id), '{}') as documents,
            coalesce((select array_agg(a.name order by a.name) from assistant a
                       where a.settings->'conduct'->'knowledgeSets' ? k.name), '{}') as assistants
       from knowledge_set k where $1::text is null or k.name = $1 order by k.name`,
    [name ?? null],
  );
}

function toSet(row: SetRow): KnowledgeSet {
  return {
    name: row.name,
    description: row.description,
    gazettes: row.all_gazettes ? "all" : row.gazettes,
    documents: row.all_documents ? "all" : row.documents.map((id) => asId<DocumentId>(id)),
    revision: row.revision,
    assistants: row.assistants,
  };
}

async function lockSet(
  tx: Transaction,
  name: string,
): Promise<{ readonly id: string; readonly revision: number } | undefined> {
  const [row] = await tx.query<{ id: string; revision: number }>(
    "select id, revision from knowledge_set where name = $1 for update",
    [name],
  );
  return row;
}

async function makeRoom(tx: Transaction): Promise<string> {
  const [row] = await tx.query<{ count: number }>(
    "select count(*)::integer as count from knowledge_set",
  );
  if ((row?.count ?? 0) < MAX_SETS) return randomUUID();
  throw new PregoneroError(
    "knowledge-set-quota",
    `There are ${MAX_SETS} sets, which is the most.`,
    {
      status: 409,
    },
  );
}

/** A document of another tenant is not there, as one that never was. */
async function checkMembers(
  tx: Transaction,
  { gazettes, documents }: KnowledgeSetDraft,
): Promise<void> {
  if (gazettes !== "all") {
    const known = await tx.query<{ slug: string }>(
      "select slug from source where kind = 'gazette' and slug = any ($1::text[])",
      [gazettes],
    );
    const slugs = new Set(known.map(({ slug }) => slug));
    const absent = gazettes.find((slug) => !slugs.has(slug));
    if (absent !== undefined) throw invalid(`gazettes: there is no gazette "${absent}"`);
  }
  if (documents === "all") return;
  const known = await tx.query<{ id: string }>(
    "select id from document where deleting_at is null and id = any ($1::uuid[])",
    [documents],
  );
  const ids = new Set(known.map(({ id }) => id));
  const absent = documents.find((id) => !ids.has(id));
  if (absent !== undefined) throw invalid(`documents: there is no document ${absent}`);
}

async function writeSet(
  tx: Transaction,
  tenantId: TenantId,
  { id, name, at }: { readonly id: string; readonly name: string; readonly at: Date },
  { description, gazettes, documents }: KnowledgeSetDraft,
): Promise<void> {
  await tx.query(
    `insert into knowledge_set (tenant_id, id, name, description, all_gazettes, gazettes, all_documents, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id, tenant_id) do update set description = $4, all_gazettes = $5, gazettes = $6,
       all_documents = $7, updated_at = $8, revision = knowledge_set.revision + 1`,
    [
      tenantId,
      id,
      name,
      description,
      gazettes === "all",
      gazettes === "all" ? [] : [...new Set(gazettes)],
      documents === "all",
      at,
    ],
  );
  await tx.query("delete from knowledge_set_document where knowledge_set_id = $1", [id]);
  if (documents === "all") return;
  await tx.query(
    `insert into knowledge_set_document (tenant_id, knowledge_set_id, document_id)
     select $1, $2, document_id from unnest($3::uuid[]) document_id on conflict do nothing`,
    [tenantId, id, documents],
  );
}

function countOf(members: "all" | readonly string[]): number | "all" {
  return members === "all" ? "all" : members.length;
}

function invalid(what: string): PregoneroError {
  return new PregoneroError("knowledge-set-invalid", `The set is not valid: ${what}.`, {
    status: 400,
  });
}

function inUse(name: string, assistants: readonly string[]): PregoneroError {
  return new PregoneroError(
    "knowledge-set-in-use",
    `The assistants ${assistants.join(", ")} answer from "${name}". Give them another set first.`,
    { status: 409 },
  );
}

function stale(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
    { status: 412 },
  );
}
