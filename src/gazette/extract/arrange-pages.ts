import type { RawPage } from "../reading/fragment.ts";
import { readLines } from "../reading/lines.ts";
import { dropRunningHeads } from "../reading/running-heads.ts";
import type { ExtractedPage } from "./child-protocol.ts";

/** Pages that belong together, without what is printed on each of them, in reading order. */
export function arrangePages(
  raw: readonly RawPage[],
  origin: "text-layer" | "ocr",
): ExtractedPage[] {
  return dropRunningHeads(raw).map(({ fragments, ...page }) => {
    const lines = readLines(fragments);
    return { ...page, origin: lines.length > 0 ? origin : "empty", lines };
  });
}
