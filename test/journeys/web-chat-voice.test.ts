import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { es } from "../../src/conversation/catalogue/es.ts";
import { MAX_VOICE_BYTES } from "../../src/http/voice-notes/contract.ts";
import { type LlmStandIn, startLlmStandIn } from "../stand-ins/llm/llm-stand-in.ts";
import { type EventReader, readEvents } from "./http-event-reader.ts";
import { type RunningProduct, startProduct } from "./running-product.ts";

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";
/** WebM begins so; no ear listens to the rest. */
const VOICE = Buffer.from([0x1a, 0x45, 0xdf, 0xa3, ...Buffer.from("the voice of a visitor")]);

let product: RunningProduct;
let ear: LlmStandIn;
let events: EventReader;
let at: string;
let cookie: string;
beforeAll(async () => {
  ear = await startLlmStandIn({ protocol: "openai-chat", transcript: QUESTION, apiKey: "ear" });
  product = await startProduct({
    env: {
      TRANSCRIBER_BASE_URL: ear.baseUrl,
      TRANSCRIBER_MODEL: "whisper-1",
      TRANSCRIBER_API_KEY: "ear",
    },
  });
  const bot = product.installation.registry.list().find(({ channel }) => channel === "web-chat");
  const page = await fetch(`${product.url}/chat/${bot?.botKey}`);
  expect(await page.text()).toContain("&quot;hearsVoice&quot;:true");
  cookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
  at = `${product.url}/api/v1/chat/${bot?.botKey}`;
  events = readEvents(`${at}/events`, { cookie });
  await events.next("ready");
});
afterAll(async () => {
  events?.close();
  await product?.close();
  await ear?.close();
});

function speak(
  body: string | Uint8Array<ArrayBuffer>,
  {
    id = randomUUID(),
    seconds = "3",
    headers = {},
  }: { id?: string; seconds?: string; headers?: Record<string, string> } = {},
) {
  const query = new URLSearchParams({ clientMessageId: id, seconds, language: "es" });
  return fetch(`${at}/voice-notes?${query}`, {
    method: "POST",
    headers: { "content-type": "audio/webm;codecs=opus", cookie, ...headers },
    body,
  });
}

async function nextPart() {
  return JSON.parse((await events.next("entry")).data).part;
}

describe("a voice note of the web chat", () => {
  it("is stored once, heard, and answered from the gazette, beginning with what was understood", async () => {
    const id = randomUUID();
    const first = await speak(VOICE, { id });
    expect(first.status, await first.clone().text()).toBe(202);
    const { messageId } = (await first.json()) as { messageId: string };
    const again = await speak(VOICE, { id });
    expect(await again.json()).toEqual({ messageId, isDuplicate: true });
    expect(await nextPart()).toMatchObject({
      kind: "visitor",
      text: "🎤 0:03",
      voice: { seconds: 3 },
    });
    const answer = await nextPart();
    const said = answer.paragraphs.map((spans: { text: string }[]) =>
      spans.map(({ text }) => text).join(""),
    );
    expect(said[0]).toBe(es.understood(QUESTION));
    expect(said.join("\n")).toMatch(/\[1\] Boletín Oficial del Estado n\.º 92/);
    const { events: told } = await product.settled(messageId);
    const heard = told.filter(({ kind }) => kind === "model-tried").map(({ detail }) => detail);
    expect(heard).toMatchObject([{ purpose: "transcribe", outcome: "answered" }]);
    const file = ear.calls.at(-1)?.body.file as { readonly bytes: Buffer; readonly name: string };
    expect([file.name, file.bytes]).toEqual(["recording.webm", VOICE]);
  });

  it("is refused with what is wrong with it, and nobody is paid to hear it", async () => {
    const before = ear.calls.length;
    const elsewhere = { "sec-fetch-site": "cross-site" };
    const refusals = [
      [await speak("<html>not a voice</html>"), 415],
      [await speak(Buffer.alloc(0)), 415],
      [await speak(Buffer.alloc(MAX_VOICE_BYTES + 1)), 413],
      [await speak(VOICE, { seconds: "121" }), 400],
      // Two were taken above, and a visitor has six a minute.
      [await speak(VOICE), 429],
      [await speak(VOICE, { headers: { cookie: "" } }), 401],
      [await speak(VOICE, { headers: elsewhere }), 403],
    ] as const;
    for (const [{ status, headers }, expected] of refusals) {
      expect([status, headers.get("content-type")]).toEqual([
        expected,
        expect.stringContaining("application/problem+json"),
      ]);
    }
    expect(ear.calls.length).toBe(before);
  });
});
