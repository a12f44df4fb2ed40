import { randomUUID, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import type { BotAccount } from "../core/channel.ts";
import type { Cipher } from "../core/cipher.ts";

/** Who is chatting: a random id in a signed cookie, worth something at one bot only. */
export interface VisitorCookie {
  /** The visitor's id; undefined without a cookie, or with one that isn't ours or is another bot's. */
  read(request: Request, bot: BotAccount): string | undefined;
  /** Gives the visitor who has none an id, and prolongs the others'. */
  keep(request: Request, response: Response, bot: BotAccount): string;
}

/** 180 days without a visit: longer than a procedure takes, shorter than a phone is kept. */
const MAX_AGE_MS = 180 * 24 * 3600 * 1000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function createVisitorCookie(hash: Cipher["hash"], isSecure: boolean): VisitorCookie {
  // `__Host-` (RFC 6265bis): the browser takes it over TLS only, for this host only.
  const nameFor = (bot: BotAccount) => `${isSecure ? "__Host-" : ""}visitor-${bot.botKey}`;
  const sign = (visitorId: string, bot: BotAccount) =>
    hash("web-chat-visitor", `${bot.botId} ${visitorId}`);

  function read(request: Request, bot: BotAccount): string | undefined {
    const [visitorId = "", signature = ""] = (readCookie(request, nameFor(bot)) ?? "").split(".");
    if (!UUID.test(visitorId)) return undefined;
    const given = Buffer.from(signature, "base64url");
    const expected = sign(visitorId, bot);
    return given.length === expected.length && timingSafeEqual(given, expected)
      ? visitorId
      : undefined;
  }

  return {
    read,
    keep(request, response, bot) {
      const visitorId = read(request, bot) ?? randomUUID();
      const value = `${visitorId}.${sign(visitorId, bot).toString("base64url")}`;
      response.cookie(nameFor(bot), value, {
        httpOnly: true,
        secure: isSecure,
        // Lax: who follows a link to the chat from elsewhere finds the conversation again.
        sameSite: "lax",
        path: "/",
        maxAge: MAX_AGE_MS,
      });
      return visitorId;
    },
  };
}

function readCookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  const found = pairs.filter((pair) => pair.startsWith(`${name}=`));
  // Two cookies of one name: one was planted from a neighbouring host; neither is believed.
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
}
