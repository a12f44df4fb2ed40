import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type { LanguageModel, ModelReply, ModelRequest } from "../core/language-model.ts";
import { silentLogger } from "../core/logger.ts";
import type { Payer, Spending } from "../core/spending.ts";
import type { Database } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { openEmbedded } from "../store/open-embedded.ts";
import { createSpending } from "../store/spending.ts";
import { createMeteredModel } from "./metered-model.ts";
import { priceOf } from "./price.ts";

const NAME = "openai:gpt-4o-mini";
const REQUEST: ModelRequest = {
  messages: [{ role: "user", text: "¿Cuánto cuesta el gas? ".repeat(100) }],
  maxOutputTokens: 200,
  temperature: 0,
  language: "es",
};
const REPLY: ModelReply = {
  text: "Cuesta 950 colones [1].",
  model: NAME,
  usage: { input: 700, cachedInput: 100, output: 40 },
  finish: "stop",
};

interface Row {
  readonly outcome: string;
  readonly cost_micro_usd: string | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly is_estimate: boolean;
}

describe("a metered model", () => {
  let database: Database;
  let spending: Spending;
  let payer: Payer;

  beforeAll(async () => {
    database = await openEmbedded({ dataDirectory: undefined });
    await migrate(database, "migrations");
    spending = createSpending(database, silentLogger);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    const id = randomUUID();
    await database.asDispatcher((tx) =>
      tx.query("insert into tenant (id, slug, name) values ($1, $2, 'T')", [id, `t-${id}`]),
    );
    payer = { tenantId: asId<TenantId>(id), messageId: asId<MessageId>(randomUUID()) };
  });

  /** A model that does as told, and counts its calls. */
  function metered(generate: LanguageModel["generate"], over: { name?: string } = {}) {
    const inner = {
      name: over.name ?? NAME,
      calls: 0,
      generate: ((request, options) => {
        inner.calls += 1;
        return generate(request, options);
      }) as LanguageModel["generate"],
    };
    return {
      inner,
      model: createMeteredModel({
        model: inner,
        spending,
        priceOf: (usage) => priceOf(inner.name, usage),
        logger: silentLogger,
      }),
    };
  }
  const bill = () =>
    database.asTenant(payer.tenantId, (tx) =>
      tx.query<Row>(
        "select outcome, cost_micro_usd, input_tokens, output_tokens, is_estimate from model_call",
      ),
    );
  const signal = new AbortController().signal;

  it("books an answer at the tokens that the provider counted", async () => {
    const { model } = metered(async () => REPLY);
    expect(await model.generate(REQUEST, { signal, payer })).toEqual(REPLY);
    expect(await bill()).toEqual([
      {
        outcome: "answered",
        cost_micro_usd: String(priceOf(NAME, REPLY.usage)),
        input_tokens: 700,
        output_tokens: 40,
        is_estimate: false,
      },
    ]);
  });

  it("books nothing for a call that was refused before the provider read it", async () => {
    const { model } = metered(async () => {
      throw new PregoneroError("model-rate-limited", "429");
    });
    await expect(model.generate(REQUEST, { signal, payer })).rejects.toMatchObject({
      code: "model-rate-limited",
    });
    expect(await bill()).toMatchObject([{ outcome: "model-rate-limited", cost_micro_usd: "0" }]);
  });

  it("books an estimate of what was read and written when the provider dies in the middle", async () => {
    const { model } = metered(async (_, { onText }) => {
      onText?.("Cuesta 950 colones, según");
      throw new PregoneroError("model-truncated", "cut");
    });
    const pieces: string[] = [];
    await expect(
      model.generate(REQUEST, { signal, payer, onText: (piece) => pieces.push(piece) }),
    ).rejects.toMatchObject({ code: "model-truncated" });
    expect(pieces).toEqual(["Cuesta 950 colones, según"]);
    const [row] = await bill();
    expect(row).toMatchObject({ outcome: "model-truncated", is_estimate: true, output_tokens: 8 });
    expect(row?.input_tokens).toBeGreaterThan(600);
    expect(Number(row?.cost_micro_usd)).toBeGreaterThan(90);
  });

  it("calls nobody, and books nothing, when given up while it is being reserved", async () => {
    const abort = new AbortController();
    const reason = new Error("a person took over");
    let calls = 0;
    const model = createMeteredModel({
      model: {
        name: NAME,
        async generate() {
          calls += 1;
          return REPLY;
        },
      },
      spending: {
        ...spending,
        async reserve(call, atMost) {
          const refused = await spending.reserve(call, atMost);
          abort.abort(reason);
          return refused;
        },
      },
      priceOf: (usage) => priceOf(NAME, usage),
      logger: silentLogger,
    });
    await expect(model.generate(REQUEST, { signal: abort.signal, payer })).rejects.toBe(reason);
    expect(calls).toBe(0);
    expect(await bill()).toMatchObject([{ outcome: "aborted", cost_micro_usd: "0" }]);
  });

  it("calls nobody when the budget has too little left, and books nothing", async () => {
    await spending.setBudget(payer.tenantId, "day", 100, "test");
    const { model, inner } = metered(async () => REPLY);
    await expect(model.generate(REQUEST, { signal, payer })).rejects.toMatchObject({
      code: "model-over-budget",
      retry: "never",
    });
    expect(inner.calls).toBe(0);
    expect(await bill()).toEqual([]);
  });

  it("does not call a model of unknown price for a tenant that has a limit", async () => {
    const unknown = metered(async () => REPLY, { name: "openai:not-a-model" });
    await unknown.model.generate(REQUEST, { signal, payer });
    expect(await bill()).toMatchObject([{ outcome: "answered", cost_micro_usd: null }]);
    await spending.setBudget(payer.tenantId, "month", 1_000_000, "test");
    await expect(unknown.model.generate(REQUEST, { signal, payer })).rejects.toMatchObject({
      code: "model-price-unknown",
    });
    expect(unknown.inner.calls).toBe(1);
  });

  it("calls a local model however little is left", async () => {
    await spending.setBudget(payer.tenantId, "day", 0, "test");
    const { model } = metered(async () => REPLY, { name: "openai-compatible:llama3.1" });
    expect(await model.generate(REQUEST, { signal, payer })).toEqual(REPLY);
    expect(await bill()).toMatchObject([{ outcome: "answered", cost_micro_usd: "0" }]);
  });

  it("gives the answer though its settlement failed; what is reserved stays for the sweep", async () => {
    const gone = { ...spending, settle: () => Promise.reject(new Error("away")) };
    const model = createMeteredModel({
      model: { name: NAME, generate: async () => REPLY },
      spending: gone,
      priceOf: (usage) => priceOf(NAME, usage),
      logger: silentLogger,
    });
    expect(await model.generate(REQUEST, { signal, payer })).toEqual(REPLY);
    expect(await spending.settleAbandoned(-1)).toBeGreaterThan(0);
    expect(await bill()).toMatchObject([{ outcome: "abandoned", is_estimate: true }]);
  });

  it("books nothing without a payer", async () => {
    const { model } = metered(async () => REPLY);
    await model.generate(REQUEST, { signal });
    expect(await bill()).toEqual([]);
  });
});
