import { z } from "zod";
import { EVENT_KINDS } from "../../core/events.ts";
import "../contract.ts";

export const EventKindShape = z.enum(EVENT_KINDS);

const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const EventsQuery = z.strictObject({
  since: position.optional().openapi({
    description: "Tell what follows this position. Last-Event-ID counts before it.",
    example: 1042,
  }),
  kinds: z
    .string()
    .max(1_000)
    .transform((text) => text.split(","))
    .pipe(z.array(EventKindShape))
    .optional()
    .openapi({ type: "string", description: "Only these, by commas.", example: "bot-changed" }),
  tenant: z.uuid().optional().openapi({
    description: "As the header Pregonero-Tenant, which an EventSource cannot send.",
  }),
});

/** Undefined: there is none. A value that we never sent counts as older than everything. */
export function readLastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === "") return undefined;
  const parsed = position.safeParse(/^\d{1,16}$/.test(header) ? header : "0");
  return parsed.success ? parsed.data : 0;
}
