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
    input: inputTokens(request, BYTES_PER_TOKEN_AT_LEAST, TOKENS_PER_IMAGE_AT_MOST),
    cachedInput: 0,
    output: outputTokens,
  };
}

/**
 * Of one picture. Vendors count by its size in pixels: Anthropic up to 1,600, and 4,800 where its largest models see
 * more, OpenAI up to 2,500 at high detail, xAI 1,800, Gemini 1,100 to 2,600. A photo of Telegram's is 1,280 pixels wide.
 */
const TOKENS_PER_IMAGE = 1_600;
const TOKENS_PER_IMAGE_AT_MOST = 5_000;

/** What a call that broke off probably used: for booking. */
export function usageSoFar(request: ModelRequest, written: string): TokenUsage {
  return {
    input: inputTokens(request, BYTES_PER_TOKEN, TOKENS_PER_IMAGE),
    cachedInput: 0,
    output: Math.min(
      request.maxOutputTokens,
      Math.ceil(Buffer.byteLength(written) / BYTES_PER_TOKEN),
    ),
  };
}

/** The most that texts can be, as an embedder reads them: for reserving. */
export function tokensAtMost(texts: readonly string[]): number {
  return sumTokens(texts, BYTES_PER_TOKEN_AT_LEAST);
}

/** What texts probably are: for booking. */
export function tokensOf(texts: readonly string[]): number {
  return sumTokens(texts, BYTES_PER_TOKEN);
}

/** Each text has a mark at its end, and is a token at least. */
function sumTokens(texts: readonly string[], bytesPerToken: number): number {
  return texts.reduce(
    (sum, text) => sum + 1 + Math.ceil(Buffer.byteLength(text) / bytesPerToken),
    0,
  );
}

function inputTokens(request: ModelRequest, bytesPerToken: number, tokensPerImage: number): number {
  return request.messages.reduce(
    (sum, { text, images = [] }) =>
      sum +
      TOKENS_PER_MESSAGE +
      Math.ceil(Buffer.byteLength(text) / bytesPerToken) +
      images.length * tokensPerImage,
    0,
  );
}
