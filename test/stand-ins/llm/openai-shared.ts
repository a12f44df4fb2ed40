import { findImageUrlProblem } from "./images.ts";
import {
  type ErrorAnswer,
  isRecord,
  type ReceivedCall,
  retryHeaders,
  type ToldFault,
} from "./wire-format.ts";

/** Errors and embeddings, which both of OpenAI's protocols share (platform.openai.com/docs/guides/error-codes, November 2026). */
export function openAiError(fault: ToldFault, message?: string): ErrorAnswer {
  const answer = (status: number, usual: string, type: string, code: string | null) => ({
    status,
    body: { error: { message: message ?? usual, type, param: null, code } },
  });
  switch (fault.kind) {
    case "rate-limited":
      return {
        ...answer(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded"),
        headers: retryHeaders(fault),
      };
    case "quota":
      return answer(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
      );
    case "spend-limit":
    case "workspace-spend-limit": {
      // help.openai.com/en/articles/5955604: the broader type may still be insufficient_quota.
      const owner = fault.kind === "spend-limit" ? "organization" : "project";
      return answer(
        429,
        `Your ${owner} has reached its spend limit.`,
        "insufficient_quota",
        `${owner}_spend_limit_exceeded`,
      );
    }
    case "payment-required":
      // OpenRouter and DeepSeek; OpenAI itself says it with 429 credit_balance_exhausted.
      return { status: 402, body: { error: { message: "Insufficient Balance", code: 402 } } };
    case "bad-key":
      return answer(
        401,
        message ?? "Incorrect API key provided.",
        "invalid_request_error",
        "invalid_api_key",
      );
    case "context-too-long":
      return answer(
        400,
        "This model's maximum context length is 8192 tokens.",
        "invalid_request_error",
        "context_length_exceeded",
      );
    case "bad-request":
      return answer(
        400,
        "Unsupported value: 'temperature'.",
        "invalid_request_error",
        "unsupported_value",
      );
    case "unknown-model":
      return answer(404, "The model does not exist.", "invalid_request_error", "model_not_found");
    case "overloaded":
      return answer(503, "The engine is currently overloaded.", "server_error", null);
    case "status":
      return answer(fault.status, "The server had an error.", "server_error", null);
    default:
      return fault satisfies never;
  }
}

/** `isOptional`: a local server that was given no key asks for none. */
export function hasBearer(
  call: ReceivedCall,
  apiKey: string | undefined,
  isOptional: boolean,
): boolean {
  const header = call.headers.authorization;
  if (apiKey !== undefined) return header === `Bearer ${apiKey}`;
  return isOptional || (header?.startsWith("Bearer ") ?? false);
}

export function findEmbeddingProblem(body: ReceivedCall["body"]): string | undefined {
  const { input, model } = body;
  if (typeof model !== "string" || model === "") return "you must provide a model parameter";
  const inputs = Array.isArray(input) ? input : [input];
  if (inputs.length === 0 || inputs.length > 2048) return "'input' takes 1 to 2048 texts";
  return inputs.every((text) => typeof text === "string" && text !== "")
    ? undefined
    : "'$.input' is invalid.";
}

export function openAiTexts(body: ReceivedCall["body"]): readonly string[] {
  return (Array.isArray(body.input) ? body.input : [body.input]).map(String);
}

/** Out of order on purpose: `index` says which text a vector is of. */
export function openAiEmbeddings(
  vectors: readonly (readonly number[])[],
  body: ReceivedCall["body"],
): unknown {
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding:
      body.encoding_format === "base64"
        ? Buffer.from(Float32Array.from(vector).buffer).toString("base64")
        : vector,
  }));
  return {
    object: "list",
    data: data.reverse(),
    model: body.model,
    usage: { prompt_tokens: 120, total_tokens: 120 },
  };
}

/** A message's content: text, or parts of text and images. */
export function isContent(content: unknown, textTypes: readonly string[]): boolean {
  if (typeof content === "string") return true;
  return (
    Array.isArray(content) &&
    content.length > 0 &&
    content.every(
      (part) =>
        isRecord(part) &&
        typeof part.type === "string" &&
        (!textTypes.includes(part.type) || typeof part.text === "string") &&
        findPictureProblem(part) === undefined,
    )
  );
}

/** `image_url` of chat completions holds an object, `input_image` of responses the URL itself. */
function findPictureProblem(part: Readonly<Record<string, unknown>>): string | undefined {
  const { type, image_url: image, detail } = part;
  if (type === "image_url") {
    return isRecord(image)
      ? findImageUrlProblem(image.url)
      : "expected an object with an image URL";
  }
  if (type !== "input_image") return undefined;
  return detail === undefined || ["low", "high", "auto", "original"].includes(String(detail))
    ? findImageUrlProblem(image)
    : `Invalid value: '${detail}'.`;
}

/** Parts of the other of OpenAI's two protocols, which this one refuses. */
export function hasPartOf(content: unknown, types: readonly string[]): boolean {
  return (
    Array.isArray(content) &&
    content.some((part: unknown) => isRecord(part) && types.includes(String(part.type)))
  );
}
