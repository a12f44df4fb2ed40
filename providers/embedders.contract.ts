import { describe, expect, it } from "vitest";
import type { Embedder } from "../src/core/language-model.ts";
import { type LlmProtocol, startLlmStandIn } from "../test/stand-ins/llm/llm-stand-in.ts";
import { FAULT_CASES } from "./conformance-cases.ts";
import { createGeminiEmbedder } from "./gemini/gemini-embedder.ts";
import { createOpenAiEmbedder } from "./openai/openai-embedder.ts";
import { createOpenAiCompatibleEmbedder } from "./openai-compatible/openai-compatible-embedder.ts";

const DIMENSIONS = 16;
const EMBEDDERS: Readonly<
  Record<
    string,
    { readonly protocol: LlmProtocol; create(at: { baseUrl: string; apiKey: string }): Embedder }
  >
> = {
  openai: {
    protocol: "openai-responses",
    create: (at) =>
      createOpenAiEmbedder({ ...at, model: "text-embedding-3-small", dimensions: DIMENSIONS }),
  },
  gemini: {
    protocol: "gemini",
    create: (at) =>
      createGeminiEmbedder({ ...at, model: "gemini-embedding-001", dimensions: DIMENSIONS }),
  },
  "openai-compatible": {
    protocol: "openai-chat",
    create: (at) =>
      createOpenAiCompatibleEmbedder({ ...at, model: "tiny", dimensions: DIMENSIONS }),
  },
};

/** An answer that is not streamed has no marker: what lacks its end is no JSON, and either code says so. */
const BROKEN_OFF = /^model-(truncated|unavailable)$/;

for (const [name, { protocol, create }] of Object.entries(EMBEDDERS)) {
  describe(`${name} as an Embedder, whose answers are not streamed`, () => {
    async function open(apiKey = "key") {
      const standIn = await startLlmStandIn({ protocol, dimensions: DIMENSIONS, apiKey });
      return {
        standIn,
        embedder: create({ baseUrl: standIn.baseUrl, apiKey: "key" }),
        [Symbol.asyncDispose]: () => standIn.close(),
      };
    }

    it("returns one vector of length 1 per text, in the order of the texts", async () => {
      await using at = await open();
      const texts = ["marca", "precio del gas", "marca"];
      const vectors = await at.embedder.embed(texts, AbortSignal.timeout(10_000));
      expect(vectors).toHaveLength(3);
      expect(vectors[0]).toEqual(vectors[2]);
      expect(vectors[0]).not.toEqual(vectors[1]);
      for (const vector of vectors) {
        expect(vector).toHaveLength(DIMENSIONS);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
      }
    });

    for (const [what, { fault, code, retry, only }] of Object.entries(FAULT_CASES)) {
      const isOfText = code === "model-refused" || fault.kind === "empty-choices";
      if (isOfText || (only !== undefined && !only.includes(protocol))) continue;
      it(`rejects with ${code} on ${what}, after one call`, async () => {
        await using at = await open();
        at.standIn.failNext(fault);
        await expect(
          at.embedder.embed(["marca"], AbortSignal.timeout(10_000)),
        ).rejects.toMatchObject({
          name: "PregoneroError",
          code: BROKEN_OFF.test(code) ? expect.stringMatching(BROKEN_OFF) : code,
          retry,
        });
        expect(at.standIn.calls).toHaveLength(1);
      });
    }

    it("gives up a body without measure before it has read it", async () => {
      await using at = await open();
      at.standIn.failNext({ kind: "huge-body", bytes: 200_000_000 });
      await expect(at.embedder.embed(["marca"], AbortSignal.timeout(60_000))).rejects.toMatchObject(
        { code: "model-unavailable", retry: "backoff" },
      );
      expect(at.standIn.sentBytes()).toBeLessThan(100_000_000);
    });

    for (const kind of ["black-hole", "stall"] as const) {
      it(`rejects with the signal's reason when aborted during a ${kind}`, async () => {
        await using at = await open();
        at.standIn.failNext({ kind });
        const abort = new AbortController();
        const reason = new Error("enough");
        const outcome = at.embedder.embed(["marca"], abort.signal);
        // Awaited below; a rejection before that is not unhandled.
        outcome.catch(() => undefined);
        await at.standIn.received(1);
        abort.abort(reason);
        await expect(outcome).rejects.toBe(reason);
      });
    }
  });
}
