import { PregoneroError } from "../../src/core/errors.ts";
import type { Embedder } from "../../src/core/language-model.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import { type ClientOptions, createClient } from "../openai-protocol/client.ts";
import { mapModelError } from "../openai-protocol/map-error.ts";
import { OPENAI_BASE_URL } from "./openai-model.ts";

export interface OpenAiEmbedderOptions extends Omit<ClientOptions, "baseUrl"> {
  /** Default `https://api.openai.com/v1`. */
  readonly baseUrl?: string;
  /** `text-embedding-3-small` (1,536 numbers) or `text-embedding-3-large` (3,072). */
  readonly model: string;
  /** Asked for: these models can shorten their vectors. An answer of another length is refused. */
  readonly dimensions: number;
  /** Default 96; OpenAI takes 2,048 texts, and 300,000 tokens together. */
  readonly maxTextsPerCall?: number;
}

/** 96 vectors of 3,072 numbers are 7 MB in JSON, for servers that do not know base64. */
const MAX_EMBEDDING_BYTES = 16_000_000;

/** Rejects with `embedding-mismatch` (never retried) when the vectors are not what was asked for. */
export function createOpenAiEmbedder(options: OpenAiEmbedderOptions): Embedder {
  const client = createClient(
    { ...options, baseUrl: options.baseUrl ?? OPENAI_BASE_URL },
    MAX_EMBEDDING_BYTES,
  );
  const { model, dimensions, maxTextsPerCall = 96 } = options;
  const id = `openai:${model}:${dimensions}`;
  return {
    id,
    dimensions,
    maxTextsPerCall,
    async embed(texts, signal) {
      if (texts.length === 0) return [];
      if (texts.length > maxTextsPerCall) {
        throw new PregoneroError(
          "model-bad-request",
          `${id} takes ${maxTextsPerCall} texts a call, not ${texts.length}.`,
        );
      }
      try {
        // Without `encoding_format` the SDK asks for base64 and decodes it: a quarter of the bytes of numbers in JSON.
        const { data } = await withOwnSignal(signal, (own) =>
          client.embeddings.create({ model, input: [...texts], dimensions }, { signal: own }),
        );
        const vectors = new Map(data.map(({ index, embedding }) => [index, embedding]));
        return texts.map((_, index) => normalise(vectors.get(index), dimensions, id));
      } catch (error) {
        signal.throwIfAborted();
        throw mapModelError(error, id);
      }
    },
  };
}

function normalise(
  vector: readonly number[] | undefined,
  dimensions: number,
  id: string,
): Float32Array {
  if (vector?.length !== dimensions) {
    throw new PregoneroError(
      "embedding-mismatch",
      `${id} returned ${vector === undefined ? "nothing" : `${vector.length} numbers`} for a text: configure dimensions that the model has.`,
    );
  }
  const norm = Math.hypot(...vector);
  if (!Number.isFinite(norm) || norm === 0) {
    throw new PregoneroError("embedding-mismatch", `${id} returned a vector of length ${norm}.`);
  }
  return Float32Array.from(vector, (value) => value / norm);
}
