import { type Request, type Response, Router } from "express";
import type { ApiKeys } from "../core/api-keys.ts";
import { PregoneroError } from "../core/errors.ts";
import type { HealthCheck, HealthReport } from "../core/health.ts";
import { requireScope } from "./api-key.ts";
import { isLoopback } from "./loopback.ts";

export interface HealthPorts {
  /** How everything stands, the database and its migrations among it. */
  readonly checkHealth: (signal: AbortSignal) => Promise<readonly HealthCheck[]>;
  readonly isDraining: () => boolean;
  /** Prometheus text format. */
  readonly metricsText: () => Promise<string>;
  readonly findApiKey: ApiKeys["find"];
  /** Each thing by itself, for the page that operators read: networks are asked, so it may take seconds. */
  readonly examineHealth: (
    tenantId: undefined,
    signal: AbortSignal,
  ) => Promise<readonly HealthReport[]>;
}

/** A check that doesn't answer by then has failed. Below the period of usual probes (10 s). */
const CHECK_TIMEOUT_MS = 3_000;
/** Probes and people ask often; the database is asked once in this time. */
const CHECK_CACHE_MS = 1_000;
const EXAMINE_TIMEOUT_MS = 12_000;
const EXAMINE_CACHE_MS = 10_000;

/** `/livez` asks nobody: a database that is away is no reason to restart us. */
export function healthRoutes(ports: HealthPorts): Router {
  const check = rememberBriefly(() => checkWithin(ports), CHECK_CACHE_MS);
  const examine = rememberBriefly(
    // Nobody could look: nothing is known to be well.
    () =>
      ports
        .examineHealth(undefined, AbortSignal.timeout(EXAMINE_TIMEOUT_MS))
        .catch(() => undefined),
    EXAMINE_CACHE_MS,
  );
  const router = Router();
  router.get("/livez", (_request, response) => plain(response, 200, "ok"));
  router.get("/readyz", async (_request, response) => {
    if (ports.isDraining()) return plain(response, 503, "draining");
    const failed = (await check()).filter(({ isRequired, isHealthy }) => isRequired && !isHealthy);
    if (failed.length === 0) return plain(response, 200, "ok");
    plain(response, 503, failed.map(({ name }) => `${name} is not ready`).join("\n"));
  });
  router.get("/healthz", async (request, response) => {
    await requireOperator(request, response, ports);
    const checks = await check();
    const components = await examine();
    const isServing = checks.every((one) => one.isHealthy);
    response.setHeader("Cache-Control", "no-store");
    response.status(isServing ? 200 : 503).json({
      isHealthy: isServing && (components?.every(({ state }) => state !== "down") ?? false),
      isDraining: ports.isDraining(),
      uptimeSeconds: Math.round(process.uptime()),
      memoryBytes: process.memoryUsage.rss(),
      checks,
      components: components ?? [],
    });
  });
  router.get("/metrics", async (request, response) => {
    await requireOperator(request, response, ports);
    plain(response, 200, await ports.metricsText(), "text/plain; version=0.0.4; charset=utf-8");
  });
  return router;
}

/** From this machine without a proxy in between, or with a key of scope `operate` (ASVS 13.4.5). */
async function requireOperator(request: Request, response: Response, ports: HealthPorts) {
  if (isLoopback(request)) return;
  await requireScope(request, response, ports.findApiKey, "operate");
}

async function checkWithin({ checkHealth }: HealthPorts): Promise<readonly HealthCheck[]> {
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const timeout = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () =>
      reject(new PregoneroError("check-timeout", `no answer within ${CHECK_TIMEOUT_MS} ms`)),
    );
  });
  try {
    return await Promise.race([checkHealth(signal), timeout]);
  } catch (error) {
    const evidence = error instanceof PregoneroError ? error.message : "the check itself failed";
    return [{ name: "checks", isHealthy: false, isRequired: true, evidence }];
  }
}

function rememberBriefly<Value>(ask: () => Promise<Value>, forMs: number): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (answer === undefined || now - askedAt > forMs) {
      askedAt = now;
      answer = ask();
    }
    return answer;
  };
}

function plain(
  response: Response,
  status: number,
  text: string,
  type = "text/plain; charset=utf-8",
) {
  response.setHeader("Cache-Control", "no-store");
  response.status(status).setHeader("Content-Type", type);
  response.end(text.endsWith("\n") ? text : `${text}\n`);
}
