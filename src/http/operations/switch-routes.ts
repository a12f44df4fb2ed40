import { Router } from "express";
import type { z } from "zod";
import { PregoneroError } from "../../core/errors.ts";
import type { HealthReport, HealthState } from "../../core/health.ts";
import {
  FEATURES,
  type Feature,
  SHED_BY_LEVEL,
  SHED_LEVELS,
  type Shedding,
  TENANT_FEATURES,
} from "../../core/switches.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { readJson } from "../read-body.ts";
import {
  BreakerOrderRequest,
  type HealthShape,
  SheddingRequest,
  SwitchRequest,
} from "./contract.ts";
import type { Desk, Identify } from "./routes.ts";

const HEALTH_TIMEOUT_MS = 15_000;
/** The worst first. */
const WORST: readonly HealthState[] = ["down", "degraded", "unknown", "ok"];

/** Health, switches, levels and breakers. */
export function switchRoutes(desk: Desk, identify: Identify): Router {
  const router = Router();
  router
    .route("/api/v1/health")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      const signal = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
      response.json(toHealth(await desk.examineHealth(tenantId, signal), desk.clock.now()));
    })
    .all(allowOnly("GET"));
  addSwitches(router, desk, identify);
  addShedding(router, desk, identify);
  addBreakers(router, desk, identify);
  return router;
}

function addSwitches(router: Router, { operations }: Desk, identify: Identify): void {
  const { switches, switchStore } = operations;
  const shown = async (tenantId: Parameters<typeof switches.offFor>[0]) => {
    const board = await switchStore.read();
    return {
      level: board.shedding.level,
      off: [...switches.offFor(tenantId)],
      switches: board.switches
        .filter((each) => tenantId === undefined || (each.tenantId ?? tenantId) === tenantId)
        .map((each) => ({
          ...each,
          tenantId: each.tenantId ?? null,
          since: each.since.toISOString(),
        })),
    };
  };
  router
    .route("/api/v1/switches")
    .get(async (request, response) => {
      const { tenantId } = await identify.anywhere(request, response);
      response.json(await shown(tenantId));
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/switches/:feature")
    .put(async (request, response) => {
      const caller = await identify.anywhere(request, response);
      const feature = featureOf(request.params.feature);
      const { isOn, reason } = parseInput(SwitchRequest, await readJson(request));
      if (caller.tenantId !== undefined) requireTenants(feature, isOn);
      await switchStore.set(feature, caller.tenantId, { isOn: isOn ?? undefined, reason }, caller);
      await switches.announce();
      response.json(await shown(caller.tenantId));
    })
    .all(allowOnly("PUT"));
}

function featureOf(name: string): Feature {
  const feature = FEATURES.find((each) => each === name);
  if (feature === undefined)
    throw notFound(`There is no such switch. Those: ${FEATURES.join(", ")}.`);
  return feature;
}

/** A tenant can do without some, and cannot escape what is shed. */
function requireTenants(feature: Feature, isOn: boolean | null): void {
  const isTheirs = TENANT_FEATURES.some((each) => each === feature);
  if (isTheirs && isOn !== true) return;
  throw new PregoneroError(
    "switch-not-tenants",
    isTheirs
      ? "A tenant's switch is off, or as usual (null)."
      : `${feature} concerns everybody: name no tenant. A tenant has ${TENANT_FEATURES.join(", ")}.`,
    { status: 400 },
  );
}

function addShedding(router: Router, { operations }: Desk, identify: Identify): void {
  const { switchStore, switches, queues } = operations;
  const shown = async (shedding: Shedding) => {
    const { isAutomatic, level, pressure, thresholds, reason, actor, since } = shedding;
    const { waiting, waitSeconds } = await queues.pressure();
    const sheds = SHED_LEVELS.filter((each) => each <= level).flatMap(
      (each) => SHED_BY_LEVEL[each],
    );
    return {
      ...{ isAutomatic, level, pressure, thresholds, reason, actor, sheds, waiting, waitSeconds },
      since: since.toISOString(),
    };
  };
  router
    .route("/api/v1/shedding")
    .get(async (request, response) => {
      await identify.platform(request, response);
      response.json(await shown((await switchStore.read()).shedding));
    })
    .put(async (request, response) => {
      const author = await identify.platform(request, response);
      const asked = parseInput(SheddingRequest, await readJson(request));
      const shedding = await switchStore.shed(asked, author);
      await switches.announce();
      response.json(await shown(shedding));
    })
    .all(allowOnly("GET", "PUT"));
}

function addBreakers(router: Router, { operations, clock }: Desk, identify: Identify): void {
  const { breakers, switchStore, switches } = operations;
  router
    .route("/api/v1/breakers")
    .get(async (request, response) => {
      await identify.platform(request, response);
      const { breakerOrders } = await switchStore.read();
      const models = new Map(breakers.list().map((each) => [each.model, each]));
      const names = [...new Set([...models.keys(), ...breakerOrders.map(({ model }) => model)])];
      response.json({
        breakers: names.sort().map((model) => {
          const seen = models.get(model);
          const order = breakerOrders.find((each) => each.model === model);
          const isHeld = order?.until !== undefined && order.until > clock.now();
          return {
            model,
            state: seen?.kind ?? (isHeld ? "held" : "closed"),
            since: (seen?.since ?? order?.at ?? clock.now()).toISOString(),
            until:
              (seen === undefined
                ? isHeld
                  ? order?.until
                  : undefined
                : seen.until
              )?.toISOString() ?? null,
            failures: seen?.failures ?? 0,
            succeededAt: seen?.succeededAt?.toISOString() ?? null,
            failedWith: seen?.failedWith ?? null,
            order:
              order === undefined
                ? null
                : {
                    until: order.until?.toISOString() ?? null,
                    reason: order.reason,
                    actor: order.actor,
                    at: order.at.toISOString(),
                  },
          };
        }),
      });
    })
    .all(allowOnly("GET"));
  router
    .route("/api/v1/breakers/orders")
    .post(async (request, response) => {
      const author = await identify.platform(request, response);
      const asked = parseInput(BreakerOrderRequest, await readJson(request));
      const until =
        asked.order === "trip"
          ? new Date(clock.now().getTime() + asked.minutes * 60_000)
          : undefined;
      await switchStore.order(asked.model, { until, reason: asked.reason }, author);
      await switches.announce();
      response.status(204).end();
    })
    .all(allowOnly("POST"));
}

function toHealth(reports: readonly HealthReport[], now: Date): z.infer<typeof HealthShape> {
  return {
    state: WORST.find((state) => reports.some((each) => each.state === state)) ?? "unknown",
    checkedAt: now.toISOString(),
    components: [...reports]
      .sort((one, other) => WORST.indexOf(one.state) - WORST.indexOf(other.state))
      .map((each) => ({ ...each, since: each.since.toISOString(), action: each.action ?? null })),
  };
}
