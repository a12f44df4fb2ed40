import type { Clock } from "../core/clock.ts";
import { isPregoneroError } from "../core/errors.ts";
import type { GuardedFetch, GuardedResponse } from "../core/guarded-fetch.ts";
import type { AttemptResult, DueDelivery } from "../core/outgoing-webhooks.ts";
import { readRetryAfter } from "../core/retry-after.ts";
import { pauseAfter } from "./retry-schedule.ts";
import { signWebhook } from "./sign-webhook.ts";

/** For names, connection, answer and its last byte: Standard Webhooks advises 15 to 30 s. */
const TIMEOUT_MS = 15_000;
/** Of an answer, which should be empty; what is longer counts as none. */
const MAX_RESPONSE_BYTES = 64 * 1024;
/** Kept of an answer, for whoever looks why it failed. */
const KEPT_RESPONSE_BYTES = 500;
const GONE = 410;

export interface PostPorts {
  readonly fetch: GuardedFetch;
  readonly clock: Clock;
  /** From [0, 1). */
  readonly chance: () => number;
}

/** Posts one delivery, once. Whatever comes of it is a result; it rejects with the signal's reason alone. */
export async function postDelivery(
  { fetch, clock, chance }: PostPorts,
  due: DueDelivery,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const attemptedAt = clock.now();
  const startedAt = performance.now();
  const body = bodyOf(due);
  const answer = await fetch({
    url: due.url,
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "Pregonero-Webhooks/1",
      ...signWebhook({ id: due.deliveryId, at: attemptedAt, body }, due.secrets),
    },
    body,
    maxBytes: MAX_RESPONSE_BYTES,
    timeoutMs: TIMEOUT_MS,
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    return codeOf(error);
  });
  const durationMs = performance.now() - startedAt;
  const response = typeof answer === "string" ? undefined : answer;
  return {
    due,
    attemptedAt,
    durationMs,
    status: response?.status,
    error: typeof answer === "string" ? answer : undefined,
    response: response === undefined ? undefined : firstBytes(response.body),
    verdict: verdictOf(due, response, chance()),
  };
}

function bodyOf({ kind, happenedAt, tenantId, detail }: DueDelivery): string {
  return JSON.stringify({
    type: kind,
    timestamp: happenedAt.toISOString(),
    data: { tenantId, ...detail },
  });
}

function verdictOf(
  due: DueDelivery,
  response: GuardedResponse | undefined,
  chance: number,
): AttemptResult["verdict"] {
  const status = response?.status ?? 0;
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status === GONE) return { kind: "gone" };
  const headers = response?.headers;
  const retryAfter = headers && readRetryAfter({ get: (name) => headers[name] ?? null });
  const afterMs = pauseAfter(due.tryNumber, retryAfter?.afterMs, chance);
  return afterMs === undefined ? { kind: "failed" } : { kind: "retry", afterMs };
}

function codeOf(error: unknown): string {
  return isPregoneroError(error) ? error.code : "fetch-failed";
}

function firstBytes(body: Buffer): string {
  const text = body.subarray(0, KEPT_RESPONSE_BYTES).toString("utf8");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}
