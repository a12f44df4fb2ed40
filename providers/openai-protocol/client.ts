import type { LookupFunction } from "node:net";
import OpenAI from "openai";
import { PregoneroError } from "../../src/core/errors.ts";
import { createPooledFetch, SENT_HEADERS } from "./pooled-fetch.ts";

export interface ClientOptions {
  /** With its version: `https://api.openai.com/v1`. The key is sent nowhere else: redirects are not followed. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** From the request to the response's headers, and between two pieces of the body, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Looks up the host at each connection. Default: the system's. */
  readonly lookup?: LookupFunction | undefined;
}

export const DEFAULT_TIMEOUT_MS = 60_000;

/** 5,000 tokens in frames of 400 bytes. An answer is held in memory to its end. */
export const MAX_ANSWER_BYTES = 2_000_000;

/**
 * Retries off, nothing read from the environment, nothing logged (the SDK would print broken frames, which are
 * a citizen's text), redirects not followed, and bodies over `maxResponseBytes` given up.
 */
export function createClient(options: ClientOptions, maxResponseBytes: number): OpenAI {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, lookup } = options;
  return createClientOver(options, createPooledFetch({ maxResponseBytes, timeoutMs, lookup }));
}

/** For forms, which the global fetch alone knows how to send. An answer is read whole, and no further than any needs. */
export function createUploadClient(options: ClientOptions): OpenAI {
  return createClientOver(options, async (url, init) => {
    const headers = new Headers(init?.headers);
    for (const name of [...headers.keys()]) if (!SENT_HEADERS.has(name)) headers.delete(name);
    return readWhole(await fetch(url, { ...init, headers, redirect: "manual" }));
  });
}

async function readWhole({ body, status, headers }: Response): Promise<Response> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    size += piece.byteLength;
    if (size > MAX_ANSWER_BYTES) {
      throw new PregoneroError("model-unavailable", "The answer is longer than any needs to be.", {
        retry: "backoff",
        status: 503,
      });
    }
    pieces.push(piece);
  }
  return new Response(size === 0 ? null : Buffer.concat(pieces), { status, headers });
}

function createClientOver(options: ClientOptions, send: typeof fetch): OpenAI {
  return new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    logLevel: "off",
    fetch: send,
  });
}
