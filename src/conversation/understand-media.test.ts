import { describe, expect, it } from "vitest";
import type { Channel, DownloadsFiles } from "../core/channel.ts";
import { PregoneroError } from "../core/errors.ts";
import type { Transcriber } from "../core/transcriber.ts";
import { type CitizenOptions, citizen } from "./__fixtures__/citizen.ts";
import { en } from "./catalogue/en.ts";
import { es } from "./catalogue/es.ts";
import { pt } from "./catalogue/pt.ts";

const VOICE = { kind: "media", media: "voice", fileKey: "v", seconds: 3 } as const;

/** Somebody whose voice notes are files of ten bytes, and a transcriber that hears `text` in each. */
function speaker(
  options: {
    readonly text?: string;
    readonly download?: DownloadsFiles["downloadFile"];
    readonly transcribe?: Transcriber["transcribe"];
  } & Omit<CitizenOptions, "media"> = {},
) {
  const heard: Parameters<Transcriber["transcribe"]>[] = [];
  const downloaded: string[] = [];
  const channel = {
    name: "telegram",
    async downloadFile(...given: Parameters<DownloadsFiles["downloadFile"]>) {
      downloaded.push(given[1]);
      return options.download?.(...given) ?? new Uint8Array(10);
    },
  } as unknown as Channel;
  const transcriber: Transcriber = {
    id: "openai:whisper-1",
    maxBytes: 1_000,
    async transcribe(...given) {
      heard.push(given);
      return (
        options.transcribe?.(...given) ?? {
          text: options.text ?? "¿quién pide XARDIC?",
          seconds: 3.5,
        }
      );
    },
  };
  const person = citizen({
    ...options,
    media: { channels: new Map([["telegram", channel]]), transcriber },
  });
  return { ...person, heard, downloaded };
}

describe("a voice note", () => {
  it("is answered as a typed question, and the answer begins with what was understood", async () => {
    const { send, queries, notes, heard } = speaker();
    const { text, turns } = await send(VOICE);
    expect(queries[0]?.question).toBe("¿quién pide XARDIC?");
    expect(text.startsWith(`${es.understood("¿quién pide XARDIC?")}\n\n`)).toBe(true);
    expect(text).toContain("Moba");
    expect(turns[0]).toMatchObject({ speaker: "citizen", text: "¿quién pide XARDIC?" });
    expect(heard[0]?.[0]).toMatchObject({ mediaType: "audio/ogg", seconds: 3 });
    expect(heard[0]?.[2]).toMatchObject({ messageId: "message-1" });
    const told = notes.find(({ kind }) => kind === "model-tried")?.detail;
    expect(told).toMatchObject({
      purpose: "transcribe",
      model: "openai:whisper-1",
      outcome: "answered",
      seconds: 3.5,
    });
    expect(JSON.stringify(told)).not.toContain("XARDIC");
  });

  it.each([
    ["pt", "Quem solicita a marca XARDIC e em qual classe?", pt],
    ["en", "Who wants to register the trademark XARDIC?", en],
  ] as const)("in %s is answered in its language", async (_, words, texts) => {
    const { text } = await speaker({ text: words }).send(VOICE);
    expect(text.startsWith(texts.understood(words))).toBe(true);
  });

  it.each(["/borrar", "/borrar ya", "/exportar"])("that says %s is no command", async (text) => {
    const { send, queries } = speaker({ text });
    const outcome = await send(VOICE);
    expect(outcome.effects).toEqual([]);
    expect(outcome.replies[0]).toMatchObject({ kind: "text" });
    expect(queries).toHaveLength(1);
  });

  it("never confirms that everything is to be erased", async () => {
    const { send, say } = speaker({ text: es.erase.phrase });
    expect((await say("/borrar")).text).toBe(es.erase.ask);
    expect((await send(VOICE)).effects).toEqual([]);
    await say("/borrar");
    expect((await say(es.erase.phrase)).effects).toEqual([{ kind: "erase-contact" }]);
  });

  it("that greets is greeted", async () => {
    const { text } = await speaker({ text: "Hola, buenas tardes" }).send(VOICE);
    expect(text).toBe(`${es.understood("Hola, buenas tardes")}\n\n${es.greeting}`);
  });

  it.each([{ seconds: 121 }, { sizeBytes: 1_001 }])(
    "that is too long is not even fetched: %o",
    async (told) => {
      const { send, downloaded, notes } = speaker();
      expect((await send({ ...VOICE, ...told })).text).toBe(es.voice.tooLong);
      expect(downloaded).toEqual([]);
      expect(notes.at(-1)?.detail).toMatchObject({ media: "voice", outcome: "too-long" });
    },
  );

  it.each([
    ["media-too-large", es.voice.tooLong],
    ["media-gone", es.voice.notHeard],
    ["telegram-unreachable", es.voice.notHeard],
  ])("that cannot be fetched (%s) is asked for in writing", async (code, said) => {
    const { send, heard, notes } = speaker({
      download: () => Promise.reject(new PregoneroError(code, "no")),
    });
    expect((await send(VOICE)).text).toBe(said);
    expect(heard).toEqual([]);
    expect(notes.at(-1)?.detail).toMatchObject({ outcome: code });
  });

  it.each(["model-unavailable", "model-over-budget", "media-unsupported"])(
    "that cannot be heard (%s) is asked for in writing",
    async (code) => {
      const { send, notes } = speaker({
        transcribe: () => Promise.reject(new PregoneroError(code, "no")),
      });
      expect((await send(VOICE)).text).toBe(es.voice.notHeard);
      expect(notes.at(-1)).toMatchObject({
        kind: "model-tried",
        detail: { purpose: "transcribe", outcome: code, seconds: 3 },
      });
    },
  );

  it.each(["", " … ", "\u200b"])(
    "in which nothing is said (%j) is asked for in writing",
    async (text) => {
      expect((await speaker({ transcribe: async () => ({ text }) }).send(VOICE)).text).toBe(
        es.voice.notHeard,
      );
    },
  );

  it("tells the transcriber a language only when the person chose one", async () => {
    const { send, say, heard } = speaker();
    await say("¿quién pide XARDIC?");
    await send(VOICE);
    await say("/idioma es");
    await send(VOICE);
    expect(heard.map(([recording]) => recording.language)).toEqual([undefined, "es"]);
  });

  it("in a group is left alone, and where nothing hears it writing is asked for", async () => {
    const inGroup = speaker({ chat: "group" });
    expect((await inGroup.send(VOICE)).replies).toEqual([]);
    expect(inGroup.downloaded).toEqual([]);
    expect((await citizen().send(VOICE)).text).toBe(es.cannotReadMedia);
  });

  it("makes nobody say of a sticker that voice notes are not heard", async () => {
    expect((await speaker().send({ kind: "media", media: "sticker" })).text).toBe(
      es.cannotReadThis,
    );
  });
});
