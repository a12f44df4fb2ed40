import { asId, type EditionId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";

/** What the knowledge sets of a question let it be answered from, all of them together. */
export interface KnowledgeScope {
  readonly setIds: readonly string[];
  readonly allGazettes: boolean;
  /** Slugs. */
  readonly gazettes: readonly string[];
  readonly allDocuments: boolean;
  /** Of the sets' last changes: what was read under another is not this scope's. */
  readonly stamp: string;
}

/** Names that no set has let nothing in: a set that is gone is not everything. */
export async function readKnowledgeScope(
  tx: Transaction,
  names: readonly string[],
): Promise<KnowledgeScope> {
  const rows = await tx.query<{
    id: string;
    all_gazettes: boolean;
    gazettes: readonly string[];
    all_documents: boolean;
    revision: number;
  }>(
    {
      name: "read-knowledge-scope",
      text: `select id, all_gazettes, gazettes, all_documents, revision from knowledge_set
              where name = any ($1::text[]) order by id`,
    },
    [names],
  );
  return {
    setIds: rows.map(({ id }) => id),
    allGazettes: rows.some((row) => row.all_gazettes),
    gazettes: [...new Set(rows.flatMap((row) => row.gazettes))],
    allDocuments: rows.some((row) => row.all_documents),
    stamp: rows.map(({ id, revision }) => `${id}.${revision}`).join(),
  };
}

/** Current editions of the tenant's own documents, in the scope when one is given. */
export async function findDocumentEditions(
  tx: Transaction,
  scope: KnowledgeScope | undefined,
): Promise<readonly EditionId[]> {
  const rows = await tx.query<{ id: string }>(
    {
      name: "find-document-editions",
      text: `select v.edition_id as id from document_version v join edition_index i on i.edition_id = v.edition_id
              where v.is_current and ($1 or exists (
                select from knowledge_set_document m
                 where m.document_id = v.document_id and m.knowledge_set_id = any ($2::uuid[])))`,
    },
    [scope?.allDocuments ?? true, scope?.setIds ?? []],
  );
  return rows.map((row) => asId<EditionId>(row.id));
}
