import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { anthropic } from "./anthropic.ts";
import { gemini } from "./gemini.ts";
import type { Ending, LlmFault } from "./llm-fault.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiResponses } from "./openai-responses.ts";
import { interrupt, MARK, sendJson, sendStream, sendWhole } from "./transport.ts";
import {
  type Frames,
  isRecord,
  type Operation,
  type ReceivedCall,
  type ReceivedFile,
  splitText,
  type ToldFault,
  type WireFormat,
} from "./wire-format.ts";

export const LLM_PROTOCOLS = {
  "openai-chat": openAiChat,
  "openai-responses": openAiResponses,
  anthropic,
  gemini,
} as const satisfies Readonly<Record<string, WireFormat>>;

export type LlmProtocol = keyof typeof LLM_PROTOCOLS;

export interface LlmStandIn {
  /** As the vendor's SDK takes it: `http://127.0.0.1:port/v1` for OpenAI's protocols, without a path for the others. */
  readonly baseUrl: string;
  readonly calls: readonly ReceivedCall[];
  /** Faults of the next calls, one each, in order; after them calls succeed (or go wrong as `fault` says). */
  failNext(...faults: readonly LlmFault[]): void;
  /** From now on all calls (of one protocol) go wrong so; undefined: they succeed. Replaces the option `fault`. */
  setFault(fault: LlmFault | undefined, protocol?: LlmProtocol): void;
  /** Resolves when `count` calls have come in. */
  received(count: number): Promise<void>;
  /** To all callers so far, as far as they took it. */
  sentBytes(): number;
  close(): Promise<void>;
}

export interface LlmStandInOptions {
  /** `all`: every protocol at its own addresses; `baseUrl` is then without a path. */
  readonly protocol: LlmProtocol | "all";
  /** What the model says; a function sees the request's body. Default "Hola.". */
  readonly text?: string | ((body: ReceivedCall["body"]) => string);
  /** What is heard in every recording; a function sees the form. Default "Hola.". */
  readonly transcript?: string | ((body: ReceivedCall["body"]) => string);
  /** The text comes in this many pieces. Default 8. */
  readonly pieces?: number;
  /** All calls go wrong so, until `failNext` says otherwise. */
  readonly fault?: LlmFault;
  /** Calls with another key are refused. */
  readonly apiKey?: string;
  /** Of embeddings. Default 8. */
  readonly dimensions?: number;
  /** Keep no calls: for benchmarks. */
  readonly keepsNoCalls?: boolean;
  readonly port?: number;
}

/**
 * Speaks a vendor's protocol on the loopback, right and wrong. A request that the vendor would refuse is refused
 * with its status and body, before any fault. Every answer was 120 tokens to read, 20 of them cached, and 40 to
 * write, counted the vendor's way. Streams of one text are made once, so that it costs a benchmark little.
 */
export async function startLlmStandIn(options: LlmStandInOptions): Promise<LlmStandIn> {
  const formats =
    options.protocol === "all" ? Object.values(LLM_PROTOCOLS) : [LLM_PROTOCOLS[options.protocol]];
  const calls: ReceivedCall[] = [];
  const faults: LlmFault[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const lasting = new Map<WireFormat, LlmFault | undefined>();
  const answerCall = createAnswerer(
    formats,
    options,
    (format) => faults.shift() ?? (lasting.has(format) ? lasting.get(format) : options.fault),
  );
  let callCount = 0;
  const sockets = new Set<Socket>();

  const server = createServer((request, response) => {
    readBody(request).then(
      (raw) => {
        const { url: path = "/", headers } = request;
        const call = { path, headers, body: raw };
        if (options.keepsNoCalls !== true) calls.push(call);
        callCount += 1;
        for (const waiter of waiting) if (callCount >= waiter.count) waiter.resolve();
        answerCall(request.method ?? "GET", call, response);
      },
      () => response.destroy(),
    );
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const basePath = options.protocol === "all" ? "" : LLM_PROTOCOLS[options.protocol].basePath;
  return {
    baseUrl: `http://127.0.0.1:${port}${basePath}`,
    calls,
    failNext: (...next) => void faults.push(...next),
    setFault: (fault, protocol) => {
      const struck = protocol === undefined ? formats : [LLM_PROTOCOLS[protocol]];
      for (const format of struck) lasting.set(format, fault);
    },
    received: (count) =>
      new Promise((resolve) => {
        if (callCount >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    sentBytes: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createAnswerer(
  formats: readonly WireFormat[],
  options: LlmStandInOptions,
  nextFault: (format: WireFormat) => LlmFault | undefined,
) {
  const framesByText = new Map<string, Frames>();

  /** As the vendor orders it: address, key, request; then what the fault says. */
  return (method: string, call: ReceivedCall, response: ServerResponse): void => {
    const route = findRoute(formats, call);
    if (route === undefined || method !== "POST") {
      sendError(response, formats[0], { kind: "status", status: 404 });
      return;
    }
    const { format, operation } = route;
    if (!format.isAuthorized(call, options.apiKey)) {
      sendError(response, format, { kind: "bad-key" });
      return;
    }
    const problem = format.findProblem(call, operation);
    if (problem !== undefined) {
      sendError(response, format, { kind: "bad-request" }, problem);
      return;
    }
    const fault = nextFault(format);
    if (fault !== undefined) {
      if (interrupt(response, fault)) return;
      if (isTold(fault)) {
        sendError(response, format, fault);
        return;
      }
    }
    if (operation.kind === "embed") sendEmbeddings(response, format, call, fault);
    else if (operation.kind === "transcribe") {
      const heard = format.transcription?.(transcriptOf(call.body), call.body);
      sendWhole(response, format, heard, fault);
    } else sendAnswer(response, format, call, operation, fault);
  };

  function sendAnswer(
    response: ServerResponse,
    format: WireFormat,
    { body }: ReceivedCall,
    { stream, model }: Extract<Operation, { kind: "generate" }>,
    fault: LlmFault | undefined,
  ): void {
    const ending = endingOf(fault);
    const text = hasMark(fault) ? MARK : textOf(body);
    if (!stream) {
      sendWhole(response, format, format.whole(text, model, ending), fault);
      return;
    }
    if (fault !== undefined) {
      const pieces = hasMark(fault) ? [MARK] : splitText(text, options.pieces ?? 8);
      sendStream(response, format, format.frames(pieces, model, ending), fault);
      return;
    }
    sendStream(response, format, healthyFrames(format, text, model), undefined);
  }

  function healthyFrames(format: WireFormat, text: string, model: string): Frames {
    const key = `${formats.indexOf(format)}\n${model}\n${text}`;
    const known = framesByText.get(key);
    if (known !== undefined) return known;
    const made = format.frames(splitText(text, options.pieces ?? 8), model, "stop");
    // Joined at once: a healthy stream is never taken apart again.
    const joined = {
      head: [[...made.head, ...made.pieces, ...made.tail].join("")],
      pieces: [],
      tail: [],
    };
    if (framesByText.size < 100) framesByText.set(key, joined);
    return joined;
  }

  function textOf(body: ReceivedCall["body"]): string {
    return typeof options.text === "function" ? options.text(body) : (options.text ?? "Hola.");
  }

  function transcriptOf(body: ReceivedCall["body"]): string {
    const { transcript } = options;
    return typeof transcript === "function" ? transcript(body) : (transcript ?? "Hola.");
  }

  function sendEmbeddings(
    response: ServerResponse,
    format: WireFormat,
    { body, path }: ReceivedCall,
    fault: LlmFault | undefined,
  ): void {
    const vectors = format
      .textsToEmbed(body)
      .map((text) => (hasMark(fault) ? [0] : embed(text, options.dimensions ?? 8)));
    sendWhole(response, format, format.embeddings(vectors, body, path), fault);
  }
}

function findRoute(formats: readonly WireFormat[], { path, body }: ReceivedCall) {
  for (const format of formats) {
    const operation = format.operationOf(path, body);
    if (operation !== undefined) return { format, operation };
  }
  return undefined;
}

function sendError(
  response: ServerResponse,
  format: WireFormat | undefined,
  fault: ToldFault,
  message?: string,
): void {
  const answer = (format ?? openAiChat).error(fault, message);
  sendJson(response, answer.body, answer.status, answer.headers);
}

const TOLD: ReadonlySet<LlmFault["kind"]> = new Set([
  "rate-limited",
  "status",
  "overloaded",
  "bad-key",
  "payment-required",
  "spend-limit",
  "workspace-spend-limit",
  "quota",
  "context-too-long",
  "bad-request",
  "unknown-model",
] satisfies ToldFault["kind"][]);

function isTold(fault: LlmFault): fault is ToldFault {
  return TOLD.has(fault.kind);
}

function hasMark(fault: LlmFault | undefined): boolean {
  return fault?.kind === "huge-body" || fault?.kind === "invalid-utf8";
}

function endingOf(fault: LlmFault | undefined): Ending {
  switch (fault?.kind) {
    case "length":
    case "content-filter":
    case "refusal":
    case "empty-choices":
      return fault.kind;
    default:
      return "stop";
  }
}

/** Hashed words: deterministic, and of length other than 1, so that normalising shows. */
function embed(text: string, dimensions: number): readonly number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().split(/\s+/)) {
    const slot = createHash("sha256").update(word).digest().readUInt32LE(0) % dimensions;
    vector[slot] = (vector[slot] ?? 0) + 3;
  }
  return vector;
}

/** An object of JSON, or a form's fields. */
async function readBody(request: IncomingMessage): Promise<ReceivedCall["body"]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const type = request.headers["content-type"] ?? "";
  return type.startsWith("multipart/form-data") ? readForm(raw, type) : parse(raw.toString());
}

async function readForm(raw: Buffer, type: string): Promise<ReceivedCall["body"]> {
  const form = await new Response(raw, { headers: { "content-type": type } }).formData();
  const fields = await Promise.all(
    [...form].map(async ([name, value]): Promise<[string, string | ReceivedFile]> => {
      if (typeof value === "string") return [name, value];
      const bytes = Buffer.from(await value.arrayBuffer());
      return [name, { name: value.name, mediaType: value.type, bytes }];
    }),
  );
  return Object.fromEntries(fields);
}

function parse(raw: string): ReceivedCall["body"] {
  try {
    const value: unknown = JSON.parse(raw);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
