import type { Reason } from "../../core/newsroom.ts";
import { checkHeader } from "../../gazette/extract/pdf-document.ts";
import { type PoliteAnswer, placeOf } from "./fetch-answers.ts";

/** A PDF ends with its mark; some writers leave a little behind it. */
const END_MARK_WITHIN = 4_096;

/** What is wrong with an answer that should be a PDF, by name; undefined: nothing that can be seen from outside. */
export function problemOf({
  body,
  contentType,
  url,
}: Extract<PoliteAnswer, { kind: "ok" }>): Reason | undefined {
  try {
    checkHeader(body);
  } catch (error) {
    if (contentType !== "" && !/pdf|octet-stream|binary/.test(contentType)) {
      const detail = `${placeOf(url)} answers ${contentType.slice(0, 100)} instead of a PDF.`;
      return { code: "wrong-content-type", detail };
    }
    const detail = error instanceof Error ? error.message : "It is no PDF.";
    return { code: "not-a-pdf", detail };
  }
  if (body.subarray(-END_MARK_WITHIN).includes("%%EOF")) return undefined;
  return {
    code: "truncated",
    detail: `${placeOf(url)} ends after ${body.length} bytes, before the end of the PDF.`,
  };
}
