import { randomBytes, randomUUID } from "node:crypto";
import { systemClock } from "../../src/core/clock.ts";
import { asId, type TenantId } from "../../src/core/ids.ts";
import { createApiKeys } from "../../src/store/api-keys.ts";
import { openServer } from "../../src/store/open-server.ts";
import { startPostgres } from "../../test/services/harness/postgres.ts";
import { type PregoneroProcess, spawnPregonero } from "../../test/services/harness/pregonero.ts";
import { COLLECTING_FLAGS, createCollectedMemory } from "../collected-memory.ts";
import type { Figure } from "../figure.ts";
import { residentBytes } from "../process-usage.ts";

const LINES = Number(process.env.BENCH_IMPORT_LINES ?? 200_000);
/** Enough for the process to have made what it makes once. */
const WARM_UP_LINES = 2_000;
/** What the process holds is asked so often; collecting garbage each time makes the import a little slower. */
const SAMPLE_EVERY_MS = 1_000;
const MEGABYTE = 1_000_000;
/** What a file of any size may add to what the process holds: batches under way, and which identifiers were seen. */
const MOST_MEGABYTES = 100;

/** The largest file of contacts that one call takes, on PostgreSQL: how long, and what it adds to the process's memory. */
export async function measureContactImport(): Promise<readonly Figure[]> {
  const postgres = await startPostgres();
  const stops: (() => Promise<unknown>)[] = [() => postgres.stop()];
  try {
    const testDatabase = await postgres.createDatabase();
    const database = openServer({ url: testDatabase.url, maxConnections: 2 });
    stops.push(() => database.close());
    const tenantId = asId<TenantId>(randomUUID());
    await database.asDispatcher((tx) =>
      tx.query("insert into tenant (id, slug, name) values ($1, 'import', 'Import')", [tenantId]),
    );
    const { key } = await createApiKeys(database, systemClock).create(tenantId, "bench", [
      "contacts",
    ]);
    const product = await spawnPregonero({
      roles: "api",
      nodeFlags: COLLECTING_FLAGS,
      env: {
        DATABASE_URL: testDatabase.url,
        SECRET_KEY: randomBytes(32).toString("hex"),
        SAMPLE_DATA: "off",
      },
    });
    stops.push(() => product.stop());
    await product.waitUntilReady(180_000);
    await send(product, key, fileOf(WARM_UP_LINES, 1));
    const file = fileOf(LINES, 2);
    const held = createCollectedMemory(product);
    const before = await held();
    let peak = before;
    let uncollectedPeak = before;
    let isUnderWay = true;
    const sample = async () => {
      while (isUnderWay) {
        await new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS));
        uncollectedPeak = Math.max(uncollectedPeak, residentBytes([product.pid]));
        peak = Math.max(peak, await held());
      }
    };
    const began = performance.now();
    const sending = send(product, key, file).finally(() => {
      isUnderWay = false;
    });
    const [seconds] = await Promise.all([
      sending.then(() => (performance.now() - began) / 1_000),
      sample(),
    ]);
    const size = `${LINES.toLocaleString("en")} lines, ${(file.size / MEGABYTE).toFixed(0)} MB`;
    return [
      {
        figure: "import of contacts: memory that it holds more at its peak",
        value: (peak - before) / MEGABYTE,
        unit: "MB",
        target: { atMost: MOST_MEGABYTES },
        note: `${size}; RSS after garbage was collected: ${(before / MEGABYTE).toFixed(0)} MB before, ${(peak / MEGABYTE).toFixed(0)} MB at the peak; ${(uncollectedPeak / MEGABYTE).toFixed(0)} MB until V8 collects it`,
      },
      { figure: "import of contacts", value: LINES / seconds, unit: "lines/s", note: size },
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

function fileOf(lines: number, prefix: number): Blob {
  const rows = Array.from(
    { length: lines },
    (_, at) =>
      `+506${prefix + 5}${String(at).padStart(7, "0")},Persona Número ${at},vip|prensa,granted,2026-03-01,acta ${at} de la asamblea,Otoya`,
  );
  const heading = "phone,name,tags,consent,consent_at,consent_evidence,field:barrio";
  return new Blob([[heading, ...rows, ""].join("\n")]);
}

async function send({ url }: PregoneroProcess, key: string, file: Blob): Promise<void> {
  const response = await fetch(`${url}/api/v1/contacts/import`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "text/csv" },
    body: file,
  });
  const text = await response.text();
  const report = JSON.parse(text) as { readonly created?: number; readonly lines?: number };
  if (!response.ok || report.created !== report.lines) {
    throw new Error(`${response.status} ${text.slice(0, 1_000)}`);
  }
}
