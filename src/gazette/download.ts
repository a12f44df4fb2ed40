import { lookup as resolveName } from "node:dns/promises";
import { isIP } from "node:net";
import path from "node:path";
import { Agent, type Dispatcher, request } from "undici";
import { PregoneroError } from "../core/errors.ts";
import { isPublicAddress } from "../public-address.ts";
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
 * Fetches a PDF. Only http and https; every address that the host's name stands for must be public,
 * and the connection goes to one of exactly those (a name that changes in between changes nothing);
 * each redirect is checked anew. Throws `url-refused`, `download-failed`, `pdf-too-large` or `not-a-pdf`.
 */
export async function downloadPdf(address: string, options: DownloadOptions): Promise<Download> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.maxSeconds * 1_000)]);
  let url = parseAddress(address);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const addresses = await publicAddresses(url, options);
    const agent = pinnedAgent(addresses);
    try {
      const response = await send(url, agent, signal, options);
      // A body that is not read to its end reports that it was cut off: we know.
      response.body.on("error", () => {});
      const next = redirectOf(response, url);
      if (next === undefined) {
        const bytes = await readBody(response, url, options.maxBytes);
        checkHeader(bytes);
        return { bytes, documentName: decodeName(path.posix.basename(url.pathname)) };
      }
      url = next;
    } finally {
      await agent.destroy();
    }
  }
  throw failed(url, `more than ${MAX_REDIRECTS} redirects`);
}

function parseAddress(address: string, base?: URL): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base) : undefined;
  if (
    url === undefined ||
    !["http:", "https:"].includes(url.protocol) ||
    url.username !== "" ||
    url.password !== ""
  ) {
    throw new PregoneroError(
      "url-refused",
      `"${address.slice(0, 200)}" is not an address that can be fetched: give one that begins with http:// or https:// and holds no password.`,
      { status: 400 },
    );
  }
  return url;
}

interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

async function publicAddresses(
  url: URL,
  options: DownloadOptions,
): Promise<readonly ResolvedAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  const found =
    family !== 0
      ? [{ address: host, family }]
      : await resolveName(host, { all: true }).catch((error: unknown) => {
          throw failed(url, "its name is not known", error);
        });
  const hidden = found.find(({ address }) => !isPublicAddress(address));
  if (hidden !== undefined && options.allowPrivateNetworks !== true) {
    throw new PregoneroError(
      "url-refused",
      `${url.hostname} leads into a private network (${hidden.address}), which is not fetched from. Download the file yourself and ingest it from disk.`,
      { status: 400 },
    );
  }
  return found;
}

/** Connects to the addresses that were checked, whatever the name resolves to by then. */
function pinnedAgent(addresses: readonly ResolvedAddress[]): Agent {
  return new Agent({
    connect: {
      timeout: 10_000,
      lookup(_host, options, callback) {
        if (options.all) callback(null, [...addresses]);
        else callback(null, addresses[0]?.address ?? "", addresses[0]?.family ?? 4);
      },
    },
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
  });
}

async function send(
  url: URL,
  dispatcher: Agent,
  signal: AbortSignal,
  options: DownloadOptions,
): Promise<Dispatcher.ResponseData> {
  const headers = { accept: "application/pdf", "user-agent": "pregonero" };
  return request(url, { dispatcher, signal, headers }).catch((error: unknown) => {
    options.signal.throwIfAborted();
    throw failed(url, error instanceof Error ? error.message : "no answer", error);
  });
}

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, url: URL): URL | undefined {
  if (statusCode >= 300 && statusCode < 400 && typeof headers.location === "string") {
    return parseAddress(headers.location, url);
  }
  if (statusCode !== 200) throw failed(url, `it answered ${statusCode}`);
  return undefined;
}

async function readBody(
  { body }: Dispatcher.ResponseData,
  url: URL,
  maxBytes: number,
): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > maxBytes) break;
      parts.push(part);
    }
  } catch (error) {
    throw failed(url, "the connection broke", error);
  }
  if (length > maxBytes) {
    throw new PregoneroError(
      "pdf-too-large",
      `${url.href} has more than ${Math.floor(maxBytes / 1024 / 1024)} MiB, which is the most that is read.`,
      { status: 413 },
    );
  }
  return Buffer.concat(parts);
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

function failed(url: URL, why: string, cause?: unknown): PregoneroError {
  return new PregoneroError(
    "download-failed",
    `${url.origin}${url.pathname} could not be downloaded: ${why}. Check the address, or download the file yourself and ingest it from disk.`,
    { retry: "backoff", status: 502, cause },
  );
}
