import { v7 as uuidv7 } from "uuid";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import { asId, type ModelCallId } from "../core/ids.ts";
import type { TokenUsage } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import type { CallResult, MicroUsd, ModelCall, Spending } from "../core/spending.ts";
import type { Recording, Transcriber, Transcript } from "../core/transcriber.ts";

/** Speech is paid for by the second: no tokens are booked. */
const NO_TOKENS: TokenUsage = { input: 0, cachedInput: 0, output: 0 };

/** Opus has no lower rate than 6 kbit/s (RFC 6716, 2): a recording of so many bytes is no longer than this. */
const BYTES_PER_SECOND_AT_LEAST = 750;

/** Errors after which a provider may charge for what it heard. The others were refused before it listened. */
const CHARGED_ERRORS: ReadonlySet<string> = new Set(["model-timeout", "model-refused"]);

/**
 * A transcriber that is paid for as models are: reserved before the call by the most that its bytes can hold, since
 * the length that a sender states is only a claim, and settled once after it by the seconds heard. Rejects as
 * `createMeteredModel` does before calling. A recording that is transcribed again, because its turn was cut short by
 * a crash or a lost lease, is paid for again: what was understood is kept only with the answer.
 */
export function createMeteredTranscriber(options: {
  readonly transcriber: Transcriber;
  readonly spending: Pick<Spending, "reserve" | "settle" | "record" | "isBound">;
  /** Undefined: the price is not known. */
  readonly priceOf: (seconds: number) => MicroUsd | undefined;
  readonly logger: Logger;
}): Transcriber {
  const { transcriber, spending, priceOf, logger } = options;
  const { id, maxBytes } = transcriber;

  /** False when there is nothing to reserve. */
  async function reserve(call: ModelCall, seconds: number): Promise<boolean> {
    const atMost = priceOf(seconds);
    if (atMost === undefined && (await spending.isBound(call.tenantId))) {
      throw new PregoneroError(
        "model-price-unknown",
        `The price of ${id} is not known, and this tenant has a limit: take a model of the price list, or remove the limit.`,
      );
    }
    if (atMost === 0) return false;
    const refusedBy = await spending.reserve(call, atMost ?? 0);
    if (refusedBy !== undefined) {
      throw new PregoneroError(
        "model-over-budget",
        `The limit per ${refusedBy} has too little left for a recording heard by ${id}.`,
      );
    }
    return true;
  }

  async function settle(call: ModelCall, isReserved: boolean, result: CallResult): Promise<void> {
    try {
      await (isReserved ? spending.settle(call, result) : spending.record(call, result));
    } catch (error) {
      // The sweep books what stays reserved: never a reason to lose what was heard.
      logger.warn("settlement-failed", { callId: call.callId, model: id, error });
    }
  }

  return {
    id,
    maxBytes,
    async transcribe(recording, signal, payer): Promise<Transcript> {
      if (payer === undefined) return transcriber.transcribe(recording, signal);
      const callId = asId<ModelCallId>(uuidv7());
      const call: ModelCall = { ...payer, callId, model: id, purpose: "transcribe" };
      const isReserved = await reserve(call, secondsAtMost(recording));
      const book = (outcome: string, seconds: number, isEstimate: boolean) =>
        settle(call, isReserved, {
          outcome,
          usage: NO_TOKENS,
          cost: priceOf(seconds),
          isEstimate,
        });
      // Given up while it was being reserved: nobody is called, and nobody charges.
      const isTooLate = signal.aborted;
      try {
        signal.throwIfAborted();
        const transcript = await transcriber.transcribe(recording, signal);
        const told = transcript.seconds;
        await book("answered", told ?? secondsSaid(recording), told === undefined);
        return transcript;
      } catch (error) {
        const outcome = isPregoneroError(error) ? error.code : "aborted";
        const mayCost = !isTooLate && (CHARGED_ERRORS.has(outcome) || signal.aborted);
        await book(outcome, mayCost ? secondsSaid(recording) : 0, true);
        throw error;
      }
    },
  };
}

function secondsAtMost({ bytes, seconds = 0 }: Recording): number {
  return Math.max(seconds, Math.ceil(bytes.byteLength / BYTES_PER_SECOND_AT_LEAST));
}

function secondsSaid(recording: Recording): number {
  return recording.seconds ?? secondsAtMost(recording);
}
