import type { IncomingMessage, ServerResponse } from "node:http";
import { parseParameters, readBody, type UploadedFile } from "../telegram/parameters.ts";
import type { CallKind, createFaults, FaultEffect } from "./faults.ts";
import { GraphRefusal, unknownObject } from "./graph-refusal.ts";
import {
  configureNumber,
  describeMedia,
  describeNumber,
  type Json,
  type MethodContext,
  markRead,
  sendMessage,
  uploadMedia,
  verifyCallback,
} from "./methods.ts";
import type { NumberState } from "./world.ts";

export interface CallRecord {
  readonly call: CallKind | "unknown";
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly atMs: number;
  /** Status that the caller got; 0 when the answer was withheld. */
  readonly status: number;
  /** Of Graph's error. */
  readonly code: number | undefined;
}

/** One call as it was understood. */
interface Call {
  readonly kind: CallKind;
  /** Of the object that it is about; a media id for `media` and `download`. */
  readonly id: string;
  readonly number: NumberState;
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly file: UploadedFile | undefined;
}

const VERSIONED = /^\/v\d+\.\d+\/(\d{1,32})(?:\/(messages|media|subscribed_apps))?$/;
const DOWNLOAD = /^\/whatsapp_business\/attachments\/$/;

/** Whether a path is Graph's business. */
export function isGraphPath(url: string | undefined): boolean {
  const path = new URL(url ?? "/", "http://stand-in").pathname;
  return VERSIONED.test(path) || DOWNLOAD.test(path) || /^\/v\d/.test(path);
}

export function createCallAnswerer(ports: {
  readonly context: MethodContext;
  readonly faults: ReturnType<typeof createFaults>;
  readonly onCall: (call: CallRecord) => void;
}) {
  const { context, faults, onCall } = ports;
  const { world, now } = context;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const raw = await readBody(request);
    let call: Call | undefined;
    let effect: FaultEffect | undefined;
    const finish = (status: number, payload: object | Buffer, code?: number) => {
      const withheld = withhold(effect, request, response);
      if (!withheld) write(response, status, payload, effect);
      onCall({
        call: call?.kind ?? "unknown",
        method: request.method ?? "",
        path: url.pathname,
        body: call?.body ?? {},
        atMs: now(),
        status: withheld ? 0 : status,
        code,
      });
    };
    try {
      call = understand(request, url, raw);
      effect = faults.take(
        call.kind,
        call.number.phoneNumberId,
        call.body.to ?? call.body.recipient,
      );
      if (effect?.kind === "refuse") {
        const { code, details = "told to", ...options } = effect;
        throw new GraphRefusal(code, details, options);
      }
      if (effect !== undefined && "isAccepted" in effect && !effect.isAccepted) {
        finish(0, {});
        return;
      }
      const result = await run(call, effect?.kind === "fail-later" ? effect.code : undefined);
      if (effect?.kind === "delay") await pause(effect.ms, response);
      finish(200, result);
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      finish(error.status, error.toBody(), error.code);
    }
  };

  function understand(request: IncomingMessage, url: URL, raw: Buffer): Call {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    const number = [...world.numbers.values()].find(
      ({ accessToken, isRevoked }) => accessToken === token && !isRevoked,
    );
    if (number === undefined) {
      throw new GraphRefusal(190, "Invalid OAuth access token - Cannot parse access token");
    }
    const { body, file } = readParameters(request, raw);
    const about = { number, query: url.searchParams, body, file };
    if (DOWNLOAD.test(url.pathname) && request.method === "GET") {
      return { ...about, kind: "download", id: url.searchParams.get("mid") ?? "" };
    }
    const [, id = "", edge] = VERSIONED.exec(url.pathname) ?? [];
    const kind = kindOf(request.method ?? "", id, edge, body);
    if (kind === undefined) throw unknownObject(url.pathname.slice(1));
    const owner = kind === "subscribe" ? number.businessAccountId : number.phoneNumberId;
    if (kind !== "media" && id !== owner) throw unknownObject(id);
    return { ...about, kind, id };
  }

  function kindOf(
    method: string,
    id: string,
    edge: string | undefined,
    body: Json,
  ): CallKind | undefined {
    if (method === "GET" && edge === undefined) return world.numbers.has(id) ? "number" : "media";
    if (method !== "POST") return undefined;
    if (edge === undefined) return "configure";
    if (edge === "media") return "upload";
    if (edge === "subscribed_apps") return "subscribe";
    return body.status === undefined ? "message" : "typing";
  }

  async function run(call: Call, failure: number | undefined): Promise<object | Buffer> {
    switch (call.kind) {
      case "message":
        return sendMessage(call.number, call.body, context, failure);
      case "typing":
        return markRead(call.number, call.body, context);
      case "upload":
        return uploadMedia(call.body, call.file, world);
      case "media":
      case "download": {
        const held = world.media.get(call.id);
        if (held === undefined) throw unknownObject(call.id);
        return call.kind === "download"
          ? held.bytes
          : describeMedia(call.id, held, context.origin());
      }
      case "number":
        return describeNumber(call.number, call.query);
      case "configure":
        return configureNumber(call.number, call.body);
      case "subscribe": {
        const url = call.body.override_callback_uri;
        if (typeof url === "string") {
          await verifyCallback(url, String(call.body.verify_token));
          call.number.callbacks.account = url;
        }
        return { success: true };
      }
      default:
        return call.kind satisfies never;
    }
  }
}

function readParameters(
  request: IncomingMessage,
  raw: Buffer,
): { body: Json; file: UploadedFile | undefined } {
  const contentType = request.headers["content-type"] ?? "";
  try {
    const { raw: body, files } = parseParameters(contentType, "", raw);
    return { body, file: files.get("file") };
  } catch {
    throw new GraphRefusal(100, "The request's body is not JSON");
  }
}

/** Carries out what a fault does to the answer; false when the answer goes out as usual. */
function withhold(
  effect: FaultEffect | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  switch (effect?.kind) {
    case "drop":
      request.socket.destroy();
      return true;
    case "black-hole":
      return true;
    case "server-error":
      if (effect.status === 502) {
        response
          .writeHead(502, { "content-type": "text/html" })
          .end("<html><h1>502 Bad Gateway</h1></html>");
      } else {
        const refusal = new GraphRefusal(131000, "Something went wrong", { status: effect.status });
        write(response, effect.status, refusal.toBody(), undefined);
      }
      return true;
    case "garbage":
      response.writeHead(200, { "content-type": "application/json" }).end('{"messag');
      return true;
    default:
      return false;
  }
}

function write(
  response: ServerResponse,
  status: number,
  payload: object | Buffer,
  effect: FaultEffect | undefined,
): void {
  const isFile = Buffer.isBuffer(payload);
  const body = isFile ? payload : Buffer.from(JSON.stringify(payload));
  const wait = effect?.kind === "refuse" ? effect.retryAfterSeconds : undefined;
  response.writeHead(status, {
    "content-type": isFile ? "application/octet-stream" : "application/json",
    // The size of a file is not told beforehand: who downloads must count.
    ...(!isFile && { "content-length": body.length }),
    ...(wait !== undefined && { "retry-after": String(wait) }),
  });
  response.end(body);
}

function pause(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.on("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
