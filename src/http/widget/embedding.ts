import type { Request, Response } from "express";
import type { BotAccount } from "../../core/channel.ts";
import { looksOf } from "../../core/web-chat-looks.ts";

/** The parameter that widget.js adds to the address of the page. */
const EMBEDDED = "embedded";

/** Lets the browser show the bot's page in frames of our own pages and of the origins that the bot allows. */
export function allowFrames(response: Response, bot: BotAccount): void {
  const { allowedOrigins } = looksOf(bot);
  const policy = String(response.getHeader("Content-Security-Policy"));
  const ancestors = ["'self'", ...allowedOrigins].join(" ");
  response.setHeader(
    "Content-Security-Policy",
    policy.replace("frame-ancestors 'none'", `frame-ancestors ${ancestors}`),
  );
  // It knows no list of origins; whoever reads frame-ancestors ignores it anyway.
  if (allowedOrigins.length > 0) response.removeHeader("X-Frame-Options");
  else response.setHeader("X-Frame-Options", "SAMEORIGIN");
}

/** Whether the page is asked for by a frame, of a bot that may stand on other sites. */
export function isEmbedded(request: Request, bot: BotAccount): boolean {
  const destination = request.headers["sec-fetch-dest"];
  return (
    request.query[EMBEDDED] !== undefined &&
    looksOf(bot).allowedOrigins.length > 0 &&
    (destination === undefined || destination === "iframe")
  );
}
