import type { DocumentFormat, Documents } from "../core/documents.ts";
import { PregoneroError } from "../core/errors.ts";
import type { DocumentId, TenantId } from "../core/ids.ts";
import type { DocumentPorts } from "./create-documents.ts";
import { formatOf } from "./document-format.ts";
import { cleanFileName } from "./file-name.ts";
import { missing } from "./missing-document.ts";

/** As much as a PDF may have (src/gazette/extract/limits.ts). */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;
/** How often it is told how much has come. */
const TELL_EVERY_MS = 500;

/**
 * Takes in one upload as a version. The row is there before the first byte and says where the file will be, so that
 * whatever a crash leaves is found by it. Nothing is left of what is refused.
 */
export async function receiveFile(
  ports: DocumentPorts,
  tenantId: TenantId,
  id: DocumentId,
  upload: Parameters<Documents["receive"]>[2],
  actor: string,
): Promise<"queued" | "unchanged"> {
  const { store, files, owner, quota } = ports;
  const fileName = cleanFileName(upload.fileName);
  const fileKey = files.newKey(tenantId);
  const begun = { state: "receiving", fileName, fileKey, owner, at: ports.clock.now() } as const;
  const versionId = await store.beginVersion(tenantId, id, begun, actor);
  if (versionId === undefined) throw missing();
  try {
    const { bytes } = await store.usage(tenantId);
    const left = Math.max(0, quota.bytes - bytes);
    const maxBytes = Math.min(MAX_FILE_BYTES, left);
    if (upload.byteCount !== undefined && upload.byteCount > left) throw full(quota.bytes);
    let format: DocumentFormat | undefined;
    const tell = tellNowAndThen(ports, tenantId, versionId, upload.byteCount);
    const received = await files
      .receive(fileKey, upload.content, {
        maxBytes,
        signal: upload.signal,
        onStart: (head) => {
          format = formatOf(head, fileName);
        },
        onProgress: tell.note,
      })
      .finally(tell.end);
    if (format === undefined) throw incomplete();
    const outcome = await store.attachFile(
      tenantId,
      versionId,
      { fileName, format, ...received },
      { state: "queued", owner, quota },
    );
    if (outcome === "attached") return "queued";
    await giveUp(ports, tenantId, versionId, fileKey);
    if (outcome === "lost") throw missing();
    return "unchanged";
  } catch (error) {
    await giveUp(ports, tenantId, versionId, fileKey);
    if (error instanceof PregoneroError) throw error;
    throw upload.signal.aborted || isCutOff(error) ? incomplete(error) : error;
  }
}

/** The file first: a row without a file is found by whoever looks after the rows. */
async function giveUp(
  { store, files }: DocumentPorts,
  tenantId: TenantId,
  versionId: string,
  fileKey: string,
): Promise<void> {
  await files.remove(fileKey);
  await store.dropVersion(tenantId, versionId);
}

/** One write at a time, of the newest figure; the last is awaited. */
function tellNowAndThen(
  { store, owner }: DocumentPorts,
  tenantId: TenantId,
  versionId: string,
  total: number | undefined,
) {
  let told = 0;
  let newest = 0;
  let telling: Promise<unknown> = Promise.resolve();
  return {
    note(done: number): void {
      newest = done;
      const now = performance.now();
      if (now - told < TELL_EVERY_MS) return;
      told = now;
      telling = telling.then(() =>
        store
          .noteProgress(tenantId, versionId, owner, { state: "receiving", done: newest, total })
          // Told again in half a second.
          .catch(() => {}),
      );
    },
    end: async (): Promise<void> => {
      await telling;
    },
  };
}

function isCutOff(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE";
}

function full(bytes: number): PregoneroError {
  return new PregoneroError(
    "document-quota",
    `It would be more than the ${bytes} bytes that may be kept. Remove documents that are not needed any more, or ask the operator for more room.`,
    { status: 409 },
  );
}

function incomplete(cause?: unknown): PregoneroError {
  return new PregoneroError(
    "document-incomplete",
    "The file stopped coming before its end. Send it again.",
    { status: 400, cause },
  );
}
