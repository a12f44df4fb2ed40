import { type Channel, type ChannelName, downloadsFiles } from "../core/channel.ts";
import { isPregoneroError } from "../core/errors.ts";
import type { LanguageModel } from "../core/language-model.ts";
import type { IncomingContent, Reply } from "../core/message.ts";
import { withOwnSignal } from "../core/own-signal.ts";
import type { Switches } from "../core/switches.ts";
import type { Transcriber } from "../core/transcriber.ts";
import type { TurnInput } from "../core/turn.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import { shorten } from "./format-reply.ts";
import { withoutHiddenText } from "./hidden-text.ts";
import { createPlaces } from "./places.ts";
import { seeNotice } from "./see-notice.ts";
import type { Said } from "./turn-outcome.ts";

/** A question takes seconds to say; two minutes are a story. */
const MAX_VOICE_SECONDS = 120;
/** Two minutes at 320 kbit/s, the most that an mp3 has. A voice note of Telegram takes a tenth. */
const MAX_VOICE_BYTES = 5_000_000;
/** A citizen waits no longer for their words to be understood. */
const TRANSCRIBE_MS = 20_000;
/** Characters of what was understood that the answer repeats. */
const ECHO_LENGTH = 300;

export interface MediaPorts {
  /** Where files are fetched from. Absent: none are. */
  readonly channels?: ReadonlyMap<ChannelName, Channel> | undefined;
  /** Absent: voice notes are not heard. */
  readonly transcriber?: Transcriber | undefined;
  /** What is spared at this moment. Absent: nothing. */
  readonly switches?: Pick<Switches, "level" | "offFor"> | undefined;
  /** The chain of the bot that is written to, which a tenant chooses. Absent, or one that does not see: photos are not read. */
  readonly modelOf?: ((input: TurnInput) => Promise<LanguageModel | undefined>) | undefined;
}

/** What came of a message without words: the words that it stands for, or what to tell the person instead. */
export type Understood =
  | { readonly kind: "words"; readonly text: string }
  | { readonly kind: "nothing"; readonly tell: (texts: Catalogue) => string };

export type Media = Extract<IncomingContent, { kind: "media" }>;

/** Files that one process reads at once: 8 photos of 5 MB are 150 MB while they are sent to a model. */
const MAX_AT_ONCE = 8;

/**
 * Turns a voice note or a photo in a private chat into words, or says what to tell instead. Undefined for what was
 * typed, a caption included. A turn that is taken again after a crash or a lost lease fetches and reads it again.
 * Throws when `signal` aborts, and when the bot's chain cannot be looked up.
 */
export function createMediaReader(ports: MediaPorts) {
  const inPlace = createPlaces(MAX_AT_ONCE);
  return async (
    input: TurnInput,
    content: IncomingContent,
    signal: AbortSignal,
  ): Promise<Understood | undefined> => {
    if (content.kind !== "media" || input.message.chat.kind !== "private") return undefined;
    const { media, caption = "", mediaType = "" } = content;
    const isCaptioned = caption.trim() !== "";
    const isPicture = media === "photo" || (media === "document" && mediaType.startsWith("image/"));
    if (isCaptioned && !isPicture) return undefined;
    const { channels, transcriber } = ports;
    if (ports.switches?.offFor(input.tenantId).has("media") === true) {
      input.note("planned", { media, outcome: "switched-off" });
      return isCaptioned ? undefined : READS_TEXT_ONLY;
    }
    const found = await ports.modelOf?.(input);
    const model = found?.sees === true ? found : undefined;
    const read = (): Promise<Understood | undefined> | undefined => {
      if (isPicture && model !== undefined) {
        return inPlace(signal, () => seeNotice({ channels, model }, input, content, signal));
      }
      const isSpeech = media === "voice" || media === "audio";
      return isSpeech && transcriber !== undefined
        ? inPlace(signal, () => hearVoice({ channels, transcriber }, input, content, signal))
        : undefined;
    };
    const understood = await read();
    if (understood !== undefined || isCaptioned) return understood;
    return transcriber === undefined && model === undefined ? READS_TEXT_ONLY : CANNOT_READ;
  };
}

/** The answer, begun by what was understood: whoever was misheard sees it at once. */
export function beginWith(said: Said, understood: Understood | undefined, texts: Catalogue): Said {
  const [first, ...rest] = said.replies;
  if (understood?.kind !== "words" || first?.kind !== "text") return said;
  const echo = texts.understood(shorten(understood.text, ECHO_LENGTH));
  const begun: Reply = {
    ...first,
    paragraphs: [[{ text: echo, style: "italic" }], [], ...first.paragraphs],
  };
  return { ...said, replies: [begun, ...rest] };
}

const READS_TEXT_ONLY: Understood = { kind: "nothing", tell: (texts) => texts.cannotReadMedia };
const CANNOT_READ: Understood = { kind: "nothing", tell: (texts) => texts.cannotReadThis };
const NOT_HEARD: Understood = { kind: "nothing", tell: ({ voice }) => voice.notHeard };
const TOO_LONG: Understood = { kind: "nothing", tell: ({ voice }) => voice.tooLong };

async function hearVoice(
  { channels, transcriber }: Pick<MediaPorts, "channels"> & { readonly transcriber: Transcriber },
  input: TurnInput,
  { media, fileKey, mediaType, seconds, sizeBytes = 0 }: Media,
  signal: AbortSignal,
): Promise<Understood | undefined> {
  const channel = channels?.get(input.bot.channel);
  if (fileKey === undefined || channel === undefined || !downloadsFiles(channel)) return undefined;
  const maxBytes = Math.min(MAX_VOICE_BYTES, transcriber.maxBytes);
  if ((seconds ?? 0) > MAX_VOICE_SECONDS || sizeBytes > maxBytes) {
    input.note("planned", { media, outcome: "too-long", seconds });
    return TOO_LONG;
  }
  let bytes: Uint8Array;
  try {
    bytes = await channel.downloadFile(input.bot, fileKey, { maxBytes, signal });
  } catch (error) {
    signal.throwIfAborted();
    input.note("planned", { media, outcome: outcomeOf(error), seconds });
    return isPregoneroError(error, "media-too-large") ? TOO_LONG : NOT_HEARD;
  }
  const text = await transcribe(transcriber, input, signal, {
    bytes,
    mediaType: mediaType ?? (media === "voice" ? "audio/ogg" : "audio/mpeg"),
    ...(seconds === undefined ? {} : { seconds }),
    // A language that was only guessed before would bend what is heard to it.
    ...(input.memory.languageIsChosen && input.memory.language !== undefined
      ? { language: input.memory.language }
      : {}),
  });
  return text !== undefined && /[\p{L}\p{N}]/u.test(text) ? { kind: "words", text } : NOT_HEARD;
}

/** Undefined when it failed, which the passport tells. */
async function transcribe(
  transcriber: Transcriber,
  { tenantId, messageId, contactId, note }: TurnInput,
  signal: AbortSignal,
  recording: Parameters<Transcriber["transcribe"]>[0],
): Promise<string | undefined> {
  const startedAt = performance.now();
  const tell = (outcome: string, seconds = recording.seconds) =>
    note("model-tried", {
      purpose: "transcribe",
      model: transcriber.id,
      outcome,
      durationMs: Math.round(performance.now() - startedAt),
      ...(seconds === undefined ? {} : { seconds }),
    });
  try {
    const heard = await withOwnSignal(signal, (own) =>
      transcriber.transcribe(
        recording,
        AbortSignal.any([own, AbortSignal.timeout(TRANSCRIBE_MS)]),
        { tenantId, messageId, contactId },
      ),
    );
    tell("answered", heard.seconds);
    return withoutHiddenText(heard.text).trim();
  } catch (error) {
    signal.throwIfAborted();
    tell(outcomeOf(error));
    return undefined;
  }
}

function outcomeOf(error: unknown): string {
  if (isPregoneroError(error)) return error.code;
  return error instanceof Error && error.name === "TimeoutError" ? "model-timeout" : "failed";
}
