import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiRefusal } from "./api-refusal.ts";
import type { createFaults, FaultEffect } from "./faults.ts";
import { findMethod, type MethodContext } from "./methods.ts";
import { Parameters, parseParameters, readBody } from "./parameters.ts";
import type { BotState, World } from "./world.ts";

export interface CallRecord {
  readonly method: string;
  readonly botId: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly atMs: number;
  /** Status that the caller got; 0 when the answer was withheld. */
  readonly status: number;
}

/** `<bot id>:<secret>`; anything else is 404, as at Telegram. */
const TOKEN = /^\d+:[\w-]+$/;

/** Answers calls of the Bot API. `match` holds the token, the method and the query of the path. */
export function createCallAnswerer(ports: {
  readonly world: World;
  readonly faults: ReturnType<typeof createFaults>;
  readonly now: () => number;
  readonly context: (onHangUp: MethodContext["onHangUp"]) => MethodContext;
  readonly onCall: (call: CallRecord) => void;
}) {
  const { world, faults, now, context, onCall } = ports;
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    match: RegExpExecArray,
  ): Promise<void> => {
    const [, token = "", method = "", query = ""] = match;
    const body = await readBody(request);
    let effect: FaultEffect | undefined;
    let parameters = new Parameters({});
    const botId = world.bots.get(token)?.id ?? 0;
    const finish = (status: number, payload: unknown) => {
      const withheld = withhold(effect, request, response);
      if (!withheld) write(response, status, payload);
      onCall({
        method,
        botId,
        parameters: parameters.raw,
        atMs: now(),
        status: withheld ? 0 : status,
      });
    };
    try {
      const bot = authorize(world.bots, token);
      const run = findMethod(method);
      if (run === undefined) throw new ApiRefusal(404, "Not Found: method not found");
      parameters = parseParameters(request.headers["content-type"] ?? "", query, body);
      effect = faults.take(method, token, parameters);
      if (effect?.kind === "refuse") {
        throw new ApiRefusal(effect.code, effect.description, effect.parameters);
      }
      if (effect !== undefined && "isAccepted" in effect && !effect.isAccepted) {
        finish(0, undefined);
        return;
      }
      const result = await run(
        bot,
        parameters,
        context((stop) => response.on("close", stop)),
      );
      if (effect?.kind === "delay") await pause(effect.ms, response);
      finish(200, { ok: true, result });
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      const { code, message, parameters: extra } = error;
      finish(code, {
        ok: false,
        error_code: code,
        description: message,
        ...(extra && { parameters: extra }),
      });
    }
  };
}

function authorize(bots: ReadonlyMap<string, BotState>, token: string): BotState {
  if (!TOKEN.test(token)) throw new ApiRefusal(404, "Not Found");
  const bot = bots.get(token);
  if (bot === undefined) throw new ApiRefusal(401, "Unauthorized");
  return bot;
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
        const description = effect.status === 500 ? "Internal Server Error" : "Gateway Timeout";
        write(response, effect.status, { ok: false, error_code: effect.status, description });
      }
      return true;
    case "garbage":
      response.writeHead(200, { "content-type": "application/json" }).end('{"ok":tr');
      return true;
    default:
      return false;
  }
}

export function write(response: ServerResponse, status: number, payload: unknown): void {
  const body = Buffer.from(JSON.stringify(payload));
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
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
