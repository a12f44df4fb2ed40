import type { Request, Response } from "express";

/**
 * `access` names the session for some minutes, `refresh` renews it, `csrf` is read by our pages and sent back as a
 * header, `pending` is a sign-in without its second factor yet, `device` a browser that somebody signed in with, `sso`
 * one that is away at its identity provider.
 */
export type CookieName = "access" | "refresh" | "csrf" | "pending" | "device" | "sso";

export interface Cookies {
  /** Undefined also when two have the name: one was planted from a neighbouring host, and neither is believed. */
  read(request: Request, name: CookieName): string | undefined;
  write(response: Response, name: CookieName, value: string, maxAgeMs: number): void;
  clear(response: Response, ...names: readonly CookieName[]): void;
}

/** `__Host-` (RFC 6265bis): the browser takes them over TLS only, for this host only, and from this host only. */
export function createCookies(isSecure: boolean): Cookies {
  const nameOf = (name: CookieName) => `${isSecure ? "__Host-" : ""}${name}`;
  const attributes = (name: CookieName) => ({
    httpOnly: name !== "csrf",
    secure: isSecure,
    sameSite: "strict" as const,
    path: "/",
  });
  return {
    read(request, name) {
      const begin = `${nameOf(name)}=`;
      const found = (request.headers.cookie ?? "")
        .split(";")
        .map((pair) => pair.trim())
        .filter((pair) => pair.startsWith(begin));
      return found.length === 1 ? found[0]?.slice(begin.length) : undefined;
    },
    write(response, name, value, maxAgeMs) {
      response.cookie(nameOf(name), value, { ...attributes(name), maxAge: maxAgeMs });
    },
    clear(response, ...names) {
      for (const name of names) response.clearCookie(nameOf(name), attributes(name));
    },
  };
}
