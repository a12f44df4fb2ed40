import { describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type {
  LanguageModel,
  ModelAttempt,
  ModelReply,
  ModelRequest,
} from "../core/language-model.ts";
import { silentLogger } from "../core/logger.ts";
import type { CallResult } from "../core/spending.ts";
import { createBreaker } from "./breaker.ts";
import { createFallbackChain } from "./fallback-chain.ts";
import { createFirstTokenTimes, type FirstTokenTimes } from "./first-token-times.ts";
import { createMeteredModel } from "./metered-model.ts";

const REQUEST: ModelRequest = {
  messages: [{ role: "user", text: "¿Qué salió hoy?" }],
  maxOutputTokens: 10,
  temperature: 0,
  language: "es",
};

/** One call of a scripted model, which does what the test says when the test says it. */
interface Call {
  readonly signal: AbortSignal;
  write(text: string): void;
  answer(text: string): void;
  fail(code: string): void;
}

function scriptedModel(name: string) {
  const calls: Call[] = [];
  const model: LanguageModel = {
    name,
    generate: (_, { signal, onText }) =>
      new Promise<ModelReply>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        calls.push({
          signal,
          write: (text) => onText?.(text),
          answer(text) {
            onText?.(text);
            const usage = { input: 5, cachedInput: 0, output: 2 };
            resolve({ text, model: name, usage, finish: "stop" });
          },
          fail: (code) => reject(new PregoneroError(code, "scripted", { retry: "backoff" })),
        });
      }),
  };
  return { model, calls };
}

/** 20 calls, 19 of which began to write within 400 ms. */
function knownTimes(): FirstTokenTimes {
  const times = createFirstTokenTimes();
  for (let call = 0; call < 19; call += 1) times.add(400);
  times.add(3_000);
  return times;
}

function chainOf(names: readonly string[], firstTokens: (() => FirstTokenTimes) | undefined) {
  const scripts = names.map(scriptedModel);
  const results: CallResult[] = [];
  const spending = {
    reserve: async () => undefined,
    isBound: async () => false,
    record: async () => {},
    settle: async (_: unknown, result: CallResult) => void results.push(result),
  };
  /** Waits for a link that is slow to begin; `pass` ends them all. */
  const waits: { ms: number; end: () => void }[] = [];
  const clock = { now: () => new Date(0) };
  const links = scripts.map(({ model }) => ({
    model: createMeteredModel({ model, spending, priceOf: () => 7, logger: silentLogger }),
    breaker: createBreaker(clock),
    firstTokens: firstTokens?.(),
  }));
  const chain = createFallbackChain({
    links,
    clock,
    logger: silentLogger,
    pause: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        waits.push({ ms, end: resolve });
      }),
  });
  const attempts: ModelAttempt[] = [];
  const settled = () => new Promise(setImmediate);
  return {
    calls: (link: number) => scripts[link]?.calls ?? [],
    links,
    results,
    waits,
    attempts,
    settled,
    async pass() {
      for (const { end } of waits.splice(0)) end();
      await settled();
    },
    async ask(signal = AbortSignal.timeout(20_000)) {
      const reply = chain.generate(REQUEST, {
        signal,
        payer: { tenantId: asId<TenantId>("t"), messageId: asId<MessageId>("m") },
        onAttempt: (attempt) => attempts.push(attempt),
      });
      reply.catch(() => undefined);
      await settled();
      return { reply };
    },
  };
}

describe("a link that is slow to begin", () => {
  it("is joined by the next at its 95th percentile; the first whole answer wins", async () => {
    const { ask, pass, calls, waits, attempts, results, settled } = chainOf(["a", "b"], knownTimes);
    const { reply } = await ask();
    expect(waits.map(({ ms }) => ms)).toEqual([400]);
    expect(calls(1)).toHaveLength(0);
    await pass();
    calls(1)[0]?.answer("hola");
    expect(await reply).toMatchObject({ text: "hola", model: "b" });
    expect(attempts.map(({ model, outcome, hedged }) => ({ model, outcome, hedged }))).toEqual([
      { model: "b", outcome: "answered", hedged: true },
      { model: "a", outcome: "overtaken", hedged: undefined },
    ]);
    expect(calls(0)[0]?.signal.aborted).toBe(true);
    await settled();
    expect(results.map(({ outcome, isEstimate }) => [outcome, isEstimate])).toEqual([
      ["answered", false],
      ["model-overtaken", true],
    ]);
    expect(results[1]?.usage.input).toBeGreaterThan(0);
  });

  it("may still win, and then the other is overtaken", async () => {
    const { ask, pass, calls, attempts } = chainOf(["a", "b"], knownTimes);
    const { reply } = await ask();
    await pass();
    calls(1)[0]?.write("La mitad");
    calls(0)[0]?.answer("entera");
    expect(await reply).toMatchObject({ text: "entera", model: "a" });
    expect(attempts.map(({ model, outcome }) => [model, outcome])).toEqual([
      ["a", "answered"],
      ["b", "overtaken"],
    ]);
    expect(calls(1)[0]?.signal.aborted).toBe(true);
  });

  it("is not joined once it writes, nor before 20 calls are known, nor where it is not wanted", async () => {
    const writing = chainOf(["a", "b"], knownTimes);
    const asked = await writing.ask();
    writing.calls(0)[0]?.write("Ya");
    await writing.pass();
    expect(writing.calls(1)).toHaveLength(0);
    writing.calls(0)[0]?.answer(" está");
    expect((await asked.reply).model).toBe("a");

    const few = () => {
      const times = createFirstTokenTimes();
      for (let call = 0; call < 19; call += 1) times.add(400);
      return times;
    };
    for (const firstTokens of [few, undefined]) {
      const chain = chainOf(["a", "b"], firstTokens);
      await chain.ask();
      expect(chain.waits).toEqual([]);
    }
  });

  it("and the one that joined are two at most; a third is asked only when one has failed", async () => {
    const { ask, pass, calls, attempts, settled } = chainOf(["a", "b", "c"], knownTimes);
    const { reply } = await ask();
    await pass();
    await pass();
    expect([calls(0), calls(1), calls(2)].map((list) => list.length)).toEqual([1, 1, 0]);
    calls(1)[0]?.fail("model-unavailable");
    await settled();
    expect(calls(2)).toHaveLength(1);
    calls(2)[0]?.answer("hola");
    expect((await reply).model).toBe("c");
    expect(attempts.map(({ model, outcome }) => [model, outcome])).toEqual([
      ["b", "model-unavailable"],
      ["c", "answered"],
      ["a", "overtaken"],
    ]);
  });

  it("is not rested for being overtaken, however often", async () => {
    const { ask, pass, calls, links } = chainOf(["a", "b"], knownTimes);
    for (let call = 0; call < 5; call += 1) {
      const { reply } = await ask();
      await pass();
      calls(1)[call]?.answer("hola");
      await reply;
    }
    expect(calls(0)).toHaveLength(5);
    expect(links[0]?.breaker.enter()).toBeDefined();
  });

  it("ends with the other when the caller gives up", async () => {
    const { ask, pass, calls } = chainOf(["a", "b"], knownTimes);
    const abort = new AbortController();
    const { reply } = await ask(abort.signal);
    await pass();
    const reason = new Error("a person took over");
    abort.abort(reason);
    await expect(reply).rejects.toBe(reason);
    expect([calls(0)[0], calls(1)[0]].map((call) => call?.signal.aborted)).toEqual([true, true]);
  });

  it("that refuses ends the chain, and what was asked besides", async () => {
    const { ask, pass, calls } = chainOf(["a", "b"], knownTimes);
    const { reply } = await ask();
    await pass();
    calls(0)[0]?.fail("model-refused");
    await expect(reply).rejects.toMatchObject({ code: "model-refused" });
    expect(calls(1)[0]?.signal.aborted).toBe(true);
  });
});

it("the window forgets all but the last 100 calls", () => {
  const times = createFirstTokenTimes();
  for (let call = 0; call < 100; call += 1) times.add(9_000);
  expect(times.p95()).toBe(9_000);
  for (let call = 0; call < 100; call += 1) times.add(100 + call);
  expect(times.p95()).toBe(194);
});
