import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { Agent, type Dispatcher, request as send } from "undici";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { GuardedFetch, GuardedRequest, GuardedResponse } from "../core/guarded-fetch.ts";
import { type Allowed, hostOf, literalAddress, parseOutwardUrl, refused } from "./outward-url.ts";
import { isPublicAddress } from "./public-address.ts";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

export type ResolveName = (host: string) => Promise<readonly ResolvedAddress[]>;

export interface GuardedFetchOptions {
  /**
   * Addresses that are reached although they are not public: the operator's word (`ALLOWED_PRIVATE_ADDRESSES`), or a
   * test's. Nothing that a tenant says gets here. Default none.
   */
  readonly allowed?: Allowed;
  /** Default: as the machine resolves names. */
  readonly resolve?: ResolveName;
}

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** See `GuardedFetch`. Each request has a connection of its own, which no proxy of the environment is put before. */
export function createGuardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const { allowed = [], resolve = (host) => lookup(host, { all: true }) } = options;
  return async (request) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]);
    const isReading = (request.method ?? "GET") === "GET" || request.method === "HEAD";
    const most = isReading ? Math.min(request.maxRedirects ?? 0, MAX_REDIRECTS) : 0;
    let url = parseOutwardUrl(request.url, { allowed });
    const { origin } = url;
    try {
      for (let hop = 0; ; hop++) {
        const addresses = await checkedAddresses(url, { allowed, resolve, signal });
        const hopRequest = url.origin === origin ? request : { ...request, headers: {} };
        const response = await requestOnce(url, addresses, hopRequest, signal);
        const next = most === 0 ? undefined : redirectOf(response);
        if (next === undefined) return response;
        if (hop === most) throw failed(url, `it redirects more than ${most} times`);
        url = parseOutwardUrl(next, { base: url, allowed });
      }
    } catch (error) {
      request.signal.throwIfAborted();
      if (isPregoneroError(error)) throw error;
      const isLate = signal.aborted;
      throw failed(
        url,
        isLate ? `it took longer than ${request.timeoutMs / 1_000} s` : codeOf(error),
        error,
      );
    }
  };
}

/** All that the host stands for. Throws `url-refused` when one of them may not be reached: not the public ones either. */
async function checkedAddresses(
  url: URL,
  options: {
    readonly allowed: Allowed;
    readonly resolve: ResolveName;
    readonly signal: AbortSignal;
  },
): Promise<readonly ResolvedAddress[]> {
  const literal = literalAddress(url);
  const found =
    literal === undefined
      ? await orAborted(options.resolve(hostOf(url)), options.signal)
      : [{ address: literal, family: isIP(literal) }];
  if (found.length === 0) throw failed(url, "its name has no address");
  const { allowed } = options;
  if (allowed === "everything") return found;
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const isNamed = ({ address }: ResolvedAddress) =>
    allowed.some((entry) => entry.address === address && entry.port === port);
  const isUsual = url.port === "" || port === 80 || port === 443;
  for (const entry of found) {
    if (isNamed(entry) || (isPublicAddress(entry.address) && isUsual)) continue;
    throw refused(
      url.origin,
      isPublicAddress(entry.address)
        ? "only ports 80 and 443 are reached"
        : "it leads into a private network",
    );
  }
  return found;
}

async function requestOnce(
  url: URL,
  addresses: readonly ResolvedAddress[],
  request: GuardedRequest,
  signal: AbortSignal,
): Promise<GuardedResponse> {
  const agent = pinnedAgent(addresses, request.timeoutMs);
  try {
    const response = await send(url, {
      dispatcher: agent,
      signal,
      method: request.method ?? "GET",
      headers: {
        "user-agent": "pregonero",
        "accept-encoding": "identity",
        ...lowerCased(request.headers ?? {}),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    // A body that is not read to its end reports that it was cut off: we know.
    response.body.on("error", () => {});
    const headers = headersOf(response);
    const encoding = headers["content-encoding"] ?? "identity";
    if (encoding !== "identity") throw failed(url, `its answer is compressed (${encoding})`);
    return {
      status: response.statusCode,
      headers,
      body: await readBody(response, url, request.maxBytes),
      url: url.href,
    };
  } finally {
    await agent.destroy();
  }
}

/** Connects to the addresses that were checked, whatever the name stands for by then. */
function pinnedAgent(addresses: readonly ResolvedAddress[], timeoutMs: number): Agent {
  return new Agent({
    connect: {
      timeout: Math.min(timeoutMs, 10_000),
      lookup(_host, options, callback) {
        if (options.all) callback(null, [...addresses]);
        else callback(null, addresses[0]?.address ?? "", addresses[0]?.family ?? 4);
      },
    },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: 16_384,
  });
}

async function readBody(
  { body, headers }: Dispatcher.ResponseData,
  url: URL,
  maxBytes: number,
): Promise<Buffer> {
  if (Number(headers["content-length"] ?? 0) > maxBytes) throw tooLarge(url, maxBytes);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) throw tooLarge(url, maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function redirectOf({ status, headers }: GuardedResponse): string | undefined {
  return REDIRECTS.has(status) ? headers.location : undefined;
}

function headersOf({ headers }: Dispatcher.ResponseData): Readonly<Record<string, string>> {
  const named: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) named[name.toLowerCase()] = [value].flat().join(", ");
  }
  return named;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** A name server that is silent holds nobody longer than the request may take. */
function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : "no answer";
}

function tooLarge(url: URL, maxBytes: number): PregoneroError {
  return new PregoneroError(
    "fetch-too-large",
    `${url.origin}${url.pathname} holds more than ${maxBytes} bytes, which is the most that is read.`,
    { status: 413 },
  );
}

/** Says the address without its query, which may hold a key. */
function failed(url: URL, why: string, cause?: unknown): PregoneroError {
  return new PregoneroError(
    "fetch-failed",
    `${url.origin}${url.pathname} could not be fetched: ${why}.`,
    { retry: "backoff", status: 502, cause },
  );
}
