import { readFileSync } from "node:fs";
import { request } from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { PregoneroError } from "../core/errors.ts";
import {
  CONTROL_FILE,
  type CommandName,
  type ControlFile,
  type ControlLine,
  controlFile,
  INPUTS,
} from "./control-protocol.ts";
import type { CommandContext, CommandPorts } from "./ports.ts";

/** The control file of the running server; undefined when none has written one. */
export function readControlFile(dataDirectory: string): ControlFile | undefined {
  try {
    const text = readFileSync(path.join(dataDirectory, CONTROL_FILE), "utf8");
    return controlFile.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * The commands of the running server that wrote `file`. A call throws `control-gone` when that server
 * no longer answers, which also is how a file left by a dead process is found out.
 */
export function createControlClient(file: ControlFile): CommandPorts {
  const ports = Object.fromEntries(
    (Object.keys(INPUTS) as CommandName[]).map((command) => [
      command,
      (input: unknown, context: CommandContext) => call(file, command, input, context),
    ]),
  );
  // One entry per command of INPUTS, which has the very keys of CommandPorts.
  return ports as unknown as CommandPorts;
}

async function call(
  file: ControlFile,
  command: CommandName,
  input: unknown,
  { signal, onProgress }: CommandContext,
): Promise<unknown> {
  const response = await post(file, command, JSON.stringify(input), signal);
  response.setEncoding("utf8");
  try {
    for await (const text of createInterface({ input: response })) {
      const line = JSON.parse(text) as ControlLine;
      if ("progress" in line) onProgress(line.progress);
      else if ("error" in line) throw toError(line.error, response.statusCode);
      // JSON has no undefined: a command without a result answers without one.
      else return (line as { readonly result?: unknown }).result;
    }
  } catch (error) {
    if (error instanceof PregoneroError) throw error;
    signal.throwIfAborted();
  } finally {
    response.destroy();
  }
  throw gone(file, "it ended in the middle of the command");
}

function post(file: ControlFile, command: string, body: string, signal: AbortSignal) {
  return new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    const outgoing = request(`${file.url}/${command}`, {
      method: "POST",
      signal,
      headers: {
        authorization: `Bearer ${file.token}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      },
    });
    outgoing.once("response", resolve);
    outgoing.once("error", (error: NodeJS.ErrnoException) =>
      reject(signal.aborted ? error : gone(file, error.code ?? error.message)),
    );
    outgoing.end(body);
  });
}

function toError(error: { readonly code: string; readonly message: string }, status = 0) {
  // Another process listens on the port of a server that died: its file is as good as none.
  if (status === 401) return new PregoneroError("control-gone", error.message);
  return new PregoneroError(error.code, error.message);
}

function gone(file: ControlFile, why: string): PregoneroError {
  return new PregoneroError(
    "control-gone",
    `The running server (process ${file.pid}) does not answer on ${file.url}: ${why}.`,
  );
}
