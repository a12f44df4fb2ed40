import type { Readable } from "node:stream";
import { Agent, type Dispatcher } from "undici";

/**
 * A call that brought no readable answer from the Bot API. `written` is what a sender must know: false
 * proves that no byte of the request left (DNS failure, refused or timed-out connection, abort while
 * queued), true says that Telegram may have carried it out. The message never holds the URL: it has the token.
 */
export class TransportError extends Error {
  readonly written: boolean;
  /** Kebab-case, for outcomes and logs. */
  readonly reason: string;
  /** HTTP status of an answer that was not the Bot API's JSON, e.g. a proxy's HTML page. */
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    reason: string,
    options: { written: boolean; status?: number; retryAfterSeconds?: number | undefined },
  ) {
    super(`Telegram did not answer: ${reason}`);
    this.name = "TransportError";
    this.reason = reason;
    this.written = options.written;
    this.status = options.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The part of `fetch` that grammY uses. */
export type Transport = (
  url: string | URL,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | NodeJS.ReadableStream;
    readonly signal?: AbortSignal;
  },
) => Promise<{ json(): Promise<unknown> }>;

/** getUpdates answers at most 100 updates; one update stays far below 100 kB. */
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

/** Sends wait for a free connection rather than open more than this many; 64 at ~50 ms each carry over 1,000 calls/s. */
const MAX_SEND_CONNECTIONS = 64;

/** Milliseconds from the call to the end of its answer, the wait for a connection included. */
const CALL_TIMEOUT_MS = 15_000;
/** An upload of 50 MB at 1 MB/s, and Telegram's own handling. */
const UPLOAD_TIMEOUT_MS = 60_000;
/** The long poll's 30 s and the ordinary call's 15 s. */
export const POLL_TIMEOUT_MS = 45_000;

/**
 * A `fetch` for grammY over undici with connections kept alive. grammY's own (node-fetch) cannot say
 * whether the request was written, and costs several times the CPU per call. Long polls have connections
 * of their own, so that a thousand waiting bots never hold up a reply.
 */
export function createTransport(options: { callTimeoutMs?: number } = {}): Transport {
  const connect = { timeout: 5_000 };
  const agentOptions = { connect, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 10_000 };
  const senders = new Agent({ ...agentOptions, connections: MAX_SEND_CONNECTIONS });
  const pollers = new Agent(agentOptions);
  return (url, init) => {
    const target = typeof url === "string" ? new URL(url) : url;
    const isPoll = target.pathname.endsWith("/getUpdates");
    const ordinaryMs = options.callTimeoutMs ?? CALL_TIMEOUT_MS;
    const timeoutMs = isPoll
      ? POLL_TIMEOUT_MS
      : typeof init.body === "string" || init.body === undefined
        ? ordinaryMs
        : Math.max(ordinaryMs, UPLOAD_TIMEOUT_MS);
    return call(isPoll ? pollers : senders, target, init, timeoutMs);
  };
}

function call(
  agent: Dispatcher,
  target: URL,
  init: Parameters<Transport>[1],
  timeoutMs: number,
): Promise<{ json(): Promise<unknown> }> {
  return new Promise((resolve, reject) => {
    const { signal } = init;
    const chunks: Buffer[] = [];
    let size = 0;
    let status = 0;
    let retryAfter: string | undefined;
    let written = false;
    let ended: Error | undefined;
    let controller: Dispatcher.DispatchController | undefined;

    const fail = (error: Error) => {
      if (ended !== undefined) return;
      ended = error;
      settle();
      reject(error);
      controller?.abort(error);
    };
    const onAbort = () => fail(new TransportError("aborted", { written }));
    const timer = setTimeout(() => fail(new TransportError("timeout", { written })), timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    if (signal?.aborted === true) {
      onAbort();
      return;
    }
    signal?.addEventListener("abort", onAbort);

    const { connection: _, ...headers } = init.headers;
    agent.dispatch(
      {
        origin: target.origin,
        path: target.pathname,
        method: "POST",
        headers,
        // grammY makes a Readable; its type says only that it is a stream.
        body: (init.body as string | Readable | undefined) ?? null,
      },
      {
        onRequestStart(started) {
          controller = started;
          if (ended !== undefined) started.abort(ended);
          else written = true;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode;
          const header = responseHeaders["retry-after"];
          retryAfter = typeof header === "string" ? header : undefined;
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) fail(new TransportError("answer-too-large", { written }));
          else chunks.push(chunk);
        },
        onResponseEnd() {
          if (ended !== undefined) return;
          settle();
          const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
          const answer = parseAnswer(text);
          if (answer === undefined) {
            fail(
              new TransportError(`http-${status}`, {
                written,
                status,
                retryAfterSeconds: seconds(retryAfter),
              }),
            );
          } else resolve({ json: async () => answer });
        },
        onResponseError(_controller, error) {
          fail(new TransportError(reasonOf(error), { written }));
        },
      },
    );
  });
}

/** Every answer of the Bot API is a JSON object with a boolean `ok`; anything else came from something in between. */
function parseAnswer(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isAnswer =
      typeof value === "object" && value !== null && "ok" in value && typeof value.ok === "boolean";
    return isAnswer ? value : undefined;
  } catch {
    return undefined;
  }
}

function seconds(header: string | undefined): number | undefined {
  const value = Number(header);
  return header !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The error's code in kebab-case (`econnrefused`, `und-err-connect-timeout`): a message might hold an address. */
function reasonOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return code.toLowerCase().replaceAll("_", "-");
}
