import OpenAI from "openai";
import { Agent, fetch as undiciFetch } from "undici";
import { PregoneroError } from "../../src/core/errors.ts";

export interface ClientOptions {
  /** With its version: `https://api.openai.com/v1`. The key is sent nowhere else: redirects are not followed. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** From the request to the response's headers, and between two pieces of the body, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
}

export const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * 5,000 tokens in frames of 400 bytes. Much more must not come: the SDK's work on a line without end
 * grows with its square.
 */
export const MAX_ANSWER_BYTES = 2_000_000;

/** What the protocol needs. The SDK also sends the machine's make, and whatever OPENAI_CUSTOM_HEADERS holds. */
const SENT_HEADERS = ["accept", "authorization", "content-type", "user-agent"];

/**
 * Retries off, nothing read from the environment, nothing logged (the SDK would print broken frames, which are
 * a citizen's text), redirects not followed, and bodies over `maxResponseBytes` given up.
 */
export function createClient(options: ClientOptions, maxResponseBytes: number): OpenAI {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const dispatcher = new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxResponseBytes,
  });
  return createClientOver(options, (url, init) =>
    // The same standard, declared twice: by undici and by Node's types.
    (undiciFetch as unknown as Fetch)(url, { ...init, dispatcher }),
  );
}

type Fetch = (
  url: string | URL | Request,
  init: Omit<RequestInit, "dispatcher"> & { readonly dispatcher: Agent },
) => Promise<Response>;

/** For forms: undici's fetch does not know the global FormData, which the SDK builds. */
export function createUploadClient(options: ClientOptions): OpenAI {
  return createClientOver(options, fetch);
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
    fetch: async (url, init) => {
      const given = new Headers(init?.headers);
      const headers = SENT_HEADERS.flatMap((name): [string, string][] => {
        const value = given.get(name);
        return value === null ? [] : [[name, value]];
      });
      const response = await send(url, { ...init, headers, redirect: "manual" });
      if (response.ok && response.headers.get("content-type")?.includes("text/html")) {
        await response.body?.cancel();
        throw new PregoneroError(
          "model-unavailable",
          `${new URL(options.baseUrl).host} answered with a web page: check the base URL.`,
          { retry: "backoff" },
        );
      }
      return response;
    },
  });
}
