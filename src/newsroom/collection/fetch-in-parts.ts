import type { GuardedResponse } from "../../core/guarded-fetch.ts";
import type { Reason } from "../../core/newsroom.ts";
import {
  answerOf,
  failed,
  type PoliteAnswer,
  type PoliteRequest,
  placeOf,
} from "./fetch-answers.ts";

const FIRST_PART_BYTES = 8 * 1024 * 1024;
const SMALLEST_PART_BYTES = 256 * 1024;
/** Of one file, all parts together. */
const MAX_RESUMES = 3;
const RESUME_AFTER_MS = 1_000;

export type Attempt = (
  request: PoliteRequest,
  headers: Readonly<Record<string, string>>,
) => Promise<GuardedResponse | Reason>;

/**
 * Part after part (RFC 9110, 14): what is cut off is asked for again from where it ended, in smaller parts. A server
 * that knows no ranges sends the whole; a file that changes in between is begun anew (`If-Range`).
 */
export async function fetchInParts(
  request: PoliteRequest,
  conditional: Readonly<Record<string, string>>,
  wait: (ms: number, signal: AbortSignal) => Promise<void>,
  attempt: Attempt,
): Promise<PoliteAnswer> {
  const parts: Buffer[] = [];
  let length = 0;
  let partBytes = Math.min(FIRST_PART_BYTES, request.maxBytes);
  let validator: string | undefined;
  let whole: number | undefined;
  for (let resumes = 0; ; ) {
    const range = { range: `bytes=${length}-${length + partBytes - 1}` };
    const headers =
      length === 0 ? { ...range, ...conditional } : { ...range, ...ifRange(validator) };
    const response = await attempt(request, headers);
    if ("code" in response) {
      if (!RESUMABLE.has(response.code) || resumes === MAX_RESUMES)
        return { kind: "failed", reason: response };
      resumes += 1;
      partBytes = Math.max(SMALLEST_PART_BYTES, Math.floor(partBytes / 4));
      await wait(RESUME_AFTER_MS * resumes, request.signal);
      continue;
    }
    if (response.status !== 206) return answerOf(response);
    const { total, from } = readContentRange(response);
    if (total === undefined || from !== length || total !== (whole ?? total)) {
      return failed("bad-range", `${placeOf(request.url)} sends another part than was asked for.`);
    }
    if (total > request.maxBytes)
      return failed("too-large", `${placeOf(request.url)} holds ${total} bytes.`);
    whole = total;
    parts.push(response.body);
    length += response.body.length;
    validator = response.headers.etag ?? response.headers["last-modified"];
    if (length >= total) return answerOf({ ...response, status: 200, body: Buffer.concat(parts) });
    if (response.body.length === 0)
      return failed("cut-off", `${placeOf(request.url)} sends empty parts.`);
  }
}

/** What the same request may not come to a second time. */
const RESUMABLE: ReadonlySet<string> = new Set(["cut-off", "timed-out", "unreachable"]);

function ifRange(validator: string | undefined): Record<string, string> {
  // A weak tag proves nothing about single bytes (RFC 9110, 13.1.5).
  return validator === undefined || validator.startsWith("W/") ? {} : { "if-range": validator };
}

function readContentRange(response: GuardedResponse) {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(
    response.headers["content-range"] ?? "",
  );
  return match === null ? {} : { from: Number(match[1]), total: Number(match[2]) };
}
