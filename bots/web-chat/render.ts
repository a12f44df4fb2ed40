import type { ChannelPart } from "../../src/core/channel.ts";
import { type Reply, type Span, textReply } from "../../src/core/message.ts";

/**
 * One part per reply, in the reply's own words: the page builds elements from spans, so there is no
 * markup to escape and no length to split at. A link that isn't http(s) or a path of ours loses its
 * address and keeps its text.
 */
export function renderReply(reply: Reply): readonly ChannelPart[] {
  if (reply.kind === "document") return [{ ...reply }];
  if (reply.kind === "template") return renderReply(textReply(reply.text));
  return [
    {
      kind: "text",
      paragraphs: reply.paragraphs.map((spans) => spans.map(withSafeLink)),
      ...(reply.buttons === undefined ? {} : { buttons: reply.buttons }),
    },
  ];
}

function withSafeLink({ text, style, url }: Span): Span {
  return {
    text,
    ...(style === undefined ? {} : { style }),
    ...(url !== undefined && isSafeLink(url) ? { url } : {}),
  };
}

function isSafeLink(url: string): boolean {
  if (/^\/(?![/\\])/.test(url)) return true;
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
