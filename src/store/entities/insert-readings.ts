import type { ActReading, PlaceInAct } from "../../core/entities.ts";
import type { EditionId, TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { inBatches, storable } from "../gazette-writes.ts";

/**
 * Writes what was read of an edition's acts, one reading for each in order, in place of what there was.
 * `firstPassages` has the position in the edition of the first passage of each act.
 */
export async function insertReadings(
  tx: Transaction,
  edition: { readonly editionId: EditionId; readonly owner: TenantId | null },
  readings: { readonly version: number; readonly ofActs: readonly ActReading[] },
  firstPassages: readonly number[],
): Promise<void> {
  const { editionId, owner } = edition;
  for (const table of ["act_norm", "act_entity", "act_reference"]) {
    await tx.query(`delete from ${table} where edition_id = $1`, [editionId]);
  }
  const placeOf = (act: number, { passage, start, end }: PlaceInAct) => ({
    act_position: act,
    passage_position: (firstPassages[act] ?? 0) + passage,
    text_start: start,
    text_end: end,
  });
  const norms = readings.ofActs.flatMap(({ norm }, act) =>
    norm === undefined
      ? []
      : [
          {
            act_position: act,
            key: norm.key,
            name: storable(norm.name),
            enacted_on: norm.enactedOn ?? null,
          },
        ],
  );
  await inBatches(norms, (rows) => tx.query(INSERT_NORMS, [editionId, owner, rows]));
  const entities = readings.ofActs.flatMap((reading, act) =>
    reading.entities.map((entity) => ({
      ...placeOf(act, entity),
      kind: entity.kind,
      key: storable(entity.key),
      name: storable(entity.name),
      mentions: entity.mentions,
    })),
  );
  await inBatches(entities, (rows) => tx.query(INSERT_ENTITIES, [editionId, owner, rows]));
  const references = readings.ofActs.flatMap((reading, act) =>
    reading.references.map((reference, ordinal) => ({
      ...placeOf(act, reference),
      ordinal,
      relation: reference.relation,
      is_partial: reference.isPartial,
      target_key: reference.target.key,
      target_name: storable(reference.target.name),
      target_on: reference.target.enactedOn ?? null,
      target_gazette_number: reference.target.gazetteNumber ?? null,
      target_gazette_on: reference.target.gazetteOn ?? null,
      target_gazette_page: reference.target.gazettePage ?? null,
    })),
  );
  await inBatches(references, (rows) => tx.query(INSERT_REFERENCES, [editionId, owner, rows]));
  await tx.query("update edition set entities_version = $2 where id = $1", [
    editionId,
    readings.version,
  ]);
}

/** Positions of acts' first passages in their edition, from how many each act has. */
export function firstPassages(counts: readonly number[]): readonly number[] {
  let next = 0;
  return counts.map((count) => {
    const first = next;
    next += count;
    return first;
  });
}

const INSERT_NORMS = `
  insert into act_norm (edition_id, tenant_id, act_position, key, name, enacted_on)
  select $1, $2, act_position, key, name, enacted_on
    from jsonb_to_recordset($3::jsonb) as row (act_position integer, key text, name text, enacted_on date)`;

const INSERT_ENTITIES = `
  insert into act_entity (edition_id, tenant_id, act_position, kind, key, name, passage_position, text_start,
                          text_end, mentions)
  select $1, $2, act_position, kind, key, name, passage_position, text_start, text_end, mentions
    from jsonb_to_recordset($3::jsonb) as row (act_position integer, kind text, key text, name text,
         passage_position integer, text_start integer, text_end integer, mentions integer)
  on conflict do nothing`;

const INSERT_REFERENCES = `
  insert into act_reference (edition_id, tenant_id, act_position, ordinal, relation, is_partial, target_key,
                             target_name, target_on, target_gazette_number, target_gazette_on,
                             target_gazette_page, passage_position, text_start, text_end)
  select $1, $2, act_position, ordinal, relation, is_partial, target_key, target_name, target_on,
         target_gazette_number, target_gazette_on, target_gazette_page, passage_position, text_start, text_end
    from jsonb_to_recordset($3::jsonb) as row (act_position integer, ordinal integer, relation text,
         is_partial boolean, target_key text, target_name text, target_on date, target_gazette_number text,
         target_gazette_on date, target_gazette_page integer, passage_position integer, text_start integer,
         text_end integer)`;
