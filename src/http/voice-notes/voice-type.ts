/** What browsers record speech as (MediaRecorder): Chromium and Firefox WebM or Ogg, Safari MP4. */
export const VOICE_TYPES = ["audio/webm", "audio/ogg", "audio/mp4"] as const;
export type VoiceType = (typeof VOICE_TYPES)[number];

/** EBML, with which WebM begins (RFC 8794, 11.2.1). */
const EBML = [0x1a, 0x45, 0xdf, 0xa3];

/** By how it begins, whatever it is called; undefined: it is none of these. */
export function voiceTypeOf(bytes: Uint8Array): VoiceType | undefined {
  if (EBML.every((byte, at) => bytes[at] === byte)) return "audio/webm";
  if (asciiAt(bytes, 0) === "OggS") return "audio/ogg";
  // ISO/IEC 14496-12, 4.3: the length of the box stands before its name.
  return asciiAt(bytes, 4) === "ftyp" ? "audio/mp4" : undefined;
}

function asciiAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
