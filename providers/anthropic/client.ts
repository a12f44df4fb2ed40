import type { LookupFunction } from "node:net";
import type Anthropic from "@anthropic-ai/sdk";
import { Agent, fetch as undiciFetch } from "undici";

export interface ClientOptions {
  /** Without a version: `https://api.anthropic.com`, which is the default. The key is sent nowhere else: redirects are not followed. */
  readonly baseUrl?: string | undefined;
  readonly apiKey: string;
  /** From the request to the response's headers, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Looks up the host at each connection. Default: the system's. */
  readonly lookup?: LookupFunction | undefined;
}

export type Sdk = typeof import("@anthropic-ai/sdk");

export interface OpenClient {
  readonly client: Anthropic;
  readonly sdk: Sdk;
}

/** 5,000 tokens in frames of 400 bytes. The SDK keeps a line until its end comes. */
const MAX_ANSWER_BYTES = 2_000_000;

/** What the protocol asks for. The SDK adds the machine's make, and whatever ANTHROPIC_CUSTOM_HEADERS holds. */
const SENT_HEADERS = ["accept", "anthropic-version", "content-type", "user-agent"];

/**
 * Opens the client at its first use, and once: to import the SDK costs 130 ms and its memory. Retries are off,
 * nothing is read from the environment or from a profile on disk, nothing is logged (the SDK would print broken
 * frames, which are a citizen's text), no spans are made.
 */
export function createClientOpener(options: ClientOptions): () => Promise<OpenClient> {
  let opening: Promise<OpenClient> | undefined;
  return () => {
    opening ??= openClient(options).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}

async function openClient(options: ClientOptions): Promise<OpenClient> {
  const sdk = await import("@anthropic-ai/sdk");
  const dispatcher = new Agent({
    maxResponseSize: MAX_ANSWER_BYTES,
    ...(options.lookup === undefined ? {} : { connect: { lookup: options.lookup } }),
  });
  // The same standard, declared twice: by undici and by Node's types.
  const send = undiciFetch as unknown as (url: unknown, init: unknown) => Promise<Response>;
  const client = new sdk.default({
    baseURL: options.baseUrl ?? "https://api.anthropic.com",
    // Given, so that neither a token in the environment nor a profile on disk is looked for.
    apiKey: options.apiKey,
    webhookKey: null,
    maxRetries: 0,
    timeout: options.timeoutMs ?? 60_000,
    logLevel: "off",
    openTelemetry: false,
    fetch: (url, init) => {
      const given = new Headers(init?.headers);
      const headers: Record<string, string> = { "x-api-key": options.apiKey };
      for (const name of SENT_HEADERS) {
        const value = given.get(name);
        if (value !== null) headers[name] = value;
      }
      return send(url, { ...init, headers, dispatcher, redirect: "error" });
    },
  });
  return { client, sdk };
}
