import type { LookupFunction } from "node:net";
import { Agent, type Dispatcher, request } from "undici";
import { PregoneroError } from "../../src/core/errors.ts";

/** What the protocol needs. The SDK also sends the machine's make, and whatever OPENAI_CUSTOM_HEADERS holds. */
export const SENT_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "authorization",
  "content-type",
  "user-agent",
]);

export interface PooledFetchOptions {
  /** More of a body is given up, with undici's error. */
  readonly maxResponseBytes: number;
  /** To the headers, and between two pieces of the body, in milliseconds. Default undici's 300,000. */
  readonly timeoutMs?: number | undefined;
  /** Looks up the host at each connection. Default: the system's. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * The part of `fetch` that the SDK uses, over undici's plain requests on connections kept alive: without the web
 * streams of the real one an answer costs a third less. The body of a response is the bytes as an async iterable.
 * Redirects, which would carry the key to another host, are not followed: their status is an error.
 */
export function createPooledFetch({
  maxResponseBytes,
  timeoutMs,
  lookup,
}: PooledFetchOptions): typeof fetch {
  const dispatcher = new Agent({
    maxResponseSize: maxResponseBytes,
    ...(timeoutMs === undefined ? {} : { headersTimeout: timeoutMs, bodyTimeout: timeoutMs }),
    ...(lookup === undefined ? {} : { connect: { lookup } }),
  });
  return async (url, init) => {
    const given = new Headers(init?.headers);
    const { statusCode, headers, body } = await request(String(url), {
      dispatcher,
      method: (init?.method ?? "GET") as Dispatcher.HttpMethod,
      headers: [...SENT_HEADERS].flatMap((name) => {
        const value = given.get(name);
        return value === null ? [] : [name, value];
      }),
      body: typeof init?.body === "string" ? init.body : null,
      signal: init?.signal ?? null,
    });
    const isOk = statusCode >= 200 && statusCode < 300;
    if (isOk && String(headers["content-type"]).includes("text/html")) {
      // Destroyed unread, it emits an error, which nobody is to hear.
      body.once("error", () => undefined).destroy();
      throw new PregoneroError(
        "model-unavailable",
        `${new URL(String(url)).host} answered with a web page: check the base URL.`,
        { retry: "backoff", status: 503 },
      );
    }
    const response = {
      ok: isOk,
      status: statusCode,
      statusText: "",
      url: String(url),
      headers: toHeaders(headers),
      body,
      text: () => body.text(),
      json: () => body.json(),
    };
    // Of a Response the SDK uses no more than this.
    return response as unknown as Response;
  };
}

function toHeaders(given: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return headers;
}
