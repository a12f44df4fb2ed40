import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { findRedis } from "./binaries.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

/** A Redis server of its own on loopback, with the settings that `doctor` asks for. */
export interface EphemeralRedis {
  readonly port: number;
  readonly url: string;
  readonly pid: () => number;
  /** kill -9; stays down until `start`. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

export async function startRedis(): Promise<EphemeralRedis> {
  const binary = findRedis();
  if (binary === undefined) throw new Error("Redis is not installed here.");
  const directory = await mkdtemp(path.join(tmpdir(), "pregonero-redis-"));
  const port = await freePort();
  let server: ServerProcess | undefined;

  async function start(): Promise<void> {
    const settings: Readonly<Record<string, string>> = {
      port: String(port),
      bind: "127.0.0.1",
      dir: directory,
      appendonly: "yes",
      save: "",
      "maxmemory-policy": "noeviction",
    };
    server = startServerProcess(
      binary ?? "",
      Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    );
    await server.printed(/Ready to accept connections/);
  }
  await start();

  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid: () => server?.pid ?? -1,
    async crash() {
      await server?.end("SIGKILL");
    },
    start,
    async stop() {
      await server?.end("SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
  };
}
