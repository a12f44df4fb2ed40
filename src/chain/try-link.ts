import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type {
  LanguageModel,
  ModelAttempt,
  ModelReply,
  ModelRequest,
} from "../core/language-model.ts";
import type { BreakerPass } from "./breaker.ts";
import { type Deadlines, withDeadlines } from "./deadlines.ts";
import type { FirstTokenTimes } from "./first-token-times.ts";

export type Attempt =
  | { readonly kind: "answered"; readonly told: ModelAttempt; readonly reply: ModelReply }
  | { readonly kind: "failed"; readonly told: ModelAttempt; readonly error: PregoneroError }
  /** Aborted by the caller, or overtaken: it says nothing of the link. */
  | { readonly kind: "left"; readonly told: ModelAttempt };

/** Why a link's signal is aborted when another answered first; its call is booked under this code. */
export const OVERTAKEN = new PregoneroError("model-overtaken", "Another link answered first.");

/** Errors that are about the request, not about the provider's health. */
const NOT_THE_PROVIDERS_FAULT: ReadonlySet<string> = new Set([
  "model-bad-request",
  "model-context-too-long",
  "model-refused",
  "model-over-budget",
  "model-price-unknown",
]);

/** One call of one link, inside its deadlines; its breaker is told what came of it. Never rejects. */
export async function tryLink(
  link: {
    readonly model: LanguageModel;
    readonly deadlines: Deadlines;
    readonly pass: BreakerPass;
    readonly firstTokens?: FirstTokenTimes | undefined;
  },
  remainingMs: number,
  request: ModelRequest,
  options: Pick<Parameters<LanguageModel["generate"]>[1], "signal" | "payer" | "purpose"> & {
    readonly onFirstPiece: () => void;
  },
): Promise<Attempt> {
  const { model, pass, firstTokens } = link;
  const { onFirstPiece, ...call } = options;
  const startedAt = performance.now();
  const elapsedMs = () => Math.round(performance.now() - startedAt);
  let firstTokenMs: number | undefined;
  const told = (outcome: string): ModelAttempt => ({
    model: model.name,
    outcome,
    durationMs: elapsedMs(),
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
  });
  const waitedInVain = () => {
    if (firstTokenMs === undefined) firstTokens?.add(elapsedMs());
  };
  try {
    const reply = await withDeadlines(
      model.name,
      call.signal,
      { ...link.deadlines, remainingMs },
      (signal, onPiece) =>
        model.generate(request, {
          ...call,
          signal,
          onText: () => {
            if (firstTokenMs === undefined) {
              firstTokenMs = elapsedMs();
              firstTokens?.add(firstTokenMs);
              onFirstPiece();
            }
            onPiece();
          },
        }),
    );
    pass.succeeded();
    const { input, output } = reply.usage;
    const figures = { inputTokens: input, outputTokens: output };
    return { kind: "answered", told: { ...told("answered"), ...figures }, reply };
  } catch (error) {
    if (call.signal.aborted) {
      pass.abandoned();
      const isOvertaken = call.signal.reason === OVERTAKEN;
      if (isOvertaken) waitedInVain();
      return { kind: "left", told: told(isOvertaken ? "overtaken" : "aborted") };
    }
    const failure = toModelError(error, model.name);
    if (failure.code === "model-timeout") waitedInVain();
    if (NOT_THE_PROVIDERS_FAULT.has(failure.code)) pass.abandoned();
    else pass.failed(failure);
    return { kind: "failed", told: told(failure.code), error: failure };
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
