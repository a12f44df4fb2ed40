import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Request, Response } from "express";
import type { Cipher } from "../../core/cipher.ts";
import type { Cookies } from "./cookies.ts";

const MAX_AGE_MS = 180 * 24 * 3600 * 1000;

/** Browsers with which somebody signed in before: who floods an account from elsewhere does not lock these out. */
export interface KnownDevices {
  knows(request: Request, email: string): boolean;
  remember(request: Request, response: Response, email: string): void;
}

/** OWASP, "Slow Down Online Guessing Attacks with Device Cookies". */
export function createKnownDevices(options: {
  readonly hash: Cipher["hash"];
  readonly cookies: Cookies;
}): KnownDevices {
  const sign = (email: string, nonce: string) =>
    options.hash("known-device", `${email.trim().toLowerCase()} ${nonce}`);

  function knows(request: Request, email: string): boolean {
    const [nonce = "", signature = ""] = (options.cookies.read(request, "device") ?? "").split(".");
    const given = Buffer.from(signature, "base64url");
    const expected = sign(email, nonce);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  return {
    knows,
    remember(request, response, email) {
      if (knows(request, email)) return;
      const nonce = randomBytes(16).toString("base64url");
      const value = `${nonce}.${sign(email, nonce).toString("base64url")}`;
      options.cookies.write(response, "device", value, MAX_AGE_MS);
    },
  };
}
