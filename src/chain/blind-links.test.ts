import { describe, expect, it } from "vitest";
import type { LanguageModel, ModelAttempt } from "../core/language-model.ts";
import { silentLogger } from "../core/logger.ts";
import { usageAtMost, usageSoFar } from "./estimate-tokens.ts";
import { createFallbackChain } from "./fallback-chain.ts";

const PICTURE = { mediaType: "image/jpeg", bytes: new Uint8Array(1_000_000) } as const;
const options = { maxOutputTokens: 10, temperature: 0, language: "es" } as const;
const WITH_PICTURE = {
  ...options,
  messages: [{ role: "user", text: "?", images: [PICTURE] }],
} as const;
const WITHOUT = { ...options, messages: [{ role: "user", text: "?" }] } as const;

function link(name: string, sees: boolean) {
  const model: LanguageModel = {
    name,
    generate: async () => ({
      text: "leído",
      model: name,
      usage: { input: 1, cachedInput: 0, output: 1 },
      finish: "stop",
    }),
  };
  return { model, sees };
}

function chainOf(...links: readonly ReturnType<typeof link>[]) {
  const chain = createFallbackChain({
    links,
    clock: { now: () => new Date(0) },
    logger: silentLogger,
  });
  const attempts: ModelAttempt[] = [];
  const ask = (request: Parameters<LanguageModel["generate"]>[0]) =>
    chain.generate(request, {
      signal: AbortSignal.timeout(10_000),
      onAttempt: (attempt) => attempts.push(attempt),
    });
  return { chain, ask, attempts };
}

describe("a chain that is shown a picture", () => {
  it("skips the links that do not see, and says so", async () => {
    const { chain, ask, attempts } = chainOf(link("a", false), link("b", true));
    expect(chain.sees).toBe(true);
    expect((await ask(WITH_PICTURE)).model).toBe("b");
    expect(attempts.map(({ model, outcome }) => [model, outcome])).toEqual([
      ["a", "blind"],
      ["b", "answered"],
    ]);
  });

  it("asks every link when there is none", async () => {
    const { ask } = chainOf(link("a", false), link("b", true));
    expect((await ask(WITHOUT)).model).toBe("a");
  });

  it("does not see where no link does, and calls none", async () => {
    const { chain, ask, attempts } = chainOf(link("a", false));
    expect(chain.sees).toBe(false);
    await expect(ask(WITH_PICTURE)).rejects.toMatchObject({ code: "model-unavailable" });
    expect(attempts).toEqual([{ model: "a", outcome: "blind" }]);
  });

  it("counts a picture by itself, not by its bytes", () => {
    const most = usageAtMost(WITH_PICTURE).input - usageAtMost(WITHOUT).input;
    const likely = usageSoFar(WITH_PICTURE, "").input - usageSoFar(WITHOUT, "").input;
    expect([most, likely]).toEqual([5_000, 1_600]);
  });
});
