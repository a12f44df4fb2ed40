import { z } from "zod";
import { LANGUAGES } from "../../core/language.ts";
import "../contract.ts";

/** As the page records at most, and as hop 2 hears at most (`conversation/understand-media.ts`). */
export const MAX_VOICE_SECONDS = 120;
/** Two minutes at 192 kbit/s, above what any browser records speech with. */
export const MAX_VOICE_BYTES = 3_000_000;

export const VoiceNoteQuery = z.strictObject({
  clientMessageId: z.uuid().openapi({
    description: "Made once per recording and kept when it is sent again: it is stored once.",
  }),
  seconds: z.coerce.number().int().min(1).max(MAX_VOICE_SECONDS).openapi({
    description: "How long it is, as the page measured it.",
    example: 7,
  }),
  language: z.enum(LANGUAGES).optional(),
});
