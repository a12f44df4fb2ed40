import { PregoneroError } from "../../src/core/errors.ts";

/** How a streamed answer is read. */
export interface Reading {
  /** `provider:model`, for the reply and for errors. */
  readonly name: string;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
  readonly onText: ((piece: string) => void) | undefined;
}

/** More characters than this per output token that was allowed is a server that ignores the limit. */
const MAX_CHARACTERS_PER_TOKEN = 24;

/** Gathers the pieces of an answer and passes each on; gives up on a server that writes without end, or no text. */
export function collectText({ name, maxOutputTokens, onText }: Reading): {
  add(piece: unknown): void;
  /** Throws when nothing was written: reasoning may have taken all the tokens. */
  whole(): string;
} {
  let text = "";
  return {
    add(piece) {
      if (typeof piece !== "string" || piece === "") return;
      text += piece;
      // What a decoder leaves of bytes that are not UTF-8.
      if (piece.includes("\uFFFD")) throw unavailable(`${name} sent bytes that are no text.`);
      if (text.length > maxOutputTokens * MAX_CHARACTERS_PER_TOKEN) {
        throw unavailable(`${name} wrote far past the ${maxOutputTokens} tokens it was allowed.`);
      }
      onText?.(piece);
    },
    whole() {
      if (text.trim() === "") throw unavailable(`${name} ended its answer without a word.`);
      return text;
    },
  };
}

function unavailable(message: string): PregoneroError {
  return new PregoneroError("model-unavailable", message, { retry: "backoff" });
}
