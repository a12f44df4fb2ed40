import { Secret, TOTP } from "otpauth";

/** RFC 6238 as every authenticator app does it: SHA-1, six digits, 30 seconds. */
const SHAPE = { algorithm: "SHA1", digits: 6, period: 30 } as const;
/** Steps before and after ours that are taken too: clocks differ, and people type (RFC 6238, 5.2). */
const WINDOW = 1;
/** RFC 4226, 4 recommends 160 bits. */
const SECRET_BYTES = 20;

/** Base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** `otpauth://…`, which an app reads from a QR code. */
export function totpUrl(secret: string, label: string): string {
  return new TOTP({ ...SHAPE, issuer: "Pregonero", label, secret }).toString();
}

/** The time step whose code this is; undefined: of none near `now`. */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = TOTP.validate({
    ...SHAPE,
    token: code,
    secret: Secret.fromBase32(secret),
    timestamp,
    window: WINDOW,
  });
  return delta === null ? undefined : TOTP.counter({ period: SHAPE.period, timestamp }) + delta;
}
