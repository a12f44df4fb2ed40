import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { isPregoneroError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import {
  CONTROL_FILE,
  type CommandName,
  type ControlLine,
  INPUTS,
  MAX_INPUT_BYTES,
} from "./control-protocol.ts";
import type { CommandContext, CommandPorts } from "./ports.ts";

/**
 * Lets commands of other terminals reach this process; see control-protocol.ts. Resolves when it listens
 * and its file is written. `close` removes the file, aborts what runs, and resolves when all has ended.
 */
export async function openControlServer(options: {
  readonly dataDirectory: string;
  readonly ports: CommandPorts;
  readonly logger: Logger;
}): Promise<{ close(): Promise<void> }> {
  const token = randomBytes(32).toString("base64url");
  const server = createServer(createControlListener({ ...options, token }));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const file = path.join(options.dataDirectory, CONTROL_FILE);
  const part = `${file}.${process.pid}`;
  const content = JSON.stringify({ url: `http://127.0.0.1:${port}`, token, pid: process.pid });
  rmSync(part, { force: true });
  writeFileSync(part, content, { mode: 0o600, flag: "wx" });
  renameSync(part, file);
  return {
    async close() {
      removeIfOurs(file, content);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function removeIfOurs(file: string, content: string): void {
  try {
    if (readFileSync(file, "utf8") === content) rmSync(file, { force: true });
  } catch {
    // Somebody removed it before us, which is what we want.
  }
}

/** The listener alone, for a server of another kind. */
export function createControlListener(options: {
  readonly ports: CommandPorts;
  readonly token: string;
  readonly logger: Logger;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  const expected = hash(`Bearer ${options.token}`);
  return (request, response) => {
    if (!timingSafeEqual(hash(request.headers.authorization ?? ""), expected)) {
      refuse(
        response,
        401,
        "control-unauthorised",
        "The token of control.json is missing or wrong.",
      );
      return;
    }
    serve(options, request, response).catch((error: unknown) => {
      options.logger.error("control-failed", { error });
      response.destroy();
    });
  };
}

async function serve(
  { ports, logger }: { readonly ports: CommandPorts; readonly logger: Logger },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const command = (request.url ?? "").slice(1);
  if (request.method !== "POST" || !isCommand(command)) {
    refuse(response, 404, "command-unknown", "This version of the server has no such command.");
    return;
  }
  const body = await readBody(request);
  const input = INPUTS[command].safeParse(body);
  if (!input.success) {
    const [issue] = input.error.issues;
    const where = issue?.path.join(".") ?? "";
    refuse(
      response,
      400,
      "input-invalid",
      `${where || "The input"}: ${issue?.message ?? "is not valid"}`,
    );
    return;
  }
  const aborter = new AbortController();
  response.once("close", () => aborter.abort());
  response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  const write = (line: ControlLine) => void response.write(`${JSON.stringify(line)}\n`);
  const context: CommandContext = {
    signal: aborter.signal,
    onProgress: (progress) => write({ progress }),
  };
  try {
    // The schema that parsed the input is the one of this very command.
    const run = ports[command] as (input: unknown, context: CommandContext) => Promise<unknown>;
    write({ result: await run.call(ports, input.data, context) });
  } catch (error) {
    if (!isPregoneroError(error)) logger.error("command-failed", { command, error });
    write({ error: describeError(error) });
  }
  response.end();
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(INPUTS, name);
}

/** Undefined for what is not JSON or is too long: no command's schema accepts that. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > MAX_INPUT_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify({ error: { code, message } }));
}

function describeError(error: unknown): { readonly code: string; readonly message: string } {
  if (isPregoneroError(error)) return { code: error.code, message: error.message };
  return {
    code: "internal",
    message: "The running server failed on this command; its log has the reason (command-failed).",
  };
}
