import { randomUUID } from "node:crypto";
import type { TenantId } from "../../src/core/ids.ts";
import type { OpenApiDocument } from "../../src/http/openapi.ts";
import type { Database } from "../../src/store/database.ts";
import { readIds } from "./foreign-rows.ts";
import type { Ground } from "./ground.ts";
import { resolve, type Schema } from "./requests.ts";

/** Security checklist S10: what of another tenant was seen where. */
export interface Sighting {
  readonly route: string;
  readonly what: string;
}

/** Stands in every text that the other tenant's rows can hold. */
const CANARY = "canario-ajeno";

/** Writes the canary into whatever text columns of the tenant's rows take it. Returns into how many. */
export async function plantCanaries(database: Database, tenantId: TenantId): Promise<number> {
  const columns = await database.asOwner((tx) =>
    tx.query<{ table: string; column: string }>(
      `select c.relname as table, a.attname as column
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.atttypid = 'text'::regtype
          and a.attgenerated = ''
          and exists (select 1 from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id')
        order by 1, 2`,
    ),
  );
  let planted = 0;
  for (const { table, column } of columns) {
    // A check or a key may refuse it: then that column keeps what it has.
    const rows = await database
      .asOwner(async (tx) => {
        await tx.query("select set_config('session_replication_role', 'replica', true)");
        return tx.query(
          `update "${table}" set "${column}" = $2 where tenant_id = $1 and ctid in
             (select ctid from "${table}" where tenant_id = $1 limit 1) returning 1`,
          [tenantId, `${CANARY}-${randomUUID()}`],
        );
      })
      .catch(() => []);
    planted += rows.length;
  }
  return planted;
}

interface Described {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema?: Schema;
  }[];
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

/** Reads everything that can be read without an id, as it is and searched for the canary, and looks for anything foreign. */
export async function huntCanaries(
  ground: Ground,
  document: OpenApiDocument,
): Promise<{ readonly asked: number; readonly sightings: readonly Sighting[] }> {
  const { database } = ground.people.installation;
  const foreign = (await readIds(database, ground.foreign))
    .map(({ value }) => value)
    .filter((value) => value.length >= 32);
  const sightings: Sighting[] = [];
  let asked = 0;
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    const described = (methods as Readonly<Record<string, Described>>).get;
    if (described === undefined || path.includes("{") || isStream(described)) continue;
    const tenantId = await ground.newTenant();
    for (const query of ["", ...searches(document, described)]) {
      for (const who of ["owner", "viewer"] as const) {
        const { text } = await ground.call(who, tenantId, { method: "GET", path: path + query });
        asked += 1;
        const leaked = [CANARY, ground.foreign, ...foreign].filter((one) => text.includes(one));
        // A search may say back what was asked for.
        const found = query === "" ? leaked : leaked.filter((one) => one !== CANARY);
        for (const what of found) sightings.push({ route: `GET ${path}${query}`, what });
      }
    }
  }
  return { asked, sightings };
}

/** What flows for ever has tests of its own. */
function isStream({ responses = {} }: Described): boolean {
  return Object.values(responses).some(({ content }) => "text/event-stream" in (content ?? {}));
}

function searches(document: OpenApiDocument, { parameters = [] }: Described): readonly string[] {
  return parameters.flatMap(({ name, in: place, schema }) => {
    const resolved = schema && resolve(document, schema);
    const isText =
      place === "query" &&
      resolved?.type === "string" &&
      resolved.format === undefined &&
      resolved.enum === undefined &&
      name !== "cursor";
    return isText ? [`?${name}=${CANARY}`] : [];
  });
}
