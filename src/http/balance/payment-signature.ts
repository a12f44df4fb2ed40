import { createHmac, timingSafeEqual } from "node:crypto";
import { PregoneroError } from "../../core/errors.ts";

/** Clocks differ, and networks retry at once; what is older is a replay. */
const TOLERANCE_MS = 5 * 60 * 1000;
const SHAPE = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

/**
 * The header `Pregonero-Signature: t=SECONDS,v1=HEX`: HMAC-SHA-256 over `SECONDS.` and the raw body. Throws
 * `signature-wrong` (401), in the same words whatever is wrong with it.
 */
export function requireSignature(
  header: string | undefined,
  body: Buffer,
  { secret, now }: { readonly secret: string; readonly now: Date },
): void {
  const [, seconds = "", given = ""] = SHAPE.exec(header ?? "") ?? [];
  const expected = signPayment(secret, seconds, body);
  const isRight = given.length === 64 && timingSafeEqual(Buffer.from(given, "hex"), expected);
  const isFresh = Math.abs(now.getTime() - Number(seconds) * 1000) <= TOLERANCE_MS;
  if (isRight && isFresh) return;
  throw new PregoneroError(
    "signature-wrong",
    "Sign the raw body: Pregonero-Signature: t=SECONDS,v1=HEX of HMAC-SHA-256 over `SECONDS.BODY`, within five minutes.",
    { status: 401 },
  );
}

export function signPayment(secret: string, seconds: string, body: Buffer): Buffer {
  return createHmac("sha256", secret).update(`${seconds}.`).update(body).digest();
}
