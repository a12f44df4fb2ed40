import { createHmac, timingSafeEqual } from "node:crypto";

export interface OAuth1Keys {
  readonly appKey: string;
  readonly appSecret: string;
  readonly accessToken: string;
  readonly accessSecret: string;
}

/** X refuses timestamps that are further off. */
const MAX_SKEW_SECONDS = 300;

/**
 * Whether a request is signed by these keys (RFC 5849, 3.4; HMAC-SHA1). A JSON body is no part of the signature. `url`
 * without query.
 */
export function isSigned(
  request: {
    readonly method: string;
    readonly url: string;
    readonly query: URLSearchParams;
    readonly header: string;
  },
  keys: OAuth1Keys,
  now: number,
): boolean {
  const given = parseHeader(request.header);
  const signature = given.get("oauth_signature") ?? "";
  const skew = Math.abs(now / 1_000 - Number(given.get("oauth_timestamp")));
  if (!(skew <= MAX_SKEW_SECONDS) || given.get("oauth_signature_method") !== "HMAC-SHA1")
    return false;
  if (given.get("oauth_consumer_key") !== keys.appKey) return false;
  if (given.get("oauth_token") !== keys.accessToken) return false;
  const pairs = [...given, ...request.query]
    .filter(([name]) => name !== "oauth_signature" && name !== "realm")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1));
  const parameters = pairs.map(([name, value]) => `${name}=${value}`).join("&");
  const base = [request.method, request.url, parameters].map(encode).join("&");
  const key = `${encode(keys.appSecret)}&${encode(keys.accessSecret)}`;
  const expected = createHmac("sha1", key).update(base).digest();
  const actual = Buffer.from(signature, "base64");
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

export function nonceOf(header: string): string {
  return parseHeader(header).get("oauth_nonce") ?? "";
}

function parseHeader(header: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", value = ""] of header.matchAll(/(\w+)="([^"]*)"/g)) {
    found.set(name, decodeURIComponent(value));
  }
  return found;
}

/** RFC 3986, 2.3: what `encodeURIComponent` leaves is encoded too. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
