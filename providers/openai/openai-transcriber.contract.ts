import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMock } from "@copilotkit/aimock";
import { afterEach, describe, expect, it } from "vitest";
import { createOpenAiTranscriber } from "./openai-transcriber.ts";

const BYTES = new TextEncoder().encode("OggS, and then the voice of a citizen");
const RECORDING = { bytes: BYTES, mediaType: "audio/ogg; codecs=opus", language: "es" };

describe("openai as a Transcriber", () => {
  const signal = AbortSignal.timeout(60_000);
  let close: (() => unknown) | undefined;
  afterEach(() => close?.());

  interface Upload {
    readonly path: string;
    readonly authorization: string | undefined;
    readonly form: FormData;
  }

  async function startServer(
    answer: unknown,
    status = 200,
  ): Promise<{ readonly baseUrl: string; readonly uploads: readonly Upload[] }> {
    const uploads: Upload[] = [];
    const server = createServer(async (request, response) => {
      uploads.push({
        path: request.url ?? "",
        authorization: request.headers.authorization,
        form: await readForm(request),
      });
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => {
      server.close();
      server.closeAllConnections();
    };
    const { port } = server.address() as AddressInfo;
    return { baseUrl: `http://127.0.0.1:${port}/v1`, uploads };
  }

  it("uploads the recording under a name that tells its format", async () => {
    const { baseUrl, uploads } = await startServer({ text: " ¿Cuánto es la multa? " });
    const transcriber = createOpenAiTranscriber({
      baseUrl,
      apiKey: "secret",
      model: "gpt-4o-mini-transcribe",
    });
    expect(transcriber.id).toBe("openai:gpt-4o-mini-transcribe");
    expect(await transcriber.transcribe(RECORDING, signal)).toEqual({
      text: "¿Cuánto es la multa?",
    });
    const [upload] = uploads;
    expect(upload).toMatchObject({
      path: "/v1/audio/transcriptions",
      authorization: "Bearer secret",
    });
    const file = upload?.form.get("file") as File;
    expect(file.name).toBe("recording.ogg");
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(BYTES);
    expect(upload?.form.get("model")).toBe("gpt-4o-mini-transcribe");
    expect(upload?.form.get("response_format")).toBe("json");
    expect(upload?.form.get("language")).toBe("es");
  });

  it("returns language and length where whisper tells them", async () => {
    const { baseUrl, uploads } = await startServer({
      task: "transcribe",
      text: "Quanto é a multa?",
      language: "portuguese",
      duration: 2.4,
    });
    const transcriber = createOpenAiTranscriber({ baseUrl, apiKey: "key", model: "whisper-1" });
    const { bytes } = RECORDING;
    expect(await transcriber.transcribe({ bytes, mediaType: "audio/mpeg" }, signal)).toEqual({
      text: "Quanto é a multa?",
      language: "pt",
      seconds: 2.4,
    });
    expect(uploads[0]?.form.get("response_format")).toBe("verbose_json");
    expect(uploads[0]?.form.has("language")).toBe(false);
  });

  it("reads the answer of a stand-in that others wrote", async () => {
    const mock = new LLMock({ port: 0 });
    mock.onTranscription({ transcription: { text: "hola", language: "spanish", duration: 1.5 } });
    await mock.start();
    close = () => mock.stop();
    const baseUrl = `${mock.url}/v1`;
    const transcriber = createOpenAiTranscriber({ baseUrl, apiKey: "key", model: "whisper-1" });
    expect(await transcriber.transcribe(RECORDING, signal)).toEqual({
      text: "hola",
      language: "es",
      seconds: 1.5,
    });
  });

  it("refuses what it cannot hear before anything is sent", async () => {
    const { baseUrl, uploads } = await startServer({ text: "" });
    const options = { baseUrl, apiKey: "key", model: "whisper-1", maxBytes: 10 };
    const transcriber = createOpenAiTranscriber(options);
    await expect(transcriber.transcribe(RECORDING, signal)).rejects.toMatchObject({
      code: "media-too-large",
    });
    await expect(
      transcriber.transcribe({ bytes: new Uint8Array(5), mediaType: "image/png" }, signal),
    ).rejects.toMatchObject({ code: "media-unsupported" });
    await expect(
      createOpenAiTranscriber({ ...options, maxBytes: 1000 }).transcribe(
        RECORDING,
        AbortSignal.abort(new Error("too late")),
      ),
    ).rejects.toThrow("too late");
    expect(uploads).toEqual([]);
  });

  it("maps refusals as for a model", async () => {
    const error = { message: "no", type: "insufficient_quota", code: "insufficient_quota" };
    const { baseUrl } = await startServer({ error }, 429);
    const transcriber = createOpenAiTranscriber({ baseUrl, apiKey: "key", model: "whisper-1" });
    await expect(transcriber.transcribe(RECORDING, signal)).rejects.toMatchObject({
      code: "model-quota",
      retry: "never",
    });
  });

  it("gives up an answer that is longer than any transcript", async () => {
    const { baseUrl } = await startServer({ text: "a".repeat(3_000_000) });
    const transcriber = createOpenAiTranscriber({ baseUrl, apiKey: "key", model: "whisper-1" });
    await expect(transcriber.transcribe(RECORDING, signal)).rejects.toMatchObject({
      code: "model-unavailable",
      retry: "backoff",
    });
  });

  it("rejects with the signal's reason when aborted", async () => {
    const abort = new AbortController();
    const server = createServer(() => abort.abort(new Error("enough")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => {
      server.close();
      server.closeAllConnections();
    };
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const transcriber = createOpenAiTranscriber({ baseUrl, apiKey: "key", model: "whisper-1" });
    await expect(transcriber.transcribe(RECORDING, abort.signal)).rejects.toThrow("enough");
  });
});

async function readForm(request: IncomingMessage): Promise<FormData> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  return new Response(Buffer.concat(chunks), { headers }).formData();
}
