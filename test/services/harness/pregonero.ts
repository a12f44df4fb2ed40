import path from "node:path";
import { repositoryRoot } from "./repository.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

/** One process of the product, as built in dist, started as an operator starts it. */
export interface PregoneroProcess {
  readonly pid: number;
  readonly url: string;
  logs(): string;
  /** Resolves when a printed line matches. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<void>;
  readonly hasEnded: boolean;
  readonly ended: Promise<number | undefined>;
  /** Resolves when /readyz says 200; rejects when the process ends first or `timeoutMs` passes. */
  waitUntilReady(timeoutMs?: number): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGTERM, and its exit code. */
  stop(): Promise<number | undefined>;
}

/**
 * Starts `pregonero start` with this environment alone besides PATH, so that nothing of the machine
 * leaks in. `PORT` is chosen when not given.
 */
export async function spawnPregonero(options: {
  /** Default: all. */
  readonly roles?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Flags for Node, e.g. `--cpu-prof`. */
  readonly nodeFlags?: readonly string[];
}): Promise<PregoneroProcess> {
  const root = repositoryRoot();
  const port = options.env.PORT ?? String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const server = startServerProcess(
    process.execPath,
    [...(options.nodeFlags ?? []), path.join(root, "scripts", "pregonero.mjs"), "start"],
    {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOST: "127.0.0.1",
        ...(options.roles === undefined ? {} : { ROLES: options.roles }),
        ...options.env,
        PORT: port,
      },
    },
  );
  return {
    pid: server.pid,
    url,
    logs: server.logs,
    printed: server.printed,
    get hasEnded() {
      return server.hasEnded;
    },
    ended: server.ended,
    waitUntilReady: (timeoutMs = 120_000) => untilReady(server, url, timeoutMs),
    async kill() {
      await server.end("SIGKILL");
    },
    stop: () => server.end("SIGTERM"),
  };
}

async function untilReady(server: ServerProcess, url: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (server.hasEnded) throw new Error(`Pregonero ended before it was ready:\n${tail(server)}`);
    const response = await fetch(`${url}/readyz`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Pregonero was not ready in ${timeoutMs} ms:\n${tail(server)}`);
}

function tail(server: ServerProcess): string {
  return server.logs().slice(-4_000);
}
