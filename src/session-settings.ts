import { z } from "zod";

const count = z.string().regex(/^\d{1,6}$/, "must be a whole number");

/** What a person may choose for an account of WhatsApp Web, as the bot's settings keep it (docs/whatsapp-web.md). */
export const sessionSettings = z.strictObject({
  partsPerMinute: count.optional(),
  partsPerDay: count.optional(),
  partsPerChatMinute: count.optional(),
  newChatsPerDay: count.optional(),
  quietHours: z
    .string()
    .regex(/^(none|([01]?\d|2[0-4])-([01]?\d|2[0-4]))$/, "must be hours as 21-7, or none")
    .optional(),
  timeZone: z.string().refine(isTimeZone, "must be a time zone as America/Costa_Rica").optional(),
  ownName: z.string().trim().min(1).max(100).optional(),
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, "must be a locale as es-CR")
    .optional(),
});

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
