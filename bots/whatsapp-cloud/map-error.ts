import type { SendOutcome } from "../../src/core/channel.ts";
import { PregoneroError } from "../../src/core/errors.ts";
import type { GraphAnswer, GraphError } from "./graph-client.ts";

type Refused = Extract<SendOutcome, { kind: "refused" }>;
type Meaning = Omit<Refused, "kind">;

const never = (reason: string): Meaning => ({ reason, retry: "never" });
/** A person must do something at Meta; sending on would fail for every chat of the number. */
const needsPerson = (reason: string): Meaning => ({
  reason,
  retry: "never",
  scope: "bot",
  needsAuth: true,
});
const wait = (reason: string, scope: "chat" | "bot", afterMs: number): Meaning => ({
  reason,
  retry: { afterMs },
  scope,
});

/** One message in six seconds to one person (Cloud API, pair rate limit). */
export const PAIR_INTERVAL_MS = 6_000;

/** Error codes of the Cloud API (developers.facebook.com, "Error codes", May 2026). */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  0: needsPerson("bad-credentials"),
  3: needsPerson("no-permission"),
  4: wait("too-many-calls", "bot", 60_000),
  10: needsPerson("no-permission"),
  33: needsPerson("number-gone"),
  100: never("bad-request"),
  190: needsPerson("bad-credentials"),
  368: needsPerson("account-blocked"),
  80007: wait("too-many-calls", "bot", 60_000),
  130429: wait("too-many-requests", "bot", 1_000),
  130472: never("not-delivered-experiment"),
  130497: never("country-restricted"),
  131005: needsPerson("no-permission"),
  131008: never("bad-request"),
  131009: never("bad-request"),
  131021: never("recipient-is-sender"),
  131026: { ...never("undeliverable"), contactLost: true },
  131030: never("recipient-not-allowed"),
  131031: needsPerson("account-locked"),
  131037: needsPerson("display-name-not-approved"),
  131042: needsPerson("payment-problem"),
  131045: needsPerson("number-not-registered"),
  131047: never("outside-window"),
  // By the number's quality: going on makes it worse, and it ends by itself in hours.
  131048: wait("spam-limited", "bot", 900_000),
  131049: never("marketing-limited"),
  131050: never("marketing-opted-out"),
  131051: never("unsupported-type"),
  131052: never("media-refused"),
  131053: never("media-refused"),
  131056: wait("too-many-requests", "chat", PAIR_INTERVAL_MS),
  131062: never("recipient-needs-phone"),
  132000: never("template-parameters"),
  132001: never("template-unknown"),
  132005: never("template-too-long"),
  132007: never("template-against-policy"),
  132012: never("template-parameters"),
  132015: never("template-paused"),
  132016: never("template-disabled"),
  132018: never("template-parameters"),
  132068: never("template-flow-blocked"),
  132069: wait("template-flow-throttled", "chat", 60_000),
  133005: needsPerson("two-step-pin"),
  133006: needsPerson("number-not-verified"),
  133010: needsPerson("number-not-registered"),
  133015: wait("number-being-removed", "bot", 300_000),
  134011: needsPerson("payment-problem"),
  135000: never("bad-request"),
  1752041: never("bad-request"),
};

/** Stable words for a code, also of statuses that come by webhook. */
export function reasonOf(code: number | undefined): string {
  if (code === undefined) return "failed";
  return meaningOf(code)?.reason ?? `graph-${code}`;
}

function meaningOf(code: number): Meaning | undefined {
  if (code >= 200 && code < 300) return needsPerson("no-permission");
  return MEANINGS[code];
}

/**
 * What a failed call to send says: by the code in the body, whatever the status, since Meta refuses with 5xx too.
 * A 5xx with another code (1, 2, 131000, 131016, 133004) or none may come after the message was accepted: `unknown`.
 */
export function toSendOutcome(failure: Exclude<GraphAnswer, { kind: "ok" }>): SendOutcome {
  if (failure.kind === "no-answer") {
    return failure.written
      ? { kind: "unknown", reason: failure.reason }
      : { kind: "refused", reason: failure.reason, retry: "backoff" };
  }
  const { error } = failure;
  const meaning = meaningOfError(error);
  if (meaning !== undefined) return refused(meaning, error);
  if (error.status >= 500 || error.status < 400) {
    return {
      kind: "unknown",
      reason: error.code === undefined ? `http-${error.status}` : reasonOf(error.code),
    };
  }
  if (error.status === 429) return refused(wait("too-many-requests", "bot", 5_000), error);
  // Not Graph's words: a proxy refused, and did not pass the call on.
  if (error.code === undefined || error.isTransient) {
    return { kind: "refused", reason: `http-${error.status}`, retry: "backoff" };
  }
  return refused(
    error.status === 401 ? needsPerson("bad-credentials") : never(reasonOf(error.code)),
    error,
  );
}

function meaningOfError({ code, subcode }: GraphError): Meaning | undefined {
  if (code === undefined) return undefined;
  // "Object with ID … does not exist, cannot be loaded due to missing permissions".
  if (code === 100 && subcode === 33) return needsPerson("number-gone");
  return meaningOf(code);
}

function refused(meaning: Meaning, error: GraphError): SendOutcome {
  const retry =
    typeof meaning.retry === "object"
      ? { afterMs: Math.max(meaning.retry.afterMs, error.retryAfterMs ?? 0) }
      : meaning.retry;
  return {
    kind: "refused",
    ...meaning,
    retry,
    ...(error.code !== undefined && { detail: { graphCode: error.code } }),
  };
}

/** For calls other than sending. `what` names the call for people: `Graph refused <what>`. */
export function toPregoneroError(
  failure: Exclude<GraphAnswer, { kind: "ok" }>,
  what: string,
): PregoneroError {
  if (failure.kind === "no-answer") {
    return new PregoneroError(
      "graph-unreachable",
      `Graph did not answer ${what} (${failure.reason}): check the network and WHATSAPP_GRAPH_URL`,
      { retry: "backoff", status: 503 },
    );
  }
  const { error } = failure;
  if (error.code === undefined) {
    return new PregoneroError(
      "graph-unreachable",
      `Not Graph but something in between answered ${what} (${error.status}): check the proxy and WHATSAPP_GRAPH_URL`,
      { retry: "backoff", status: 503 },
    );
  }
  const meaning = meaningOfError(error);
  if (meaning?.reason === "bad-credentials" || error.status === 401) {
    return new PregoneroError(
      "bad-credentials",
      "Graph does not accept the access token: make one for a system user, with whatsapp_business_messaging and whatsapp_business_management",
      { status: 422 },
    );
  }
  const isPassing = error.status >= 500 || error.isTransient;
  return new PregoneroError(
    typeof meaning?.retry === "object" ? "graph-rate-limited" : "graph-refused",
    `Graph refused ${what} (${error.code}): ${error.details}`,
    {
      retry: typeof meaning?.retry === "object" ? meaning.retry : isPassing ? "backoff" : "never",
      status: 502,
    },
  );
}
