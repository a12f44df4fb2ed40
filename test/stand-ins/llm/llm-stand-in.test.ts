import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { LLM_FAULTS, type LlmFault } from "./llm-fault.ts";
import {
  LLM_PROTOCOLS,
  type LlmProtocol,
  type LlmStandIn,
  type LlmStandInOptions,
  startLlmStandIn,
} from "./llm-stand-in.ts";

const TEXT = "Moba Sociedad Anónima solicita XARDIC 🇨🇷 [1].";
let standIn: LlmStandIn;
afterEach(() => standIn.close());

const HEADERS: Readonly<Record<LlmProtocol, Record<string, string>>> = {
  "openai-chat": { authorization: "Bearer key" },
  "openai-responses": { authorization: "Bearer key" },
  anthropic: { "x-api-key": "key", "anthropic-version": "2023-06-01" },
  gemini: { "x-goog-api-key": "key" },
};
const PROTOCOLS = Object.keys(LLM_PROTOCOLS) as readonly LlmProtocol[];

function requestOf(protocol: LlmProtocol, stream: boolean): { path: string; body: object } {
  const messages = [{ role: "user", content: "hola" }];
  switch (protocol) {
    case "openai-chat":
      return { path: "/chat/completions", body: { model: "m", messages, stream } };
    case "openai-responses":
      return { path: "/responses", body: { model: "m", input: messages, stream } };
    case "anthropic":
      return { path: "/v1/messages", body: { model: "m", max_tokens: 9, messages, stream } };
    case "gemini":
      return {
        path: `/v1beta/models/m:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
        body: { contents: [{ role: "user", parts: [{ text: "hola" }] }] },
      };
  }
}

async function ask(protocol: LlmProtocol, stream: boolean, more: object = {}): Promise<Response> {
  const { path, body } = requestOf(protocol, stream);
  return fetch(`${standIn.baseUrl}${path}`, {
    method: "POST",
    headers: { ...HEADERS[protocol], "content-type": "application/json" },
    body: JSON.stringify({ ...body, ...more }),
    signal: AbortSignal.timeout(20_000),
  });
}

async function start(options: LlmStandInOptions): Promise<void> {
  standIn = await startLlmStandIn({ text: TEXT, ...options });
}

describe.each(PROTOCOLS)("the stand-in of %s", (protocol) => {
  it("answers 200 with the whole text, as events or as one body", async () => {
    await start({ protocol });
    expect(await (await ask(protocol, false)).text()).toContain(TEXT);
    const events = await ask(protocol, true);
    expect(events.headers.get("content-type")).toContain("text/event-stream");
    expect(await events.text()).toContain("Moba S");
  });

  it("refuses another key, another address, another method and an empty request", async () => {
    await start({ protocol, apiKey: "right" });
    expect((await ask(protocol, true)).status).toBe(protocol === "gemini" ? 400 : 401);
    await standIn.close();
    await start({ protocol });
    expect((await fetch(`${standIn.baseUrl}/nowhere`, { method: "POST" })).status).toBe(404);
    const { path } = requestOf(protocol, false);
    expect((await fetch(`${standIn.baseUrl}${path}`)).status).toBe(404);
    const empty = await ask(protocol, false, { messages: [], input: [], contents: [] });
    expect(empty.status).toBe(400);
    expect(await empty.json()).toHaveProperty("error.message");
  });

  it("says every fault that the vendor tells by its status", async () => {
    await start({ protocol });
    const expected: Partial<Record<LlmFault["kind"], number>> = {
      "rate-limited": 429,
      status: 503,
      overloaded: protocol === "anthropic" ? 529 : 503,
      "bad-key": protocol === "gemini" ? 400 : 401,
      "payment-required": 402,
      "spend-limit": 429,
      "workspace-spend-limit": protocol === "anthropic" ? 400 : 429,
      quota: 429,
      "context-too-long": 400,
      "bad-request": 400,
      "unknown-model": 404,
    };
    for (const [kind, status] of Object.entries(expected)) {
      standIn.failNext(LLM_FAULTS[kind as LlmFault["kind"]]);
      const response = await ask(protocol, true);
      expect([kind, response.status]).toEqual([kind, status]);
      expect(await response.json()).toHaveProperty("error.message");
    }
  });

  it("breaks a stream before its end", async () => {
    await start({ protocol });
    const whole = await (await ask(protocol, true)).text();
    standIn.failNext(
      { kind: "clean-end" },
      { kind: "in-band-error" },
      { kind: "bad-frame" },
      { kind: "cut" },
      { kind: "refused" },
    );
    const short = await (await ask(protocol, true)).text();
    expect(whole.startsWith(short)).toBe(true);
    expect(short.length).toBeLessThan(whole.length);
    expect(await (await ask(protocol, true)).text()).toMatch(/error/);
    expect((await (await ask(protocol, true)).text()).length).toBeGreaterThan(whole.length);
    await expect(ask(protocol, true).then((response) => response.text())).rejects.toThrow();
    await expect(ask(protocol, true)).rejects.toThrow();
  });

  it("sends a web page, a body without measure, and bytes that are no text", async () => {
    await start({ protocol });
    standIn.failNext(
      { kind: "html-200" },
      { kind: "huge-body", bytes: 3_000_000 },
      { kind: "invalid-utf8" },
      { kind: "empty-choices" },
    );
    const page = await ask(protocol, true);
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
    await page.body?.cancel();
    expect((await (await ask(protocol, true)).arrayBuffer()).byteLength).toBeGreaterThan(3_000_000);
    const bytes = await (await ask(protocol, false)).arrayBuffer();
    expect(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes)).toThrow();
    expect(await (await ask(protocol, false)).text()).not.toContain("XARDIC");
  });
});

describe("the official SDKs", () => {
  it("read OpenAI's chat completions with usage that includes the cached tokens", async () => {
    await start({ protocol: "openai-chat" });
    const client = new OpenAI({ baseURL: standIn.baseUrl, apiKey: "key", maxRetries: 0 });
    const whole = await client.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: "hola" }],
    });
    expect(whole.choices[0]?.message.content).toBe(TEXT);
    expect(whole.usage).toMatchObject({
      prompt_tokens: 120,
      prompt_tokens_details: { cached_tokens: 20 },
      completion_tokens: 40,
    });
  });

  it("read OpenAI's responses", async () => {
    await start({ protocol: "openai-responses" });
    const client = new OpenAI({ baseURL: standIn.baseUrl, apiKey: "key", maxRetries: 0 });
    const stream = client.responses.stream({ model: "m", input: "hola" });
    expect((await stream.finalResponse()).output_text).toBe(TEXT);
    const { data } = await client.embeddings.create({ model: "m", input: ["marca", "gas"] });
    expect(data.map(({ index }) => index)).toEqual([1, 0]);
    expect(data[0]?.embedding).toHaveLength(8);
  });

  it("read Anthropic's messages with usage that excludes the cached tokens", async () => {
    await start({ protocol: "anthropic" });
    const client = new Anthropic({ baseURL: standIn.baseUrl, apiKey: "key", maxRetries: 0 });
    const message = await client.messages
      .stream({ model: "m", max_tokens: 99, messages: [{ role: "user", content: "hola" }] })
      .finalMessage();
    expect(message.content).toMatchObject([{ type: "text", text: TEXT }]);
    expect(message.usage).toMatchObject({
      input_tokens: 70,
      cache_creation_input_tokens: 30,
      cache_read_input_tokens: 20,
      output_tokens: 40,
    });
  });
});

it("speaks all protocols at one address", async () => {
  await start({ protocol: "all" });
  const root = standIn.baseUrl;
  for (const protocol of PROTOCOLS) {
    const { path, body } = requestOf(protocol, false);
    const response = await fetch(`${root}${LLM_PROTOCOLS[protocol].basePath}${path}`, {
      method: "POST",
      headers: HEADERS[protocol],
      body: JSON.stringify(body),
    });
    expect([protocol, response.status]).toEqual([protocol, 200]);
  }
});

const PNG = Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1").toString("base64");
const url = `data:image/png;base64,${PNG}`;
const chat = (part: object) => ({ messages: [{ role: "user", content: [part] }] });
const responses = (part: object) => ({ input: [{ role: "user", content: [part] }] });
const gemini = (part: object) => ({ contents: [{ role: "user", parts: [part] }] });
const block = (media_type: string, data: string) =>
  chat({ type: "image", source: { type: "base64", media_type, data } });

describe("a picture", () => {
  it.each<[LlmProtocol, object]>([
    ["openai-chat", chat({ type: "image_url", image_url: { url } })],
    ["openai-responses", responses({ type: "input_image", image_url: url, detail: "high" })],
    ["anthropic", block("image/png", PNG)],
    ["gemini", gemini({ inlineData: { mimeType: "image/png", data: PNG } })],
  ])("is taken in the form of %s", async (protocol, body) => {
    standIn = await startLlmStandIn({ protocol });
    expect((await ask(protocol, false, body)).status).toBe(200);
  });

  it.each<[LlmProtocol, string, object]>([
    ["openai-chat", "responses' form", chat({ type: "input_image", image_url: url })],
    ["openai-chat", "a bare address", chat({ type: "image_url", image_url: url })],
    ["openai-responses", "chat's form", responses({ type: "image_url", image_url: { url } })],
    ["openai-responses", "no base64", responses({ type: "input_image", image_url: `${url}?` })],
    ["anthropic", "another type than its own", block("image/jpeg", PNG)],
    ["anthropic", "a data URL", block("image/png", url)],
    [
      "gemini",
      "two things in one part",
      gemini({ text: "?", inlineData: { mimeType: "image/png", data: PNG } }),
    ],
    ["gemini", "an unknown type", gemini({ inlineData: { mimeType: "image/heif9", data: PNG } })],
  ])("is refused by %s as %s", async (protocol, _, body) => {
    standIn = await startLlmStandIn({ protocol });
    expect((await ask(protocol, false, body)).status).toBe(400);
  });
});

describe("a recording", () => {
  const send = async (model: string, name: string, bytes: string, format = "json") => {
    standIn = await startLlmStandIn({
      protocol: "openai-chat",
      transcript: "¿Cuánto es la multa?",
    });
    const form = new FormData();
    form.set("model", model);
    form.set("response_format", format);
    form.set("file", new Blob([bytes]), name);
    const headers = { authorization: "Bearer key" };
    const address = `${standIn.baseUrl}/audio/transcriptions`;
    return fetch(address, { method: "POST", headers, body: form });
  };

  it("is heard, with its length where the vendor tells it", async () => {
    const plain = await (await send("gpt-4o-mini-transcribe", "a.ogg", "OggS")).json();
    expect(plain).toMatchObject({ text: "¿Cuánto es la multa?", usage: { type: "tokens" } });
    await standIn.close();
    const verbose = await (await send("whisper-1", "a.ogg", "OggS", "verbose_json")).json();
    expect(verbose).toMatchObject({ text: "¿Cuánto es la multa?", duration: 3.5 });
  });

  it.each([
    ["that is none", "whisper-1", "a.ogg", "<html>", "json"],
    ["of a form that the vendor does not know", "whisper-1", "a.exe", "OggS", "json"],
    [
      "in a format that its model does not know",
      "gpt-4o-transcribe",
      "a.ogg",
      "OggS",
      "verbose_json",
    ],
  ])("%s is refused", async (_, model, name, bytes, format) => {
    expect((await send(model, name, bytes, format)).status).toBe(400);
  });
});
