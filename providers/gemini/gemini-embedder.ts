import { PregoneroError } from "../../src/core/errors.ts";
import type { Embedder } from "../../src/core/language-model.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import { toUnitVector } from "../../src/core/unit-vector.ts";
import { type ClientOptions, createClient } from "./client.ts";
import { mapGeminiError } from "./map-error.ts";

export interface GeminiEmbedderOptions extends ClientOptions {
  /** Default `gemini-embedding-001`. */
  readonly model?: string | undefined;
  /** 128 to 3,072; Google recommends 768, 1,536 or 3,072. */
  readonly dimensions: number;
  /** Default and greatest: 100. */
  readonly maxTextsPerCall?: number;
}

/** 100 vectors of 3,072 numbers are 7 MB in JSON. */
const MAX_EMBEDDING_BYTES = 16_000_000;

/**
 * Gemini's embeddings. Passages and questions are embedded alike, as the port has one verb for both: Gemini has a
 * task type for each (RETRIEVAL_DOCUMENT, RETRIEVAL_QUERY), and SEMANTIC_SIMILARITY for texts of equal standing.
 * Rejects with `embedding-mismatch` (never retried) when the vectors are not what was asked for.
 */
export function createGeminiEmbedder(options: GeminiEmbedderOptions): Embedder {
  const { dimensions, model = "gemini-embedding-001" } = options;
  const id = `gemini:${model}:${dimensions}`;
  const client = createClient(options, id, MAX_EMBEDDING_BYTES);
  const maxTextsPerCall = Math.min(100, options.maxTextsPerCall ?? 100);
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
        const embeddings = await withOwnSignal(signal, async (abortSignal) => {
          const answer = await (await client()).models.embedContent({
            model,
            contents: [...texts],
            config: {
              taskType: "SEMANTIC_SIMILARITY",
              outputDimensionality: dimensions,
              abortSignal,
            },
          });
          return answer.embeddings;
        });
        // An error's body under HTTP 200: the server's trouble, not a matter of configuration.
        if (embeddings === undefined) {
          throw new PregoneroError("model-unavailable", `${id} sent nothing of an answer.`, {
            retry: "backoff",
          });
        }
        // Gemini itself normalises vectors of 3,072 numbers only.
        return texts.map((_, index) => toUnitVector(embeddings[index]?.values, dimensions, id));
      } catch (error) {
        signal.throwIfAborted();
        throw mapGeminiError(error, id);
      }
    },
  };
}
