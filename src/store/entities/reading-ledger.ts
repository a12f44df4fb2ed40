import type { ReadableAct, ReadingLedger, UnreadEdition } from "../../core/entities.ts";
import { asId, type EditionId, type TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { Database, Transaction } from "../database.ts";
import { insertReadings } from "./insert-readings.ts";

/** `ReadingLedger` over PostgreSQL: public editions as the curator, a tenant's own as that tenant. */
export function createReadingLedger(database: Database): ReadingLedger {
  function asOwner<Result>(
    { tenantId }: UnreadEdition,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> {
    return tenantId === undefined ? database.asCurator(work) : database.asTenant(tenantId, work);
  }
  return {
    findUnread: (version, except) =>
      database.asDispatcher(async (tx) => {
        const [row] = await tx.query<{ id: string; tenant_id: string | null }>(
          `select id, tenant_id from edition
            where superseded_by is null and entities_version < $1 and id <> all ($2::uuid[])
            order by ingested_at desc limit 1`,
          [version, except],
        );
        return (
          row && {
            editionId: asId<EditionId>(row.id),
            tenantId: row.tenant_id === null ? undefined : asId<TenantId>(row.tenant_id),
          }
        );
      }),
    open: (edition) => asOwner(edition, (tx) => openEdition(tx, edition.editionId)),
    keep: (edition, version, ofActs) =>
      asOwner(edition, async (tx) => {
        const [row] = await tx.query<{ entities_version: number }>(
          "select entities_version from edition where id = $1 for update",
          [edition.editionId],
        );
        if (row === undefined || row.entities_version >= version) return;
        const owned = { editionId: edition.editionId, owner: edition.tenantId ?? null };
        const firsts = await readFirstPassages(tx, edition.editionId);
        await insertReadings(tx, owned, { version, ofActs }, firsts);
      }),
  };
}

async function openEdition(tx: Transaction, editionId: EditionId) {
  const [source] = await tx.query<{ language: Language; country: string }>(
    "select s.language, s.country from edition e join source s on s.id = e.source_id where e.id = $1",
    [editionId],
  );
  if (source === undefined) return undefined;
  const rows = await tx.query<{
    section: string;
    issuing_body: string;
    title: string;
    texts: readonly string[];
  }>(
    `select a.section, a.issuing_body, a.title,
            array(select p.text from passage p where p.edition_id = a.edition_id and p.act_position = a.position
                   order by p.position) as texts
       from act a where a.edition_id = $1 order by a.position`,
    [editionId],
  );
  const acts = rows.map(
    (row): ReadableAct => ({
      section: row.section,
      issuingBody: row.issuing_body,
      title: row.title,
      passages: row.texts.map((text) => ({ text })),
    }),
  );
  return { context: source, acts };
}

/** By act, in order. */
async function readFirstPassages(
  tx: Transaction,
  editionId: EditionId,
): Promise<readonly number[]> {
  const rows = await tx.query<{ first: number | null }>(
    `select (select min(p.position) from passage p where p.edition_id = a.edition_id
              and p.act_position = a.position) as first
       from act a where a.edition_id = $1 order by a.position`,
    [editionId],
  );
  return rows.map(({ first }) => first ?? 0);
}
