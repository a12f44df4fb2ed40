import fc from "fast-check";
import { expect, it } from "vitest";
import type { Channel } from "../../src/core/channel.ts";
import { textReply } from "../../src/core/message.ts";
import type { ChannelBench } from "./bench.ts";
import { replies } from "./replies.ts";

type RenderBench = Pick<ChannelBench, "textOf" | "maxTextLength"> & {
  readonly channel: Pick<Channel, "render">;
};

/** A reply becomes parts that say all of it and that the network takes. */
export function describeRender(bench: () => RenderBench): void {
  it("renders at least one part, also of an empty reply", () => {
    for (const reply of [
      textReply(""),
      textReply(" \n "),
      { kind: "text", paragraphs: [] } as const,
    ]) {
      expect(bench().channel.render(reply).length).toBeGreaterThanOrEqual(1);
    }
  });

  it("renders parts that survive being stored as JSON", () => {
    fc.assert(
      fc.property(replies, (reply) => {
        const parts = bench().channel.render(reply);
        expect(JSON.parse(JSON.stringify(parts))).toEqual(parts);
      }),
      { numRuns: 200 },
    );
  });

  it("renders the same parts from the same reply", () => {
    const reply = textReply("Artículo 1.\nArtículo 2.");
    expect(bench().channel.render(reply)).toEqual(bench().channel.render(reply));
  });

  it("says all words in order, no part longer than the network takes, no character broken", () => {
    fc.assert(
      fc.property(replies, (reply) => {
        const texts = bench()
          .channel.render(reply)
          .map((part) => bench().textOf(part));
        for (const text of texts) {
          expect(text.length).toBeLessThanOrEqual(bench().maxTextLength);
          expect(text.isWellFormed()).toBe(true);
        }
        const said = withoutSpace(
          reply.paragraphs
            .flat()
            .map((span) => span.text)
            .join(""),
        );
        if (said !== "") expect(withoutSpace(texts.join(""))).toBe(said);
      }),
      { numRuns: 300 },
    );
  });

  it("splits a text of 10,000 characters", () => {
    const long = "La municipalidad acuerda publicar. ".repeat(300);
    const parts = bench().channel.render(textReply(long));
    expect(parts.length).toBeGreaterThanOrEqual(
      Math.ceil(long.trim().length / bench().maxTextLength),
    );
  });
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, "");
}
