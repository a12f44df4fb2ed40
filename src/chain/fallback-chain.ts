import { setTimeout } from "node:timers/promises";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { LanguageModel } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import { type Metrics, noMetrics } from "../core/metrics.ts";
import { type Breaker, createBreaker } from "./breaker.ts";
import type { Deadlines } from "./deadlines.ts";
import { usageSoFar } from "./estimate-tokens.ts";
import type { FirstTokenTimes } from "./first-token-times.ts";
import { type ChainCall, tryLinks } from "./try-links.ts";

export interface ChainLink {
  readonly model: LanguageModel;
  /** Where this link differs from the chain's deadlines (a local model loads slowly). */
  readonly deadlines?: Partial<Deadlines>;
  /** Tokens that the model reads and writes together at most; undefined: not known. */
  readonly contextWindow?: number | undefined;
  /** Whether the model reads pictures: one that does not is skipped for a request with some. Default: no. */
  readonly sees?: boolean | undefined;
  /** Given when several chains share the link. Default: one of its own. */
  readonly breaker?: Breaker;
  /** Given: when it is slower to begin than it nearly always is, the next link is asked too. Default: it is waited for. */
  readonly firstTokens?: FirstTokenTimes | undefined;
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
  readonly metrics?: Metrics | undefined;
  /** Waits before the second round, and for a link that is slow to begin; tests move their clock in it. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A citizen waits no longer than this for a model; a quotation follows. */
const TOTAL_MS = 25_000;
const DEADLINES: Deadlines = { firstTokenMs: 8_000, betweenTokensMs: 5_000 };
/** A second try of a link is not waited for longer than this: a quotation at once is better. */
const LONGEST_WAIT_MS = 3_000;
/** Before a second try of a link that did not say when. */
const WAIT_MS = 300;

/**
 * Asks one link after another until one has answered to its terminal marker. Text is held back until then, so
 * that a provider that dies in the middle is invisible: `onText` is called once, with the whole.
 *
 * - A link whose breaker is open is skipped, and so is one whose context the request does not fit,
 *   or that does not see where there are pictures.
 * - When all failed, those whose error may pass are tried once more, at most 3 s later: 2 calls per link at most.
 * - A question too long for a link goes to links that read more, or that nobody knows of.
 * - A link that has written nothing by its 95th percentile is joined by the next, where that is wanted: the first
 *   whole answer wins, and the other is aborted and booked as far as it came. Never more than two at once.
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
  const { logger, metrics = noMetrics, pause = sleep } = options;
  const watch = { logger, metrics, pause };
  const name = `chain:${links.map(({ model }) => model.name).join(",")}`;
  const totalMs = options.totalMs ?? TOTAL_MS;

  return {
    name,
    sees: links.some(({ sees }) => sees === true),
    async generate(request, options) {
      const { signal, onText, endsAt: turnEndsAt = Number.POSITIVE_INFINITY } = options;
      const call: ChainCall = {
        request,
        options,
        hasImages: request.messages.some(({ images = [] }) => images.length > 0),
        endsAt: Math.min(performance.now() + totalMs, turnEndsAt),
        failures: new Map(),
        tokens: usageSoFar(request, "").input + request.maxOutputTokens,
      };
      const { failures } = call;
      let reply = await tryLinks(links, call, watch);
      const waitMs = reply === undefined ? secondRoundIn(failures) : undefined;
      if (waitMs !== undefined && call.endsAt - performance.now() > waitMs + totalMs / 4) {
        await pause(waitMs, signal);
        const round = links.filter(({ model }) => mayPass(failures.get(model.name)));
        reply = await tryLinks(round, call, watch);
      }
      if (reply === undefined) throw [...failures.values()].at(-1) ?? allResting(name);
      if (reply.model !== links[0]?.model.name) metrics.count("model_fallbacks_total");
      onText?.(reply.text);
      return reply;
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
    `No link of ${name} can be called: they rest after failures, or the request is too long for them, or has pictures that they do not see.`,
    { retry: "backoff", status: 503 },
  );
}
