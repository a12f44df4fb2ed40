import path from "node:path";
import { PregoneroError } from "../core/errors.ts";

/** As the extractor's limit: 50 MiB. */
const MAX_BYTES = 50 * 1024 * 1024;
/** For the whole download. */
const TIMEOUT_MS = 120_000;

/**
 * Fetches a document that a person named on the command line. Throws `download-failed` with one sentence,
 * also for a document over 50 MiB, of which no more than that is read.
 */
export async function download(
  url: string,
  signal: AbortSignal,
): Promise<{ readonly bytes: Uint8Array; readonly documentName: string | undefined }> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  let response: Response;
  try {
    response = await fetch(url, { signal: deadline, headers: { accept: "application/pdf" } });
  } catch (error) {
    signal.throwIfAborted();
    throw failed(url, reasonOf(error), error);
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw failed(url, `the server answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body) {
      length += chunk.length;
      if (length > MAX_BYTES) throw failed(url, "it has more than 50 MiB");
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof PregoneroError ? error : failed(url, reasonOf(error), error);
  }
  const name = path.posix.basename(new URL(response.url).pathname);
  return { bytes: Buffer.concat(chunks), documentName: name === "" ? undefined : name };
}

function failed(url: string, why: string, cause?: unknown): PregoneroError {
  return new PregoneroError(
    "download-failed",
    `${url} could not be fetched: ${why}. Check the address, or download the file and ingest that.`,
    { cause },
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError")
    return "it took longer than two minutes";
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return code ?? message ?? String(cause);
}
