import type { FoundItem } from "../found.ts";
import type { Opinion, RowContext, Strategy } from "./strategy.ts";

/** Where things are drawn: ours on the right, theirs on the left, the page's own notices in the middle. */
export const geometry: Strategy = {
  name: "geometry",
  probes: ({ message }) => ({
    "g:media": {
      selectors: ["img", "video", "canvas", "audio"],
      outside: message.quote,
      max: 40,
    },
  }),
  read(row, context) {
    const bubble = bubbleOf(row, context.conversation);
    if (bubble === undefined) return {};
    const side = sideOf(bubble, context);
    const kind = side === "middle" ? "system" : kindOf(row);
    return {
      ...(side === undefined || side === "middle"
        ? {}
        : { direction: side, isLikely: true as const }),
      ...(kind === undefined ? {} : { kind }),
    };
  },
};

type Box = readonly [left: number, top: number, width: number, height: number];

/**
 * The first painted box that is clearly narrower than the conversation; without one (stickers) the first that is narrower
 * at all. None for a row without height: a shell that is not drawn.
 */
function bubbleOf(row: FoundItem, conversation: Box): Box | undefined {
  if (row.rect[3] < 8 || conversation[2] < 100) return undefined;
  const boxes = row.chain.filter(
    ([, , width, height]) => width < conversation[2] * 0.95 && height > 8,
  );
  const painted = boxes.find((box) => box[4] === 1);
  const [left, top, width, height] =
    painted ?? boxes.find((box) => box[2] < row.rect[2] * 0.9) ?? [];
  return left === undefined || top === undefined || width === undefined || height === undefined
    ? undefined
    : [left, top, width, height];
}

/** By the free space on both sides; nothing is said where the difference is under 4 % of the width. */
function sideOf(box: Box, { conversation, isRightToLeft }: RowContext) {
  const before = box[0] - conversation[0];
  const after = conversation[0] + conversation[2] - (box[0] + box[2]);
  const difference = (before - after) / conversation[2];
  if (Math.abs(difference) < 0.012 && box[2] < conversation[2] * 0.9) return "middle";
  if (Math.abs(difference) < 0.04) return undefined;
  return difference > 0 !== isRightToLeft ? ("out" as const) : ("in" as const);
}

/** An emoji is under 90 px, a sticker at most 190 and square, a photo as wide as its bubble. */
function kindOf(row: FoundItem): Opinion["kind"] {
  const media = row.all("g:media");
  if (media.some(({ tag, rect }) => tag === "video" && rect[2] >= 90)) return "video";
  const pictures = media.filter(({ tag, rect }) => tag === "img" && rect[2] >= 90 && rect[3] >= 90);
  if (pictures.length >= 4) return "album";
  const [picture] = pictures;
  if (picture === undefined) return undefined;
  const [, , width, height] = picture.rect;
  if (width >= 200) return "photo";
  return Math.abs(width - height) < 8 ? "sticker" : undefined;
}
