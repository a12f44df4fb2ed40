import type OpenAI from "openai";
import type { ModelImage, ModelMessage } from "../../src/core/language-model.ts";

/** A message of chat completions: its pictures, then its text. Without pictures a plain string, which every server takes. */
export function toChatMessage({
  role,
  text,
  images = [],
}: ModelMessage): OpenAI.ChatCompletionMessageParam {
  if (role !== "user" || images.length === 0) return { role, content: text };
  return {
    role,
    content: [
      // "high": the small print of a notice is lost at the default size.
      ...images.map((image) => ({
        type: "image_url" as const,
        image_url: { url: toDataUrl(image), detail: "high" as const },
      })),
      { type: "text", text },
    ],
  };
}

export function toDataUrl({ mediaType, bytes }: ModelImage): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return `data:${mediaType};base64,${Buffer.from(buffer, byteOffset, byteLength).toString("base64")}`;
}
