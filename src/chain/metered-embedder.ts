import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { Embedder, TokenUsage } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import type { CallResult, MicroUsd, ModelCall, Spending } from "../core/spending.ts";
import { nextCallId } from "./call-id.ts";
import { tokensAtMost, tokensOf } from "./estimate-tokens.ts";

/** Errors after which a provider may charge for what it read. The others were refused before it read. */
const CHARGED_ERRORS: ReadonlySet<string> = new Set(["model-timeout", "embedding-mismatch"]);

/**
 * An embedder that is paid for as models are: reserved before the call by the most tokens that its texts can be, settled
 * once after it. Embedders tell no usage (`Embedder`): what is booked is our own count, marked an estimate. Rejects as
 * `createMeteredModel` does before calling. A call without a payer (passages of the archive) is not booked.
 */
export function createMeteredEmbedder(options: {
  readonly embedder: Embedder;
  readonly spending: Pick<Spending, "reserve" | "settle" | "record" | "isBound">;
  /** Of so many tokens read. Undefined: the price is not known. */
  readonly priceOf: (tokens: number) => MicroUsd | undefined;
  readonly logger: Logger;
}): Embedder {
  const { embedder, spending, priceOf, logger } = options;
  const { id } = embedder;

  /** False when there is nothing to reserve. */
  async function reserve(call: ModelCall, tokens: number): Promise<boolean> {
    const atMost = priceOf(tokens);
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
        `The limit per ${refusedBy} has too little left for words of alerts embedded by ${id}.`,
      );
    }
    return true;
  }

  async function settle(call: ModelCall, isReserved: boolean, result: CallResult): Promise<void> {
    try {
      await (isReserved ? spending.settle(call, result) : spending.record(call, result));
    } catch (error) {
      // The sweep books what stays reserved: never a reason to lose the vectors.
      logger.warn("settlement-failed", { callId: call.callId, model: id, error });
    }
  }

  return {
    ...embedder,
    async embed(texts, signal, payer) {
      if (payer === undefined || texts.length === 0) return embedder.embed(texts, signal);
      const call: ModelCall = { ...payer, callId: nextCallId(), model: id, purpose: "embed" };
      const isReserved = await reserve(call, tokensAtMost(texts));
      const book = (outcome: string, tokens: number) =>
        settle(call, isReserved, {
          outcome,
          usage: usageOf(tokens),
          cost: priceOf(tokens),
          isEstimate: true,
        });
      // Given up while it was being reserved: nobody is called, and nobody charges.
      const isTooLate = signal.aborted;
      try {
        signal.throwIfAborted();
        const vectors = await embedder.embed(texts, signal);
        await book("answered", tokensOf(texts));
        return vectors;
      } catch (error) {
        const outcome = isPregoneroError(error) ? error.code : "aborted";
        const mayCost = !isTooLate && (CHARGED_ERRORS.has(outcome) || signal.aborted);
        await book(outcome, mayCost ? tokensOf(texts) : 0);
        throw error;
      }
    },
  };
}

function usageOf(tokens: number): TokenUsage {
  return { input: tokens, cachedInput: 0, output: 0 };
}
