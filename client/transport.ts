import { PregoneroApiError, toApiError, toNoAnswer } from "./api-error.ts";
import type { SessionCookies } from "./cookies.ts";
import { wait } from "./wait.ts";

export interface Transport {
  /**
   * The answer, when it is 2xx; throws PregoneroApiError. `isRepeatable`: the request may reach the server twice, and
   * is sent again when it is unknown whether it arrived, or the server asks to come later.
   */
  send(request: Request, options: SendOptions): Promise<Response>;
}

interface SendOptions {
  readonly isRepeatable: boolean;
  /** Until the headers of the answer, and the whole of an answer in JSON. */
  readonly timeoutMs: number;
}

export interface TransportOptions {
  readonly baseUrl: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly apiKey: (() => string) | undefined;
  readonly cookies: SessionCookies;
  readonly tenant: () => string | undefined;
  readonly onSessionOver: () => void;
}

/** With the first: what a restart or a short overload takes. */
const ATTEMPTS = 3;
/** Doubles each time; half of it is chance, so that clients do not come back in step. */
const FIRST_WAIT_MS = 400;
/** Longer waits are the caller's to decide. */
const LONGEST_WAIT_MS = 5_000;
const SAFE_METHODS = ["GET", "HEAD"];
/** Codes of 401 that a new access cookie answers; the others are about what was just given. */
const EXPIRED = ["sign-in-needed", "api-key-needed"];
const SESSION = "/api/v1/session";
const REFRESH_TIMEOUT_MS = 30_000;

/**
 * Sends requests with an API key, or as a browser's session does: an access cookie lasts ten minutes, and the first
 * refusal renews it once for all calls that wait. Every call that is not a GET carries the CSRF cookie as a header.
 */
export function createTransport(options: TransportOptions): Transport {
  const { cookies, apiKey } = options;
  let refreshing: Promise<boolean> | undefined;

  async function fetchOnce(request: Request, timeoutMs: number): Promise<Response> {
    const ready = request.clone();
    const tenant = options.tenant();
    const named = ready.headers.get("pregonero-tenant");
    if (named === "") ready.headers.delete("pregonero-tenant");
    else if (named === null && tenant !== undefined) ready.headers.set("pregonero-tenant", tenant);
    if (apiKey !== undefined) ready.headers.set("authorization", `Bearer ${apiKey()}`);
    else {
      const kept = cookies.header();
      if (kept !== undefined) ready.headers.set("cookie", kept);
      const token = SAFE_METHODS.includes(ready.method) ? undefined : cookies.csrfToken();
      if (token !== undefined) ready.headers.set("x-csrf-token", token);
    }
    const response = await withTimeout(ready, options.fetch, timeoutMs);
    cookies.keep(response);
    return response;
  }

  function ownRequest(method: string, path: string): Request {
    return new Request(options.baseUrl + path, { method, credentials: "same-origin" });
  }

  /** True: there is a new access cookie. Calls that come meanwhile wait for the same one. */
  function refresh(): Promise<boolean> {
    refreshing ??= (async () => {
      await needToken();
      const response = await fetchOnce(
        ownRequest("POST", `${SESSION}/refresh`),
        REFRESH_TIMEOUT_MS,
      );
      if (response.status === 401) options.onSessionOver();
      return response.ok;
    })().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  async function needToken(isStale = false): Promise<void> {
    if (!isStale && cookies.csrfToken() !== undefined) return;
    await fetchOnce(ownRequest("GET", SESSION), REFRESH_TIMEOUT_MS);
  }

  /** Whether what stood in the way is out of it: an access cookie that was over, or another tab's CSRF token. */
  async function mend(error: PregoneroApiError): Promise<boolean> {
    if (apiKey !== undefined) return false;
    if (error.status === 401 && EXPIRED.includes(error.code)) return refresh();
    if (error.code !== "csrf-token-wrong") return false;
    await needToken(true);
    return true;
  }

  return {
    async send(request, { isRepeatable, timeoutMs }) {
      if (apiKey === undefined && !SAFE_METHODS.includes(request.method)) await needToken();
      let isMended = false;
      for (let attempt = 1; ; attempt += 1) {
        const result = await attemptOnce(() => fetchOnce(request, timeoutMs), request);
        if (!(result instanceof PregoneroApiError)) return result;
        if (!isMended && (await mend(result))) {
          isMended = true;
          continue;
        }
        const waitMs = waitBefore(attempt, result);
        if (!isRepeatable || attempt >= ATTEMPTS || waitMs === undefined) throw result;
        await wait(waitMs, request.signal);
      }
    },
  };
}

/** The answer, or the error that it is. Throws what the caller's own signal says. */
async function attemptOnce(
  fetchOnce: () => Promise<Response>,
  request: Request,
): Promise<Response | PregoneroApiError> {
  try {
    const response = await fetchOnce();
    return response.ok ? response : await toApiError(response);
  } catch (cause) {
    if (request.signal.aborted) throw request.signal.reason;
    return toNoAnswer(cause, new URL(request.url).pathname);
  }
}

/** Undefined: the same request would be answered alike, or too late to wait for here. */
function waitBefore(attempt: number, { status, code, retryAfterMs }: PregoneroApiError) {
  const isPassing =
    status === 0 || status === 429 || status >= 502 || code === "idempotency-under-way";
  if (!isPassing) return undefined;
  const waitMs = retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return waitMs <= LONGEST_WAIT_MS ? waitMs : undefined;
}

/** An answer in JSON is read whole before the time is up; of others, the headers must be there. */
async function withTimeout(
  request: Request,
  fetch: TransportOptions["fetch"],
  timeoutMs: number,
): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new DOMException(`No answer in ${timeoutMs} ms`, "TimeoutError")),
    timeoutMs,
  );
  try {
    const signal = AbortSignal.any([request.signal, late.signal]);
    const response = await fetch(new Request(request, { signal }));
    const isJson = /^application\/(problem\+)?json\b/.test(
      response.headers.get("content-type") ?? "",
    );
    if (!isJson) return response;
    const { status, statusText, headers } = response;
    return new Response(await response.arrayBuffer(), { status, statusText, headers });
  } finally {
    clearTimeout(timer);
  }
}
