import type { ModelRequest, TokenUsage } from "../core/language-model.ts";

/**
 * Bytes of UTF-8 per token. Spanish prose has about 4 in o200k_base (1,001 tokens per 4 kB of La Gaceta), figures
 * and codes 2 to 3. Counting exactly would load a table of 2 MB per vendor for a guess that is settled afterwards.
 */
const BYTES_PER_TOKEN = 3.5;
const BYTES_PER_TOKEN_AT_LEAST = 2;
/** Roles and separators of one message. */
const TOKENS_PER_MESSAGE = 8;

/** The most that a call can use: for reserving. */
export function usageAtMost(
  request: ModelRequest,
  outputTokens: number = request.maxOutputTokens,
): TokenUsage {
  return {
    input: inputTokens(request, BYTES_PER_TOKEN_AT_LEAST),
    cachedInput: 0,
    output: outputTokens,
  };
}

/** What a call that broke off probably used: for booking. */
export function usageSoFar(request: ModelRequest, written: string): TokenUsage {
  return {
    input: inputTokens(request, BYTES_PER_TOKEN),
    cachedInput: 0,
    output: Math.min(
      request.maxOutputTokens,
      Math.ceil(Buffer.byteLength(written) / BYTES_PER_TOKEN),
    ),
  };
}

function inputTokens(request: ModelRequest, bytesPerToken: number): number {
  return request.messages.reduce(
    (sum, { text }) =>
      sum + TOKENS_PER_MESSAGE + Math.ceil(Buffer.byteLength(text) / bytesPerToken),
    0,
  );
}
