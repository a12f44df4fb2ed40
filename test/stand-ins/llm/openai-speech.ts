import { isRecord, type ReceivedCall, type ReceivedFile } from "./wire-format.ts";

/** Transcription, which both of OpenAI's protocols have beside them (platform.openai.com/docs/api-reference/audio, November 2026). */
export const TRANSCRIPTIONS = "/v1/audio/transcriptions";

/** "File uploads are currently limited to 25 MB" (platform.openai.com/docs/guides/speech-to-text). */
const MAX_BYTES = 25 * 1024 * 1024;
const FORMATS = ["flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm"];
/** What each recording is said to last. */
const SECONDS = 3.5;

export function findTranscriptionProblem(body: ReceivedCall["body"]): string | undefined {
  const { model, file, response_format: format = "json", language } = body;
  if (typeof model !== "string" || model === "") return "you must provide a model parameter";
  if (!isFile(file)) return "Missing required parameter: 'file'.";
  const extension = /\.(\w+)$/.exec(file.name)?.[1] ?? "";
  if (!FORMATS.includes(extension))
    return `Invalid file format. Supported formats: ${JSON.stringify(FORMATS)}`;
  if (file.bytes.length > MAX_BYTES)
    return `Maximum content size limit (${MAX_BYTES}) exceeded (${file.bytes.length} bytes read)`;
  if (extension === "ogg" && file.bytes.subarray(0, 4).toString() !== "OggS")
    return "Audio file might be corrupted or unsupported";
  if (!["json", "text", "srt", "verbose_json", "vtt"].includes(String(format)))
    return `Invalid value: '${format}'.`;
  if (/-transcribe/.test(model) && format !== "json")
    return `response_format '${format}' is not compatible with model '${model}'. Use 'json' instead.`;
  if (language !== undefined && !/^[a-z]{2}$/.test(String(language)))
    return `Invalid language '${language}'. Language parameter must be specified in ISO-639-1 format.`;
  return undefined;
}

export function transcription(text: string, body: ReceivedCall["body"]): unknown {
  if (body.response_format === "verbose_json")
    return { task: "transcribe", language: "spanish", duration: SECONDS, text, segments: [] };
  const usage = /^whisper/.test(String(body.model))
    ? { type: "duration", seconds: Math.ceil(SECONDS) }
    : {
        type: "tokens",
        input_tokens: 35,
        input_token_details: { text_tokens: 0, audio_tokens: 35 },
        output_tokens: 12,
        total_tokens: 47,
      };
  return { text, usage };
}

function isFile(value: unknown): value is ReceivedFile {
  return isRecord(value) && typeof value.name === "string" && Buffer.isBuffer(value.bytes);
}
