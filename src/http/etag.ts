import type { Request, Response } from "express";
import { PregoneroError } from "../core/errors.ts";

/** What two people may edit has a revision, which grows with each change: it is the ETag of what one read. */
export function sendRevision(response: Response, revision: number): void {
  response.setHeader("ETag", `"r${revision}"`);
}

/**
 * The revision that the caller read and means to change, of `If-Match`; undefined: `*`, whichever it is. Throws
 * `if-match-needed` (428) without the header, and `stale` (412) for a tag that is none of ours.
 */
export function expectedRevision(request: Request): number | undefined {
  const header = request.get("if-match");
  if (header === undefined) {
    throw new PregoneroError(
      "if-match-needed",
      'Send the ETag that you read as If-Match, such as If-Match: "r3", so that nobody\'s change is overwritten unseen.',
      { status: 428 },
    );
  }
  if (header.trim() === "*") return undefined;
  // RFC 9110, 13.1.1: compared strongly, so that a weak tag matches nothing.
  const revision = /^\s*"r(\d{1,9})"\s*$/.exec(header)?.[1];
  if (revision === undefined) throw staleRevision();
  return Number(revision);
}

/** As above, for routes that let a change pass without `If-Match`: undefined then too. */
export function expectedRevisionIfAny(request: Request): number | undefined {
  return request.get("if-match") === undefined ? undefined : expectedRevision(request);
}

/** For a change whose `where revision = …` found no row any more (412). */
export function staleRevision(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
    { status: 412 },
  );
}
