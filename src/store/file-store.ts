import { randomUUID } from "node:crypto";
import { access, mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import path from "node:path";
import { PregoneroError } from "../core/errors.ts";
import type { FileStore } from "../core/gazette-store.ts";

/** Slash-separated names without dots at their beginning: no key leads out of the folder. */
const KEY = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/;

/** Files in a folder. A crash leaves a whole file under its key or none (and perhaps a `.part` that nobody reads). */
export function createFileStore(folder: string): FileStore {
  function locate(key: string): string {
    if (!KEY.test(key) || key.length > 200) {
      throw new PregoneroError(
        "file-key-invalid",
        `"${key.slice(0, 200)}" is not a key of a stored file.`,
      );
    }
    return path.join(folder, ...key.split("/"));
  }
  return {
    async put(key, bytes) {
      const file = locate(key);
      if (await exists(file)) return;
      await mkdir(path.dirname(file), { recursive: true });
      await writeWhole(file, bytes);
    },
    async get(key) {
      try {
        return await readFile(locate(key));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** The bytes reach the disk before the name does, and the name before we return. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const part = `${file}.${randomUUID()}.part`;
  const handle = await open(part, "wx", 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await unlink(part).catch(() => {});
    throw error;
  }
  await handle.close();
  await rename(part, file);
  await syncFolder(path.dirname(file));
}

/** Makes the renaming durable; Windows cannot open a folder and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
