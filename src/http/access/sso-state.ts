import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Cipher } from "../../core/cipher.ts";
import type { Clock } from "../../core/clock.ts";

/** Between leaving for the provider and coming back: time for a second factor there. */
export const SSO_SECONDS = 600;

const shape = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  isProof: z.boolean(),
  tenantId: z.uuid().nullable(),
  until: z.int(),
});
type Kept = z.infer<typeof shape>;

/** What a browser keeps of a sign-in under way: signed, so that it is of ours and whole. */
export function createSsoState(hash: Cipher["hash"], clock: Clock) {
  const sign = (payload: string) => hash("sso-state", payload);
  return {
    write(kept: Omit<Kept, "until">): string {
      const until = Math.floor(clock.now().getTime() / 1000) + SSO_SECONDS;
      const payload = Buffer.from(JSON.stringify({ ...kept, until })).toString("base64url");
      return `${payload}.${sign(payload).toString("base64url")}`;
    },
    /** Undefined: none, not ours, or too old. */
    read(cookie: string | undefined): Kept | undefined {
      const [payload = "", signature = ""] = (cookie ?? "").split(".");
      const given = Buffer.from(signature, "base64url");
      const expected = sign(payload);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const kept = shape.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
      return kept.until * 1000 > clock.now().getTime() ? kept : undefined;
    },
  };
}
