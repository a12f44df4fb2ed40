import { describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { asId } from "../core/ids.ts";
import type { Embedder } from "../core/language-model.ts";
import { silentLogger } from "../core/logger.ts";
import type { CallResult, ModelCall, OverBudget } from "../core/spending.ts";
import { createMeteredEmbedder } from "./metered-embedder.ts";

const PAYER = { tenantId: asId<never>("t"), messageId: asId<never>("m") };
/** 14 bytes: 7 tokens at most and 4 probably, and one for its end. */
const TEXTS = ["salario mínimo"];

function open(options: {
  readonly embed?: Embedder["embed"];
  readonly price?: (tokens: number) => number | undefined;
  readonly refusedBy?: OverBudget;
  readonly isBound?: boolean;
}) {
  const booked: unknown[] = [];
  let calls = 0;
  const embedder = createMeteredEmbedder({
    embedder: {
      id: "openai-compatible:m:2",
      dimensions: 2,
      maxTextsPerCall: 96,
      async embed(...given) {
        calls += 1;
        return options.embed?.(...given) ?? [Float32Array.of(1, 0)];
      },
    },
    spending: {
      async reserve({ purpose, model }: ModelCall, atMost: number) {
        booked.push({ reserved: atMost, purpose, model });
        return options.refusedBy;
      },
      async settle(_: ModelCall, { outcome, cost, isEstimate }: CallResult) {
        booked.push({ settled: cost, outcome, isEstimate });
      },
      async record(_: ModelCall, { outcome, cost }: CallResult) {
        booked.push({ recorded: cost, outcome });
      },
      isBound: async () => options.isBound ?? false,
    },
    priceOf: options.price ?? ((tokens) => tokens * 100),
    logger: silentLogger,
  });
  const embed = () => embedder.embed(TEXTS, AbortSignal.timeout(10_000), PAYER);
  return { embed, embedder, booked, calls: () => calls };
}

describe("a metered embedder", () => {
  it("reserves what the texts can be at most, and books what they probably were", async () => {
    const { embed, booked } = open({});
    expect(await embed()).toEqual([Float32Array.of(1, 0)]);
    expect(booked).toEqual([
      { reserved: 900, purpose: "embed", model: "openai-compatible:m:2" },
      { settled: 600, outcome: "answered", isEstimate: true },
    ]);
  });

  it("makes no call that a budget does not allow", async () => {
    const { embed, booked, calls } = open({ refusedBy: "day" });
    await expect(embed()).rejects.toMatchObject({ code: "model-over-budget", retry: "never" });
    expect([calls(), booked.length]).toEqual([0, 1]);
  });

  it("calls a model of unknown price only for those without a limit", async () => {
    const price = () => undefined;
    const bound = open({ price, isBound: true });
    await expect(bound.embed()).rejects.toMatchObject({ code: "model-price-unknown" });
    expect(bound.calls()).toBe(0);
    const free = open({ price });
    await free.embed();
    expect(free.booked).toHaveLength(2);
  });

  it("reserves nothing of what costs nothing, and books nothing that nobody pays for", async () => {
    const own = open({ price: () => 0 });
    await own.embed();
    expect(own.booked).toEqual([{ recorded: 0, outcome: "answered" }]);
    await own.embedder.embed(TEXTS, AbortSignal.timeout(10_000));
    expect([own.calls(), own.booked.length]).toEqual([2, 1]);
  });

  it.each([
    ["model-timeout", 600],
    ["model-unreachable", 0],
  ])("books what %s costs", async (code, cost) => {
    const failing = async () => {
      throw new PregoneroError(code, "no");
    };
    const { embed, booked } = open({ embed: failing });
    await expect(embed()).rejects.toMatchObject({ code });
    expect(booked[1]).toEqual({ settled: cost, outcome: code, isEstimate: true });
  });
});
