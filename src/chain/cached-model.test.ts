import { describe, expect, it } from "vitest";
import { PregoneroError } from "../core/errors.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import type {
  LanguageModel,
  ModelAttempt,
  ModelMessage,
  ModelRequest,
} from "../core/language-model.ts";
import { createProcessCache } from "../queue/process-cache.ts";
import { createCipher } from "../store/encryption.ts";
import { createCachedModel } from "./cached-model.ts";
import { createSeal } from "./seal.ts";

const HOUR = 3_600_000;
const tenant = (digit: number) => asId<TenantId>(`00000000-0000-4000-8000-00000000000${digit}`);

function harness() {
  let now = 0;
  let failing = false;
  const calls: ModelRequest[] = [];
  const releases: (() => void)[] = [];
  const model: LanguageModel = {
    name: "openai:m",
    async generate(request) {
      calls.push(request);
      const number = calls.length;
      await new Promise<void>((resolve) => releases.push(resolve));
      if (failing) throw new PregoneroError("model-unavailable", "down");
      return {
        text: `answer ${number}`,
        model: "openai:m",
        usage: { input: 9, cachedInput: 0, output: 3 },
        finish: "stop",
      };
    },
  };
  const cache = createProcessCache({ maxBytes: 100_000 });
  const seal = createSeal(createCipher([Buffer.alloc(32, 7)]));
  const cached = createCachedModel({ model, cache, seal, clock: { now: () => new Date(now) } });
  const attempts: ModelAttempt[] = [];

  function start(
    text: string,
    tenantId = tenant(1),
    signal = new AbortController().signal,
    images: ModelMessage["images"] = [],
  ) {
    return cached.generate(
      {
        messages: [{ role: "user", text, images }],
        maxOutputTokens: 9,
        temperature: 0,
        language: "es",
      },
      {
        signal,
        payer: { tenantId, messageId: asId<MessageId>("m") },
        onAttempt: (attempt) => attempts.push(attempt),
      },
    );
  }
  const release = async () => {
    await new Promise(setImmediate);
    for (const go of releases.splice(0)) go();
  };
  return {
    calls,
    attempts,
    start,
    release,
    async ask(text: string, tenantId = tenant(1)) {
      const reply = start(text, tenantId);
      await release();
      return reply;
    },
    pass: (ms: number) => {
      now += ms;
    },
    fail: () => {
      failing = true;
    },
  };
}

describe("a cached model", () => {
  it("gives an answer again, for nothing, however the same question is typed", async () => {
    const { ask, calls, attempts } = harness();
    const first = await ask("¿Cuánto cuesta el gas?");
    const again = await ask("cuánto  cuesta el GAS");
    expect(again).toEqual({ ...first, usage: { input: 0, cachedInput: 0, output: 0 } });
    expect(calls).toHaveLength(1);
    expect(attempts).toEqual([{ model: "openai:m", outcome: "cached" }]);
  });

  it("asks again for another tenant, another figure, and after six hours", async () => {
    const { ask, calls, pass } = harness();
    await ask("multa de 500");
    await ask("multa de 500", tenant(2));
    await ask("multa de 5000");
    expect(calls).toHaveLength(3);
    pass(6 * HOUR - 1);
    await ask("multa de 500");
    expect(calls).toHaveLength(3);
    pass(1);
    expect((await ask("multa de 500")).text).toBe("answer 4");
  });

  it("asks once for a crowd that asks at the same time", async () => {
    const { start, release, calls } = harness();
    const crowd = Array.from({ length: 50 }, () => start("¿Qué salió?"));
    await release();
    const texts = new Set((await Promise.all(crowd)).map(({ text }) => text));
    expect([...texts]).toEqual(["answer 1"]);
    expect(calls).toHaveLength(1);
  });

  it("covers a model that fails with an answer of the last two days, and no older", async () => {
    const { ask, pass, fail, attempts } = harness();
    await ask("¿Qué salió?");
    fail();
    pass(40 * HOUR);
    expect((await ask("¿Qué salió?")).text).toBe("answer 1");
    expect(attempts.at(-1)?.outcome).toBe("stale");
    await expect(ask("¿Otra cosa?")).rejects.toMatchObject({ code: "model-unavailable" });
  });

  it("leaves the crowd to itself when whoever asked first fails or goes away", async () => {
    const { start, release } = harness();
    const abort = new AbortController();
    const first = start("¿Qué salió?", tenant(1), abort.signal);
    const second = start("¿Qué salió?");
    abort.abort(new Error("gone"));
    await release();
    await release();
    await release();
    await first.catch(() => {});
    expect((await second).text).toMatch(/^answer/);
  });
});

it("a sealed answer opens for its own tenant and key alone", () => {
  const seal = createSeal(createCipher([Buffer.alloc(32, 7)]));
  const sealed = seal.seal(tenant(1), "key", "secreto");
  expect(sealed).not.toContain("secreto");
  expect(seal.open(tenant(1), "key", sealed)).toBe("secreto");
  expect(seal.open(tenant(2), "key", sealed)).toBeUndefined();
  expect(seal.open(tenant(1), "other", sealed)).toBeUndefined();
  expect(seal.open(tenant(1), "key", `${sealed.slice(0, -2)}AA`)).toBeUndefined();
});

it("takes another picture for another question, and the same one for the same", async () => {
  const { start, release, calls } = harness();
  const show = async (pixel: number) => {
    const bytes = Uint8Array.of(0xff, 0xd8, 0xff, pixel);
    const image = { mediaType: "image/jpeg", bytes } as const;
    const reply = start("¿qué dice?", tenant(1), new AbortController().signal, [image]);
    await release();
    return reply;
  };
  const first = await show(1);
  expect((await show(2)).text).not.toBe(first.text);
  expect((await show(1)).text).toBe(first.text);
  expect(calls).toHaveLength(2);
});
