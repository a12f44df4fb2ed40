import type { PregoneroError } from "../core/errors.ts";
import type {
  LanguageModel,
  ModelAttempt,
  ModelReply,
  ModelRequest,
} from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Breaker, BreakerPass } from "./breaker.ts";
import type { Deadlines } from "./deadlines.ts";
import type { FirstTokenTimes } from "./first-token-times.ts";
import { providerOf } from "./provider-of.ts";
import { type Attempt, OVERTAKEN, tryLink } from "./try-link.ts";

export interface OpenLink {
  readonly model: LanguageModel;
  readonly deadlines: Deadlines;
  readonly contextWindow?: number | undefined;
  readonly sees?: boolean | undefined;
  readonly firstTokens?: FirstTokenTimes | undefined;
  readonly breaker: Breaker;
}

/** One question to the chain, over all its rounds. */
export interface ChainCall {
  readonly request: ModelRequest;
  readonly options: Parameters<LanguageModel["generate"]>[1];
  readonly hasImages: boolean;
  /** `performance.now()` */
  readonly endsAt: number;
  /** Of each link that failed, by its name; last the one to report. */
  readonly failures: Map<string, PregoneroError>;
  /** Of the context that the request takes, as far as is known. */
  tokens: number;
}

export interface Watch {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A link that is being asked. */
interface Leg {
  /** Never rejects. */
  readonly ended: Promise<{ readonly leg: Leg; readonly attempt: Attempt }>;
  /** Resolves when it has written nothing for as long as nearly all its calls take. Undefined: not known, or it writes. */
  slow(): Promise<"slow"> | undefined;
  overtake(): void;
  /** Infinity: not known. */
  readonly contextWindow: number;
}

/** No link answers in less; also covers timers that fire a millisecond early. */
const LEAST_MS = 5;

/**
 * Asks one link after another; resolves to the first whole answer, or undefined when every link failed or was
 * skipped, or one refused. A link that is slow to begin is joined by the next: two at most are asked at once, and
 * the one that is overtaken is aborted. Rejects with the caller's reason when that aborts.
 */
export async function tryLinks(
  round: readonly OpenLink[],
  call: ChainCall,
  watch: Watch,
): Promise<ModelReply | undefined> {
  const waiting = [...round];
  const running = new Set<Leg>();
  const start = (isHedge: boolean) => {
    const leg = startNext(waiting, isHedge, call, watch);
    if (leg !== undefined) running.add(leg);
  };
  try {
    for (;;) {
      call.options.signal.throwIfAborted();
      if (running.size === 0) start(false);
      if (running.size === 0) return undefined;
      const news = await nextNews([...running], waiting.length > 0);
      if (news === "slow") {
        start(true);
        continue;
      }
      running.delete(news.leg);
      const { attempt } = news;
      tell(attempt.told, call, watch);
      if (attempt.kind === "answered") return attempt.reply;
      if (attempt.kind === "left") continue;
      noteFailure(attempt.error, attempt.told.model, call, watch);
      if (attempt.error.code === "model-refused") return undefined;
      if (attempt.error.code === "model-context-too-long") {
        call.tokens = Math.max(call.tokens, news.leg.contextWindow + 1);
      }
    }
  } finally {
    for (const leg of running) leg.overtake();
    for (const { ended } of running) tell((await ended).attempt.told, call, watch);
  }
}

function nextNews(legs: readonly Leg[], canBeJoined: boolean) {
  const ends = legs.map(({ ended }) => ended);
  const slow = legs.length === 1 && canBeJoined ? legs[0]?.slow() : undefined;
  return Promise.race(slow === undefined ? ends : [...ends, slow]);
}

/** Starts the first of `waiting` that may be called, and takes it and those before it off. */
function startNext(
  waiting: OpenLink[],
  isHedge: boolean,
  call: ChainCall,
  watch: Watch,
): Leg | undefined {
  for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
    const remainingMs = call.endsAt - performance.now();
    if (remainingMs < LEAST_MS) return undefined;
    const unfit = whyUnfit(link, call);
    const pass = unfit === undefined ? link.breaker.enter() : undefined;
    if (pass !== undefined) return startLeg({ ...link, pass }, remainingMs, isHedge, call, watch);
    tell({ model: link.model.name, outcome: unfit ?? "skipped" }, call, watch);
  }
  return undefined;
}

/** Why a link cannot answer this request at all; undefined when it can. */
function whyUnfit(link: OpenLink, call: ChainCall): "blind" | "too-small" | undefined {
  if (call.hasImages && link.sees !== true) return "blind";
  return windowOf(link) < call.tokens ? "too-small" : undefined;
}

function windowOf({ contextWindow = Number.POSITIVE_INFINITY }: OpenLink): number {
  return contextWindow;
}

function startLeg(
  link: OpenLink & { readonly pass: BreakerPass },
  remainingMs: number,
  isHedge: boolean,
  { request, options }: ChainCall,
  { pause }: Watch,
): Leg {
  const { signal, onText: _text, onAttempt: _attempt, endsAt: _endsAt, ...bill } = options;
  const slowAfterMs = link.firstTokens?.p95();
  // Most legs run alone and cannot be overtaken: they need no signal of their own.
  const abort = slowAfterMs !== undefined || isHedge ? followingAbort(signal) : undefined;
  const writing = slowAfterMs === undefined ? undefined : new AbortController();
  const slow =
    slowAfterMs === undefined || writing === undefined
      ? undefined
      : pause(slowAfterMs, writing.signal).then(
          () => "slow" as const,
          () => new Promise<never>(() => {}),
        );
  const onFirstPiece = () => writing?.abort(WRITES);
  const asked = tryLink(link, remainingMs, request, {
    ...bill,
    signal: abort?.signal ?? signal,
    onFirstPiece,
  });
  const leg: Leg = {
    ended: asked.then((attempt) => {
      abort?.leave();
      writing?.abort(WRITES);
      if (!isHedge) return { leg, attempt };
      return { leg, attempt: { ...attempt, told: { ...attempt.told, hedged: true } } };
    }),
    slow: () => (writing?.signal.aborted === true ? undefined : slow),
    overtake: () => abort?.abort(OVERTAKEN),
    contextWindow: windowOf(link),
  };
  return leg;
}

/** Made once: an abort without a reason makes an exception with its stack. */
const WRITES = new Error("It writes.");

/** A signal that follows another, until `leave`, and can be aborted by itself. */
function followingAbort(parent: AbortSignal): {
  readonly signal: AbortSignal;
  abort(reason: Error): void;
  leave(): void;
} {
  const own = new AbortController();
  const follow = () => own.abort(parent.reason);
  parent.addEventListener("abort", follow, { once: true });
  return {
    signal: own.signal,
    abort: (reason) => own.abort(reason),
    leave: () => parent.removeEventListener("abort", follow),
  };
}

function noteFailure(
  error: PregoneroError,
  model: string,
  { failures }: ChainCall,
  { logger }: Watch,
): void {
  // Last in the map is the error that is reported.
  failures.delete(model);
  failures.set(model, error);
  logger.warn("model-failed", { model, code: error.code });
}

function tell(attempt: ModelAttempt, { options }: ChainCall, { metrics }: Watch): void {
  const { model, outcome, durationMs, firstTokenMs } = attempt;
  const provider = providerOf(model);
  metrics.count("model_calls_total", { provider, outcome });
  if (durationMs !== undefined) {
    metrics.observe("model_call_seconds", durationMs / 1_000, { provider });
  }
  if (firstTokenMs !== undefined) {
    metrics.observe("model_first_token_seconds", firstTokenMs / 1_000, { provider });
  }
  if (!options.signal.aborted) options.onAttempt?.(attempt);
}
