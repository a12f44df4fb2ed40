import { describe, expect, it } from "vitest";
import { PregoneroError, type Retry } from "../core/errors.ts";
import type {
  LanguageModel,
  ModelAttempt,
  ModelReply,
  ModelRequest,
} from "../core/language-model.ts";
import { silentLogger } from "../core/logger.ts";
import { createFallbackChain, type FallbackChainOptions } from "./fallback-chain.ts";

const REQUEST: ModelRequest = { messages: [], maxOutputTokens: 10, temperature: 0, language: "es" };

type Behaviour =
  | { readonly says: string }
  | { readonly fails: string; readonly retry?: Retry; readonly after?: string }
  | { readonly hangs: true; readonly after?: string };

/** A model that behaves as told, call by call; the last behaviour repeats. */
function scriptedModel(name: string, ...script: Behaviour[]): LanguageModel & { calls: number } {
  const model = {
    name,
    calls: 0,
    async generate(
      _: ModelRequest,
      { onText }: { onText?: (piece: string) => void },
    ): Promise<ModelReply> {
      const behaviour = script[Math.min(model.calls, script.length - 1)];
      model.calls += 1;
      if (behaviour === undefined) throw new Error("no script");
      if ("says" in behaviour) {
        for (const piece of behaviour.says) onText?.(piece);
        return {
          text: behaviour.says,
          model: name,
          usage: { input: 1, cachedInput: 0, output: 1 },
          finish: "stop",
        };
      }
      if (behaviour.after !== undefined) onText?.(behaviour.after);
      // Never settles, and ignores its signal: the chain must not depend on an adapter's manners.
      if ("hangs" in behaviour) return new Promise(() => {});
      throw new PregoneroError(behaviour.fails, "scripted", {
        retry: behaviour.retry ?? "backoff",
      });
    },
  };
  return model;
}

function chainOf(models: readonly LanguageModel[], options: Partial<FallbackChainOptions> = {}) {
  let now = 0;
  const waits: number[] = [];
  const chain = createFallbackChain({
    links: models.map((model) => ({ model })),
    clock: { now: () => new Date(now) },
    logger: silentLogger,
    pause: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    ...options,
  });
  const attempts: ModelAttempt[] = [];
  return {
    attempts,
    waits,
    advance: (ms: number) => {
      now += ms;
    },
    ask: (signal: AbortSignal = AbortSignal.timeout(10_000), onText?: (piece: string) => void) =>
      chain.generate(REQUEST, {
        signal,
        onAttempt: (attempt) => attempts.push(attempt),
        ...(onText === undefined ? {} : { onText }),
      }),
  };
}

describe("the fallback chain", () => {
  it("answers with the first link that answers, and tells of each try", async () => {
    const { ask, attempts } = chainOf([
      scriptedModel("a", { fails: "model-unavailable" }),
      scriptedModel("b", { says: "hola" }),
    ]);
    expect(await ask()).toMatchObject({ text: "hola", model: "b" });
    expect(attempts.map(({ model, outcome }) => [model, outcome])).toEqual([
      ["a", "model-unavailable"],
      ["b", "answered"],
    ]);
  });

  it("hides what a link wrote before it died", async () => {
    const { ask } = chainOf([
      scriptedModel("a", { fails: "model-truncated", after: "La mitad de" }),
      scriptedModel("b", { says: "Entera" }),
    ]);
    const pieces: string[] = [];
    await ask(undefined, (piece) => pieces.push(piece));
    expect(pieces).toEqual(["Entera"]);
  });

  it("leaves a link that writes nothing, and one that stops writing", async () => {
    const { ask, attempts } = chainOf(
      [
        scriptedModel("silent", { hangs: true }),
        scriptedModel("stalled", { hangs: true, after: "La" }),
        scriptedModel("b", { says: "hola" }),
      ],
      { deadlines: { firstTokenMs: 20, betweenTokensMs: 20 } },
    );
    expect((await ask()).text).toBe("hola");
    expect(attempts.map(({ outcome }) => outcome)).toEqual([
      "model-timeout",
      "model-timeout",
      "answered",
    ]);
    expect(attempts[0]?.firstTokenMs).toBeUndefined();
    expect(attempts[1]?.firstTokenMs).toBeDefined();
  });

  it("takes the next link when a budget refuses one, and asks it again as soon as the budget allows", async () => {
    const dear = scriptedModel(
      "dear",
      ...Array.from({ length: 5 }, () => ({ fails: "model-over-budget", retry: "never" }) as const),
      { says: "dear" },
    );
    const { ask } = chainOf([dear, scriptedModel("own", { says: "own" })]);
    const texts: string[] = [];
    for (let call = 0; call < 6; call += 1) texts.push((await ask()).text);
    expect(texts).toEqual(["own", "own", "own", "own", "own", "dear"]);
  });

  it("shares one deadline over all links", async () => {
    const second = scriptedModel("b", { says: "late" });
    const { ask } = chainOf([scriptedModel("a", { hangs: true }), second], { totalMs: 30 });
    await expect(ask()).rejects.toMatchObject({ code: "model-timeout" });
    expect(second.calls).toBe(0);
  });

  it("ends with the caller's reason at an abort, and tries no further link", async () => {
    const second = scriptedModel("b", { says: "no" });
    const abort = new AbortController();
    const { ask } = chainOf([scriptedModel("a", { hangs: true, after: "La" }), second]);
    const outcome = ask(abort.signal);
    const reason = new Error("a person took over");
    abort.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    expect(second.calls).toBe(0);
  });

  it("does not ask another provider for what one refused to write", async () => {
    const second = scriptedModel("b", { says: "no" });
    const { ask } = chainOf([
      scriptedModel("a", { fails: "model-refused", retry: "never" }),
      second,
    ]);
    await expect(ask()).rejects.toMatchObject({ code: "model-refused" });
    expect(second.calls).toBe(0);
  });

  it("tries a link once more when all failed, no earlier than it said, and never a third time", async () => {
    const limited = scriptedModel(
      "a",
      { fails: "model-rate-limited", retry: { afterMs: 1_500 } },
      { says: "a" },
    );
    const { ask, attempts, waits } = chainOf([
      limited,
      scriptedModel("b", { fails: "model-bad-key", retry: "never" }),
    ]);
    expect((await ask()).model).toBe("a");
    expect(waits).toEqual([1_500]);
    expect(attempts.map(({ model, outcome }) => [model, outcome])).toEqual([
      ["a", "model-rate-limited"],
      ["b", "model-bad-key"],
      ["a", "answered"],
    ]);

    const broken = scriptedModel("c", { fails: "model-unavailable" });
    const alone = chainOf([broken]);
    await expect(alone.ask()).rejects.toMatchObject({ code: "model-unavailable" });
    expect(broken.calls).toBe(2);
    expect(alone.waits).toEqual([300]);
  });

  it.each([
    ["says to wait for a minute", "model-rate-limited", { afterMs: 60_000 }],
    ["has no credit left", "model-quota", "never"],
    ["took all its time", "model-timeout", "backoff"],
    ["refused to write it", "model-refused", "never"],
  ] as const)("does not try a link again that %s", async (_, fails, retry) => {
    const model = scriptedModel("a", { fails, retry });
    const { ask, waits } = chainOf([model]);
    await expect(ask()).rejects.toMatchObject({ code: fails });
    expect(model.calls).toBe(1);
    expect(waits).toEqual([]);
  });

  it("gives a question that is too long to links that read more, and to no others", async () => {
    const links = [
      { model: scriptedModel("tiny", { says: "no" }), contextWindow: 9 },
      {
        model: scriptedModel("small", { fails: "model-context-too-long", retry: "never" }),
        contextWindow: 8_000,
      },
      { model: scriptedModel("smaller", { says: "no" }), contextWindow: 4_000 },
      { model: scriptedModel("large", { says: "large" }), contextWindow: 128_000 },
    ];
    const { ask, attempts } = chainOf([], { links });
    expect((await ask()).model).toBe("large");
    expect(attempts.map(({ model, outcome }) => [model, outcome])).toEqual([
      ["tiny", "too-small"],
      ["small", "model-context-too-long"],
      ["smaller", "too-small"],
      ["large", "answered"],
    ]);
  });

  it("does not call a link before its retry-after is over", async () => {
    const limited = scriptedModel(
      "a",
      { fails: "model-rate-limited", retry: { afterMs: 2_000 } },
      { says: "a" },
    );
    const { ask, advance } = chainOf([limited, scriptedModel("b", { says: "b" })]);
    expect((await ask()).model).toBe("b");
    advance(1_999);
    expect((await ask()).model).toBe("b");
    expect(limited.calls).toBe(1);
    advance(1);
    expect((await ask()).model).toBe("a");
  });

  it("rests a link after three failures, probes it once, and rests it longer when the probe fails", async () => {
    const broken = scriptedModel("a", { fails: "model-unavailable" });
    const { ask, advance } = chainOf([broken, scriptedModel("b", { says: "b" })]);
    for (let call = 0; call < 5; call += 1) await ask();
    expect(broken.calls).toBe(3);
    advance(5_000);
    await ask();
    await ask();
    expect(broken.calls).toBe(4);
    advance(9_999);
    await ask();
    expect(broken.calls).toBe(4);
    advance(1);
    await ask();
    expect(broken.calls).toBe(5);
  });

  it("lets one probe through at a time", async () => {
    const model = scriptedModel("a", { fails: "model-quota", retry: "never" }, { hangs: true });
    const { ask, advance } = chainOf([model, scriptedModel("b", { says: "b" })], {
      deadlines: { firstTokenMs: 20 },
    });
    await ask();
    advance(300_000);
    await Promise.all([ask(), ask(), ask()]);
    expect(model.calls).toBe(2);
  });

  it("does not rest a link for a question that was too long", async () => {
    const model = scriptedModel("a", { fails: "model-context-too-long", retry: "never" });
    const { ask } = chainOf([model, scriptedModel("b", { says: "b" })]);
    for (let call = 0; call < 5; call += 1) await ask();
    expect(model.calls).toBe(5);
  });

  it("says so when every link rests", async () => {
    const { ask } = chainOf([scriptedModel("a", { fails: "model-bad-key", retry: "never" })]);
    await expect(ask()).rejects.toMatchObject({ code: "model-bad-key" });
    await expect(ask()).rejects.toMatchObject({ code: "model-unavailable", retry: "backoff" });
  });
});
