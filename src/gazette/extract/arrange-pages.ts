import { type RawPage, toDisplay } from "../reading/fragment.ts";
import { readLines } from "../reading/lines.ts";
import { dropRunningHeads } from "../reading/running-heads.ts";
import type { ExtractedPage } from "./child-protocol.ts";

/** Pages that belong together, without what is printed on each of them, in reading order. */
export function arrangePages(
  raw: readonly RawPage[],
  origin: "text-layer" | "ocr",
): ExtractedPage[] {
  return dropRunningHeads(raw).map(({ fragments, turn, ...page }) => {
    const read = readLines(fragments);
    const lines =
      turn === 0
        ? read
        : read.map((line) => ({ ...line, displayed: toDisplay(line, { ...page, turn }) }));
    return { ...page, origin: lines.length > 0 ? origin : "empty", lines };
  });
}
