import type { Request, Response } from "express";
import type { RequestOrigin } from "../core/people.ts";

/** Whence a request comes, for the audit. */
export function originOf(request: Request, response: Response): RequestOrigin {
  return {
    ip: request.ip ?? request.socket.remoteAddress ?? "unknown",
    userAgent: (request.get("user-agent") ?? "").slice(0, 300),
    requestId: String(response.locals.requestId ?? ""),
  };
}
