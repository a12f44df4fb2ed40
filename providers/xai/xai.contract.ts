import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMock } from "@copilotkit/aimock";
import { afterEach, describe, expect, it } from "vitest";
import type { ModelRequest } from "../../src/core/language-model.ts";
import { describeLanguageModel } from "../conformance.ts";
import { createXaiModel } from "./xai-model.ts";

describeLanguageModel("xai", {
  protocol: "openai-chat",
  create: (at) => createXaiModel(at),
});

/** xAI's refusals, as its users report them (github.com/continuedev/continue/issues/10373 and alike, 2026). */
const REFUSALS = [
  {
    status: 429,
    error:
      "Your team has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.",
    expected: { code: "model-quota", retry: "never" },
  },
  {
    status: 403,
    error: "Your newly created team doesn't have any credits yet.",
    expected: { code: "model-quota", retry: "never" },
  },
  {
    status: 400,
    error:
      "Incorrect API key provided: xa***ey. You can obtain an API key from https://console.x.ai.",
    expected: { code: "model-bad-key", retry: "never" },
  },
  {
    status: 403,
    error: "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_CSAM",
    expected: { code: "model-refused", retry: "never" },
  },
  {
    status: 400,
    error: "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    expected: { code: "model-context-too-long", retry: "never" },
  },
  {
    status: 429,
    error: "Too many requests for team. Your team's rate limit is 480 requests per minute.",
    expected: { code: "model-rate-limited", retry: "backoff" },
  },
  {
    status: 404,
    error: "The model grok-9 does not exist or your team does not have access to it.",
    expected: { code: "model-bad-request", retry: "never" },
  },
] as const;

const REQUEST: ModelRequest = {
  messages: [{ role: "user", text: "hola" }],
  maxOutputTokens: 50,
  temperature: 0.2,
  language: "es",
};

describe("xai", () => {
  const signal = AbortSignal.timeout(60_000);
  let close: (() => void) | undefined;
  afterEach(() => close?.());

  /** Answers every call so, and returns what it received. */
  async function startServer(
    status: number,
    contentType: string,
    answer: string,
  ): Promise<{ baseUrl: string; bodies: unknown[] }> {
    const bodies: unknown[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(status, { "content-type": contentType });
      response.end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => {
      server.close();
      server.closeAllConnections();
    };
    return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, bodies };
  }

  for (const { status, error, expected } of REFUSALS) {
    it(`reads ${status} "${error.slice(0, 40)}…" as ${expected.code}`, async () => {
      const answer = JSON.stringify({ code: "Some request failed", error });
      const { baseUrl } = await startServer(status, "application/json", answer);
      await expect(
        createXaiModel({ baseUrl, apiKey: "key" }).generate(REQUEST, { signal }),
      ).rejects.toMatchObject(expected);
    });
  }

  it("books the tokens of reasoning, which xAI leaves out of completion_tokens", async () => {
    // Usage of a real answer, github.com/Wei-Shaw/sub2api/issues/5771.
    const usage = {
      prompt_tokens: 10120,
      completion_tokens: 1499,
      total_tokens: 14428,
      prompt_tokens_details: { cached_tokens: 128 },
      completion_tokens_details: { reasoning_tokens: 2809 },
    };
    const frames = [
      { choices: [{ index: 0, delta: { role: "assistant", content: "Sí." } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
      { choices: [], usage },
    ].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
    const answer = `${frames.join("")}data: [DONE]\n\n`;
    const { baseUrl, bodies } = await startServer(200, "text/event-stream", answer);
    const model = createXaiModel({ baseUrl, apiKey: "key", model: "grok-4" });
    const reply = await model.generate(REQUEST, { signal });
    expect(reply.usage).toEqual({ input: 10120, cachedInput: 128, output: 4308 });
    expect(bodies).toEqual([
      {
        model: "grok-4",
        messages: [{ role: "user", content: "hola" }],
        stream: true,
        stream_options: { include_usage: true },
        max_completion_tokens: 2098,
        temperature: 0.2,
      },
    ]);
  });
});

describe("xai against a stand-in of others (aimock)", () => {
  it("reads its answer to the end", async () => {
    const mock = new LLMock({ port: 0 });
    mock.onMessage("hola", { content: "Buenos días." });
    await mock.start();
    try {
      const model = createXaiModel({ baseUrl: `${mock.url}/v1`, apiKey: "key" });
      const reply = await model.generate(REQUEST, { signal: AbortSignal.timeout(30_000) });
      expect(reply).toMatchObject({ text: "Buenos días.", finish: "stop" });
    } finally {
      await mock.stop();
    }
  });
});
