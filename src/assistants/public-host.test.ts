import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAnthropicModel } from "../../providers/anthropic/anthropic-model.ts";
import { createGeminiModel } from "../../providers/gemini/gemini-model.ts";
import { createOpenAiModel } from "../../providers/openai/openai-model.ts";
import { createOpenAiCompatibleModel } from "../../providers/openai-compatible/openai-compatible-model.ts";
import { createXaiModel } from "../../providers/xai/xai-model.ts";
import type { ModelRequest } from "../core/language-model.ts";
import { checkBaseUrl, createPublicLookup } from "./public-host.ts";

type Resolve = Parameters<typeof createPublicLookup>[0];

/** Answers as DNS would: with these addresses, whatever is asked. */
const resolvesTo =
  (...addresses: readonly string[]): NonNullable<Resolve> =>
  (_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );

const check = (url: string, resolve = resolvesTo("93.184.216.34")) =>
  checkBaseUrl(url, { allowsPrivateHosts: false, resolve });

describe("checkBaseUrl", () => {
  it.each([
    ["https://llm.example.org/v1/", "https://llm.example.org/v1"],
    ["https://llm.example.org:8443", "https://llm.example.org:8443"],
    ["https://8.8.8.8/v1", "https://8.8.8.8/v1"],
  ])("takes %s as %s", async (given, saved) => {
    expect(await check(given)).toBe(saved);
  });

  it.each([
    "https://127.0.0.1/v1",
    "https://2130706433/v1",
    "https://0x7f.1/v1",
    "https://0177.0.0.1/v1",
    "https://[::1]/v1",
    "https://[::ffff:127.0.0.1]/v1",
    "https://[fe80::1]/v1",
    "https://[fd00::1]/v1",
    "https://[64:ff9b::7f00:1]/v1",
    "https://10.1.2.3/v1",
    "https://172.16.0.1/v1",
    "https://192.168.1.1/v1",
    "https://169.254.169.254/latest",
    "https://100.64.0.1/v1",
    "https://0.0.0.0/v1",
    "https://localhost/v1",
    "https://localhost./v1",
    "https://redis/v1",
    "https://models.internal/v1",
    "https://printer.local/v1",
  ])("refuses %s as private", async (given) => {
    await expect(check(given)).rejects.toMatchObject({
      code: "assistant-invalid",
      status: 400,
      message: expect.stringContaining("private network"),
    });
  });

  it("refuses a name when only one of its addresses is private", async () => {
    const resolve = resolvesTo("93.184.216.34", "10.0.0.1");
    await expect(check("https://llm.example.org", resolve)).rejects.toThrow("private network");
  });

  it.each([
    "file:///etc/passwd",
    "ftp://llm.example.org",
    "https://user:word@llm.example.org",
    "https://llm.example.org/?key=1",
    "https://llm.example.org/#x",
    "llm.example.org",
  ])("refuses %s as no address of a model server", async (given) => {
    await expect(check(given)).rejects.toThrow("no address of a model server");
  });

  it("refuses http in public, where anybody reads the key", async () => {
    await expect(check("http://llm.example.org/v1")).rejects.toThrow("https");
  });

  it("takes anything where the operator allows it", async () => {
    const options = { allowsPrivateHosts: true };
    expect(await checkBaseUrl("http://127.0.0.1:11434/v1", options)).toBe(
      "http://127.0.0.1:11434/v1",
    );
  });
});

describe("a name that was public when it was saved and leads inside when it is connected to", () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(request.url ?? "");
    response.end();
  });
  beforeAll(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)));
  afterAll(() => new Promise((done) => server.close(done)));

  const request: ModelRequest = {
    messages: [{ role: "user", text: "Hola" }],
    maxOutputTokens: 10,
    temperature: 0,
    language: "es",
  };

  it.each([
    ["openai-compatible", createOpenAiCompatibleModel],
    ["openai", createOpenAiModel],
    ["anthropic", createAnthropicModel],
    ["gemini", createGeminiModel],
    ["xai", createXaiModel],
  ])("is not called by %s", async (_name, create) => {
    const { port } = server.address() as AddressInfo;
    const at = (resolve: NonNullable<Resolve>) =>
      create({
        baseUrl: `http://llm.example.org:${port}/v1`,
        apiKey: "key-of-the-tenant",
        model: "m",
        lookup: createPublicLookup(resolve),
      });
    const before = received.length;
    const rebound = at(resolvesTo("127.0.0.1"));
    await expect(
      rebound.generate(request, { signal: AbortSignal.timeout(5_000) }),
    ).rejects.toMatchObject({ code: "model-unavailable" });
    expect(received.length).toBe(before);
  });

  it("would be called without the check", async () => {
    const { port } = server.address() as AddressInfo;
    const model = createOpenAiCompatibleModel({
      baseUrl: `http://llm.example.org:${port}/v1`,
      model: "m",
      lookup: (_host, options, callback) =>
        options.all
          ? callback(null, [{ address: "127.0.0.1", family: 4 }])
          : callback(null, "127.0.0.1", 4),
    });
    const before = received.length;
    await model.generate(request, { signal: AbortSignal.timeout(5_000) }).catch(() => {});
    expect(received.length).toBe(before + 1);
  });
});
