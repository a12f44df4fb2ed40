import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { es } from "../../../src/conversation/catalogue/es.ts";
import { type LlmStandIn, startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import { type RunningProduct, startProduct } from "../running-product.ts";

const QUESTION = "¿Qué departamentos atiende la Oficina Consular honoraria en El Calafate?";
/** Opus in Ogg begins so; no ear listens to the rest. */
const VOICE = Buffer.from("OggS and then the voice of a citizen");

let product: RunningProduct;
let ear: LlmStandIn;
beforeAll(async () => {
  ear = await startLlmStandIn({ protocol: "openai-chat", transcript: QUESTION, apiKey: "ear" });
  product = await startProduct({
    env: {
      TRANSCRIBER_BASE_URL: ear.baseUrl,
      TRANSCRIBER_MODEL: "whisper-1",
      TRANSCRIBER_API_KEY: "ear",
    },
  });
});
afterAll(async () => {
  await product?.close();
  await ear?.close();
});

/** Sends a voice note, and resolves with what was answered and the passport. */
async function speak(id: number, bytes: Uint8Array, told: Readonly<Record<string, unknown>> = {}) {
  const fileId = `voice-${id}`;
  product.standIn.addFile(fileId, bytes);
  const person = product.standIn.user(id, { languageCode: "es" });
  const voice = {
    file_id: fileId,
    file_unique_id: fileId,
    duration: 3,
    mime_type: "audio/ogg",
    file_size: bytes.byteLength,
    ...told,
  };
  const { updateId } = person.sendMedia({ voice });
  const answers = await product.repliesTo(id, updateId);
  const passport = await product.settled(updateId);
  const tried = passport.events.filter(({ kind }) => kind === "model-tried");
  return {
    texts: answers.map(({ text }) => text),
    passport,
    tried: tried.map((one) => one.detail),
  };
}

describe("a voice note", () => {
  it("is answered from the gazette, page cited, and begins with what was understood", async () => {
    const { texts, passport, tried } = await speak(601, VOICE);
    expect(texts).toHaveLength(1);
    expect(texts[0]?.startsWith(es.understood(QUESTION))).toBe(true);
    expect(texts[0]).toMatch(/\[1\] Boletín Oficial del Estado n\.º 92, 15 abr 2024, p\. 4127[56]/);
    expect(tried[0]).toMatchObject({
      purpose: "transcribe",
      model: "openai:whisper-1",
      outcome: "answered",
      seconds: 3.5,
    });
    expect(JSON.stringify(passport)).not.toContain("Calafate");
    expect(product.logLines.join("")).not.toContain("Calafate");
    const { tenantId, spending } = product.installation;
    expect(await spending.listSpending(tenantId)).toMatchObject([
      { model: "openai:whisper-1", calls: 1, cost: 0, unpricedCalls: 0 },
    ]);
    const file = ear.calls.at(-1)?.body.file as { readonly bytes: Buffer };
    expect(file.bytes).toEqual(VOICE);
  });

  it("that is no recording is asked for in writing", async () => {
    const { texts, tried } = await speak(602, Buffer.from("<html>not a voice</html>"));
    expect(texts).toEqual([es.voice.notHeard]);
    expect(tried[0]).toMatchObject({ purpose: "transcribe", outcome: "model-bad-request" });
  });

  it("that Telegram no longer has is asked for in writing", async () => {
    product.standIn.faults.add({
      method: "download",
      effect: { kind: "refuse", code: 404, description: "Not Found" },
    });
    expect((await speak(603, VOICE)).texts).toEqual([es.voice.notHeard]);
  });

  it.each([
    [604, { duration: 600 }],
    [605, { file_size: 19_000_000 }],
  ])("that is too long is told so, and nobody is paid to hear it (%i)", async (id, told) => {
    const before = ear.calls.length;
    const { texts } = await speak(id, VOICE, told);
    expect(texts).toEqual([es.voice.tooLong]);
    expect(ear.calls.length).toBe(before);
    expect(
      product.standIn
        .calls("getFile")
        .some(({ parameters }) => parameters.file_id === `voice-${id}`),
    ).toBe(false);
  });

  it("that lies about its size is not read to its end", async () => {
    const before = ear.calls.length;
    const { texts } = await speak(606, Buffer.alloc(6_000_000), { file_size: 1_000 });
    expect(texts).toEqual([es.voice.tooLong]);
    expect(ear.calls.length).toBe(before);
  });

  it("is asked for in writing while the transcriber is down, and heard when it is back", async () => {
    ear.failNext({ kind: "status", status: 503 });
    const { texts, tried } = await speak(607, VOICE);
    expect(texts).toEqual([es.voice.notHeard]);
    expect(tried[0]).toMatchObject({ outcome: "model-unavailable" });
    expect((await speak(608, VOICE)).texts[0]).toContain(es.understood(QUESTION));
  });
});
