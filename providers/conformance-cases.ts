import type { Retry } from "../src/core/errors.ts";
import type { LlmFault } from "../test/stand-ins/llm/llm-fault.ts";
import type { LlmProtocol } from "../test/stand-ins/llm/llm-stand-in.ts";

/** What a fault must come to. */
export interface Expected {
  readonly code: string;
  readonly retry: Retry;
}

interface FaultCase extends Expected {
  readonly fault: LlmFault;
  /** Protocols that have this fault. Default: all. */
  readonly only?: readonly LlmProtocol[];
}

const IN_HEADERS = ["openai-chat", "openai-responses", "anthropic"] as const;

const unavailable = (fault: LlmFault): FaultCase => ({
  fault,
  code: "model-unavailable",
  retry: "backoff",
});
const truncated = (fault: LlmFault): FaultCase => ({
  fault,
  code: "model-truncated",
  retry: "backoff",
});
const never = (fault: LlmFault, code: string): FaultCase => ({ fault, code, retry: "never" });
const limited = (
  retry: Retry,
  delay: Omit<Extract<LlmFault, { kind: "rate-limited" }>, "kind">,
  only: readonly LlmProtocol[],
): FaultCase => ({
  fault: { kind: "rate-limited", ...delay },
  code: "model-rate-limited",
  retry,
  only,
});

/** The switchboard, and the code and retry that each fault must come to. What ends an answer otherwise is in conformance.ts. */
export const FAULT_CASES: Readonly<Record<string, FaultCase>> = {
  "a rate limit with a delay in seconds": limited(
    { afterMs: 2000 },
    { retryAfterSeconds: 2 },
    IN_HEADERS,
  ),
  "a rate limit with an HTTP date": limited(
    { afterMs: 3000 },
    { retryAfterDateInSeconds: 3 },
    IN_HEADERS,
  ),
  "a rate limit with a delay in milliseconds": limited(
    { afterMs: 250 },
    { retryAfterSeconds: 9, retryAfterMs: 250 },
    IN_HEADERS,
  ),
  "a rate limit with a delay in the body": limited({ afterMs: 2000 }, { retryInfoSeconds: 2 }, [
    "gemini",
  ]),
  "a rate limit without a delay": limited("backoff", {}, [
    "openai-chat",
    "openai-responses",
    "gemini",
  ]),
  // Anthropic's rate limits name a delay; the one without is a spend limit (platform.claude.com/docs, rate limits).
  "a rate limit without the delay that the vendor always names": limited("never", {}, [
    "anthropic",
  ]),
  "status 500": unavailable({ kind: "status", status: 500 }),
  "status 503": unavailable({ kind: "status", status: 503 }),
  "an overload": unavailable({ kind: "overloaded" }),
  "a bad key": never({ kind: "bad-key" }, "model-bad-key"),
  "an account without credit": never({ kind: "payment-required" }, "model-quota"),
  "a spend limit": never({ kind: "spend-limit" }, "model-quota"),
  "a spend limit of the workspace": never({ kind: "workspace-spend-limit" }, "model-quota"),
  "a quota used up": never({ kind: "quota" }, "model-quota"),
  "a text too long": never({ kind: "context-too-long" }, "model-context-too-long"),
  "a bad request": never({ kind: "bad-request" }, "model-bad-request"),
  "an unknown model": never({ kind: "unknown-model" }, "model-bad-request"),
  "an answer that a filter withheld": never({ kind: "content-filter" }, "model-refused"),
  "a refusal": never({ kind: "refusal" }, "model-refused"),
  "a connection cut before the headers": unavailable({ kind: "refused" }),
  "a connection cut within the answer": truncated({ kind: "cut" }),
  "a clean end without the marker": truncated({ kind: "clean-end" }),
  "an error within the stream": unavailable({ kind: "in-band-error" }),
  "a frame that is not JSON": unavailable({ kind: "bad-frame" }),
  "a web page": unavailable({ kind: "html-200" }),
  "bytes that are no text": unavailable({ kind: "invalid-utf8" }),
  "an answer without text": unavailable({ kind: "empty-choices" }),
};
