import { mkdir } from "node:fs/promises";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { createPgConfig } from "@electric-sql/pglite/node-postgres";
import { vector } from "@electric-sql/pglite-pgvector";
import pg from "pg";
import type { FaultPoint } from "../core/fault-point.ts";
import { createDatabase, type Database } from "./database.ts";
import { lockDirectory } from "./directory-lock.ts";

/**
 * PGlite's own parameters switch synchronisation off (-F). Its WAL is opened with O_DSYNC instead, which
 * Emscripten passes on: a commit is on the disk when it returns. Data files are still never synchronised
 * (its fsync does nothing), so a loss of power after a checkpoint may lose more: docs/adr/0001.
 */
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
  "-c",
  "fsync=on",
  "-c",
  "wal_sync_method=open_datasync",
  // The default of 128 MB is resident from the start: 313 MB against 200 MB for the idle process.
  "-c",
  "shared_buffers=24MB",
];

/**
 * Opens the embedded PostgreSQL in `dataDirectory/postgres`, creating it when it is not there.
 * It has no lock of its own and two processes would corrupt it, so we take one: throws
 * `data-directory-busy`, naming the holder, when another process has it.
 */
export async function openEmbedded(options: {
  /** Undefined: in memory, for tests. */
  readonly dataDirectory: string | undefined;
  readonly faultPoint?: FaultPoint;
}): Promise<Database> {
  const extensions = { vector, unaccent };
  if (options.dataDirectory === undefined) {
    return wrap(await PGlite.create({ extensions }), async () => {}, options.faultPoint);
  }
  await mkdir(options.dataDirectory, { recursive: true });
  const unlock = await lockDirectory(options.dataDirectory);
  try {
    const pglite = await PGlite.create({
      dataDir: path.join(options.dataDirectory, "postgres"),
      extensions,
      startParams: START_PARAMETERS,
    });
    return wrap(pglite, unlock, options.faultPoint);
  } catch (error) {
    await unlock();
    throw error;
  }
}

function wrap(
  pglite: PGlite,
  unlock: () => Promise<void>,
  faultPoint: FaultPoint | undefined,
): Database {
  // One session: the pool's queue is what makes transactions wait for each other.
  const pool = new pg.Pool({ ...createPgConfig(pglite), max: 1 } as pg.PoolConfig);
  return createDatabase({
    kind: "embedded",
    pool,
    faultPoint,
    async afterClose() {
      await pglite.close();
      await unlock();
    },
  });
}
