import { setTimeout } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type {
  LanguageModel,
  ModelAttempt,
  ModelReply,
  ModelRequest,
} from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import { type Breaker, type BreakerPass, createBreaker } from "./breaker.ts";
import { type Deadlines, withDeadlines } from "./deadlines.ts";
import { usageSoFar } from "./estimate-tokens.ts";

export interface ChainLink {
  readonly model: LanguageModel;
  /** Where this link differs from the chain's deadlines (a local model loads slowly). */
  readonly deadlines?: Partial<Deadlines>;
  /** Tokens that the model reads and writes together at most; undefined: not known. */
  readonly contextWindow?: number | undefined;
  /** Given when several chains share the link. Default: one of its own. */
  readonly breaker?: Breaker;
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
  /** Waits before the second round; tests move their clock in it. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A citizen waits no longer than this for a model; a quotation follows. */
const TOTAL_MS = 25_000;
/** No link answers in less; also covers timers that fire a millisecond early. */
const LEAST_MS = 5;
const DEADLINES: Deadlines = { firstTokenMs: 8_000, betweenTokensMs: 5_000 };
/** A second try of a link is not waited for longer than this: a quotation at once is better. */
const LONGEST_WAIT_MS = 3_000;
/** Before a second try of a link that did not say when. */
const WAIT_MS = 300;

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
 * that a provider that dies in the middle is invisible: `onText` is called once, with the whole.
 *
 * - A link whose breaker is open is skipped, and so is one whose context the request does not fit.
 * - When all failed, those whose error may pass are tried once more, at most 3 s later: 2 calls per link at most.
 * - A question too long for a link goes to links that read more, or that nobody knows of.
 * - A refusal on grounds of content ends the chain: another provider must not be used to get around it.
 *
 * Rejects with the last error, or `model-unavailable` when all links were skipped.
 */
export function createFallbackChain(options: FallbackChainOptions): LanguageModel {
  const links = options.links.map((link) => ({
    ...link,
    deadlines: { ...DEADLINES, ...options.deadlines, ...link.deadlines },
    breaker: link.breaker ?? createBreaker(options.clock),
  }));
  const { logger, pause = sleep } = options;
  const name = `chain:${links.map(({ model }) => model.name).join(",")}`;
  const totalMs = options.totalMs ?? TOTAL_MS;

  return {
    name,
    async generate(request, { signal, onText, onAttempt, endsAt: turnEndsAt, ...bill }) {
      const endsAt = Math.min(performance.now() + totalMs, turnEndsAt ?? Number.POSITIVE_INFINITY);
      const failures = new Map<string, PregoneroError>();
      let tokens = usageSoFar(request, "").input + request.maxOutputTokens;

      /** The reply, or undefined when every link of the round failed or was skipped. */
      async function tryAll(round: readonly (typeof links)[number][]) {
        for (const link of round) {
          signal.throwIfAborted();
          const { model, contextWindow = Number.POSITIVE_INFINITY } = link;
          const remainingMs = endsAt - performance.now();
          if (remainingMs < LEAST_MS) return undefined;
          const isTooSmall = contextWindow < tokens;
          const pass = isTooSmall ? undefined : link.breaker.enter();
          if (pass === undefined) {
            onAttempt?.({ model: model.name, outcome: isTooSmall ? "too-small" : "skipped" });
            continue;
          }
          const attempt = await tryLink({ ...link, pass }, remainingMs, request, {
            signal,
            ...bill,
          });
          onAttempt?.(attempt.told);
          if (attempt.reply !== undefined) return attempt.reply;
          const { code } = attempt.error;
          // Last in the map is the error that is reported.
          failures.delete(model.name);
          failures.set(model.name, attempt.error);
          logger.warn("model-failed", { model: model.name, code });
          if (code === "model-refused") return undefined;
          if (code === "model-context-too-long") tokens = Math.max(tokens, contextWindow + 1);
        }
        return undefined;
      }

      let reply = await tryAll(links);
      const waitMs = reply === undefined ? secondRoundIn(failures) : undefined;
      if (waitMs !== undefined && endsAt - performance.now() > waitMs + totalMs / 4) {
        await pause(waitMs, signal);
        reply = await tryAll(links.filter(({ model }) => mayPass(failures.get(model.name))));
      }
      if (reply !== undefined) {
        onText?.(reply.text);
        return reply;
      }
      throw [...failures.values()].at(-1) ?? allResting(name);
    },
  };
}

/** When to try again those whose error may pass: the earliest; undefined when that is never, or too late. */
function secondRoundIn(failures: ReadonlyMap<string, PregoneroError>): number | undefined {
  const errors = [...failures.values()];
  if (errors.some(({ code }) => code === "model-refused")) return undefined;
  const waits = errors
    .filter(mayPass)
    .map(({ retry }) => (typeof retry === "object" ? retry.afterMs : WAIT_MS));
  return waits.length === 0 ? undefined : Math.min(...waits);
}

/** A time-out has had its time already. */
function mayPass(error: PregoneroError | undefined): boolean {
  if (error === undefined || error.code === "model-timeout") return false;
  const { retry } = error;
  return typeof retry === "object" ? retry.afterMs <= LONGEST_WAIT_MS : retry === "backoff";
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

function allResting(name: string): PregoneroError {
  return new PregoneroError(
    "model-unavailable",
    `No link of ${name} can be called: they rest after failures, or the request is too long for them.`,
    { retry: "backoff", status: 503 },
  );
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
