import { expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import type { LanguageModel, ModelAttempt, ModelRequest } from "../core/language-model.ts";
import { createRoutedModel } from "./routed-model.ts";

const REQUEST: ModelRequest = { messages: [], maxOutputTokens: 10, temperature: 0, language: "es" };

/** A chain that tells its one attempt, and answers or fails. */
function chain(name: string, error?: PregoneroError): LanguageModel {
  return {
    name,
    async generate(_request, { onAttempt }) {
      onAttempt?.({ model: name, outcome: error?.code ?? "answered" });
      if (error !== undefined) throw error;
      return {
        text: "x",
        model: name,
        usage: { input: 1, cachedInput: 0, output: 1 },
        finish: "stop",
      };
    },
  };
}

async function ask(large: LanguageModel, need?: ModelRequest["need"]) {
  const told: ModelAttempt[] = [];
  const model = createRoutedModel({ usual: chain("small"), large });
  const reply = await model.generate(
    { ...REQUEST, need },
    { signal: new AbortController().signal, onAttempt: (attempt) => told.push(attempt) },
  );
  return { model: reply.model, told };
}

it("asks the usual chain what needs no more, and tells so", async () => {
  expect(await ask(chain("big"))).toEqual({
    model: "small",
    told: [{ model: "small", outcome: "answered", route: "usual" }],
  });
});

it("asks the large chain what needs it, and tells why", async () => {
  expect(await ask(chain("big"), "comparison")).toEqual({
    model: "big",
    told: [{ model: "big", outcome: "answered", route: "large", need: "comparison" }],
  });
});

it("falls back to the usual chain when the large one fails", async () => {
  const down = new PregoneroError("model-unavailable", "x", { retry: "backoff" });
  const { model, told } = await ask(chain("big", down), "long-context");
  expect(model).toBe("small");
  expect(told.map(({ route, outcome }) => [route, outcome])).toEqual([
    ["large", "model-unavailable"],
    ["usual", "answered"],
  ]);
});

it("does not get around a refusal by asking the usual chain", async () => {
  const refused = new PregoneroError("model-refused", "x");
  await expect(ask(chain("big", refused), "comparison")).rejects.toBe(refused);
});

it("shows a picture to the chain that sees", async () => {
  const image = { mediaType: "image/jpeg", bytes: new Uint8Array(3) } as const;
  const request = { ...REQUEST, messages: [{ role: "user", text: "?", images: [image] }] } as const;
  const seeing = (name: string) => ({ ...chain(name), sees: true });
  const asked = async (usual: LanguageModel, large: LanguageModel) => {
    const model = createRoutedModel({ usual, large });
    const { model: name } = await model.generate(request, { signal: new AbortController().signal });
    return [model.sees, name];
  };
  expect(await asked(chain("small"), seeing("big"))).toEqual([true, "big"]);
  expect(await asked(seeing("small"), chain("big"))).toEqual([true, "small"]);
});
