import path from "node:path";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { GuardedResponse } from "../core/guarded-fetch.ts";
import { createGuardedFetch } from "../guarded-fetch/guarded-fetch.ts";
import { checkHeader } from "./extract/pdf-document.ts";

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly maxSeconds: number;
  /** Lets the download reach this machine and private networks. Only for an operator's own command, or tests. */
  readonly allowPrivateNetworks?: boolean;
}

export interface Download {
  readonly bytes: Uint8Array;
  /** Last part of the address that the bytes came from. */
  readonly documentName: string;
}

const MAX_REDIRECTS = 3;

/**
 * Fetches a PDF as `GuardedFetch` does, through three redirects. Throws `url-refused`, `download-failed`,
 * `pdf-too-large` or `not-a-pdf`.
 */
export async function downloadPdf(address: string, options: DownloadOptions): Promise<Download> {
  const { signal, maxBytes, maxSeconds, allowPrivateNetworks = false } = options;
  const fetch = createGuardedFetch(allowPrivateNetworks ? { allowed: "everything" } : {});
  const response = await fetch({
    url: address,
    headers: { accept: "application/pdf" },
    maxBytes,
    timeoutMs: maxSeconds * 1_000,
    maxRedirects: MAX_REDIRECTS,
    signal,
  }).catch((error: unknown) => {
    throw inWordsOfDownloads(error, maxBytes);
  });
  if (response.status !== 200) throw failed(`${place(response)} answered ${response.status}.`);
  checkHeader(response.body);
  const documentName = decodeName(path.posix.basename(new URL(response.url).pathname));
  return { bytes: response.body, documentName };
}

function inWordsOfDownloads(error: unknown, maxBytes: number): unknown {
  if (isPregoneroError(error, "fetch-failed")) return failed(error.message, error);
  if (!isPregoneroError(error, "fetch-too-large")) return error;
  return new PregoneroError(
    "pdf-too-large",
    `The file has more than ${Math.floor(maxBytes / 1024 / 1024)} MiB, which is the most that is read.`,
    { status: 413, cause: error },
  );
}

function place({ url }: GuardedResponse): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

/** A name for a document, not a path: what is decoded may hold slashes. */
function decodeName(name: string): string {
  let decoded = name;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    // Not percent-encoded after all: the name stays as it is.
  }
  return decoded.replace(/[^\p{L}\p{N}._ -]/gu, "_").slice(0, 150) || "document.pdf";
}

function failed(what: string, cause?: unknown): PregoneroError {
  return new PregoneroError(
    "download-failed",
    `${what} Check the address, or download the file yourself and ingest it from disk.`,
    { retry: "backoff", status: 502, cause },
  );
}
