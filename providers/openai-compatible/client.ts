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

/** A streamed answer of 8,000 tokens, or 96 vectors as numbers, stay under this; what is longer is given up. */
const MAX_RESPONSE_BYTES = 16_000_000;

/** Everything that the SDK would otherwise read from the environment is given, so that only `src/config.ts` reads it. */
export function createClient(options: ClientOptions): OpenAI {
  const dispatcher = new Agent({ maxResponseSize: MAX_RESPONSE_BYTES });
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
