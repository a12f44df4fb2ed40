import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Agent, type Dispatcher } from "undici";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import { readRetryAfter } from "../../src/core/retry-after.ts";
import { GRAPH_VERSION } from "./graph-version.ts";

/** What Graph says of an error; Meta asks to go by `code`, never by the text. */
export interface GraphError {
  readonly status: number;
  /** Undefined: the answer was not Graph's, e.g. a proxy's page. */
  readonly code: number | undefined;
  readonly subcode: number | undefined;
  readonly isTransient: boolean;
  /** Meta's words for developers: for operators, never for a chat or for decisions. */
  readonly details: string;
  readonly retryAfterMs: number | undefined;
}

/** What became of a call. `written` false proves that no byte of the request left. */
export type GraphAnswer =
  | { readonly kind: "ok"; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: "error"; readonly error: GraphError }
  | { readonly kind: "no-answer"; readonly written: boolean; readonly reason: string };

export interface GraphCall {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below the version: `<phone number id>/messages`. Its parts are ids that were checked before. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly json: object } | GraphUpload;
  readonly accessToken: string;
  readonly signal: AbortSignal;
}

/** One file as multipart/form-data, with fields beside it. */
export interface GraphUpload {
  readonly file: { readonly name: string; readonly mimeType: string; readonly bytes: Buffer };
  readonly fields: Readonly<Record<string, string>>;
}

export interface GraphClient {
  /** Never throws. */
  call(call: GraphCall): Promise<GraphAnswer>;
  /** Origin of Graph; with the path of a version when the configured address has one. */
  readonly root: string;
}

/** Milliseconds from the call to the end of its answer, the wait for a connection included. */
const CALL_TIMEOUT_MS = 15_000;
/** Before a document is sent it is uploaded; both must fit into the 30 s that the line gives a send. */
const UPLOAD_TIMEOUT_MS = 20_000;
/** Answers are a few hundred bytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Sends wait for a free connection rather than open more; 64 at ~200 ms each carry over 300 calls/s. */
const MAX_CONNECTIONS = 64;

/**
 * Calls Graph over undici, which says whether the request was written: the difference between `refused` and
 * `unknown`. Redirects are not followed, so that a token never leaves for another host.
 */
export function createGraphClient(options: {
  readonly graphUrl: string;
  readonly callTimeoutMs?: number;
}): GraphClient {
  const given = options.graphUrl.replace(/\/+$/, "");
  const root = /\/v\d+\.\d+$/.test(given) ? given : `${given}/${GRAPH_VERSION}`;
  const agent = new Agent({
    connect: { timeout: 5_000 },
    connections: MAX_CONNECTIONS,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
  });
  return {
    root,
    async call(call) {
      const url = new URL(`${root}/${call.path}`);
      for (const [name, value] of Object.entries(call.query ?? {})) {
        url.searchParams.set(name, value);
      }
      const isUpload = call.body !== undefined && "file" in call.body;
      const ordinaryMs = options.callTimeoutMs ?? CALL_TIMEOUT_MS;
      const limit = AbortSignal.timeout(isUpload ? UPLOAD_TIMEOUT_MS : ordinaryMs);
      const state = { written: false };
      try {
        return await withOwnSignal(AbortSignal.any([call.signal, limit]), (signal) =>
          exchange(agent, url, { ...call, signal }, state),
        );
      } catch (error) {
        const reason = limit.aborted ? "timeout" : call.signal.aborted ? "aborted" : codeOf(error);
        return { kind: "no-answer", written: state.written, reason };
      }
    },
  };
}

/** Sets `state.written` as soon as the request goes out. Rejects with undici's error, or the signal's. */
function exchange(
  agent: Agent,
  url: URL,
  call: GraphCall,
  state: { written: boolean },
): Promise<GraphAnswer> {
  const { contentType, bytes } = encode(call.body);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    call.signal.throwIfAborted();
    let controller: Dispatcher.DispatchController | undefined;
    call.signal.addEventListener("abort", () => {
      controller?.abort(ABORTED);
      reject(ABORTED);
    });
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: call.method,
        headers: {
          authorization: `Bearer ${call.accessToken}`,
          accept: "application/json",
          "user-agent": "pregonero",
          ...(contentType !== undefined && { "content-type": contentType }),
        },
        body: bytes,
      },
      {
        onRequestStart(started) {
          controller = started;
          if (call.signal.aborted) started.abort(ABORTED);
          else state.written = true;
        },
        onResponseStart(_controller, statusCode, responseHeaders) {
          status = statusCode;
          headers = responseHeaders;
        },
        onResponseData(responding, chunk) {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) responding.abort(TOO_LARGE);
          else chunks.push(chunk);
        },
        onResponseEnd() {
          resolve(readAnswer(status, headers, Buffer.concat(chunks).toString()));
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      },
    );
  });
}

/** Made once: an error with its stack costs more than all the rest. */
const ABORTED = Object.assign(new Error("aborted"), { code: "aborted" });
const TOO_LARGE = Object.assign(new Error("answer too large"), { code: "answer-too-large" });

function encode(body: GraphCall["body"]): {
  readonly contentType: string | undefined;
  readonly bytes: string | Buffer | null;
} {
  if (body === undefined) return { contentType: undefined, bytes: null };
  if ("file" in body) return encodeMultipart(body);
  return { contentType: "application/json", bytes: JSON.stringify(body.json) };
}

/** RFC 7578. A file's name was cleaned of what would end it; `mimeType` is one of a list. */
function encodeMultipart({ file, fields }: GraphUpload): { contentType: string; bytes: Buffer } {
  const boundary = `pregonero-${randomUUID()}`;
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `${parts.join("")}--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${file.name}"\r\ncontent-type: ${file.mimeType}\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

function readAnswer(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  text: string,
): GraphAnswer {
  const body = parseObject(text);
  if (status >= 200 && status < 300 && body !== undefined && !("error" in body)) {
    return { kind: "ok", body };
  }
  const error = body === undefined ? undefined : parseObject(body.error);
  const data = parseObject(error?.error_data);
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  const details = [data?.details, error?.message].find((words) => typeof words === "string");
  return {
    kind: "error",
    error: {
      status,
      code: number(error?.code),
      subcode: number(error?.error_subcode),
      isTransient: error?.is_transient === true,
      details: typeof details === "string" ? details.slice(0, 300) : "no details",
      retryAfterMs: waitOf(headers),
    },
  };
}

/** `retry-after`, else the minutes that Graph's usage headers name. */
function waitOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): number | undefined {
  const get = (name: string) => {
    const value = headers[name];
    return typeof value === "string" ? value : null;
  };
  const hint = readRetryAfter({ get });
  if (hint !== undefined) return hint.afterMs;
  const usage = parseObject(get("x-business-use-case-usage"));
  const minutes = Object.values(usage ?? {})
    .flat()
    .map((entry) => Number(parseObject(entry)?.estimated_time_to_regain_access ?? 0))
    .filter((value) => Number.isFinite(value) && value > 0);
  return minutes.length === 0 ? undefined : Math.max(...minutes) * 60_000;
}

function parseObject(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== "string") {
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  }
  try {
    return parseObject(JSON.parse(value) as object);
  } catch {
    return undefined;
  }
}

/** The error's code in kebab-case: its message might hold an address. */
function codeOf(error: unknown): string {
  const code =
    error instanceof Error && "code" in error && typeof error.code === "string"
      ? error.code
      : "unexpected-error";
  return code.toLowerCase().replaceAll("_", "-");
}
