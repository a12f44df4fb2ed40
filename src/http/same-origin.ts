import type { Request } from "express";
import { PregoneroError } from "../core/errors.ts";

/**
 * Refuses (403) what a page of another site sends with the visitor's cookie. Browsers say where a request
 * comes from in Sec-Fetch-Site, older ones in Origin; who sends neither is no browser and has no cookie to lose.
 */
export function requireSameOrigin(request: Request, publicUrl: string | undefined): void {
  const site = request.headers["sec-fetch-site"];
  if (site === "same-origin" || site === "none") return;
  const origin = request.headers.origin;
  if (site === undefined && (origin === undefined || isOwn(origin, request, publicUrl))) return;
  throw new PregoneroError("cross-site", "Requests from other sites are not taken.", {
    status: 403,
  });
}

function isOwn(origin: string, request: Request, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const host = new URL(origin).host;
  return host === request.host || (publicUrl !== undefined && host === new URL(publicUrl).host);
}
