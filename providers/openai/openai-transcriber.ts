import { toFile } from "openai";
import { PregoneroError } from "../../src/core/errors.ts";
import { withOwnSignal } from "../../src/core/own-signal.ts";
import type { Recording, Transcriber, Transcript } from "../../src/core/transcriber.ts";
import { type ClientOptions, createUploadClient } from "../openai-protocol/client.ts";
import { mapModelError } from "../openai-protocol/map-error.ts";
import { OPENAI_BASE_URL } from "./openai-model.ts";

export interface OpenAiTranscriberOptions extends Omit<ClientOptions, "baseUrl"> {
  /** Any server with `/audio/transcriptions`. Default `https://api.openai.com/v1`. */
  readonly baseUrl?: string | undefined;
  /** `gpt-4o-mini-transcribe`, `gpt-4o-transcribe`, `whisper-1`, or what a server of one's own calls its model. */
  readonly model: string;
  /** Default 25,000,000: OpenAI takes 25 MB. */
  readonly maxBytes?: number;
}

/** OpenAI knows the format by the file's name. Telegram's voice notes are Opus in Ogg. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  "audio/ogg": "ogg",
  "application/ogg": "ogg",
  "audio/opus": "ogg",
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/mp4": "m4a",
  "audio/m4a": "m4a",
  "audio/x-m4a": "m4a",
  "audio/aac": "m4a",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/webm": "webm",
  "audio/flac": "flac",
  "audio/x-flac": "flac",
  "video/mp4": "mp4",
  "video/webm": "webm",
};

/** whisper-1 names languages in English; only those that Pregonero answers in matter. */
const LANGUAGE_CODES: Readonly<Record<string, string>> = {
  spanish: "es",
  castilian: "es",
  portuguese: "pt",
  english: "en",
};

/** The transcription endpoint of OpenAI, or of a compatible server by its base URL. Named `openai:<model>`. */
export function createOpenAiTranscriber(options: OpenAiTranscriberOptions): Transcriber {
  const client = createUploadClient({ ...options, baseUrl: options.baseUrl ?? OPENAI_BASE_URL });
  const { model, maxBytes = 25_000_000 } = options;
  const id = `openai:${model}`;
  return {
    id,
    maxBytes,
    async transcribe(recording, signal) {
      const name = nameOf(recording, maxBytes, id);
      try {
        const file = await toFile(recording.bytes, name, { type: recording.mediaType });
        const answer: unknown = await withOwnSignal(signal, (own) =>
          client.audio.transcriptions.create(
            {
              model,
              file,
              // gpt-4o-*-transcribe knows json only; language and length come with whisper's verbose_json.
              response_format: /whisper/i.test(model) ? "verbose_json" : "json",
              ...(recording.language === undefined ? {} : { language: recording.language }),
            },
            { signal: own },
          ),
        );
        return readTranscript(answer, id);
      } catch (error) {
        signal.throwIfAborted();
        throw mapModelError(error, id);
      }
    },
  };
}

function nameOf({ bytes, mediaType }: Recording, maxBytes: number, id: string): string {
  if (bytes.byteLength > maxBytes) {
    throw new PregoneroError(
      "media-too-large",
      `${id} takes recordings of ${maxBytes} bytes, not ${bytes.byteLength}.`,
      { status: 413 },
    );
  }
  const extension = EXTENSIONS[mediaType.split(";", 1)[0]?.trim().toLowerCase() ?? ""];
  if (extension === undefined) {
    throw new PregoneroError("media-unsupported", `${id} does not take ${mediaType}.`, {
      status: 415,
    });
  }
  return `recording.${extension}`;
}

function readTranscript(answer: unknown, id: string): Transcript {
  const { text, language, duration, usage } = (answer ?? {}) as {
    readonly text?: unknown;
    readonly language?: unknown;
    readonly duration?: unknown;
    readonly usage?: { readonly type?: unknown; readonly seconds?: unknown };
  };
  if (typeof text !== "string") {
    throw new PregoneroError("model-unavailable", `${id} answered without a text.`, {
      retry: "backoff",
    });
  }
  const code = typeof language === "string" ? readLanguage(language) : undefined;
  const seconds = Number(duration ?? usage?.seconds ?? Number.NaN);
  return {
    text: text.trim(),
    ...(code === undefined ? {} : { language: code }),
    ...(Number.isFinite(seconds) ? { seconds } : {}),
  };
}

function readLanguage(language: string): string | undefined {
  const lower = language.toLowerCase();
  return LANGUAGE_CODES[lower] ?? (/^[a-z]{2}$/.test(lower) ? lower : undefined);
}
