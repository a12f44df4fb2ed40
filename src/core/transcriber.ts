import type { Payer } from "./spending.ts";

/** A recording, whole in memory. */
export interface Recording {
  readonly bytes: Uint8Array;
  /** As the network named it, e.g. `audio/ogg`; parameters after a semicolon are ignored. */
  readonly mediaType: string;
  /** ISO 639-1, when it is known: recognition is better with it. */
  readonly language?: string;
  /** How long it is said to be. */
  readonly seconds?: number;
}

export interface Transcript {
  /** Trimmed; empty when nothing was said. */
  readonly text: string;
  /** ISO 639-1 as it was heard; undefined when the model does not say. */
  readonly language?: string;
  /** Length of the recording, as billed. */
  readonly seconds?: number;
}

/**
 * Speech to text, for voice notes. Rejects with the codes of `LanguageModel`, with `media-too-large` or with
 * `media-unsupported` (its type is none that the model hears), the last two before anything is sent.
 */
export interface Transcriber {
  /** `provider:model`. */
  readonly id: string;
  readonly maxBytes: number;
  /** `payer`: on whose account. Undefined: nobody's, and nothing is booked. */
  transcribe(recording: Recording, signal: AbortSignal, payer?: Payer): Promise<Transcript>;
}
