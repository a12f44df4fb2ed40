import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../config.ts";
import { isPregoneroError } from "../core/errors.ts";
import { createControlClient, readControlFile } from "./control-client.ts";
import type { CommandPorts, Output } from "./ports.ts";

/** While a first start migrates, the database is held and the control server is not there yet. */
const WAIT_FOR_SERVER_MS = 30_000;
const LOOK_EVERY_MS = 250;

/**
 * Calls `use` with the commands of this installation. The embedded database serves one process: when a
 * running server has it, the commands are that server's; else this process opens it for as long as `use` takes.
 */
export async function withCommands(
  options: {
    readonly config: Config;
    readonly open: () => Promise<{ readonly ports: CommandPorts; close(): Promise<void> }>;
    readonly out: Output;
    readonly signal: AbortSignal;
  },
  use: (ports: CommandPorts) => Promise<number>,
): Promise<number> {
  const remote = await useRemote(options.config, use);
  if (remote !== undefined) return remote;
  let opened: Awaited<ReturnType<typeof options.open>>;
  try {
    opened = await options.open();
  } catch (error) {
    if (!isPregoneroError(error, "data-directory-busy")) throw error;
    return useWhenReady(options, use, error);
  }
  try {
    return await use(opened.ports);
  } finally {
    await opened.close();
  }
}

/** Undefined: no server runs, or the file that says so is of one that died. */
async function useRemote(
  config: Config,
  use: (ports: CommandPorts) => Promise<number>,
): Promise<number | undefined> {
  const file = config.mode === "embedded" ? readControlFile(config.dataDirectory) : undefined;
  if (file === undefined) return undefined;
  try {
    return await use(createControlClient(file));
  } catch (error) {
    if (isPregoneroError(error, "control-gone")) return undefined;
    throw error;
  }
}

async function useWhenReady(
  {
    config,
    out,
    signal,
  }: { readonly config: Config; readonly out: Output; readonly signal: AbortSignal },
  use: (ports: CommandPorts) => Promise<number>,
  busy: unknown,
): Promise<number> {
  out.progress("Another Pregonero process is starting with this data directory; waiting for it …");
  const deadline = performance.now() + WAIT_FOR_SERVER_MS;
  while (performance.now() < deadline) {
    await pause(LOOK_EVERY_MS, undefined, { signal });
    const exitCode = await useRemote(config, use);
    if (exitCode !== undefined) return exitCode;
  }
  throw busy;
}
