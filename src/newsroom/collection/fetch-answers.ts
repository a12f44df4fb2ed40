import { isPregoneroError } from "../../core/errors.ts";
import type { GuardedResponse } from "../../core/guarded-fetch.ts";
import type { Reason } from "../../core/newsroom.ts";
import { readRetryAfter } from "../../core/retry-after.ts";

export interface PoliteRequest {
  readonly url: string;
  /** As `CollectionSettings.hosts`: the first address and every redirect. */
  readonly hosts: readonly string[];
  readonly pauseSeconds: number;
  readonly accept: string;
  readonly maxBytes: number;
  /** Of what was fetched before: the same again answers `not-modified`. */
  readonly known?: { readonly etag: string | undefined; readonly lastModified: string | undefined };
  /** A large file in parts, each of which may be asked for again. */
  readonly isInParts?: boolean;
  readonly signal: AbortSignal;
}

export type PoliteAnswer =
  | {
      readonly kind: "ok";
      readonly body: Buffer;
      readonly contentType: string;
      readonly etag: string | undefined;
      readonly lastModified: string | undefined;
      readonly url: string;
    }
  | { readonly kind: "not-modified" }
  | { readonly kind: "absent"; readonly reason: Reason }
  | { readonly kind: "failed"; readonly reason: Reason; readonly retryAfterMs?: number };

export type PoliteFetch = (request: PoliteRequest) => Promise<PoliteAnswer>;

/** A gazette comes every day: nobody is told to stay away for longer. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000;

/** What a response, or the reason why there is none, means for who asked. */
export function answerOf(response: GuardedResponse | Reason): PoliteAnswer {
  if ("code" in response) return { kind: "failed", reason: response };
  const { status, headers, body, url } = response;
  if (status === 304) return { kind: "not-modified" };
  if (status === 404 || status === 410) {
    return {
      kind: "absent",
      reason: { code: "not-there", detail: `${placeOf(url)} answered ${status}.` },
    };
  }
  if (status !== 200) {
    const asked = readRetryAfter({ get: (name) => headers[name] ?? null })?.afterMs;
    const reason = { code: `http-${status}`, detail: `${placeOf(url)} answered ${status}.` };
    return {
      kind: "failed",
      reason,
      ...(asked !== undefined && { retryAfterMs: Math.min(asked, MAX_RETRY_AFTER_MS) }),
    };
  }
  return {
    kind: "ok",
    body,
    contentType: (headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "",
    etag: headers.etag,
    lastModified: headers["last-modified"],
    url,
  };
}

export function failed(code: string, detail: string): PoliteAnswer {
  return { kind: "failed", reason: { code, detail } };
}

/** Of undici and the system. */
const TIMEOUTS: ReadonlySet<string> = new Set([
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "ETIMEDOUT",
]);
const CUT_OFF: ReadonlySet<string> = new Set([
  "UND_ERR_SOCKET",
  "ECONNRESET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

/** In this vocabulary, what `GuardedFetch` throws. */
export function reasonOf(error: unknown): Reason {
  const detail = error instanceof Error ? error.message : "It could not be fetched.";
  if (isPregoneroError(error, "url-refused")) return { code: "address-refused", detail };
  if (isPregoneroError(error, "fetch-too-large")) return { code: "too-large", detail };
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && cause.name === "TimeoutError") return { code: "timed-out", detail };
  const code = String((cause as { readonly code?: unknown } | undefined)?.code);
  if (TIMEOUTS.has(code)) return { code: "timed-out", detail };
  return { code: CUT_OFF.has(code) ? "cut-off" : "unreachable", detail };
}

/** Without the query, which may hold a key. A file of a folder has no origin. */
export function placeOf(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin === "null" ? decodeURI(pathname) : `${origin}${pathname}`;
}
