import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { readConfig } from "../../src/config.ts";
import { noFaults } from "../../src/core/fault-point.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type Installation, openInstallation } from "../../src/installation.ts";
import { findPackageRoot } from "../../src/package-root.ts";

/** Two small real acts of 15 April 2024: an order on consulates, and the prices of piped gas. */
const SAMPLE_FILES = ["BOE-A-2024-7293.pdf", "BOE-A-2024-7297.pdf"];
/** Whatever changes in these folders may change what is stored of a gazette. */
const DEPENDS_ON = ["migrations", "src/gazette"];
const STALE_MS = 3_600_000;

/** The key under which journeys encrypt: one for all, so that prepared data can be read. */
export const SECRET_KEY = "00112233445566778899aabbccddeeff0f1e2d3c4b5a69788796a5b4c3d2e1f0";

/** Fills `dataDirectory` with an embedded installation that has read the sample acts: a copy of one made before. */
export async function copyPreparedData(dataDirectory: string): Promise<void> {
  await cp(await prepareOnce(), dataDirectory, { recursive: true });
}

export async function ingestSampleActs(installation: Installation): Promise<void> {
  for (const file of SAMPLE_FILES) {
    await installation.ingest(
      {
        document: { filePath: path.join(findPackageRoot(), "sample", file) },
        source: "boe",
        publishedOn: "2024-04-15",
        number: "92",
        documentName: file,
      },
      { signal: AbortSignal.timeout(60_000) },
    );
  }
}

/** Made beside its place and moved there whole: of several files that start at once, the first wins. */
async function prepareOnce(): Promise<string> {
  const folder = path.join(findPackageRoot(), "node_modules", ".cache", "pregonero-journeys");
  const ready = path.join(folder, await fingerprint());
  if (existsSync(ready)) return ready;
  const making = path.join(folder, `making-${randomUUID()}`);
  await mkdir(making, { recursive: true });
  await removeStale(folder);
  const configured = readConfig({
    env: { DATA_DIR: making, SECRET_KEY, SAMPLE_DATA: "off", LOG_LEVEL: "silent" },
    readFile: () => undefined,
  });
  if (configured.kind === "problems") throw new Error(JSON.stringify(configured.problems));
  const installation = await openInstallation(configured.config, {
    logger: silentLogger,
    faultPoint: noFaults,
    actor: "server",
    onStep() {},
  });
  try {
    await ingestSampleActs(installation);
  } finally {
    await installation.close();
  }
  await rename(making, ready).catch((error: unknown) => {
    if (!existsSync(ready)) throw error;
  });
  return ready;
}

async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  for (const folder of DEPENDS_ON) {
    const files = await readdir(path.join(findPackageRoot(), folder), { recursive: true });
    for (const file of files.sort()) {
      const whole = path.join(findPackageRoot(), folder, file);
      if (/(?<!\.test)\.(ts|sql)$/.test(file)) hash.update(file).update(await readFile(whole));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const entry = path.join(folder, name);
    const { mtimeMs } = await stat(entry);
    if (Date.now() - mtimeMs > STALE_MS) await rm(entry, { recursive: true, force: true });
  }
}
