import type { CampaignContent, Compose } from "../core/campaigns.ts";
import type { Channel, ChannelName, ChannelPart } from "../core/channel.ts";
import type { Reply } from "../core/message.ts";
import { fillPlaces, toParagraphs, type Values } from "./places.ts";

/** Renders a campaign for one contact with the channel that reaches them. */
export function createCompose(channels: ReadonlyMap<ChannelName, Channel>): Compose {
  return (content, { channel, needsTemplate, values }) => {
    const reply = toReply(content, values, needsTemplate);
    return reply && channels.get(channel)?.render(reply);
  };
}

/** What they get, before a channel splits and formats it; undefined: a place has no value. */
export function toReply(
  { text, template, attachment }: CampaignContent,
  values: Values,
  needsTemplate: boolean,
): Reply | undefined {
  const paragraphs = toParagraphs(text, values);
  if (paragraphs === undefined) return undefined;
  const plain = paragraphs.map((spans) => spans.map((span) => span.text).join("")).join("\n");
  if (needsTemplate && template !== undefined) {
    const parameters = template.parameters.map((parameter) => fillPlaces(parameter, values));
    if (parameters.some((parameter) => parameter === undefined)) return undefined;
    return {
      kind: "template",
      name: template.name,
      language: template.language,
      parameters: parameters.map((parameter) => parameter ?? ""),
      text: plain,
    };
  }
  if (attachment === undefined) return { kind: "text", paragraphs };
  return { kind: "document", ...attachment, ...(plain.trim() === "" ? {} : { caption: plain }) };
}

/** A part as a preview shows it: without the bytes of its file. */
export function toShownPart(part: ChannelPart): Readonly<Record<string, unknown>> {
  const { contentBase64, ...shown } = part;
  if (typeof contentBase64 !== "string") return shown;
  return { ...shown, sizeBytes: Buffer.byteLength(contentBase64, "base64") };
}
