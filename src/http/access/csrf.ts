import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import type { Cipher } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import { requireSameOrigin } from "../same-origin.ts";
import type { Cookies } from "./cookies.ts";

const HEADER = "x-csrf-token";
/** As long as a session can last: a browser that comes back must be able to refresh it. */
const MAX_AGE_MS = 14 * 24 * 3600 * 1000;
const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** Who has not signed in yet. */
const NOBODY = "anonymous";

export interface Csrf {
  /** Gives the browser a token of this session, or of nobody. Returns it. */
  issue(response: Response, sessionId: string | undefined): string;
  /** The token that the browser has, when it is one of ours and of this session; else a new one. */
  keep(request: Request, response: Response, sessionId: string | undefined): string;
  /**
   * Throws `cross-site` or `csrf-token-wrong` (403) for a method that changes something, when a page of another site
   * sends it, or without the cookie's token in the header too. `sessionId`: the token must be of this one.
   */
  require(request: Request, sessionId?: string): void;
}

/** Double submit with signed tokens bound to the session: OWASP CSRF Prevention Cheat Sheet. */
export function createCsrf(options: {
  readonly hash: Cipher["hash"];
  readonly cookies: Cookies;
  readonly publicUrl: string | undefined;
}): Csrf {
  const { cookies } = options;
  const sign = (binding: string, nonce: string) => options.hash("csrf", `${binding} ${nonce}`);

  /** Of which session the token is; undefined: not ours. */
  function bindingOf(token: string): string | undefined {
    const [binding = "", nonce = "", signature = ""] = token.split(".");
    return isEqual(Buffer.from(signature, "base64url"), sign(binding, nonce)) ? binding : undefined;
  }

  function issue(response: Response, sessionId: string | undefined): string {
    const binding = sessionId ?? NOBODY;
    const nonce = randomBytes(16).toString("base64url");
    const token = `${binding}.${nonce}.${sign(binding, nonce).toString("base64url")}`;
    cookies.write(response, "csrf", token, MAX_AGE_MS);
    return token;
  }

  return {
    issue,
    keep(request, response, sessionId) {
      const known = cookies.read(request, "csrf");
      if (known !== undefined && bindingOf(known) === (sessionId ?? NOBODY)) return known;
      return issue(response, sessionId);
    },
    require(request, sessionId) {
      if (SAFE_METHODS.includes(request.method)) return;
      requireSameOrigin(request, options.publicUrl);
      const given = request.get(HEADER) ?? "";
      const kept = cookies.read(request, "csrf") ?? "";
      const binding = isEqual(Buffer.from(given), Buffer.from(kept)) ? bindingOf(given) : undefined;
      if (binding !== undefined && (sessionId === undefined || binding === sessionId)) return;
      throw new PregoneroError(
        "csrf-token-wrong",
        "Send the csrf token of GET /api/v1/session as X-CSRF-Token, with the cookies that came with it.",
        { status: 403 },
      );
    },
  };
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
