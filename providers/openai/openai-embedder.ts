import { PregoneroError } from "../../src/core/errors.ts";
import type { Embedder } from "../../src/core/language-model.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import { toUnitVector } from "../../src/core/unit-vector.ts";
import { type ClientOptions, createClient } from "../openai-protocol/client.ts";
import { mapModelError } from "../openai-protocol/map-error.ts";
import { OPENAI_BASE_URL } from "./openai-model.ts";

export interface OpenAiEmbedderOptions extends Omit<ClientOptions, "baseUrl"> {
  /** Default `https://api.openai.com/v1`. */
  readonly baseUrl?: string | undefined;
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
        // Asked for by name, else the SDK decodes as base64 also the numbers of a server that does not know it.
        const { data } = await withOwnSignal(signal, (own) =>
          client.embeddings.create(
            { model, input: [...texts], dimensions, encoding_format: "base64" },
            { signal: own },
          ),
        );
        const vectors = new Map(data.map(({ index, embedding }) => [index, decode(embedding)]));
        return texts.map((_, index) => toUnitVector(vectors.get(index), dimensions, id));
      } catch (error) {
        signal.throwIfAborted();
        throw mapModelError(error, id);
      }
    },
  };
}

/** float32, little endian, in base64: a quarter of the bytes that the numbers take in JSON. */
function decode(embedding: unknown): readonly number[] | undefined {
  if (Array.isArray(embedding)) return embedding;
  if (typeof embedding !== "string") return undefined;
  const bytes = Buffer.from(embedding, "base64");
  const numbers = new Array<number>(Math.floor(bytes.length / 4));
  for (let index = 0; index < numbers.length; index += 1) {
    numbers[index] = bytes.readFloatLE(index * 4);
  }
  return numbers;
}
