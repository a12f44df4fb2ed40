import { z } from "zod";
import type { SessionRequest } from "./core/session.ts";

/** Digits with country code, 7 to 15 of them (ITU-T E.164); people also write `+506 8888-0000`. */
export const phoneNumber = z
  .string()
  .max(32)
  .transform((text) => text.replace(/[\s().+-]/g, ""))
  .pipe(z.string().regex(/^[1-9]\d{6,14}$/, "must be a phone number with its country code"));

/** A request of a session as it comes from outside. */
export const sessionRequest = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("restart") }),
  z.strictObject({ kind: z.literal("resume") }),
  z.strictObject({ kind: z.literal("stop") }),
  z.strictObject({ kind: z.literal("use-here") }),
  z.strictObject({ kind: z.literal("log-out") }),
  z.strictObject({ kind: z.literal("pairing-code"), phone: phoneNumber }),
  z.strictObject({ kind: z.literal("screenshot"), isRedacted: z.boolean() }),
]) satisfies z.ZodType<SessionRequest>;
