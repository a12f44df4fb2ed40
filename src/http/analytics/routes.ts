import { type Request, type Response, Router } from "express";
import type { AnalyticsStore } from "../../core/analytics.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Authorise } from "../access/authorise.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly } from "../problem.ts";
import { createRateLimit } from "../rate-limit.ts";
import { AnalyticsQuery, daysOf, plusDays } from "./contract.ts";
import { addPlatformRoutes, type PlatformAnalyticsPorts } from "./platform-routes.ts";
import { group, sum, toFigures } from "./summarise.ts";
import { addTopRoutes, type TopPorts } from "./top-routes.ts";

export interface AnalyticsRoutePorts {
  readonly analytics: Pick<AnalyticsStore, "read"> &
    TopPorts["analytics"] &
    PlatformAnalyticsPorts["analytics"];
  readonly authorise: Pick<Authorise, "tenant" | "platform">;
}

const CALLS_PER_MINUTE = 120;

/** What a tenant's bots did, counted: no content. */
export function analyticsRoutes({ analytics, authorise }: AnalyticsRoutePorts): Router {
  const perTenant = createRateLimit("analytics-per-tenant", CALLS_PER_MINUTE, 60);
  const identify = async (request: Request, response: Response) => {
    const caller = await authorise.tenant(request, response);
    await perTenant.take(caller.tenantId, response);
    return caller;
  };

  async function view(tenantId: TenantId, request: Request) {
    const query = parseInput(AnalyticsQuery, { ...request.query });
    const { from, to, by, botId, compareFrom } = query;
    const days = await analytics.read(tenantId, { from, to, botId });
    const compareTo = compareFrom && plusDays(compareFrom, daysOf(from, to) - 1);
    const before =
      compareFrom === undefined || compareTo === undefined
        ? undefined
        : await analytics.read(tenantId, { from: compareFrom, to: compareTo, botId });
    return {
      entries: group(days, by).map((each) => ({
        day: each.day ?? null,
        botId: each.botId ?? null,
        ...toFigures(each.figures),
      })),
      total: toFigures(sum(days)),
      before: before === undefined ? null : toFigures(sum(before)),
    };
  }

  const router = Router();
  addTopRoutes(router, { analytics, identify });
  addPlatformRoutes(router, { analytics, authorise });
  router
    .route("/api/v1/analytics")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      response.json(await view(tenantId, request));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/analytics.csv")
    .get(async (request, response) => {
      const { tenantId } = await identify(request, response);
      const { entries } = await view(tenantId, request);
      response.setHeader("Content-Type", "text/csv; charset=utf-8");
      response.setHeader("Content-Disposition", 'attachment; filename="analytics.csv"');
      // Dates, ids and counts alone: nothing that a person typed, and nothing that a spreadsheet would run.
      const names = ["day", "botId", ...Object.keys(toFigures(sum([])))];
      const lines = entries.map((entry) =>
        names.map((name) => String(entry[name as keyof typeof entry] ?? "")).join(","),
      );
      response.end(`${[names.join(","), ...lines].join("\r\n")}\r\n`);
    })
    .all(allowOnly("GET"));
  return router;
}
