import { ApiRequestError, ApiResponseError } from "twitter-api-v2";
import type { PostOutcome } from "../../../core/publishing-work.ts";
import { readRetryAfter } from "../../../core/retry-after.ts";

/** Codes of a connection that never was: nothing was written. */
const NEVER_CONNECTED: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);
/** X counts in windows of 15 minutes (docs.x.com, "Rate limits"). */
const WINDOW_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** What became of a call that did not succeed. Whatever is not known for certain is unknown. */
export function readFailure(error: unknown, now: Date): Exclude<PostOutcome, { kind: "sent" }> {
  if (error instanceof ApiResponseError) return readAnswer(error, now);
  const inner = error instanceof ApiRequestError ? error.requestError : undefined;
  const code = (inner as { readonly code?: unknown } | undefined)?.code;
  if (typeof code === "string" && NEVER_CONNECTED.has(code)) {
    return { kind: "refused", reason: "unreachable", retry: "backoff" };
  }
  return { kind: "unknown", reason: "no-answer" };
}

function readAnswer(error: ApiResponseError, now: Date): Exclude<PostOutcome, { kind: "sent" }> {
  const { code: status, headers } = error;
  const says = wordsOf(error);
  if (status === 429) {
    const retry = { afterMs: waitOf(headers, now) };
    return { kind: "refused", reason: "rate-limited", retry, holdsTarget: true };
  }
  if (status === 401) {
    return attention(
      "bad-credentials",
      "X does not accept the credentials any more: create new keys and tokens in X's developer portal, and save them here.",
    );
  }
  if (status === 402) {
    return attention("credits-depleted", "The X account has no credits left: add some at X.");
  }
  if (status === 403 && says.includes("duplicate content")) {
    return { kind: "refused", reason: "duplicate-content", retry: "never", isDuplicate: true };
  }
  if (status === 403 && /permi|suspend|locked|client-forbidden|not enrolled/.test(says)) {
    return attention(
      "no-permission",
      "X does not let this app post: give it read and write permission in X's developer portal, create the tokens anew, and save them here.",
    );
  }
  // The post may have been taken before whatever failed.
  if (status >= 500) return { kind: "unknown", reason: `http-${status}` };
  return { kind: "refused", reason: `http-${status}`, retry: "never" };
}

function attention(reason: string, needsAttention: string): Exclude<PostOutcome, { kind: "sent" }> {
  return { kind: "refused", reason, retry: "never", needsAttention };
}

function wordsOf({ data }: ApiResponseError): string {
  const { detail, title, type, reason } = data as unknown as Readonly<Record<string, unknown>>;
  return [detail, title, type, reason]
    .filter((word) => typeof word === "string")
    .join(" ")
    .toLowerCase();
}

/** Until the window begins anew; of the day's, where that one is used up. */
function waitOf(headers: Readonly<Record<string, unknown>>, now: Date): number {
  const header = (name: string) => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
  const untilReset = (name: string) => {
    const seconds = Number(header(name) ?? Number.NaN);
    return Number.isFinite(seconds) ? seconds * 1_000 - now.getTime() : 0;
  };
  const waits = [untilReset("x-rate-limit-reset")];
  for (const whose of ["user", "app"]) {
    if (header(`x-${whose}-limit-24hour-remaining`) === "0") {
      waits.push(untilReset(`x-${whose}-limit-24hour-reset`));
    }
  }
  waits.push(readRetryAfter({ get: (name) => header(name) ?? null })?.afterMs ?? 0);
  const longest = Math.max(...waits);
  return longest > 0 ? Math.min(longest, DAY_MS) : WINDOW_MS;
}
