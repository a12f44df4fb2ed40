import type { Router } from "express";
import type { AnalyticsStore, TenantFigures } from "../../core/analytics.ts";
import type { Position } from "../../core/page.ts";
import type { Authorise } from "../access/authorise.ts";
import { cursorOf, keysetOf } from "../cursor.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { PlatformAnalyticsQuery, PlatformTableQuery } from "./contract.ts";
import { toFigures } from "./summarise.ts";
import { sendTable, toTenantRows } from "./tables.ts";

export interface PlatformAnalyticsPorts {
  readonly analytics: Pick<AnalyticsStore, "listTenants" | "total">;
  readonly authorise: Pick<Authorise, "platform">;
}

/** Tenants read at once for the table. */
const PAGE = 100;
/** Lines of the table: more are no table for a spreadsheet. */
const MAX_TENANTS = 10_000;

/** The figures of every tenant, for who operates the installation: counts, and no word of anybody. */
export function addPlatformRoutes(
  router: Router,
  { analytics, authorise }: PlatformAnalyticsPorts,
): void {
  router
    .route("/api/v1/platform/analytics")
    .get(async (request, response) => {
      await authorise.platform(request, response);
      const query = parseInput(PlatformAnalyticsQuery, { ...request.query });
      const range = { from: query.from, to: query.to };
      const page = await analytics.listTenants(range, keysetOf(query));
      response.json({
        ...range,
        tenants: page.entries.map(viewTenant),
        total: toFigures(await analytics.total(range)),
        next: cursorOf(page.next),
      });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/platform/analytics.csv")
    .get(async (request, response) => {
      await authorise.platform(request, response);
      const range = parseInput(PlatformTableQuery, { ...request.query });
      const tenants: ReturnType<typeof viewTenant>[] = [];
      let after: Position | undefined;
      do {
        const page = await analytics.listTenants(range, { after, limit: PAGE });
        tenants.push(...page.entries.map(viewTenant));
        after = page.next;
      } while (after !== undefined && tenants.length < MAX_TENANTS);
      sendTable(response, "tenants.csv", toTenantRows(tenants));
    })
    .all(allowOnly("GET"));
}

function viewTenant({ tenantId, slug, name, state, figures }: TenantFigures) {
  return { tenantId, slug, name, state, ...toFigures(figures) };
}
