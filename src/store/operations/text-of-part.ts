import { z } from "zod";
import type { ChannelPart } from "../../core/channel.ts";

/** What the parts of every channel have in common: words, in one of these places. */
const words = z.union([
  z.object({ text: z.string() }).transform(({ text }) => text),
  z
    .object({ paragraphs: z.array(z.array(z.object({ text: z.string() }))) })
    .transform(({ paragraphs }) =>
      paragraphs.map((spans) => spans.map(({ text }) => text).join("")).join("\n"),
    ),
]);

/** The words of a part, for staff; undefined: it is a document or a template, or another thing without own words. */
export function textOfPart(part: ChannelPart): string | undefined {
  return part.kind === "template" || part.kind === "document"
    ? undefined
    : words.safeParse(part).data;
}
