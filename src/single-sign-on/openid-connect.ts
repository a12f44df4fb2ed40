import * as oidc from "openid-client";
import type { Clock } from "../core/clock.ts";
import { isPregoneroError, PregoneroError } from "../core/errors.ts";
import type { GuardedFetch } from "../core/guarded-fetch.ts";
import type { IdentityProvider, OpenIdConnect, OutsideIdentity } from "../core/single-sign-on.ts";

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;
/** How lately somebody has proved who they are, where that is asked for: as with a password of ours. */
const PROOF_SECONDS = 15 * 60;
/** Keys and addresses of a provider are asked for again after so long. */
const DISCOVERED_MS = 3_600_000;
/** RFC 8176: `mfa` says it whole; else two of different kinds. */
const KNOWN_FACTORS = new Set(["pwd", "pin", "kba"]);
const OWNED_FACTORS = new Set(["otp", "hwk", "swk", "sms", "tel", "sc", "pop"]);
const BODY_FACTORS = new Set(["face", "fpt", "iris", "retina", "vbm"]);

/** OpenID Connect by the library of the name; every request goes through the guard of outward addresses. */
export function createOpenIdConnect(ports: {
  readonly guardedFetch: GuardedFetch;
  readonly clock: Clock;
}): OpenIdConnect {
  const known = new Map<string, { readonly at: number; readonly config: oidc.Configuration }>();
  const fetch = toFetch(ports.guardedFetch);

  async function configure(provider: IdentityProvider): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = provider;
    const key = JSON.stringify([issuer, clientId, clientSecret]);
    const now = ports.clock.now().getTime();
    const found = known.get(key);
    if (found !== undefined && now - found.at < DISCOVERED_MS) return found.config;
    const config = await oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
      [oidc.customFetch]: fetch,
      timeout: TIMEOUT_MS / 1000,
      execute: [
        // The library leaves the signature to TLS where the token comes from the provider itself; we check it too.
        oidc.enableNonRepudiationChecks,
        // Unencrypted only where the guard lets an address of the operator's own pass.
        ...(issuer.startsWith("http:") ? [oidc.allowInsecureRequests] : []),
      ],
    });
    known.set(key, { at: now, config });
    return config;
  }

  return {
    async begin(provider, redirectUri, isProof) {
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const verifier = oidc.randomPKCECodeVerifier();
      try {
        const url = oidc.buildAuthorizationUrl(await configure(provider), {
          redirect_uri: redirectUri,
          scope: "openid email profile",
          state,
          nonce,
          code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
          ...(isProof ? { max_age: "0", prompt: "login" } : {}),
        });
        return { url: url.href, checks: { state, nonce, verifier, isProof } };
      } catch (error) {
        throw mapError(error);
      }
    },

    async finish(provider, returned, checks) {
      try {
        const tokens = await oidc.authorizationCodeGrant(await configure(provider), returned, {
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          pkceCodeVerifier: checks.verifier,
          idTokenExpected: true,
          ...(checks.isProof ? { maxAge: PROOF_SECONDS } : {}),
        });
        const claims = tokens.claims();
        if (claims === undefined) throw refused();
        return toIdentity(provider.issuer, claims);
      } catch (error) {
        throw mapError(error);
      }
    },
  };
}

function toIdentity(issuer: string, claims: oidc.IDToken): OutsideIdentity {
  const { sub: subject, email, email_verified: isVerified, name, amr, auth_time: at } = claims;
  if (typeof email !== "string" || email === "") {
    throw new PregoneroError(
      "sso-refused",
      "The provider does not tell the e-mail address: allow this client the scope `email` there.",
      { status: 401 },
    );
  }
  return {
    issuer,
    subject,
    email,
    isEmailVerified: isVerified === true,
    name: typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, 100) : email,
    hasSecondFactor: hasTwoFactors(Array.isArray(amr) ? amr : []),
    authenticatedAt: typeof at === "number" ? new Date(at * 1000) : undefined,
  };
}

function hasTwoFactors(amr: readonly unknown[]): boolean {
  const names = amr.filter((each) => typeof each === "string");
  if (names.includes("mfa")) return true;
  const kinds = [KNOWN_FACTORS, OWNED_FACTORS, BODY_FACTORS];
  return kinds.filter((kind) => names.some((name) => kind.has(name))).length >= 2;
}

/** As the library calls it; what it asks for is one of the provider's own addresses. */
function toFetch(guardedFetch: GuardedFetch): oidc.CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const response = await guardedFetch({
      url,
      method: method === "POST" ? "POST" : "GET",
      headers: { ...headers },
      ...(body === undefined || body === null ? {} : { body: toBody(body) }),
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    });
    const hasBody = ![204, 205, 304].includes(response.status);
    return new Response(hasBody ? new Uint8Array(response.body) : null, {
      status: response.status,
      headers: { ...response.headers },
    });
  };
}

function toBody(body: NonNullable<oidc.FetchBody>): string | Uint8Array {
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return body instanceof Uint8Array ? body : String(body);
}

/** What the provider, or somebody in its name, did wrong is for the log; the person is told that it failed. */
function mapError(error: unknown): PregoneroError {
  if (isPregoneroError(error, "sso-refused")) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  const isAway = [error, cause].some(
    (each) => isPregoneroError(each) || (each instanceof Error && each.name === "TimeoutError"),
  );
  if (!isAway) return refused(error);
  return new PregoneroError(
    "sso-provider-away",
    "The identity provider does not answer. Try again shortly, or sign in with your password.",
    { status: 502, retry: "backoff", cause: error },
  );
}

function refused(cause?: unknown): PregoneroError {
  return new PregoneroError(
    "sso-refused",
    "What came back from the identity provider does not hold. Begin again.",
    { status: 401, cause },
  );
}
