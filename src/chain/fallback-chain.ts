import type { Clock } from "../core/clock.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type {
  LanguageModel,
  ModelAttempt,
  ModelReply,
  ModelRequest,
} from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import { type BreakerPass, createBreaker } from "./breaker.ts";
import { type Deadlines, withDeadlines } from "./deadlines.ts";

export interface ChainLink {
  readonly model: LanguageModel;
  /** Where this link differs from the chain's deadlines (a local model loads slowly). */
  readonly deadlines?: Partial<Deadlines>;
}

export interface FallbackChainOptions {
  /** In the order in which they are tried; at least one. */
  readonly links: readonly ChainLink[];
  /** For the whole chain: what one link used up is gone for the next. Default 25,000. */
  readonly totalMs?: number;
  /** Default: 8,000 to the first piece, 5,000 between pieces. */
  readonly deadlines?: Partial<Deadlines>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A citizen waits no longer than this for a model; a quotation follows. */
const TOTAL_MS = 25_000;
/** No link answers in less; also covers timers that fire a millisecond early. */
const LEAST_MS = 5;
const DEADLINES: Deadlines = { firstTokenMs: 8_000, betweenTokensMs: 5_000 };

/** Errors that are about the request, not about the provider's health. */
const NOT_THE_PROVIDERS_FAULT: ReadonlySet<string> = new Set([
  "model-bad-request",
  "model-context-too-long",
  "model-refused",
  "model-over-budget",
  "model-price-unknown",
]);

/**
 * Asks one link after another until one has answered to its terminal marker. Text is held back until then, so
 * that a provider that dies in the middle is invisible: `onText` is called once, with the whole. A link whose
 * breaker is open is skipped; a refusal on grounds of content ends the chain, since another provider must not
 * be used to get around it. Rejects with the last link's error, or `model-unavailable` when all were skipped.
 */
export function createFallbackChain(options: FallbackChainOptions): LanguageModel {
  const links = options.links.map(({ model, deadlines }) => ({
    model,
    deadlines: { ...DEADLINES, ...options.deadlines, ...deadlines },
    breaker: createBreaker(options.clock),
  }));
  const name = `chain:${links.map(({ model }) => model.name).join(",")}`;
  const totalMs = options.totalMs ?? TOTAL_MS;
  return {
    name,
    async generate(request, { signal, onText, onAttempt, endsAt: turnEndsAt, ...bill }) {
      const endsAt = Math.min(performance.now() + totalMs, turnEndsAt ?? Number.POSITIVE_INFINITY);
      let lastError: PregoneroError | undefined;
      for (const link of links) {
        signal.throwIfAborted();
        const remainingMs = endsAt - performance.now();
        if (remainingMs < LEAST_MS) break;
        const pass = link.breaker.enter();
        if (pass === undefined) {
          onAttempt?.({ model: link.model.name, outcome: "skipped" });
          continue;
        }
        const attempt = await tryLink({ ...link, pass }, remainingMs, request, { signal, ...bill });
        onAttempt?.(attempt.told);
        if (attempt.reply !== undefined) {
          onText?.(attempt.reply.text);
          return attempt.reply;
        }
        lastError = attempt.error;
        options.logger.warn("model-failed", { model: link.model.name, code: lastError.code });
        if (lastError.code === "model-refused") break;
      }
      throw (
        lastError ??
        new PregoneroError(
          "model-unavailable",
          `Every link of ${name} is resting after failures.`,
          { retry: "backoff", status: 503 },
        )
      );
    },
  };
}

type CallOptions = Parameters<LanguageModel["generate"]>[1];

type Attempt =
  | { readonly told: ModelAttempt; readonly reply: ModelReply; readonly error?: undefined }
  | { readonly told: ModelAttempt; readonly reply?: undefined; readonly error: PregoneroError };

async function tryLink(
  link: {
    readonly model: LanguageModel;
    readonly deadlines: Deadlines;
    readonly pass: BreakerPass;
  },
  remainingMs: number,
  request: ModelRequest,
  { signal, ...bill }: Pick<CallOptions, "signal" | "payer" | "purpose">,
): Promise<Attempt> {
  const { model, pass } = link;
  const startedAt = performance.now();
  let firstTokenMs: number | undefined;
  const told = (outcome: string): ModelAttempt => ({
    model: model.name,
    outcome,
    durationMs: Math.round(performance.now() - startedAt),
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
  });
  try {
    const reply = await withDeadlines(
      model.name,
      signal,
      { ...link.deadlines, remainingMs },
      (inner, onPiece) =>
        model.generate(request, {
          ...bill,
          signal: inner,
          onText: () => {
            firstTokenMs ??= Math.round(performance.now() - startedAt);
            onPiece();
          },
        }),
    );
    pass.succeeded();
    const { input, output } = reply.usage;
    return { told: { ...told("answered"), inputTokens: input, outputTokens: output }, reply };
  } catch (error) {
    if (signal.aborted) {
      pass.abandoned();
      throw signal.reason;
    }
    const failure = toModelError(error, model.name);
    if (NOT_THE_PROVIDERS_FAULT.has(failure.code)) pass.abandoned();
    else pass.failed(failure);
    return { told: told(failure.code), error: failure };
  }
}

function toModelError(error: unknown, name: string): PregoneroError {
  if (isPregoneroError(error)) return error;
  return new PregoneroError(
    "model-unavailable",
    `${name} failed in a way that its adapter did not classify.`,
    {
      retry: "backoff",
      status: 503,
      cause: error,
    },
  );
}
