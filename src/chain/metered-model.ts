import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { LanguageModel, ModelRequest, TokenUsage } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import { type Metrics, noMetrics } from "../core/metrics.ts";
import type { CallResult, MicroUsd, ModelCall, OverBudget, Spending } from "../core/spending.ts";
import { nextCallId } from "./call-id.ts";
import { usageAtMost, usageSoFar } from "./estimate-tokens.ts";
import { providerOf } from "./provider-of.ts";

const NOTHING: TokenUsage = { input: 0, cachedInput: 0, output: 0 };

/** Errors after which a provider may charge for what it read and wrote. The others were refused before it read. */
const CHARGED_ERRORS: ReadonlySet<string> = new Set([
  "model-truncated",
  "model-timeout",
  "model-refused",
]);

/**
 * A model whose calls are paid for: reserved before, settled once after, whatever became of them. Rejects with
 * `model-over-budget` (retry `never`) before calling when a budget or the balance does not allow it, or
 * `model-price-unknown` when a tenant with a limit would call a model of unknown price. A call without a payer
 * (evaluation) is not booked.
 */
export function createMeteredModel(options: {
  readonly model: LanguageModel;
  readonly spending: Pick<Spending, "reserve" | "settle" | "record" | "isBound">;
  /** Undefined: the price is not known. */
  readonly priceOf: (usage: TokenUsage) => MicroUsd | undefined;
  readonly logger: Logger;
  readonly metrics?: Metrics | undefined;
}): LanguageModel {
  const { model, spending, priceOf, logger, metrics = noMetrics } = options;
  const { name } = model;
  const provider = providerOf(name);

  /** False when there is nothing to reserve: a model that costs nothing is never refused. */
  async function reserve(call: ModelCall, request: ModelRequest): Promise<boolean> {
    const atMost = priceOf(usageAtMost(request, model.outputTokensAtMost?.(request)));
    if (atMost === undefined && (await spending.isBound(call.tenantId))) {
      throw new PregoneroError(
        "model-price-unknown",
        `The price of ${name} is not known, and this tenant has a limit: take a model of the price list, or remove the limit.`,
      );
    }
    if (atMost === 0) return false;
    const refusedBy = await spending.reserve(call, atMost ?? 0);
    if (refusedBy !== undefined)
      throw new PregoneroError("model-over-budget", tooLittle(name, refusedBy));
    return true;
  }

  /** A settlement that fails leaves the call reserved, and the sweep books it: never a reason to lose an answer. */
  async function settle(call: ModelCall, isReserved: boolean, result: CallResult): Promise<void> {
    count(result);
    try {
      await (isReserved ? spending.settle(call, result) : spending.record(call, result));
    } catch (error) {
      logger.warn("settlement-failed", { callId: call.callId, model: name, error });
    }
  }

  function count({ usage: { input, cachedInput, output }, cost }: CallResult): void {
    const tokens = (kind: string, by: number) => {
      if (by > 0) metrics.count("model_tokens_total", { provider, kind }, by);
    };
    tokens("input", input - cachedInput);
    tokens("cached", cachedInput);
    tokens("output", output);
    if (cost) metrics.count("model_cost_usd_total", { provider }, cost / 1_000_000);
  }

  return {
    name,
    async generate(request, callOptions) {
      const { payer, purpose = "write", ...inner } = callOptions;
      if (payer === undefined) return model.generate(request, inner);
      const callId = nextCallId();
      const call: ModelCall = { ...payer, callId, model: name, purpose };
      const isReserved = await reserve(call, request);
      let written = "";
      // Given up while it was being reserved: nobody is called, and nobody charges.
      const isTooLate = inner.signal.aborted;
      const startedAt = performance.now();
      let firstTokenMs: number | undefined;
      try {
        inner.signal.throwIfAborted();
        const reply = await model.generate(request, {
          ...inner,
          onText: (piece) => {
            firstTokenMs ??= Math.round(performance.now() - startedAt);
            written += piece;
            inner.onText?.(piece);
          },
        });
        const { usage } = reply;
        await settle(call, isReserved, {
          outcome: "answered",
          usage,
          cost: priceOf(usage),
          isEstimate: false,
          firstTokenMs,
        });
        return reply;
      } catch (error) {
        const outcome = isPregoneroError(error) ? error.code : "aborted";
        const mayCost = written !== "" || CHARGED_ERRORS.has(outcome) || inner.signal.aborted;
        const usage = mayCost && !isTooLate ? usageSoFar(request, written) : NOTHING;
        await settle(call, isReserved, {
          outcome,
          usage,
          cost: priceOf(usage),
          isEstimate: true,
          firstTokenMs,
        });
        throw error;
      }
    },
  };
}

function tooLittle(name: string, by: OverBudget): string {
  const what = by === "balance" ? "The prepaid balance" : `The budget per ${by}`;
  return `${what} has too little left for a call of ${name}.`;
}
