import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Cipher, CipherPlace } from "../core/cipher.ts";
import type { Clock } from "../core/clock.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { MediaFiles } from "../core/media-files.ts";

/** A day for hop 2, and one more for whoever looks why it did not come to it. */
const KEPT_MS = 2 * 24 * 3_600_000;
const KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps people's files in a folder, encrypted, one folder per bot. Each write deletes what is older than two days:
 * no file outlives its purpose, whatever became of its message.
 */
export function createMediaFiles(folder: string, cipher: Cipher, clock: Clock): MediaFiles {
  return {
    async write(tenantId, botId, bytes) {
      const fileKey = randomUUID();
      const home = path.join(folder, botId);
      await mkdir(home, { recursive: true, mode: 0o700 });
      await forgetOld(home, clock.now().getTime() - KEPT_MS);
      const sealed = cipher.encrypt(
        placeOf(tenantId, botId, fileKey),
        Buffer.from(bytes).toString("base64"),
      );
      const file = path.join(home, fileKey);
      await writeFile(`${file}.part`, sealed, { mode: 0o600, flush: true });
      await rename(`${file}.part`, file);
      return fileKey;
    },
    async read(tenantId, botId, fileKey) {
      if (!KEY.test(fileKey)) return undefined;
      const sealed = await readOrNothing(path.join(folder, botId, fileKey));
      if (sealed === undefined) return undefined;
      return Buffer.from(cipher.decrypt(placeOf(tenantId, botId, fileKey), sealed), "base64");
    },
  };
}

function placeOf(tenantId: TenantId, botId: BotId, fileKey: string): CipherPlace {
  return { tenantId, table: "media_file", column: "bytes", rowId: `${botId}/${fileKey}` };
}

async function forgetOld(home: string, beforeMs: number): Promise<void> {
  for (const name of await readdir(home)) {
    const file = path.join(home, name);
    const { mtimeMs } = (await stat(file).catch(() => undefined)) ?? { mtimeMs: Infinity };
    if (mtimeMs < beforeMs) await rm(file, { force: true });
  }
}

async function readOrNothing(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
