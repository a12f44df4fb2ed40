import OpenAI from "openai";
import { createPooledFetch, SENT_HEADERS } from "./pooled-fetch.ts";

export interface ClientOptions {
  /** With its version: `https://api.openai.com/v1`. The key is sent nowhere else: redirects are not followed. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** From the request to the response's headers, and between two pieces of the body, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
}

export const DEFAULT_TIMEOUT_MS = 60_000;

/** 5,000 tokens in frames of 400 bytes. An answer is held in memory to its end. */
export const MAX_ANSWER_BYTES = 2_000_000;

/**
 * Retries off, nothing read from the environment, nothing logged (the SDK would print broken frames, which are
 * a citizen's text), redirects not followed, and bodies over `maxResponseBytes` given up.
 */
export function createClient(options: ClientOptions, maxResponseBytes: number): OpenAI {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return createClientOver(options, createPooledFetch({ maxResponseBytes, timeoutMs }));
}

/** For forms, which the global fetch alone knows how to send. */
export function createUploadClient(options: ClientOptions): OpenAI {
  return createClientOver(options, (url, init) => {
    const headers = new Headers(init?.headers);
    for (const name of [...headers.keys()]) if (!SENT_HEADERS.has(name)) headers.delete(name);
    return fetch(url, { ...init, headers, redirect: "manual" });
  });
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
