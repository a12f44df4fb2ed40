import type { Cipher } from "../../core/cipher.ts";
import { isPregoneroError, PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Database } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { writeAudit } from "../people-rows.ts";
import { chunkPlace } from "./exports.ts";
import { listTenantTables, readTable } from "./tenant-tables.ts";
import { type ZipEntry, zip } from "./zip.ts";

export interface ExportPorts {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly readFile: (key: string) => Promise<Buffer | undefined>;
  /** How long an archive is kept, with what was erased since it was made. */
  readonly exportDays: number;
}

/** A part of an archive, in memory and in a row. */
const CHUNK_BYTES = 256 * 1024;
/** A process that said nothing for so long is gone. */
const STALE = "interval '2 minutes'";

interface Claimed {
  readonly tenantId: TenantId;
  readonly exportId: string;
  /** Fences out a process that was taken for dead: what it writes next finds another heartbeat. */
  heartbeat: string;
}

/** Makes one archive that waits, from its beginning. False: none waits. */
export async function makeNextExport(ports: ExportPorts, signal: AbortSignal): Promise<boolean> {
  const claimed = await claim(ports.database);
  if (claimed === undefined) return false;
  try {
    const bytes = await write(ports, claimed, signal);
    await finish(ports, claimed, bytes);
  } catch (error) {
    // Stopped: it is begun anew when its heartbeat is old.
    if (signal.aborted) return false;
    if (isPregoneroError(error, "export-lost")) return true;
    await fail(ports.database, claimed, error);
  }
  return true;
}

async function claim(database: Database): Promise<Claimed | undefined> {
  const isOpen = `state = 'queued' or (state = 'running' and heartbeat_at < now() - ${STALE})`;
  const [found] = await database.asDispatcher((tx) =>
    tx.query<{ tenant_id: string; id: string }>(
      `select tenant_id, id from tenant_export where ${isOpen} order by asked_at limit 1`,
    ),
  );
  if (found === undefined) return undefined;
  const tenantId = asId<TenantId>(found.tenant_id);
  return database.asTenant(tenantId, async (tx) => {
    const [row] = await tx.query<{ heartbeat: string }>(
      `update tenant_export set state = 'running', heartbeat_at = clock_timestamp()
       where id = $1 and (${isOpen}) returning heartbeat_at::text as heartbeat`,
      [found.id],
    );
    if (row === undefined) return undefined;
    await tx.query("delete from tenant_export_chunk where export_id = $1", [found.id]);
    return { tenantId, exportId: found.id, heartbeat: row.heartbeat };
  });
}

async function write(ports: ExportPorts, claimed: Claimed, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  let position = 0;
  let held: Buffer[] = [];
  let size = 0;
  const flush = async () => {
    await writeChunk(ports, claimed, position, Buffer.concat(held));
    position += 1;
    bytes += size;
    held = [];
    size = 0;
  };
  for await (const piece of zip(entriesOf(ports, claimed.tenantId))) {
    signal.throwIfAborted();
    held.push(piece);
    size += piece.length;
    if (size >= CHUNK_BYTES) await flush();
  }
  if (size > 0) await flush();
  return bytes;
}

async function writeChunk(
  { database, cipher }: ExportPorts,
  claimed: Claimed,
  position: number,
  bytes: Buffer,
): Promise<void> {
  const { tenantId, exportId } = claimed;
  const place = chunkPlace(tenantId, exportId, position);
  const content = cipher.encrypt(place, bytes.toString("base64"));
  await database.asTenant(tenantId, async (tx) => {
    const [row] = await tx.query<{ heartbeat: string }>(
      `update tenant_export set heartbeat_at = clock_timestamp()
       where id = $1 and state = 'running' and heartbeat_at = $2::text::timestamptz
       returning heartbeat_at::text as heartbeat`,
      [exportId, claimed.heartbeat],
    );
    if (row === undefined) throw lost();
    await tx.query(
      "insert into tenant_export_chunk (tenant_id, export_id, position, content) values ($1, $2, $3, $4)",
      [tenantId, exportId, position, content],
    );
    claimed.heartbeat = row.heartbeat;
  });
}

async function* entriesOf(ports: ExportPorts, tenantId: TenantId): AsyncGenerator<ZipEntry> {
  const { database, cipher, readFile } = ports;
  const files = new Set<string>();
  for (const table of await listTenantTables(database, tenantId)) {
    async function* lines() {
      for await (const row of readTable(database, cipher, tenantId, table)) {
        if (typeof row.file_key === "string") files.add(row.file_key);
        yield Buffer.from(`${JSON.stringify(row)}\n`);
      }
    }
    yield { name: `tables/${table.name}.jsonl`, content: lines() };
  }
  for (const key of files) {
    const file = await readFile(key);
    if (file !== undefined) yield { name: `files/${key}`, content: once(file) };
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function finish(
  { database, exportDays }: ExportPorts,
  claimed: Claimed,
  bytes: number,
): Promise<void> {
  const { tenantId, exportId, heartbeat } = claimed;
  await database.asTenant(tenantId, async (tx) => {
    const done = await tx.query(
      `update tenant_export
       set state = 'ready', finished_at = now(), expires_at = now() + make_interval(days => $4), bytes = $3
       where id = $1 and state = 'running' and heartbeat_at = $2::text::timestamptz returning 1 as done`,
      [exportId, heartbeat, bytes, exportDays],
    );
    if (done.length === 0) throw lost();
    const entry = { tenantId, actor: "scheduler", action: "export-made", subject: exportId };
    await writeAudit(tx, { ...entry, detail: { bytes } });
    await appendEvents(tx, tenantId, [{ kind: "export-ready", detail: { exportId } }]);
  });
}

async function fail(database: Database, claimed: Claimed, error: unknown): Promise<void> {
  const { tenantId, exportId, heartbeat } = claimed;
  const reason = isPregoneroError(error) ? error.code : "export-failed";
  await database.asTenant(tenantId, async (tx) => {
    const failed = await tx.query(
      `update tenant_export set state = 'failed', finished_at = now(), reason = $3
       where id = $1 and state = 'running' and heartbeat_at = $2::text::timestamptz returning 1 as failed`,
      [exportId, heartbeat, reason],
    );
    if (failed.length === 0) return;
    await tx.query("delete from tenant_export_chunk where export_id = $1", [exportId]);
    const entry = { tenantId, actor: "scheduler", action: "export-failed", subject: exportId };
    await writeAudit(tx, { ...entry, detail: { reason } });
  });
}

/** Deletes the content of archives that were kept long enough. Returns how many. */
export async function expireExports(database: Database): Promise<number> {
  const due = await database.asDispatcher((tx) =>
    tx.query<{ tenant_id: string; id: string }>(
      "select tenant_id, id from tenant_export where state = 'ready' and expires_at < now() limit 100",
    ),
  );
  for (const { tenant_id: tenantId, id } of due) {
    await database.asTenant(asId<TenantId>(tenantId), async (tx) => {
      await tx.query("update tenant_export set state = 'expired' where id = $1", [id]);
      await tx.query("delete from tenant_export_chunk where export_id = $1", [id]);
    });
  }
  return due.length;
}

function lost(): PregoneroError {
  return new PregoneroError("export-lost", "Another process took this archive over.");
}
