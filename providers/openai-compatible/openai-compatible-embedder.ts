import { PregoneroError } from "../../src/core/errors.ts";
import type { Embedder } from "../../src/core/language-model.ts";
import { type ClientOptions, createClient } from "./client.ts";
import { mapModelError } from "./map-error.ts";

export interface OpenAiCompatibleEmbedderOptions extends ClientOptions {
  readonly model: string;
  /** What the model returns; an answer of another length is refused. */
  readonly dimensions: number;
  /** Ask the server for `dimensions` (OpenAI text-embedding-3 can shorten its vectors). Default false. */
  readonly asksForDimensions?: boolean;
  /** Default 96; OpenAI accepts 2,048, local servers time out long before. */
  readonly maxTextsPerCall?: number;
}

/** 96 vectors of 4,096 numbers, written out, are 9 MB. */
const MAX_VECTORS_BYTES = 32_000_000;

/** Rejects with `embedding-mismatch` (never retried) when the server's vectors are not what was configured. */
export function createOpenAiCompatibleEmbedder(options: OpenAiCompatibleEmbedderOptions): Embedder {
  const client = createClient(options, MAX_VECTORS_BYTES);
  const { model, dimensions } = options;
  const id = `openai-compatible:${model}:${dimensions}`;
  const maxTextsPerCall = options.maxTextsPerCall ?? 96;
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
        const { data } = await client.embeddings.create(
          {
            model,
            input: [...texts],
            // The SDK's default, base64, is not spoken by every server.
            encoding_format: "float",
            ...(options.asksForDimensions === true ? { dimensions } : {}),
          },
          { signal },
        );
        return inOrder(data, texts.length).map((vector) => normalise(vector, dimensions, id));
      } catch (error) {
        signal.throwIfAborted();
        throw mapModelError(error, id);
      }
    },
  };
}

function inOrder(
  data: readonly { readonly index: number; readonly embedding: readonly number[] }[],
  count: number,
): readonly (readonly number[] | undefined)[] {
  const vectors = new Array<readonly number[] | undefined>(count).fill(undefined);
  for (const { index, embedding } of data) if (index in vectors) vectors[index] = embedding;
  return vectors;
}

function normalise(
  vector: readonly number[] | undefined,
  dimensions: number,
  id: string,
): Float32Array {
  if (!Array.isArray(vector) || vector.length !== dimensions) {
    throw new PregoneroError(
      "embedding-mismatch",
      `${id} returned ${Array.isArray(vector) ? `${vector.length} numbers` : "nothing"} for a text: configure the model's true dimensions.`,
    );
  }
  const norm = Math.hypot(...vector);
  if (!Number.isFinite(norm) || norm === 0) {
    throw new PregoneroError("embedding-mismatch", `${id} returned a vector of length ${norm}.`);
  }
  return Float32Array.from(vector, (value) => value / norm);
}
