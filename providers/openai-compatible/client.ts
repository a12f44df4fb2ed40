import OpenAI from "openai";
import { Agent, fetch as undiciFetch } from "undici";

export interface ClientOptions {
  /** With its version: `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** Undefined: a local server that asks for none. */
  readonly apiKey?: string | undefined;
  /** From the request to the response's headers, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
}

/**
 * Everything that the SDK would otherwise read from the environment is given, so that only `src/config.ts` reads it.
 * A response of more than `maxResponseBytes` is given up.
 */
export function createClient(options: ClientOptions, maxResponseBytes: number): OpenAI {
  const dispatcher = new Agent({ maxResponseSize: maxResponseBytes });
  // The same standard, declared twice: by undici and by Node's types.
  const send = undiciFetch as unknown as (url: unknown, init: unknown) => Promise<Response>;
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
    // A redirect would carry the key to another host.
    fetch: (url, init) => send(url, { ...init, dispatcher, redirect: "error" }),
  });
}
