import type { LookupFunction } from "node:net";
import OpenAI from "openai";
import { createPooledFetch } from "../openai-protocol/pooled-fetch.ts";

export interface ClientOptions {
  /** With its version: `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** Undefined: a local server that asks for none. */
  readonly apiKey?: string | undefined;
  /** From the request to the response's headers, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Looks up the host at each connection. Default: the system's. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * Everything that the SDK would otherwise read from the environment is given, so that only `src/config.ts` reads it.
 * A response of more than `maxResponseBytes` is given up.
 */
export function createClient(options: ClientOptions, maxResponseBytes: number): OpenAI {
  return new OpenAI({
    baseURL: options.baseUrl,
    apiKey: options.apiKey ?? "none-needed",
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: options.timeoutMs ?? 60_000,
    // It would print bodies of broken frames, which are a citizen's text.
    logLevel: "off",
    fetch: createPooledFetch({ maxResponseBytes, lookup: options.lookup }),
  });
}
