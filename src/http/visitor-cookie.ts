import { randomUUID, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import type { BotAccount } from "../core/channel.ts";
import type { Cipher } from "../core/cipher.ts";

/** Who is chatting: a random id in a signed cookie, worth something at one bot only. */
export interface VisitorCookie {
  /** The visitor's id; undefined without a cookie, or with one that isn't ours or is another bot's. */
  read(request: Request, bot: BotAccount): string | undefined;
  /**
   * Gives the visitor who has none an id, and prolongs the others'. `isEmbedded`: in a frame on a site that the bot
   * allows, where a browser keeps no other cookie than a `SameSite=None` one.
   */
  keep(
    request: Request,
    response: Response,
    bot: BotAccount,
    options: { readonly isEmbedded: boolean },
  ): string;
}

/** 180 days without a visit: longer than a procedure takes, shorter than a phone is kept. */
const MAX_AGE_MS = 180 * 24 * 3600 * 1000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function createVisitorCookie(hash: Cipher["hash"], isSecure: boolean): VisitorCookie {
  // `__Host-` (RFC 6265bis): the browser takes it over TLS only, for this host only.
  const prefix = isSecure ? "__Host-" : "";
  const nameFor = (bot: BotAccount) => `${prefix}visitor-${bot.botKey}`;
  const embeddedNameFor = (bot: BotAccount) => `${prefix}embedded-visitor-${bot.botKey}`;
  const sign = (visitorId: string, bot: BotAccount) =>
    hash("web-chat-visitor", `${bot.botId} ${visitorId}`);

  function verify(cookie: string | undefined, bot: BotAccount): string | undefined {
    const [visitorId = "", signature = ""] = (cookie ?? "").split(".");
    if (!UUID.test(visitorId)) return undefined;
    const given = Buffer.from(signature, "base64url");
    const expected = sign(visitorId, bot);
    return given.length === expected.length && timingSafeEqual(given, expected)
      ? visitorId
      : undefined;
  }

  const read: VisitorCookie["read"] = (request, bot) =>
    verify(readCookie(request, nameFor(bot)), bot) ??
    verify(readCookie(request, embeddedNameFor(bot)), bot);

  return {
    read,
    keep(request, response, bot, { isEmbedded }) {
      const visitorId = read(request, bot) ?? randomUUID();
      const value = `${visitorId}.${sign(visitorId, bot).toString("base64url")}`;
      const always = { httpOnly: true, path: "/", maxAge: MAX_AGE_MS };
      if (isEmbedded && (isSecure || isLoopbackHost(request))) {
        response.cookie(embeddedNameFor(bot), value, {
          ...always,
          secure: true,
          sameSite: "none",
          // Kept apart for each site that the chat stands on: no visitor is followed from one to another.
          partitioned: true,
        });
      } else {
        // Lax: who follows a link to the chat from elsewhere finds the conversation again.
        response.cookie(nameFor(bot), value, { ...always, secure: isSecure, sameSite: "lax" });
      }
      return visitorId;
    },
  };
}

/** Browsers take `Secure` cookies from these over plain http too: the chat can be tried in a frame there. */
function isLoopbackHost(request: Request): boolean {
  return /^(localhost|127\.0\.0\.1)$/.test(request.hostname);
}

function readCookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  const found = pairs.filter((pair) => pair.startsWith(`${name}=`));
  const values = new Set(found.map((pair) => pair.slice(name.length + 1)));
  // Two that differ: one was planted from a neighbouring host; neither is believed. Two alike: a browser that learned
  // of `Partitioned` sends the one from before too.
  return values.size === 1 ? [...values][0] : undefined;
}
