import type { LookupFunction } from "node:net";
import type { GoogleGenAI, HttpOptions } from "@google/genai";
import { Agent, fetch as undiciFetch } from "undici";
import { PregoneroError } from "../../src/core/errors.ts";
import { mapAnswer } from "./map-error.ts";

export interface ClientOptions {
  /** Without a version. Default `https://generativelanguage.googleapis.com`. The key is sent nowhere else: redirects are not followed. */
  readonly baseUrl?: string | undefined;
  readonly apiKey: string;
  /** From the request to the response's headers, and between two pieces of the body, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Looks up the host at each connection. Default: the system's. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * 5,000 tokens in frames of 400 bytes. Much more must not come: the SDK's work on an event without end
 * grows with its square.
 */
export const MAX_ANSWER_BYTES = 2_000_000;

type Fetch = (
  url: string | URL | Request,
  init: Omit<RequestInit, "dispatcher"> & { readonly dispatcher: Agent },
) => Promise<Response>;

/**
 * A client that is made at its first use: the SDK takes 100 ms to load. Without `retryOptions` it does not retry,
 * and without `timeout` it cuts no stream; `vertexai` and the base URL are given because it would read them from the
 * environment. Refusals are read here, where their headers are: the SDK keeps the body only.
 */
export function createClient(
  options: ClientOptions,
  name: string,
  maxResponseBytes: number,
): () => Promise<GoogleGenAI> {
  const baseUrl = options.baseUrl ?? "https://generativelanguage.googleapis.com";
  const timeoutMs = options.timeoutMs ?? 60_000;
  const dispatcher = new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: maxResponseBytes,
    ...(options.lookup === undefined ? {} : { connect: { lookup: options.lookup } }),
  });
  async function send(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    // The same standard, declared twice: by undici and by Node's types.
    const response = await (undiciFetch as unknown as Fetch)(url, {
      ...init,
      redirect: "manual",
      dispatcher,
    });
    if (!response.ok) throw mapAnswer(response, await response.text(), name);
    if (response.headers.get("content-type")?.includes("text/html")) {
      await response.body?.cancel();
      throw new PregoneroError(
        "model-unavailable",
        `${new URL(baseUrl).host} answered with a web page: check the base URL.`,
        { retry: "backoff" },
      );
    }
    return response;
  }
  let opening: Promise<GoogleGenAI> | undefined;
  return () => {
    opening ??= open(options.apiKey, baseUrl, send).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
}

async function open(
  apiKey: string,
  baseUrl: string,
  send: NonNullable<HttpOptions["fetch"]>,
): Promise<GoogleGenAI> {
  const sdk = await import("@google/genai");
  return new sdk.GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl, fetch: send } });
}
