import { randomUUID } from "node:crypto";
import { asId } from "../core/ids.ts";
import type { Tenants } from "../core/tenants.ts";
import type { Database } from "./database.ts";

const SAMPLE_SLUG = "pregonero";

export function createTenants(database: Database): Tenants {
  return {
    ensureSampleTenant: () =>
      database.asDispatcher(async (tx) => {
        await tx.query(
          "insert into tenant (id, slug, name) values ($1, $2, 'Pregonero') on conflict (slug) do nothing",
          [randomUUID(), SAMPLE_SLUG],
        );
        const [row] = await tx.query<{ id: string }>("select id from tenant where slug = $1", [
          SAMPLE_SLUG,
        ]);
        return asId(row?.id ?? "");
      }),
  };
}
