import type { Request, Response } from "express";
import { z } from "zod";
import type { Cipher } from "../core/cipher.ts";
import type { Clock } from "../core/clock.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { Attempt, IdempotencyStore } from "../core/idempotency.ts";
import type { TenantId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { InvalidInput } from "./problem.ts";

/** What a route answers, when it is to be answered again word for word. */
export interface Answer {
  readonly status: number;
  /** JSON; absent: none. */
  readonly body?: unknown;
  /** Such as Location and ETag. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Runs `work` and sends its answer. With an `Idempotency-Key`, the same request of the same caller runs once in 24
 * hours: its answer is sent again, with `Idempotency-Replayed: true`. `input` is the request as it was parsed.
 * What `work` throws with a 4xx changed nothing, and frees the key. After anything else, and after a crash, it runs
 * again with the same `operationId` (a UUID): make it the id of what `work` makes, and a second run finds the first.
 * Throws `idempotency-under-way` (409), `idempotency-mismatch` (422), or `invalid-input` for a key that is none.
 */
export type AnswerOnce = (
  request: Request,
  response: Response,
  caller: { readonly tenantId: TenantId; readonly actor: string },
  input: unknown,
  work: (operationId: string) => Promise<Answer>,
) => Promise<void>;

export interface IdempotencyPorts {
  readonly idempotency: IdempotencyStore;
  readonly hash: Cipher["hash"];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Visible ASCII, as draft-ietf-httpapi-idempotency-key-header quotes it, or without the quotes. */
const KEY = /^"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?$/;
const EXTEND_EVERY_MS = 20_000;
const EXPIRE_EVERY_MS = 10 * 60_000;

export function createAnswerOnce(ports: IdempotencyPorts): AnswerOnce {
  const { idempotency, hash, clock, logger } = ports;
  let expiredAt = 0;

  /** What is over is taken away by those who come after, so that nothing has to run for it. */
  async function expireNowAndThen(now: Date): Promise<void> {
    if (now.getTime() - expiredAt < EXPIRE_EVERY_MS) return;
    expiredAt = now.getTime();
    await idempotency.expire(now);
  }

  async function run(attempt: Attempt, work: (operationId: string) => Promise<Answer>) {
    const keep = setInterval(() => {
      // A lease that is lost shows when the answer is kept.
      idempotency.extend(attempt, clock.now()).catch(() => {});
    }, EXTEND_EVERY_MS);
    try {
      const answer = await work(attempt.operationId);
      const isKept = await idempotency.complete(attempt, JSON.stringify(answer));
      if (!isKept) logger.warn("idempotency-lease-lost", { operationId: attempt.operationId });
      return answer;
    } catch (error) {
      if (isRefusal(error)) await idempotency.forget(attempt);
      else await idempotency.release(attempt, clock.now());
      throw error;
    } finally {
      clearInterval(keep);
    }
  }

  return async (request, response, { tenantId, actor }, input, work) => {
    const key = readKey(request);
    if (key === undefined) return send(response, await work(crypto.randomUUID()));
    const route = `${request.method} ${String(request.route?.path)}`;
    const keyHash = hash("idempotency-key", JSON.stringify([tenantId, actor, route, key]));
    const asked = canonical([request.originalUrl, input]);
    const requestHash = hash("idempotency-request", asked);
    const now = clock.now();
    const claim = await idempotency.claim(tenantId, keyHash, requestHash, now);
    switch (claim.kind) {
      case "begun": {
        const answer = await run(claim.attempt, work);
        await expireNowAndThen(now);
        return send(response, answer);
      }
      case "answered":
        response.setHeader("Idempotency-Replayed", "true");
        return send(response, keptAnswer.parse(JSON.parse(claim.answer)));
      case "under-way":
        throw underWay(claim.retryAfterMs);
      case "mismatch":
        throw mismatch();
    }
    claim satisfies never;
  };
}

const keptAnswer = z.object({
  status: z.int(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).exactOptional(),
});

/** Undefined: there is none. Throws `InvalidInput` for one that is empty, too long or twice there. */
function readKey(request: Request): string | undefined {
  const header = request.get("idempotency-key");
  if (header === undefined) return undefined;
  const key = KEY.exec(header.trim())?.[1];
  if (key !== undefined) return key;
  throw new InvalidInput([
    {
      field: "Idempotency-Key",
      problem: "must have 1 to 255 visible ASCII characters, made anew for each request",
      example: "8e03978e-40d5-43dd-bc93-6894a57f9324",
    },
  ]);
}

function send(response: Response, { status, body, headers = {} }: Answer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.status(status);
  if (body === undefined) response.end();
  else response.json(body);
}

/** It said no before it did anything: every route checks first. */
function isRefusal(error: unknown): boolean {
  return isPregoneroError(error) && error.status !== undefined && error.status < 500;
}

/** JSON with the keys in order, so that the same fields in another order are the same request. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function underWay(retryAfterMs: number): PregoneroError {
  return new PregoneroError(
    "idempotency-under-way",
    "The first request with this Idempotency-Key is still under way: ask again shortly.",
    { status: 409, retry: { afterMs: retryAfterMs } },
  );
}

function mismatch(): PregoneroError {
  return new PregoneroError(
    "idempotency-mismatch",
    "This Idempotency-Key was used for another request: make a new one for this one.",
    { status: 422 },
  );
}
