import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { completionFrames, errorBody, USAGE } from "./wire-format.ts";

/** How a call goes wrong. Documented shapes; see wire-format.ts. */
export type ModelFault =
  | {
      readonly kind: "rate-limited";
      readonly retryAfterSeconds?: number;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: "quota" }
  | { readonly kind: "bad-key" }
  | { readonly kind: "context-too-long" }
  | { readonly kind: "bad-request" }
  | { readonly kind: "unknown-model" }
  | { readonly kind: "status"; readonly status: number }
  /** The socket is destroyed before the headers. */
  | { readonly kind: "refused" }
  /** The socket is destroyed after half of the text. */
  | { readonly kind: "cut" }
  /** The response ends cleanly after half of the text: no finish_reason, no `[DONE]`. */
  | { readonly kind: "clean-end" }
  | { readonly kind: "bad-frame" }
  /** `{"error": …}` as a frame after half of the text, under HTTP 200. */
  | { readonly kind: "in-band-error" }
  /** Half of the text, then nothing, the socket open. */
  | { readonly kind: "stall" }
  /** The request is read, and never answered. */
  | { readonly kind: "black-hole" }
  | { readonly kind: "content-filter" }
  | { readonly kind: "length" }
  /** Healthy, with a pause before the first piece and between pieces. */
  | { readonly kind: "slow"; readonly firstMs: number; readonly betweenMs: number };

export interface ReceivedCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface ModelStandIn {
  /** `http://127.0.0.1:port/v1`. */
  readonly baseUrl: string;
  readonly calls: readonly ReceivedCall[];
  /** Faults of the next calls, one each, in order; after them calls succeed. */
  failNext(...faults: readonly ModelFault[]): void;
  /** Resolves when `count` calls have come in. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface ModelStandInOptions {
  /** What the model says; a function sees the request's body. */
  readonly text?: string | ((body: Readonly<Record<string, unknown>>) => string);
  /** The text comes in this many pieces. */
  readonly pieces?: number;
  /** All calls go wrong so, until `failNext` says otherwise. */
  readonly fault?: ModelFault;
  /** Calls without this key are refused with 401. */
  readonly apiKey?: string;
  readonly dimensions?: number;
  /** Keep no calls: for benchmarks. */
  readonly keepsNoCalls?: boolean;
  readonly port?: number;
}

/**
 * Speaks the OpenAI chat-completions and embeddings protocol on the loopback, right and wrong. Frames are
 * made once per text, so that it costs a benchmark little.
 */
export async function startModelStandIn(options: ModelStandInOptions = {}): Promise<ModelStandIn> {
  const calls: ReceivedCall[] = [];
  const faults: ModelFault[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const framesByText = new Map<string, readonly string[]>();
  let callCount = 0;

  const server = createServer((request, response) => {
    readBody(request).then(
      (raw) => answer(request, response, parse(raw)),
      () => response.destroy(),
    );
  });

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: Readonly<Record<string, unknown>>,
  ): void {
    const path = request.url ?? "/";
    if (options.keepsNoCalls !== true) calls.push({ path, headers: request.headers, body });
    callCount += 1;
    for (const waiter of waiting) if (callCount >= waiter.count) waiter.resolve();
    const fault = faults.shift() ?? options.fault;
    if (
      options.apiKey !== undefined &&
      request.headers.authorization !== `Bearer ${options.apiKey}`
    ) {
      sendError(response, { kind: "bad-key" });
      return;
    }
    if (fault !== undefined && sendError(response, fault)) return;
    if (path === "/v1/embeddings") sendEmbeddings(response, body, options.dimensions ?? 8);
    else if (path === "/v1/chat/completions") sendCompletion(response, framesOf(body), fault);
    else sendError(response, { kind: "status", status: 404 });
  }

  function framesOf(body: Readonly<Record<string, unknown>>): readonly string[] {
    const text =
      typeof options.text === "function" ? options.text(body) : (options.text ?? "Hola.");
    const known = framesByText.get(text);
    if (known !== undefined) return known;
    const frames = completionFrames(text, options.pieces ?? 8, String(body.model ?? "stand-in"));
    if (framesByText.size < 100) framesByText.set(text, frames);
    return frames;
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls,
    failNext: (...next) => void faults.push(...next),
    received: (count) =>
      new Promise((resolve) => {
        if (callCount >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** True when the fault is the whole answer. */
function sendError(response: ServerResponse, fault: ModelFault): boolean {
  if (fault.kind === "black-hole") return true;
  if (fault.kind === "refused") {
    response.socket?.destroy();
    return true;
  }
  const error = errorBody(fault);
  if (error === undefined) return false;
  response.writeHead(error.status, { "content-type": "application/json", ...error.headers });
  response.end(JSON.stringify(error.body));
  return true;
}

function sendCompletion(
  response: ServerResponse,
  frames: readonly string[],
  fault: ModelFault | undefined,
): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const texts = frames.slice(0, -3);
  const half = texts.slice(0, Math.ceil(texts.length / 2)).join("");
  switch (fault?.kind) {
    case undefined:
      response.end(frames.join(""));
      return;
    case "cut":
      response.write(half, () => response.socket?.destroy());
      return;
    case "clean-end":
      response.end(half);
      return;
    case "stall":
      response.write(half);
      return;
    case "bad-frame":
      response.end(`${half}data: {"choices": [{\n\n${frames.slice(-3).join("")}`);
      return;
    case "in-band-error":
      response.end(
        `${half}data: ${JSON.stringify({ error: { message: "The server had an error", type: "server_error", code: null } })}\n\n`,
      );
      return;
    case "content-filter":
    case "length": {
      const reason = fault.kind === "length" ? "length" : "content_filter";
      response.end(
        frames.join("").replace('"finish_reason":"stop"', `"finish_reason":"${reason}"`),
      );
      return;
    }
    case "slow":
      sendSlowly(response, frames, fault.firstMs, fault.betweenMs);
      return;
    default:
      response.end(frames.join(""));
  }
}

function sendSlowly(
  response: ServerResponse,
  frames: readonly string[],
  firstMs: number,
  betweenMs: number,
): void {
  response.flushHeaders();
  let next = 0;
  let timer = setTimeout(step, firstMs);
  response.on("close", () => clearTimeout(timer));
  function step() {
    response.write(frames[next] ?? "");
    next += 1;
    if (next >= frames.length) response.end();
    else timer = setTimeout(step, betweenMs);
  }
}

/** Deterministic, of length other than 1, so that normalising shows: hashed words. */
function sendEmbeddings(
  response: ServerResponse,
  body: Readonly<Record<string, unknown>>,
  dimensions: number,
): void {
  const inputs = Array.isArray(body.input) ? body.input : [body.input];
  const data = inputs.map((input, index) => {
    const embedding = new Array<number>(dimensions).fill(0);
    for (const word of String(input).toLowerCase().split(/\s+/)) {
      const slot = createHash("sha256").update(word).digest().readUInt32LE(0) % dimensions;
      embedding[slot] = (embedding[slot] ?? 0) + 3;
    }
    return { object: "embedding", index, embedding };
  });
  response.writeHead(200, { "content-type": "application/json" });
  // Out of order on purpose: `index` says which text a vector is of.
  response.end(
    JSON.stringify({ object: "list", data: data.reverse(), model: body.model, usage: USAGE }),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function parse(raw: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(raw) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
