import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { Cipher } from "../../core/cipher.ts";
import type { Clock } from "../../core/clock.ts";
import { asId, type PersonId, type SessionId } from "../../core/ids.ts";

/** Shorter than the 15 minutes of security checklist S23. */
export const ACCESS_SECONDS = 600;
/** Between the password and the second factor. */
export const PENDING_SECONDS = 300;

const ISSUER = "pregonero";
const ALGORITHM = "HS256";
/** A key signs for a week; the one before is still believed, since its last tokens live for minutes more. */
const KEY_PERIOD_MS = 7 * 24 * 3600 * 1000;

/** A session, as the cookie of a request names it. Whether it still stands is asked of the database. */
export interface AccessClaims {
  readonly personId: PersonId;
  readonly sessionId: SessionId;
}

/** A sign-in that waits for its second factor. */
export interface PendingClaims {
  readonly personId: PersonId;
  readonly credentialVersion: number;
}

export interface AccessTokens {
  signAccess(claims: AccessClaims): Promise<string>;
  /** Undefined: not ours, not of this kind, or expired. */
  readAccess(token: string): Promise<AccessClaims | undefined>;
  signPending(claims: PendingClaims): Promise<string>;
  readPending(token: string): Promise<PendingClaims | undefined>;
}

/** Tokens of two kinds differ in `typ` and in audience: one never passes for the other. */
const ACCESS = { typ: "at+jwt", audience: "pregonero-api", seconds: ACCESS_SECONDS } as const;
const PENDING = {
  typ: "pending+jwt",
  audience: "pregonero-totp",
  seconds: PENDING_SECONDS,
} as const;
type Kind = typeof ACCESS | typeof PENDING;

const accessShape = z.object({ sub: z.uuid(), sid: z.uuid() });
const pendingShape = z.object({ sub: z.uuid(), ver: z.int() });

/** JWTs (RFC 9068) under keys that every process of the installation derives from its secret by itself. */
export function createAccessTokens(hash: Cipher["hash"], clock: Clock): AccessTokens {
  const periodOf = (at: Date) => Math.floor(at.getTime() / KEY_PERIOD_MS);
  const keyOf = (period: number) => hash("access-token-key", String(period));

  function sign(kind: Kind, subject: string, claims: Readonly<Record<string, unknown>>) {
    const now = clock.now();
    const seconds = Math.floor(now.getTime() / 1000);
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: kind.typ, kid: String(periodOf(now)) })
      .setIssuer(ISSUER)
      .setAudience(kind.audience)
      .setSubject(subject)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + kind.seconds)
      .sign(keyOf(periodOf(now)));
  }

  async function read<Claims>(kind: Kind, token: string, shape: z.ZodType<Claims>) {
    const now = clock.now();
    const current = periodOf(now);
    try {
      const { payload } = await jwtVerify(
        token,
        // Nothing of the header chooses the key but one of two numbers: no path, no address, no key of the sender.
        ({ kid }) => {
          const period = [current, current - 1].find((known) => String(known) === kid);
          if (period === undefined) throw new errors.JWKSNoMatchingKey();
          return keyOf(period);
        },
        {
          algorithms: [ALGORITHM],
          typ: kind.typ,
          issuer: ISSUER,
          audience: kind.audience,
          requiredClaims: ["sub", "iat", "exp"],
          maxTokenAge: kind.seconds,
          currentDate: now,
        },
      );
      return shape.safeParse(payload).data;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  return {
    signAccess: ({ personId, sessionId }) => sign(ACCESS, personId, { sid: sessionId }),
    async readAccess(token) {
      const claims = await read(ACCESS, token, accessShape);
      return claims && { personId: asId(claims.sub), sessionId: asId(claims.sid) };
    },
    signPending: ({ personId, credentialVersion }) =>
      sign(PENDING, personId, { ver: credentialVersion }),
    async readPending(token) {
      const claims = await read(PENDING, token, pendingShape);
      return claims && { personId: asId(claims.sub), credentialVersion: claims.ver };
    },
  };
}
