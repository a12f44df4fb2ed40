import type { ClaimedVersion, DocumentFormat, VersionWork } from "../core/documents.ts";
import { PregoneroError } from "../core/errors.ts";
import type { GuardedResponse } from "../core/guarded-fetch.ts";
import { formatOf } from "./document-format.ts";
import type { DocumentWorkPorts, Progress } from "./document-work.ts";
import { cleanFileName } from "./file-name.ts";
import { MAX_FILE_BYTES } from "./receive-file.ts";

const TIMEOUT_MS = 60_000;
const MAX_REDIRECTS = 3;
const HEAD_BYTES = 4_096;
const ACCEPTED =
  "application/pdf, application/vnd.openxmlformats-officedocument.wordprocessingml.document, text/html, text/markdown, text/plain";

/**
 * Fetches the version's address, unless what is there is what the current version was made of. `unchanged`: it is, and
 * the version is gone again.
 */
export async function fetchFile(
  ports: DocumentWorkPorts,
  claimed: ClaimedVersion,
  work: VersionWork,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ readonly format: DocumentFormat } | "unchanged" | "lost"> {
  const { store, files, owner, quota, clock } = ports;
  const { tenantId, documentId, versionId } = claimed;
  progress.tell("fetching", 0, undefined);
  if (work.url === undefined) throw new PregoneroError("document-incomplete", "It has no file.");
  const response = await ports.guardedFetch({
    url: work.url,
    headers: { accept: ACCEPTED, ...conditionsOf(work) },
    maxBytes: MAX_FILE_BYTES,
    timeoutMs: TIMEOUT_MS,
    maxRedirects: MAX_REDIRECTS,
    signal,
  });
  await store.noteChecked(tenantId, documentId, clock.now());
  async function dropUnchanged(): Promise<"unchanged"> {
    await files.remove(work.fileKey);
    await store.dropVersion(tenantId, versionId);
    return "unchanged";
  }
  if (response.status === 304) return dropUnchanged();
  if (response.status !== 200) throw notThere(response);
  const fileName = cleanFileName(new URL(response.url).pathname);
  const format = formatOf(
    response.body.subarray(0, HEAD_BYTES),
    fileName,
    response.headers["content-type"],
  );
  // What an earlier attempt may have left.
  await files.remove(work.fileKey);
  const received = await files.receive(work.fileKey, oneChunk(response.body), {
    maxBytes: MAX_FILE_BYTES,
    signal,
    onStart() {},
    onProgress() {},
  });
  const outcome = await store.attachFile(
    tenantId,
    versionId,
    {
      fileName,
      format,
      ...received,
      httpEtag: headerOf(response, "etag"),
      httpLastModified: headerOf(response, "last-modified"),
    },
    { state: "reading", owner, quota },
  );
  if (outcome === "unchanged") return dropUnchanged();
  if (outcome === "attached") return { format };
  await files.remove(work.fileKey);
  return "lost";
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function conditionsOf({ httpEtag, httpLastModified }: VersionWork): Record<string, string> {
  return {
    ...(httpEtag === undefined ? {} : { "if-none-match": httpEtag }),
    ...(httpLastModified === undefined ? {} : { "if-modified-since": httpLastModified }),
  };
}

/** Sent back word for word: one that could not be a header of ours is not kept. */
function headerOf({ headers }: GuardedResponse, name: string): string | undefined {
  const value = headers[name];
  return value !== undefined && /^[\x20-\x7e]{1,200}$/.test(value) ? value : undefined;
}

function notThere({ status, url }: GuardedResponse): PregoneroError {
  const { origin, pathname } = new URL(url);
  const isPassing = status === 408 || status === 429 || status >= 500;
  return new PregoneroError(
    "fetch-failed",
    `${origin}${pathname} answered ${status}. Check the address, or send the file itself.`,
    { status: 502, retry: isPassing ? "backoff" : "never" },
  );
}
