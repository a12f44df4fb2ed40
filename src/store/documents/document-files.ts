import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { DocumentFiles } from "../../core/documents.ts";
import { PregoneroError } from "../../core/errors.ts";

/** What is looked at before anything is written. */
const HEAD_BYTES = 4_096;
const KEY = /^documents\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/;

/** Files in a folder beside the gazettes', outside whatever is served; none has a name or an ending that anybody gave. */
export function createDocumentFiles(folder: string): DocumentFiles {
  function locate(key: string): string {
    if (!KEY.test(key)) throw new PregoneroError("file-key-invalid", "It is no key of a document.");
    return path.join(folder, ...key.split("/"));
  }
  return {
    newKey: (tenantId) => `documents/${tenantId}/${randomUUID()}`,
    async receive(key, content, options) {
      const file = locate(key);
      await mkdir(path.dirname(file), { recursive: true });
      const part = `${file}.part`;
      try {
        const received = await writeStream(part, content, options);
        await rename(part, file);
        await syncFolder(path.dirname(file));
        return received;
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    async read(key) {
      return readFile(locate(key)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
    },
    async remove(key) {
      // The part as well: whoever is still writing it has nothing to rename any more.
      await rm(`${locate(key)}.part`, { force: true });
      await rm(locate(key), { force: true });
    },
  };
}

async function writeStream(
  part: string,
  content: AsyncIterable<Uint8Array>,
  { maxBytes, signal, onStart, onProgress }: Parameters<DocumentFiles["receive"]>[2],
): Promise<{ readonly byteCount: number; readonly contentHash: string }> {
  const hash = createHash("sha256");
  let byteCount = 0;
  let head: Buffer | undefined = Buffer.alloc(0);
  const handle = await open(part, "wx", 0o640);
  try {
    for await (const chunk of content) {
      signal.throwIfAborted();
      byteCount += chunk.length;
      if (byteCount > maxBytes) throw tooLarge(maxBytes);
      if (head !== undefined) {
        head = Buffer.concat([head, chunk]);
        if (head.length >= HEAD_BYTES) {
          onStart(head.subarray(0, HEAD_BYTES));
          head = undefined;
        }
      }
      hash.update(chunk);
      await handle.write(chunk);
      onProgress(byteCount);
    }
    signal.throwIfAborted();
    if (head !== undefined) onStart(head);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { byteCount, contentHash: hash.digest("hex") };
}

function tooLarge(maxBytes: number): PregoneroError {
  return new PregoneroError(
    "document-too-large",
    `The file has more than ${maxBytes} bytes, which is the most that is taken. Split it and send the parts.`,
    { status: 413 },
  );
}

/** Makes the renaming durable; Windows cannot open a folder and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
