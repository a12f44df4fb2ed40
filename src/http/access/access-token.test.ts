import { createHmac, generateKeyPairSync, sign as signWithKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { asId, type PersonId, type SessionId } from "../../core/ids.ts";
import { createAccessTokens } from "./access-token.ts";

const person = asId<PersonId>("0a0a0a0a-1111-4111-8111-0a0a0a0a0a0a");
const session = asId<SessionId>("0b0b0b0b-2222-4222-8222-0b0b0b0b0b0b");
const claims = { personId: person, sessionId: session };
const WEEK_S = 7 * 24 * 3600;
const NOW_S = 2_900 * WEEK_S + 3 * 24 * 3600;

const hash = (purpose: string, value: string) =>
  createHmac("sha256", "secret").update(`${purpose}\0${value}`).digest();
const at = (seconds: number) => createAccessTokens(hash, { now: () => new Date(seconds * 1000) });
const tokens = at(NOW_S);

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const keyOf = (period: number) => hash("access-token-key", String(period));
const header = { alg: "HS256", typ: "at+jwt", kid: "2900" };
const payload = {
  iss: "pregonero",
  aud: "pregonero-api",
  sub: person,
  sid: session,
  iat: NOW_S,
  exp: NOW_S + 600,
};

/** Signed as we sign, whatever it says. */
function forge(
  change: { readonly header?: object; readonly payload?: object } = {},
  key: Buffer = keyOf(2900),
  algorithm = "sha256",
): string {
  const text = `${encode({ ...header, ...change.header })}.${encode({ ...payload, ...change.payload })}`;
  return `${text}.${createHmac(algorithm, key).update(text).digest("base64url")}`;
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicPem = rsa.publicKey.export({ type: "spki", format: "pem" }).toString();

function rsaSigned(): string {
  const text = `${encode({ ...header, alg: "RS256" })}.${encode(payload)}`;
  return `${text}.${signWithKey("sha256", Buffer.from(text), rsa.privateKey).toString("base64url")}`;
}

const [head = "", body = "", signature = ""] = forge().split(".");

const VECTORS: readonly (readonly [string, string])[] = [
  ["alg none", `${encode({ ...header, alg: "none" })}.${body}.`],
  ["alg NONE with our signature", `${encode({ ...header, alg: "NONE" })}.${body}.${signature}`],
  ["no alg", forge({ header: { alg: undefined } })],
  ["RS256 by a key of the sender", rsaSigned()],
  ["HS256 under a public key", forge({}, Buffer.from(publicPem))],
  ["another HMAC", forge({ header: { alg: "HS512" } }, keyOf(2900), "sha512")],
  ["another key", forge({}, Buffer.alloc(32, 1))],
  ["an empty key", forge({}, Buffer.alloc(0))],
  ["a key retired two weeks ago", forge({ header: { kid: "2898" } }, keyOf(2898))],
  ["a key of the future", forge({ header: { kid: "2901" } }, keyOf(2901))],
  ["kid with a path", forge({ header: { kid: "../../../../dev/null" } }, Buffer.alloc(0))],
  ["kid with SQL", forge({ header: { kid: "2900' or '1'='1" } })],
  ["kid as a number", forge({ header: { kid: 2900 } })],
  ["no kid", forge({ header: { kid: undefined } })],
  [
    "jwk of the sender",
    forge(
      { header: { jwk: { kty: "oct", k: Buffer.alloc(32, 1).toString("base64url") } } },
      Buffer.alloc(32, 1),
    ),
  ],
  [
    "jku",
    forge({ header: { jku: "https://evil.example/keys", kid: "evil" } }, Buffer.alloc(32, 1)),
  ],
  [
    "x5u",
    forge({ header: { x5u: "https://evil.example/cert", kid: "evil" } }, Buffer.alloc(32, 1)),
  ],
  ["crit that nobody knows", forge({ header: { crit: ["evil"], evil: true } })],
  ["no exp", forge({ payload: { exp: undefined } })],
  ["expired", forge({ payload: { iat: NOW_S - 700, exp: NOW_S - 100 } })],
  ["exp far away", forge({ payload: { iat: NOW_S - 3600, exp: NOW_S + 1e9 } })],
  ["exp as text", forge({ payload: { exp: "9999999999" } })],
  ["no iat", forge({ payload: { iat: undefined } })],
  ["issued in the future", forge({ payload: { iat: NOW_S + 300 } })],
  ["nbf in the future", forge({ payload: { nbf: NOW_S + 300 } })],
  ["another issuer", forge({ payload: { iss: "evil" } })],
  ["no issuer", forge({ payload: { iss: undefined } })],
  ["another audience", forge({ payload: { aud: "pregonero-totp" } })],
  ["no audience", forge({ payload: { aud: undefined } })],
  ["typ JWT", forge({ header: { typ: "JWT" } })],
  ["no typ", forge({ header: { typ: undefined } })],
  ["a sign-in that waits for its second factor", forge({ header: { typ: "pending+jwt" } })],
  ["no sub", forge({ payload: { sub: undefined } })],
  ["sub that is no id", forge({ payload: { sub: "' or 1=1 --" } })],
  ["no sid", forge({ payload: { sid: undefined } })],
  ["sid that is no id", forge({ payload: { sid: ["x"] } })],
  ["no signature", `${head}.${body}.`],
  ["two parts", `${head}.${body}`],
  ["a signature cut short", `${head}.${body}.${signature.slice(0, 20)}`],
  ["a changed payload", `${head}.${encode({ ...payload, sub: session })}.${signature}`],
  ["a payload that is no object", `${head}.${encode([payload])}.${signature}`],
  ["empty", ""],
  ["a refresh token", "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
  ["five parts, as JWE has", `${head}.${body}.${signature}.${body}.${signature}`],
];

describe("access tokens", () => {
  it("are read as they were signed", async () => {
    expect(await tokens.readAccess(await tokens.signAccess(claims))).toEqual(claims);
    expect(await tokens.readAccess(forge()), "the vectors' own way of signing").toEqual(claims);
  });

  it.each(VECTORS)("are refused with %s", async (_, token) => {
    expect(await tokens.readAccess(token)).toBeUndefined();
  });

  it("live for ten minutes", async () => {
    const token = await tokens.signAccess(claims);
    expect(await at(NOW_S + 599).readAccess(token)).toEqual(claims);
    expect(await at(NOW_S + 601).readAccess(token)).toBeUndefined();
  });

  it("outlive the change of keys, which come every week", async () => {
    const last = 2_901 * WEEK_S - 60;
    const token = await at(last).signAccess(claims);
    expect(await at(last + 120).readAccess(token)).toEqual(claims);
    const [before = "", after = ""] = [token, await at(last + 120).signAccess(claims)];
    const kidOf = (text: string) =>
      JSON.parse(Buffer.from(text.split(".")[0] ?? "", "base64url").toString()).kid;
    expect([kidOf(before), kidOf(after)]).toEqual(["2900", "2901"]);
  });

  it("and tokens of a sign-in under way never pass for each other", async () => {
    const pending = { personId: person, credentialVersion: 3 };
    const token = await tokens.signPending(pending);
    expect(await tokens.readPending(token)).toEqual(pending);
    expect(await tokens.readAccess(token)).toBeUndefined();
    expect(await tokens.readPending(await tokens.signAccess(claims))).toBeUndefined();
  });
});
