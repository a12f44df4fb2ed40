import { createAnthropicModel } from "../../providers/anthropic/anthropic-model.ts";
import { FAULT_CASES } from "../../providers/conformance-cases.ts";
import { createGeminiModel } from "../../providers/gemini/gemini-model.ts";
import { createOpenAiModel } from "../../providers/openai/openai-model.ts";
import { createOpenAiCompatibleModel } from "../../providers/openai-compatible/openai-compatible-model.ts";
import { createXaiModel } from "../../providers/xai/xai-model.ts";
import { createFallbackChain } from "../../src/chain/fallback-chain.ts";
import { createFirstTokenTimes } from "../../src/chain/first-token-times.ts";
import { createMeteredModel } from "../../src/chain/metered-model.ts";
import { systemClock } from "../../src/core/clock.ts";
import { isPregoneroError } from "../../src/core/errors.ts";
import { asId, type MessageId, type TenantId } from "../../src/core/ids.ts";
import type { LanguageModel, ModelAttempt, ModelRequest } from "../../src/core/language-model.ts";
import { silentLogger } from "../../src/core/logger.ts";
import type { LlmFault } from "../stand-ins/llm/llm-fault.ts";
import { type LlmProtocol, startLlmStandIn } from "../stand-ins/llm/llm-stand-in.ts";

interface Adapter {
  readonly protocol: LlmProtocol;
  create(at: { readonly baseUrl: string; readonly apiKey: string }): LanguageModel;
}

/** Every adapter, under the name of its column. */
export const ADAPTERS: Readonly<Record<string, Adapter>> = {
  "openai responses": {
    protocol: "openai-responses",
    create: (at) => createOpenAiModel({ ...at, model: "gpt-4.1-mini", api: "responses" }),
  },
  "openai chat": {
    protocol: "openai-chat",
    create: (at) => createOpenAiModel({ ...at, model: "gpt-4.1-mini", api: "chat" }),
  },
  anthropic: {
    protocol: "anthropic",
    create: (at) => createAnthropicModel({ ...at, model: "claude-haiku-4-5" }),
  },
  gemini: {
    protocol: "gemini",
    create: (at) => createGeminiModel({ ...at, model: "gemini-2.5-flash" }),
  },
  xai: { protocol: "openai-chat", create: (at) => createXaiModel({ ...at, model: "grok-4" }) },
  compatible: {
    protocol: "openai-chat",
    create: (at) => createOpenAiCompatibleModel({ ...at, model: "small" }),
  },
};

export interface ChainFault {
  readonly fault: LlmFault;
  /** What the passport says of the link that has it; `answered` when it is no failure. */
  readonly outcome: string;
  readonly only?: readonly LlmProtocol[];
  /** The chain hedges, and knows that the first link nearly always begins to write within this time. */
  readonly beginsWithinMs?: number;
}

/** The conformance suite's faults, and those that only a deadline ends. */
export const CHAIN_FAULTS: Readonly<Record<string, ChainFault>> = {
  "no fault": { fault: { kind: "slow", firstMs: 1, betweenMs: 1 }, outcome: "answered" },
  "a slow answer": { fault: { kind: "slow", firstMs: 300, betweenMs: 50 }, outcome: "answered" },
  ...Object.fromEntries(
    Object.entries(FAULT_CASES).map(([what, { fault, code, only }]) => [
      what,
      { fault, outcome: code, ...(only === undefined ? {} : { only }) },
    ]),
  ),
  "a body without measure": { fault: { kind: "huge-body" }, outcome: "model-unavailable" },
  "no response": { fault: { kind: "black-hole" }, outcome: "model-timeout" },
  "a first piece that is late": {
    fault: { kind: "slow-first-token", firstMs: 60_000 },
    outcome: "model-timeout",
  },
  "a stall within the answer": { fault: { kind: "stall" }, outcome: "model-timeout" },
  "a first piece that is late, with hedging": {
    fault: { kind: "slow-first-token", firstMs: 60_000 },
    outcome: "overtaken",
    beginsWithinMs: 200,
  },
};

const TEXT = "Moba Sociedad Anónima solicita XARDIC 🇨🇷 [1].";
const REQUEST: ModelRequest = {
  messages: [
    { role: "system", text: "Answer from the passages." },
    { role: "user", text: "¿Quién solicita XARDIC?" },
  ],
  maxOutputTokens: 100,
  temperature: 0.1,
  language: "es",
};
const PAYER = { tenantId: asId<TenantId>("tenant"), messageId: asId<MessageId>("message") };
/** Far from what a healthy answer takes on a busy machine, and soon enough to wait for. */
const DEADLINES = { firstTokenMs: 2_500, betweenTokensMs: 2_500 };
export const TOTAL_MS = 12_000;
export interface Verdict {
  readonly elapsedMs: number;
  /** What is not as promised; undefined when all is. */
  readonly shortfall: string | undefined;
}

/**
 * Asks a chain of two links, the first of which has the fault at every call. Promised: the first comes to its
 * outcome; the citizen gets one whole answer in time, from the second if need be, or none after a refusal on
 * grounds of content; every call reserved is settled once.
 */
export async function runChainCell(
  adapter: Adapter,
  { fault, outcome, beginsWithinMs }: ChainFault,
): Promise<Verdict> {
  const apiKey = "key";
  const broken = await startLlmStandIn({ protocol: adapter.protocol, text: TEXT, apiKey, fault });
  const healthy = await startLlmStandIn({ protocol: "openai-chat", text: TEXT });
  const books = openBooks();
  const first = adapter.create({ baseUrl: broken.baseUrl, apiKey });
  const second = createOpenAiCompatibleModel({ baseUrl: healthy.baseUrl, model: "second" });
  const chain = createFallbackChain({
    links: [first, second].map((model) => ({
      model: createMeteredModel({
        model,
        spending: books,
        // Each costs something, so that each is reserved and settled.
        priceOf: () => 1,
        logger: silentLogger,
      }),
      firstTokens: beginsWithinMs === undefined ? undefined : timesOf(beginsWithinMs),
    })),
    totalMs: TOTAL_MS,
    deadlines: DEADLINES,
    clock: systemClock,
    logger: silentLogger,
  });
  // A link that is overtaken is not waited for until its own deadline.
  const mostMs = beginsWithinMs === undefined ? TOTAL_MS : DEADLINES.firstTokenMs;
  const attempts: ModelAttempt[] = [];
  const pieces: string[] = [];
  const startedAt = performance.now();
  try {
    const told = await chain
      .generate(REQUEST, {
        signal: AbortSignal.timeout(TOTAL_MS * 2),
        payer: PAYER,
        onText: (piece) => pieces.push(piece),
        onAttempt: (attempt) => attempts.push(attempt),
      })
      .then(
        ({ text }) => text,
        (error: unknown) => (isPregoneroError(error) ? error.code : String(error)),
      );
    const elapsedMs = Math.round(performance.now() - startedAt);
    await books.closed();
    const tried = attempts.filter(({ model }) => model === first.name);
    return {
      elapsedMs,
      shortfall:
        [
          ...tried
            .filter((attempt) => attempt.outcome !== outcome)
            .map((attempt) => attempt.outcome),
          ...(tried.length >= 1 && tried.length <= 2 ? [] : [`tried ${tried.length} times`]),
          ...findWrongAnswer(outcome, told, pieces),
          ...(elapsedMs <= mostMs ? [] : ["late"]),
          ...books.findUnsettled(attempts.length),
        ].join(", ") || undefined,
    };
  } finally {
    await Promise.all([broken.close(), healthy.close()]);
  }
}

function findWrongAnswer(outcome: string, told: string, pieces: readonly string[]): string[] {
  // Another provider must not be used to get around a refusal.
  if (outcome === "model-refused")
    return told === outcome && pieces.length === 0 ? [] : ["a refusal was passed on"];
  if (told !== TEXT) return [`came to ${told.slice(0, 40)}`];
  return pieces.length === 1 && pieces[0] === TEXT ? [] : [`${pieces.length} replies`];
}

function timesOf(ms: number) {
  const times = createFirstTokenTimes();
  for (let call = 0; call < 100; call += 1) times.add(ms);
  return times;
}

/** Counts what is reserved and settled, without a limit. */
function openBooks() {
  const settlements = new Map<string, number>();
  return {
    async record() {
      throw new Error("A call that costs something is settled, not recorded.");
    },
    isBound: async () => false,
    reserve: async ({ callId }: { readonly callId: string }) => {
      settlements.set(callId, 0);
      return undefined;
    },
    settle: async ({ callId }: { readonly callId: string }) => {
      settlements.set(callId, (settlements.get(callId) ?? 0) + 1);
    },
    /** A call that was overtaken is settled after the answer has been given. */
    async closed() {
      const until = performance.now() + 1_000;
      while ([...settlements.values()].includes(0) && performance.now() < until) {
        await new Promise(setImmediate);
      }
    },
    findUnsettled(attemptCount: number): string[] {
      const wrong = [...settlements.values()].filter((count) => count !== 1).length;
      return [
        ...(wrong === 0 ? [] : [`${wrong} calls not settled once`]),
        ...(settlements.size === attemptCount ? [] : [`${settlements.size} calls booked`]),
      ];
    },
  };
}
