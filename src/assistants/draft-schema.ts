import { z } from "zod";
import { READING_LEVELS } from "../core/assistant.ts";
import { conductShape } from "./conduct-schema.ts";

/** Most of each that is saved; the prompt stays short, and the settings page readable. */
const MAX_LINKS = 10;
const MAX_TOPICS = 20;

/** One line of text: it goes into a prompt, or under an answer. */
function line(maxLength: number) {
  return z
    .string()
    .max(maxLength)
    .transform((text) => text.replace(/\s+/g, " ").trim());
}

const linkDraft = z.strictObject({
  provider: z.string().min(1).max(40),
  model: z.string().trim().min(1).max(100),
  baseUrl: z.string().max(300).optional(),
  // Printable ASCII without spaces: anything else could not stand in a header.
  apiKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,400}$/, "is no API key: it holds spaces or special characters")
    .nullable()
    .optional(),
  unlisted: z.boolean().optional(),
});

/** Shape and size of what is given to be saved; what it means is checked by `AssistantAdmin.save`. */
export const assistantDraft = z.strictObject({
  isDefault: z.boolean().optional(),
  revision: z.int().min(0).optional(),
  chain: z.array(linkDraft).max(MAX_LINKS).optional(),
  large: z.array(linkDraft).max(MAX_LINKS).optional(),
  quotesOnly: z.boolean().optional(),
  checksGrounding: z.boolean().nullable().optional(),
  largeContextCharacters: z.int().min(500).max(20_000).optional(),
  temperature: z.number().min(0).max(1).optional(),
  maxSentences: z.int().min(1).max(12).optional(),
  readingLevel: z.enum(READING_LEVELS).optional(),
  persona: line(400).optional(),
  tone: line(200).optional(),
  forbiddenTopics: z.array(line(80)).max(MAX_TOPICS).optional(),
  disclaimer: line(500).optional(),
  ...conductShape,
});

export const assistantName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    "must be 1 to 40 small letters, digits and hyphens",
  );
