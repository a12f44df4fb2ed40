import type { ChannelPart } from "../../../src/core/channel.ts";
import type { WhatsAppWebPart } from "../render.ts";

/** What a person reads: without the signs that format, the addresses behind links, and the list of choices. */
export function textOf(part: ChannelPart): string {
  const own = part as WhatsAppWebPart;
  if (own.kind === "document") return own.caption;
  const list = own.choices === undefined ? 0 : own.choices.length;
  const lines = own.text.split("\n");
  return toPlain((list === 0 ? lines : lines.slice(0, -list)).join("\n")).trim();
}

const SIGNS = /(?<![\p{L}\p{N}])[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?![\p{L}\p{N}])/gu;
const ORIGINALS = { "∗": "*", ˍ: "_", "∼": "~", ˋ: "`" } as Readonly<Record<string, string>>;

export function toPlain(text: string): string {
  return text
    .replace(/https?:\/\/\S*?(?=[.,;:!?]*(\s|$))/g, "")
    .replace(SIGNS, "")
    .replace(/([∗ˍ∼ˋ])\u2060/g, (_, sign) => ORIGINALS[sign] ?? sign)
    .replace(/\u2060/g, "");
}
