import { describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { asId } from "../core/ids.ts";
import { silentLogger } from "../core/logger.ts";
import type { CallResult, ModelCall, OverBudget } from "../core/spending.ts";
import type { Transcriber } from "../core/transcriber.ts";
import { createMeteredTranscriber } from "./metered-transcriber.ts";

const PAYER = { tenantId: asId<never>("t"), messageId: asId<never>("m") };
/** 15,000 bytes of Opus last 20 seconds at most. */
const RECORDING = { bytes: new Uint8Array(15_000), mediaType: "audio/ogg", seconds: 3 };

function open(options: {
  readonly transcribe?: Transcriber["transcribe"];
  readonly price?: (seconds: number) => number | undefined;
  readonly refusedBy?: OverBudget;
  readonly isBound?: boolean;
}) {
  const booked: unknown[] = [];
  let calls = 0;
  const transcriber = createMeteredTranscriber({
    transcriber: {
      id: "openai:whisper-1",
      maxBytes: 1_000_000,
      async transcribe(...given) {
        calls += 1;
        return options.transcribe?.(...given) ?? { text: "hola", seconds: 4 };
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
    priceOf: options.price ?? ((seconds) => seconds * 100),
    logger: silentLogger,
  });
  const hear = () => transcriber.transcribe(RECORDING, AbortSignal.timeout(10_000), PAYER);
  return { hear, transcriber, booked, calls: () => calls };
}

describe("a metered transcriber", () => {
  it("reserves what the bytes can hold at most, and books the seconds heard", async () => {
    const { hear, booked } = open({});
    expect((await hear()).text).toBe("hola");
    expect(booked).toEqual([
      { reserved: 2_000, purpose: "transcribe", model: "openai:whisper-1" },
      { settled: 400, outcome: "answered", isEstimate: false },
    ]);
  });

  it("books the seconds that were claimed, as an estimate, when the model tells none", async () => {
    const { hear, booked } = open({ transcribe: async () => ({ text: "hola" }) });
    await hear();
    expect(booked[1]).toEqual({ settled: 300, outcome: "answered", isEstimate: true });
  });

  it("makes no call that a budget does not allow", async () => {
    const { hear, booked, calls } = open({ refusedBy: "day" });
    await expect(hear()).rejects.toMatchObject({ code: "model-over-budget", retry: "never" });
    expect([calls(), booked.length]).toEqual([0, 1]);
  });

  it("calls a model of unknown price only for those without a limit", async () => {
    const price = () => undefined;
    const bound = open({ price, isBound: true });
    await expect(bound.hear()).rejects.toMatchObject({ code: "model-price-unknown" });
    expect(bound.calls()).toBe(0);
    const free = open({ price });
    await free.hear();
    expect(free.booked).toHaveLength(2);
  });

  it("reserves nothing at a server of one's own, and keeps a record", async () => {
    const { hear, booked } = open({ price: () => 0 });
    await hear();
    expect(booked).toEqual([{ recorded: 0, outcome: "answered" }]);
  });

  it.each([
    ["model-unavailable", 0],
    ["model-timeout", 300],
  ])("books %s at %i", async (code, settled) => {
    const { hear, booked } = open({
      transcribe: () => Promise.reject(new PregoneroError(code, "no")),
    });
    await expect(hear()).rejects.toMatchObject({ code });
    expect(booked[1]).toEqual({ settled, outcome: code, isEstimate: true });
  });

  it("makes no call, and books none, that was given up while it was reserved", async () => {
    const { transcriber, booked, calls } = open({});
    const hearing = transcriber.transcribe(RECORDING, AbortSignal.abort(new Error("late")), PAYER);
    await expect(hearing).rejects.toThrow("late");
    expect(calls()).toBe(0);
    expect(booked[1]).toEqual({ settled: 0, outcome: "aborted", isEstimate: true });
  });

  it("books nothing without a payer", async () => {
    const { transcriber, booked } = open({});
    await transcriber.transcribe(RECORDING, AbortSignal.timeout(10_000));
    expect(booked).toEqual([]);
  });
});
