import type { Language } from "./language.ts";
import type { Payer } from "./spending.ts";

/** A picture, whole in memory: at most 5 MB, which every vendor takes. */
export interface ModelImage {
  readonly mediaType: "image/jpeg" | "image/png" | "image/webp";
  readonly bytes: Uint8Array;
}

export interface ModelMessage {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
  /** Shown before the text. Of a `user` only. */
  readonly images?: readonly ModelImage[];
}

export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly maxOutputTokens: number;
  /** 0 to 2; most providers default to 1. */
  readonly temperature: number;
  readonly language: Language;
  /** Why a larger model is wanted. Absent: the usual one does. */
  readonly need?: ModelNeed | undefined;
}

/** What makes a question one for a larger model (docs/assistants.md); the passport shows it. */
export type ModelNeed = "comparison" | "long-question" | "long-context";

/** Tokens as the provider counted them. `cachedInput` is part of `input`, whichever way the vendor counts. */
export interface TokenUsage {
  readonly input: number;
  readonly cachedInput: number;
  /** Part of `input` too: written to the vendor's cache, at a price of its own (Anthropic). */
  readonly cacheWrites?: number;
  readonly output: number;
}

export interface ModelReply {
  readonly text: string;
  /** `provider:model`, as it appears in the passport. */
  readonly model: string;
  readonly usage: TokenUsage;
  readonly finish: "stop" | "length";
}

/** One try of one link of the chain, for the passport: names and figures, no text. */
export interface ModelAttempt {
  /** `provider:model`. */
  readonly model: string;
  /** `answered`, `skipped` (its breaker is open), `blind` (there are pictures, and it does not see), `too-small`, `overtaken`, or the error's code. */
  readonly outcome: string;
  /** Asked besides another link, which was slow to begin. */
  readonly hedged?: boolean;
  readonly durationMs?: number;
  /** From the call to the first piece of text. */
  readonly firstTokenMs?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Which of an assistant's chains it is a link of; absent: there is one only. */
  readonly route?: "usual" | "large";
  readonly need?: ModelNeed;
}

/**
 * A model that writes text. An adapter resolves only after it saw the stream's terminal marker: a stream
 * that ends without one rejects with `model-truncated`, since SDKs report it as success. Errors are
 * `PregoneroError`s whose `retry` was decided from the error's body:
 * `model-rate-limited`, `model-quota`, `model-bad-key`, `model-unavailable`, `model-timeout`,
 * `model-truncated`, `model-refused`, `model-context-too-long`, `model-bad-request`; and before any call
 * `model-over-budget`, `model-price-unknown`.
 */
export interface LanguageModel {
  /** `provider:model`. */
  readonly name: string;
  /** Whether it reads pictures. Absent: no. */
  readonly sees?: boolean;
  /** Tokens that it may be billed for writing; more than `maxOutputTokens` where it thinks first. Absent: as many. */
  outputTokensAtMost?(request: ModelRequest): number;
  /** Calls `onText` with each piece as it comes; the whole is in the reply. */
  generate(
    request: ModelRequest,
    options: {
      signal: AbortSignal;
      onText?: (piece: string) => void;
      /** Told by the chain of each link that it tried, in order; a single model says nothing. */
      onAttempt?: (attempt: ModelAttempt) => void;
      /** `performance.now()` at which the turn's time is over, whatever the chain's own deadlines allow. */
      endsAt?: number;
      /** On whose account. Undefined: nobody's, and nothing is booked. */
      payer?: Payer;
      /** What the call is for, on the bill: `write` (default), `plan`, `remember`, `see`, `check`, `prompt`. */
      purpose?: string;
    },
  ): Promise<ModelReply>;
}

/** Turns texts into vectors. Vectors of two embedders never meet. */
export interface Embedder {
  /** Stored beside each vector: provider, model and dimensions, e.g. `openai-compatible:nomic-embed-text:768`. */
  readonly id: string;
  readonly dimensions: number;
  readonly maxTextsPerCall: number;
  /**
   * `float32[dimensions]` per text, in order, L2 norm 1. `payer`: on whose account. Undefined: nobody's, and nothing is
   * booked.
   */
  embed(
    texts: readonly string[],
    signal: AbortSignal,
    payer?: Payer,
  ): Promise<readonly Float32Array[]>;
}
