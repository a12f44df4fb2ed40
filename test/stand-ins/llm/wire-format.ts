import type { IncomingHttpHeaders } from "node:http";
import type { Ending, LlmFault } from "./llm-fault.ts";

export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** A form's fields by their names, its files as `ReceivedFile`. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a path asks for. `stream` is the vendor's way of saying so: the body's, or the path's. */
export type Operation =
  | { readonly kind: "generate"; readonly stream: boolean; readonly model: string }
  | { readonly kind: "embed"; readonly model: string }
  | { readonly kind: "transcribe"; readonly model: string };

export interface ReceivedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface ErrorAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A stream in three parts, so that faults can be put between them. Each string is a whole event. */
export interface Frames {
  readonly head: readonly string[];
  readonly pieces: readonly string[];
  readonly tail: readonly string[];
}

/** The faults that the vendor itself tells, by status and body. */
export type ToldFault = Extract<
  LlmFault,
  {
    kind:
      | "rate-limited"
      | "status"
      | "overloaded"
      | "bad-key"
      | "payment-required"
      | "spend-limit"
      | "workspace-spend-limit"
      | "quota"
      | "context-too-long"
      | "bad-request"
      | "unknown-model";
  }
>;

/** One vendor's protocol: what it accepts, and how it says things. No connection is touched here. */
export interface WireFormat {
  /** After the host in the base URL that the vendor's SDK takes. */
  readonly basePath: string;
  /** Undefined: the vendor has no such address. */
  operationOf(path: string, body: ReceivedCall["body"]): Operation | undefined;
  /** `apiKey` undefined: any key that the vendor would ask for. */
  isAuthorized(call: ReceivedCall, apiKey: string | undefined): boolean;
  /** In words: what the vendor would refuse in this request, undefined when nothing. */
  findProblem(call: ReceivedCall, operation: Operation): string | undefined;
  /** `message` replaces the usual text, for refusals of the request itself. */
  error(fault: ToldFault, message?: string): ErrorAnswer;
  frames(pieces: readonly string[], model: string, ending: Ending): Frames;
  /** The answer that is not streamed. */
  whole(text: string, model: string, ending: Ending): unknown;
  /** An event of an error after HTTP 200, and the same as a whole body. */
  readonly errorFrame: string;
  readonly errorUnder200: unknown;
  readonly badFrame: string;
  /** Texts to embed, in the request's order. */
  textsToEmbed(body: ReceivedCall["body"]): readonly string[];
  embeddings(
    vectors: readonly (readonly number[])[],
    body: ReceivedCall["body"],
    path: string,
  ): unknown;
  /** What was heard; only where the vendor hears. */
  transcription?(text: string, body: ReceivedCall["body"]): unknown;
}

/** Tokens of every answer: read (of which cached), and written. Each vendor counts them its own way. */
export const TOKENS = { input: 120, cached: 20, output: 40 };

/** In about `count` pieces, never inside a surrogate pair. */
export function splitText(text: string, count: number): readonly string[] {
  const size = Math.max(1, Math.ceil(text.length / count));
  return text.match(new RegExp(`[\\s\\S]{1,${size}}`, "gu")) ?? [];
}

/** `retry-after` in the shape that the fault asks for. */
export function retryHeaders(
  fault: Extract<LlmFault, { kind: "rate-limited" }>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (fault.retryAfterSeconds !== undefined)
    headers["retry-after"] = String(fault.retryAfterSeconds);
  if (fault.retryAfterMs !== undefined) headers["retry-after-ms"] = String(fault.retryAfterMs);
  if (fault.retryAfterDateInSeconds !== undefined) {
    const now = Date.now();
    headers.date = new Date(now).toUTCString();
    headers["retry-after"] = new Date(now + fault.retryAfterDateInSeconds * 1000).toUTCString();
  }
  return headers;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
