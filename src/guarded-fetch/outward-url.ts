import { isIP } from "node:net";
import { PregoneroError } from "../core/errors.ts";

/** What a browser would take for a page, and what a firewall lets out. */
const PORTS: ReadonlySet<string> = new Set(["", "80", "443"]);
const MAX_LENGTH = 2_048;

/** An address of this machine or of a private network that the operator lets requests go to, and its port. */
export interface AllowedAddress {
  readonly address: string;
  readonly port: number;
}

/** `everything`: an operator types the address into their own machine. */
export type Allowed = readonly AllowedAddress[] | "everything";

/**
 * Parses an address that came from outside, relative to `base` when one is given. Throws `url-refused` unless it is
 * http or https, holds no password, and names port 80 or 443 or the port of an address that the operator allows.
 */
export function parseOutwardUrl(
  given: string,
  options: { readonly base?: URL; readonly allowed: Allowed },
): URL {
  const base = options.base?.href;
  // The parser writes 2130706433, 0x7f.1 and 0177.0.0.1 as 127.0.0.1: what is checked is what is connected to.
  const url =
    given.length <= MAX_LENGTH && URL.canParse(given, base) ? new URL(given, base) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    throw refused(given, "it must begin with http:// or https://");
  }
  if (url.username !== "" || url.password !== "") {
    throw refused(`${url.origin}/…`, "it must hold no user name and no password");
  }
  const { allowed } = options;
  const isAllowed =
    allowed === "everything" || allowed.some(({ port }) => port === Number(url.port));
  if (!PORTS.has(url.port) && !isAllowed) {
    throw refused(url.origin, "only ports 80 and 443 are reached");
  }
  url.hash = "";
  return url;
}

/** The address that the URL itself names instead of a host; undefined: it names a host. */
export function literalAddress(url: URL): string | undefined {
  const host = hostOf(url);
  return isIP(host) === 0 ? undefined : host;
}

/** Without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

export function refused(what: string, why: string): PregoneroError {
  return new PregoneroError("url-refused", `${what.slice(0, 200)} is not fetched: ${why}.`, {
    status: 400,
  });
}
