import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../src/core/clock.ts";
import type { TenantId } from "../../src/core/ids.ts";
import { createApiKeys } from "../../src/store/api-keys.ts";
import { migrate } from "../../src/store/migrate.ts";
import { openEmbedded } from "../../src/store/open-embedded.ts";
import { spawnPregonero } from "../../test/services/harness/pregonero.ts";
import type { ServerProcess } from "../../test/services/harness/server-process.ts";
import { COLLECTING_FLAGS, createCollectedMemory } from "../collected-memory.ts";
import type { Figure } from "../figure.ts";
import { residentBytes } from "../process-usage.ts";
import { startPeer } from "../product.ts";

const TENANTS = 4;
const KEYS_PER_TENANT = 25;
/** What one key may have open. */
const STREAMS_PER_KEY = 20;
const STREAMS = TENANTS * KEYS_PER_TENANT * STREAMS_PER_KEY;
/** For what was asked of the database while they were opened to end. */
const SETTLE_MS = 20_000;

/** 2,000 readers of live events on one embedded process, and all of them coming back in one moment. */
export async function measureStreams(): Promise<readonly Figure[]> {
  const peer = await measurePeer();
  const product = await measureProduct();
  return [
    {
      figure: `memory of each of ${STREAMS} open event streams`,
      value: product.bytes / 1_000,
      unit: "kB",
      target: { atMost: 20 },
      note: `RSS after the garbage of opening them was collected, less RSS before; ${(product.uncollectedBytes / 1_000).toFixed(1)} kB until V8 collects it; bare node:http in the same run ${(peer.bytes / 1_000).toFixed(1)} kB`,
    },
    {
      figure: `${STREAMS} streams reconnect at once: until the last is told that it is up to date`,
      value: product.stormMs,
      unit: "ms",
      peer: { name: "bare node:http", value: peer.stormMs },
      note: "each with an API key and a Last-Event-ID; the peer asks nobody who they are",
    },
  ];
}

interface Measured {
  /** Of each stream. */
  readonly bytes: number;
  /** With the garbage that opening them left. */
  readonly uncollectedBytes: number;
  readonly stormMs: number;
}

async function measurePeer(): Promise<Measured> {
  const peer = await startPeer("event-server", [], COLLECTING_FLAGS);
  try {
    await peer.printed(/listening on \d+/);
    const port = Number(/listening on (\d+)/.exec(peer.logs())?.[1]);
    return await measure(peer, port, Array<string>(STREAMS).fill(""));
  } finally {
    await peer.end("SIGTERM");
  }
}

async function measureProduct(): Promise<Measured> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), "pregonero-streams-"));
  try {
    const keys = await makeKeys(dataDirectory);
    const product = await spawnPregonero({
      nodeFlags: COLLECTING_FLAGS,
      env: {
        DATA_DIR: dataDirectory,
        SAMPLE_DATA: "off",
        SECRET_KEY: randomBytes(32).toString("hex"),
      },
    });
    try {
      await product.waitUntilReady(300_000);
      const headers = keys.flatMap((key) =>
        Array<string>(STREAMS_PER_KEY).fill(`authorization: Bearer ${key}\r\n`),
      );
      return await measure(product, Number(new URL(product.url).port), headers);
    } finally {
      await product.stop();
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function makeKeys(dataDirectory: string): Promise<readonly string[]> {
  const database = await openEmbedded({ dataDirectory });
  try {
    await migrate(database, "migrations");
    const apiKeys = createApiKeys(database, systemClock);
    const keys: string[] = [];
    for (let tenant = 0; tenant < TENANTS; tenant++) {
      const id = randomUUID() as TenantId;
      await database.asDispatcher((tx) =>
        tx.query("insert into tenant (id, slug, name) values ($1, $2, 'Bench')", [id, id]),
      );
      for (let index = 0; index < KEYS_PER_TENANT; index++) {
        keys.push((await apiKeys.create(id, `bench ${index}`, ["events"])).key);
      }
    }
    return keys;
  } finally {
    await database.close();
  }
}

async function measure(
  server: Pick<ServerProcess, "pid" | "printed">,
  port: number,
  headers: readonly string[],
): Promise<Measured> {
  const held = createCollectedMemory(server);
  // A first hundred: code is compiled, pools are filled.
  const warm = await Promise.all(headers.slice(0, 100).map((each) => openStream(port, each)));
  for (const socket of warm) socket.destroy();
  await pause(SETTLE_MS);
  const before = await held();
  const open: Socket[] = [];
  for (let at = 0; at < headers.length; at += 50) {
    const group = headers.slice(at, at + 50);
    open.push(...(await Promise.all(group.map((each) => openStream(port, each)))));
  }
  await pause(SETTLE_MS);
  const uncollectedBytes = (residentBytes([server.pid]) - before) / open.length;
  const bytes = ((await held()) - before) / open.length;
  for (const socket of open) socket.destroy();
  const startedAt = performance.now();
  const again = await Promise.all(
    headers.map((each) => openStream(port, `${each}last-event-id: 0\r\n`)),
  );
  const stormMs = performance.now() - startedAt;
  for (const socket of again) socket.destroy();
  return { bytes, uncollectedBytes, stormMs };
}

/** Resolves when the stream says that the past is told; asks again when its place is not free yet. */
function openStream(port: number, headers: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text = (text + chunk).slice(-2_000);
      if (text.includes("event: ready")) resolve(socket);
      else if (/^HTTP\/1\.1 429/.test(text)) {
        socket.destroy();
        setTimeout(() => openStream(port, headers).then(resolve, reject), 20);
      } else if (/^HTTP\/1\.1 [45]/.test(text)) reject(new Error(text));
    });
    socket.on("error", reject);
    socket.write(`GET /api/v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}\r\n`);
  });
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
