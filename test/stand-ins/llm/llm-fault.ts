/**
 * How a call goes wrong. What the vendor says is in the wire formats (bodies, statuses); what happens to the
 * connection is in transport.ts. In streams "half" is after half of the pieces of text, in whole answers after
 * half of the body.
 */
export type LlmFault =
  /** 429. Without any delay the vendor gives none; `retryInfoSeconds` is Gemini's, in the body. */
  | {
      readonly kind: "rate-limited";
      readonly retryAfterSeconds?: number;
      readonly retryAfterMs?: number;
      /** `retry-after` as an HTTP date, so many seconds after the answer's `date`. */
      readonly retryAfterDateInSeconds?: number;
      readonly retryInfoSeconds?: number;
    }
  | { readonly kind: "status"; readonly status: number }
  /** 529 of Anthropic; the others say it with 503. */
  | { readonly kind: "overloaded" }
  | { readonly kind: "bad-key" }
  /** 402: the prepaid balance is used up. */
  | { readonly kind: "payment-required" }
  /** The monthly limit that the vendor or the owner set: 429 that looks like a rate limit. */
  | { readonly kind: "spend-limit" }
  /** The same at Anthropic for a workspace: 400 that looks like a bad request. */
  | { readonly kind: "workspace-spend-limit" }
  | { readonly kind: "quota" }
  | { readonly kind: "context-too-long" }
  /** The vendor's filter withheld the answer. */
  | { readonly kind: "content-filter" }
  /** The model declined. */
  | { readonly kind: "refusal" }
  | { readonly kind: "bad-request" }
  | { readonly kind: "unknown-model" }
  /** The request is read, and never answered. */
  | { readonly kind: "black-hole" }
  /** Healthy, but the first piece comes so late. Headers come at once. */
  | { readonly kind: "slow-first-token"; readonly firstMs: number }
  /** Healthy, with pauses before the first piece and between pieces. */
  | { readonly kind: "slow"; readonly firstMs: number; readonly betweenMs: number }
  /** Half, then nothing, the socket open. */
  | { readonly kind: "stall" }
  /** The socket is destroyed before the headers. */
  | { readonly kind: "refused" }
  /** Half, then the socket is destroyed. */
  | { readonly kind: "cut" }
  /** Half, then a clean end of the response: no terminal marker. */
  | { readonly kind: "clean-end" }
  /** Half, then the vendor's error under HTTP 200. */
  | { readonly kind: "in-band-error" }
  /** Half, then an event whose data is not JSON, then the rest. */
  | { readonly kind: "bad-frame" }
  /** 200 with a web page: a proxy's, or a captive portal's. */
  | { readonly kind: "html-200" }
  /** One piece of text of so many bytes; default 50 MB. */
  | { readonly kind: "huge-body"; readonly bytes?: number }
  | { readonly kind: "invalid-utf8" }
  /** A well-formed answer with the marker and no text. */
  | { readonly kind: "empty-choices" }
  /** Ended by `max_tokens`. */
  | { readonly kind: "length" };

/** How the model's side of a healthy connection ends. */
export type Ending = "stop" | "length" | "content-filter" | "refusal" | "empty-choices";

/** A fault of each kind, for choosing one by its name. */
export const LLM_FAULTS: { readonly [K in LlmFault["kind"]]: Extract<LlmFault, { kind: K }> } = {
  "rate-limited": { kind: "rate-limited", retryAfterSeconds: 2, retryInfoSeconds: 2 },
  status: { kind: "status", status: 503 },
  overloaded: { kind: "overloaded" },
  "bad-key": { kind: "bad-key" },
  "payment-required": { kind: "payment-required" },
  "spend-limit": { kind: "spend-limit" },
  "workspace-spend-limit": { kind: "workspace-spend-limit" },
  quota: { kind: "quota" },
  "context-too-long": { kind: "context-too-long" },
  "content-filter": { kind: "content-filter" },
  refusal: { kind: "refusal" },
  "bad-request": { kind: "bad-request" },
  "unknown-model": { kind: "unknown-model" },
  "black-hole": { kind: "black-hole" },
  "slow-first-token": { kind: "slow-first-token", firstMs: 20_000 },
  slow: { kind: "slow", firstMs: 2_000, betweenMs: 250 },
  stall: { kind: "stall" },
  refused: { kind: "refused" },
  cut: { kind: "cut" },
  "clean-end": { kind: "clean-end" },
  "in-band-error": { kind: "in-band-error" },
  "bad-frame": { kind: "bad-frame" },
  "html-200": { kind: "html-200" },
  "huge-body": { kind: "huge-body" },
  "invalid-utf8": { kind: "invalid-utf8" },
  "empty-choices": { kind: "empty-choices" },
  length: { kind: "length" },
};
