import type { MessageEntity } from "grammy/types";
import type { Span } from "../../src/core/message.ts";
import type { StyledText } from "./split-text.ts";

/** Joins paragraphs by line breaks into one text with its entities. */
export function toStyledText(paragraphs: readonly (readonly Span[])[]): StyledText {
  let text = "";
  const entities: MessageEntity[] = [];
  paragraphs.forEach((spans, index) => {
    if (index > 0) text += "\n";
    for (const span of spans) {
      const offset = text.length;
      const link = toLink(span.url);
      text += clean(span.text);
      entities.push(...toEntities(span, text, offset, link));
      // Telegram takes no link to a host without a dot, such as localhost ("Wrong HTTP URL"): it is shown.
      if (link?.isShownOnly === true && span.text !== link.url) text += ` (${link.url})`;
    }
  });
  return { text, entities };
}

function toEntities(
  span: Span,
  text: string,
  offset: number,
  link: ReturnType<typeof toLink>,
): MessageEntity[] {
  const raw = text.slice(offset);
  // An entity over nothing but white space is dropped by Telegram: leave it out, and trim the others.
  const start = offset + (raw.length - raw.trimStart().length);
  const length = raw.trim().length;
  if (length === 0) return [];
  const entities: MessageEntity[] = [];
  if (link !== undefined && !link.isShownOnly) {
    entities.push({ type: "text_link", offset: start, length, url: link.url });
  }
  // Code cannot be combined with a link (Bot API, "Formatting options"); the link is worth more.
  const isNested = span.style === "code" && entities.length > 0;
  if (span.style !== undefined && !isNested) {
    entities.push({ type: span.style, offset: start, length });
  }
  return entities;
}

function toLink(url: string | undefined): { url: string; isShownOnly: boolean } | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== "https:" && parsed.protocol !== "http:") return undefined;
  return { url: parsed.href, isShownOnly: !parsed.hostname.includes(".") };
}

/** Lone surrogates and control characters make Telegram refuse the whole message ("strings must be encoded in UTF-8"). */
function clean(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, " ")
  );
}
