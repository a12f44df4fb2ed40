import type { EntityIndex, EntityKind } from "../../core/entities.ts";
import { asId, type EditionId } from "../../core/ids.ts";
import type { Database } from "../database.ts";

/** `EntityIndex` over PostgreSQL. A norm without a number is not listed: its date names as many as there are bodies. */
export function createEntityIndex(database: Database): EntityIndex {
  return {
    listFrequent: (tenantId, editionIds, { kinds, limit }) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<{
          kind: EntityKind;
          key: string;
          name: string;
          act_count: number;
        }>(
          `select kind, key, name, act_count from (
             select kind, key, mode() within group (order by name) as name, count(*)::integer as act_count,
                    row_number() over (partition by kind order by count(*) desc, key) as rank
               from act_entity where edition_id = any ($1::uuid[]) and kind = any ($2::text[])
                and (kind <> 'norm' or strpos(key, '@') = 0)
              group by kind, key) counted
            where rank <= $3 order by array_position($2::text[], kind), rank`,
          [editionIds, kinds, limit],
        );
        return rows.map(({ kind, key, name, act_count }) => ({
          kind,
          key,
          name,
          actCount: act_count,
        }));
      }),
    findActs: (tenantId, editionIds, { kind, key }) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<{ edition_id: string; act_position: number; name: string }>(
          `select edition_id, act_position, name from act_entity
            where kind = $2 and key = $3 and edition_id = any ($1::uuid[])
            order by edition_id, act_position`,
          [editionIds, kind, key],
        );
        const [first] = rows;
        if (first === undefined) return undefined;
        const positions = new Map<EditionId, number[]>();
        for (const row of rows) {
          const editionId = asId<EditionId>(row.edition_id);
          const known = positions.get(editionId);
          if (known === undefined) positions.set(editionId, [row.act_position]);
          else known.push(row.act_position);
        }
        return { name: first.name, positions };
      }),
  };
}
