import { findImageProblem } from "./images.ts";
import type { Ending } from "./llm-fault.ts";
import {
  type ErrorAnswer,
  type Frames,
  isRecord,
  type Operation,
  type ReceivedCall,
  retryHeaders,
  TOKENS,
  type ToldFault,
  type WireFormat,
} from "./wire-format.ts";

/**
 * The Gemini protocol (ai.google.dev/api, November 2026). No sentinel ends a stream: the last chunk carries the
 * `finishReason`. Delays and the reason of a refusal are in `error.details`.
 */
export const gemini: WireFormat = {
  basePath: "",
  operationOf,
  isAuthorized: ({ headers, path }, apiKey) => {
    const key = headers["x-goog-api-key"] ?? new URL(path, "http://gemini").searchParams.get("key");
    return apiKey === undefined ? typeof key === "string" && key !== "" : key === apiKey;
  },
  findProblem: ({ body }, operation) =>
    operation.kind === "embed" ? findEmbeddingProblem(body) : findProblem(body),
  error,
  frames,
  whole: (text, model, ending) => chunk(model, text, ending),
  errorFrame: `data: ${JSON.stringify(errorBody(503, "UNAVAILABLE", "The model is overloaded. Please try again later."))}\n\n`,
  errorUnder200: errorBody(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
  badFrame: 'data: {"candidates": [{"content": \n\n',
  textsToEmbed: (body) => requestsOf(body).map(textOf),
  embeddings: (vectors, _body, path) =>
    path.includes(":batchEmbedContents")
      ? { embeddings: vectors.map((values) => ({ values })) }
      : { embedding: { values: vectors[0] } },
};

function operationOf(path: string): Operation | undefined {
  const url = new URL(path, "http://gemini");
  const [, model, method] = /^\/v1(?:beta)?\/models\/([^/:]+):(\w+)$/.exec(url.pathname) ?? [];
  if (model === undefined) return undefined;
  switch (method) {
    case "generateContent":
      return { kind: "generate", stream: false, model };
    case "streamGenerateContent":
      // Without alt=sse it answers with an array; every SDK asks for events.
      return url.searchParams.get("alt") === "sse"
        ? { kind: "generate", stream: true, model }
        : undefined;
    case "embedContent":
    case "batchEmbedContents":
      return { kind: "embed", model };
    default:
      return undefined;
  }
}

function findProblem(body: ReceivedCall["body"]): string | undefined {
  const { contents, systemInstruction, generationConfig } = body;
  if (!Array.isArray(contents) || contents.length === 0)
    return "* GenerateContentRequest.contents: contents is not specified\n";
  for (const content of contents) {
    const role = isRecord(content) ? content.role : undefined;
    if (role !== undefined && role !== "user" && role !== "model")
      return "Please use a valid role: user, model.";
    if (!hasParts(content))
      return "* GenerateContentRequest.contents[0].parts: contents.parts must not be empty.\n";
    const problem = findPartProblem(content);
    if (problem !== undefined) return problem;
  }
  if (systemInstruction !== undefined && !hasParts(systemInstruction))
    return "* GenerateContentRequest.system_instruction.parts: must not be empty.\n";
  if (generationConfig === undefined) return undefined;
  if (!isRecord(generationConfig)) return "Invalid value at 'generation_config'";
  const { maxOutputTokens: limit, temperature } = generationConfig;
  if (limit !== undefined && !(Number.isInteger(limit) && Number(limit) >= 1))
    return "* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be positive.\n";
  if (temperature !== undefined && !(Number(temperature) >= 0 && Number(temperature) <= 2))
    return "* GenerateContentRequest.generation_config.temperature: must be in [0.0, 2.0].\n";
  return undefined;
}

/** A part holds one thing: text, or a picture in the request itself. */
function findPartProblem(content: unknown): string | undefined {
  const parts = isRecord(content) && Array.isArray(content.parts) ? content.parts : [];
  for (const part of parts) {
    const { text, inlineData } = isRecord(part) ? part : {};
    if ((text === undefined) === (inlineData === undefined))
      return "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must have one initialized field\n";
    if (inlineData === undefined) continue;
    const { mimeType, data } = isRecord(inlineData) ? inlineData : {};
    const problem = findImageProblem(mimeType, data);
    if (problem !== undefined) return `Unable to process input image: ${problem}.`;
  }
  return undefined;
}

function hasParts(content: unknown): boolean {
  return isRecord(content) && Array.isArray(content.parts) && content.parts.length > 0;
}

function findEmbeddingProblem(body: ReceivedCall["body"]): string | undefined {
  const requests = requestsOf(body);
  // 100: batchEmbedContents, "at most 100 requests can be in one batch".
  if (requests.length === 0 || requests.length > 100)
    return "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n";
  return requests.every((request) => textOf(request) !== "")
    ? undefined
    : "* EmbedContentRequest.content: content is empty\n";
}

function requestsOf(body: ReceivedCall["body"]): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(body.requests) ? body.requests.filter(isRecord) : [body];
}

function textOf(request: Readonly<Record<string, unknown>>): string {
  const parts = isRecord(request.content) ? request.content.parts : undefined;
  return Array.isArray(parts)
    ? parts.map((part: unknown) => (isRecord(part) ? String(part.text ?? "") : "")).join("")
    : "";
}

function error(fault: ToldFault, said?: string): ErrorAnswer {
  const answer = (
    status: number,
    name: string,
    usual: string,
    details?: readonly unknown[],
  ): ErrorAnswer => ({ status, body: errorBody(status, name, said ?? usual, details) });
  const exceeded =
    "You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.";
  switch (fault.kind) {
    case "rate-limited":
      return {
        ...answer(429, "RESOURCE_EXHAUSTED", exceeded, [
          quotaFailure("GenerateRequestsPerMinutePerProjectPerModel"),
          ...(fault.retryInfoSeconds === undefined ? [] : [retryInfo(fault.retryInfoSeconds)]),
        ]),
        headers: retryHeaders(fault),
      };
    case "quota":
      // A day's quota says "in 26 s" as a minute's does: only the quota's id tells them apart.
      return answer(429, "RESOURCE_EXHAUSTED", exceeded, [
        quotaFailure("GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
        retryInfo(26),
      ]);
    case "spend-limit":
    case "workspace-spend-limit":
      return answer(
        429,
        "RESOURCE_EXHAUSTED",
        "Your project has exceeded its monthly spending cap. Please go to AI Studio at https://ai.studio/spend to manage your project spend cap.",
      );
    case "payment-required":
      return answer(
        402,
        "RESOURCE_EXHAUSTED",
        "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to manage your project and billing.",
      );
    case "bad-key":
      return answer(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: "API_KEY_INVALID",
          domain: "googleapis.com",
          metadata: { service: "generativelanguage.googleapis.com" },
        },
      ]);
    case "context-too-long":
      return answer(
        400,
        "INVALID_ARGUMENT",
        "The input token count (2551556) exceeds the maximum number of tokens allowed (1048576).",
      );
    case "bad-request":
      return answer(400, "INVALID_ARGUMENT", "Request contains an invalid argument.");
    case "unknown-model":
      return answer(
        404,
        "NOT_FOUND",
        "models/stand-in is not found for API version v1beta, or is not supported for generateContent.",
      );
    case "overloaded":
      return answer(503, "UNAVAILABLE", "The model is overloaded. Please try again later.");
    case "status":
      return answer(fault.status, fault.status === 404 ? "NOT_FOUND" : "INTERNAL", "Error");
    default:
      return fault satisfies never;
  }
}

function quotaFailure(quotaId: string) {
  return {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    violations: [
      {
        quotaMetric: "generativelanguage.googleapis.com/generate_content_requests",
        quotaId,
        quotaDimensions: { location: "global", model: "stand-in" },
      },
    ],
  };
}

function retryInfo(seconds: number) {
  return { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${seconds}s` };
}

function errorBody(code: number, status: string, message: string, details?: readonly unknown[]) {
  return { error: { code, message, status, ...(details === undefined ? {} : { details }) } };
}

function frames(pieces: readonly string[], model: string, ending: Ending): Frames {
  const say = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
  const hasText = ending === "stop" || ending === "length" || ending === "content-filter";
  const end = say(chunk(model, "", ending));
  return hasText
    ? { head: [], pieces: pieces.map((piece) => say(chunk(model, piece, undefined))), tail: [end] }
    : { head: [], pieces: [], tail: [end] };
}

const FINISH: Readonly<Record<Ending, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  "content-filter": "SAFETY",
  refusal: "PROHIBITED_CONTENT",
  "empty-choices": "STOP",
};

/** One chunk, or a whole answer. `promptTokenCount` includes the cached ones. */
function chunk(modelVersion: string, text: string, ending: Ending | undefined): unknown {
  const usage = {
    promptTokenCount: TOKENS.input,
    cachedContentTokenCount: TOKENS.cached,
    candidatesTokenCount: ending === undefined ? 1 : TOKENS.output,
    totalTokenCount: TOKENS.input + (ending === undefined ? 1 : TOKENS.output),
  };
  const rest = { usageMetadata: usage, modelVersion, responseId: "stand-in" };
  // A refused prompt gets no candidate at all.
  if (ending === "refusal")
    return { promptFeedback: { blockReason: "PROHIBITED_CONTENT" }, ...rest };
  if (ending === "empty-choices") return { candidates: [], ...rest };
  return {
    candidates: [
      {
        content: { parts: [{ text }], role: "model" },
        ...(ending === undefined ? {} : { finishReason: FINISH[ending] }),
        index: 0,
      },
    ],
    ...rest,
  };
}
