import type OpenAI from "openai";
import { PregoneroError } from "../../src/core/errors.ts";
import type { ModelReply } from "../../src/core/language-model.ts";
import { collectText, type Reading } from "../openai-protocol/collect-text.ts";
import { mapServerError } from "../openai-protocol/map-error.ts";
import { readFrames } from "../openai-protocol/read-frames.ts";

/**
 * One streamed response, read to its terminal event: `response.completed` or `response.incomplete`.
 * `response.failed` and `error` are events like any other.
 */
export async function streamResponses(
  client: OpenAI,
  body: OpenAI.Responses.ResponseCreateParamsStreaming,
  reading: Reading,
): Promise<ModelReply> {
  const { name, signal } = reading;
  const text = collectText(reading);
  const end: { answer?: ModelReply } = {};
  const response = await client.responses.create(body, { signal }).asResponse();
  await readFrames(response, (frame) => {
    const event = frame as OpenAI.Responses.ResponseStreamEvent;
    switch (event.type) {
      case "response.output_text.delta":
        text.add(event.delta);
        break;
      case "response.refusal.delta":
        throw refused(name);
      case "response.completed":
        end.answer = reply(event.response, "stop", text.whole(), name);
        break;
      case "response.incomplete":
        if (event.response.incomplete_details?.reason === "content_filter") throw refused(name);
        end.answer = reply(event.response, "length", text.whole(), name);
        break;
      case "response.failed":
        throw failed(event.response.error, name);
      case "error":
        throw failed(event, name);
    }
  });
  signal.throwIfAborted();
  if (end.answer !== undefined) return end.answer;
  throw new PregoneroError(
    "model-truncated",
    `${name} ended its answer without a terminal event.`,
    {
      retry: "backoff",
    },
  );
}

function reply(
  { usage }: OpenAI.Responses.Response,
  finish: ModelReply["finish"],
  text: string,
  name: string,
): ModelReply {
  return {
    text,
    model: name,
    // `input_tokens` includes the cached ones, `output_tokens` those of reasoning.
    usage: {
      input: usage?.input_tokens ?? 0,
      cachedInput: usage?.input_tokens_details?.cached_tokens ?? 0,
      output: usage?.output_tokens ?? 0,
    },
    finish,
  };
}

function refused(name: string): PregoneroError {
  return new PregoneroError("model-refused", `${name} withheld its answer.`);
}

function failed(
  error: { readonly code?: string | null; readonly message?: string } | null,
  name: string,
): PregoneroError {
  return mapServerError(
    {
      status: undefined,
      kind: error?.code ?? "",
      message: error?.message ?? "",
      headers: undefined,
    },
    name,
    error,
  );
}
