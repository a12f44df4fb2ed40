import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { LANGUAGES } from "../../core/language.ts";
import { ATTEMPT_OUTCOMES, EDITION_STATES } from "../../core/newsroom.ts";
import { nextShape } from "../cursor.ts";
import { LocatorRequest, LocatorShape } from "./locators.ts";

extendZodWithOpenApi(z);

/** The outside contract of sources and their editions. */

const time = z.string().openapi({ format: "date-time" });
const words = (max: number) => z.string().trim().min(1).max(max);
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date such as 2026-11-20")
  .openapi({ example: "2026-11-20" });
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const minutes = (max: number) => z.int().min(1).max(max);
const weekday = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
]);

export const SettingsRequest = z
  .strictObject({
    locator: LocatorRequest,
    hosts: z
      .array(
        z
          .string()
          .max(253)
          .regex(
            /^(\*\.)?[a-z0-9.-]+$/,
            "must be a host in lower case, such as www.boe.es or *.boe.es",
          ),
      )
      .max(20)
      .openapi({ description: "Hosts that may be asked, redirects included." }),
    weekdays: z.array(weekday).min(1).max(7).openapi({ description: "1: Monday … 7: Sunday." }),
    expectedAt: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 06:00")
      .openapi({ description: "In the source's time zone.", example: "06:00" }),
    holidays: z
      .array(z.string().max(20))
      .max(400)
      .openapi({
        description: "12-25 (every year), 2026-12-24, easter-2 (Good Friday).",
        example: ["12-25", "easter-2"],
      }),
    lateAfterMinutes: minutes(14 * 1_440),
    missingAfterMinutes: minutes(30 * 1_440),
    lookEveryMinutes: minutes(1_440),
    pauseSeconds: z.number().min(0.5).max(600),
    recheckDays: z.int().min(0).max(30),
    checksDate: z.boolean(),
  })
  .partial()
  .openapi("CollectionSettingsRequest", {
    description: "What is left out is as the preset, or what was there before, has it.",
  });
export type SettingsRequest = z.infer<typeof SettingsRequest>;

export const SourceRequest = z
  .strictObject({
    preset: words(60).optional().openapi({ example: "la-gaceta" }),
    source: z
      .strictObject({
        slug: z
          .string()
          .regex(
            /^[a-z0-9]+(-[a-z0-9]+)*$/,
            "must be lower-case words with hyphens, such as la-gaceta",
          )
          .max(60),
        name: words(120).openapi({ example: "La Gaceta" }),
        language: z.enum(LANGUAGES),
        country: z.string().regex(/^[A-Z]{2}$/, "must be a country such as CR"),
        timeZone: words(60)
          .refine(isTimeZone, "must be a time zone of the IANA list, such as America/Costa_Rica")
          .openapi({ example: "America/Costa_Rica" }),
      })
      .optional()
      .openapi({ description: "Absent: as the preset says." }),
    settings: SettingsRequest.optional(),
    since: day.optional().openapi({ description: "Expected from this date on; absent: today." }),
    isPaused: z.boolean().optional(),
  })
  .openapi("SourceRequest");

export const SourceChange = z
  .strictObject({
    settings: SettingsRequest.optional(),
    isPaused: z.boolean().optional(),
    pauseReason: words(500).optional(),
  })
  .openapi("SourceChange");

const counts = z.record(z.string(), z.int());
export const SettingsShape = z
  .object({
    locator: LocatorShape,
    hosts: z.array(z.string()),
    weekdays: z.array(z.int()),
    expectedAt: z.string(),
    holidays: z.array(z.string()),
    lateAfterMinutes: z.int(),
    missingAfterMinutes: z.int(),
    lookEveryMinutes: z.int(),
    pauseSeconds: z.number(),
    recheckDays: z.int(),
    checksDate: z.boolean(),
  })
  .openapi("CollectionSettings");

export const SourceShape = z
  .object({
    id: z.string(),
    isPublic: z
      .boolean()
      .openapi({ description: "Of the installation, to read for every tenant." }),
    slug: z.string(),
    name: z.string(),
    language: z.enum(LANGUAGES),
    country: z.string(),
    timeZone: z.string(),
    preset: z.string().nullable(),
    settings: SettingsShape,
    isPaused: z.boolean(),
    pauseReason: z.string().nullable(),
    since: day,
    lastCollectedOn: day.nullable(),
  })
  .openapi("Source");
export const SourcesShape = z.object({ sources: z.array(SourceShape) });

export const PresetsShape = z.object({
  presets: z.array(
    z
      .object({
        name: z.string(),
        title: z.string(),
        country: z.string(),
        timeZone: z.string(),
        settings: SettingsShape,
        doubt: z.string().nullable().openapi({
          description: "Why it is added paused: what is to be checked first.",
        }),
      })
      .openapi("SourcePreset"),
  ),
});

export const CalendarQuery = z.strictObject({
  month: z
    .string()
    .regex(/^20\d{2}-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11")
    .openapi({ example: "2026-11" }),
});

const reason = z
  .object({ code: z.string(), detail: z.string() })
  .nullable()
  .openapi({ description: "Why it stands so." });
const state = z.enum(EDITION_STATES);
const edition = z.object({
  state,
  reason,
  attempts: z.int(),
  expectedAt: time,
  lateAt: time,
  closesAt: time,
  nextAttemptAt: time.nullable(),
  alertedAt: time.nullable(),
  changedAt: time,
});
export const CalendarShape = z
  .object({
    month: z.string(),
    timeZone: z.string(),
    days: z.array(
      z.object({
        date: day,
        isExpected: z.boolean(),
        edition: edition.nullable().openapi({ description: "null: nobody looked for one yet." }),
      }),
    ),
  })
  .openapi("EditionCalendar");

export const EditionShape = edition
  .extend({
    date: day,
    documents: z.array(
      z.object({
        id: z.string(),
        url: z.string().nullable(),
        documentName: z.string(),
        state: z.enum(["fetched", "accepted", "stored", "held", "rejected"]),
        contentHash: z.string(),
        byteCount: z.int(),
        editionId: z.string().nullable(),
        fetchedAt: time,
      }),
    ),
    tries: z.array(
      z.object({
        number: z.int(),
        owner: z.string(),
        startedAt: time,
        endedAt: time.nullable(),
        outcome: z.enum(ATTEMPT_OUTCOMES).nullable(),
        reason,
        step: z.string().nullable().openapi({ description: "That it is or ended at." }),
        pages: z
          .object({ done: z.int(), total: z.int() })
          .nullable()
          .openapi({ description: "Of that step, while a file is read." }),
        byteCount: z.int(),
        documentCount: z.int(),
        evidence: z
          .object({ hasScreenshot: z.boolean() })
          .nullable()
          .openapi({ description: "Kept of a listing that is laid out otherwise." }),
      }),
    ),
    changes: z.array(z.object({ from: state.nullable(), to: state, reason, at: time })),
  })
  .openapi("ExpectedEdition");

export const DecisionRequest = z
  .strictObject({
    decision: z.enum(["accept", "reject", "not-published"]).openapi({
      description:
        "`accept` and `reject`: of what is held for review. `not-published`: there is no edition on that day.",
    }),
  })
  .openapi("EditionDecision");

export const UploadQuery = z.strictObject({ fileName: words(150).optional() });

export const BackfillRequest = z
  .strictObject({ from: day, until: day })
  .openapi("BackfillRequest", { description: "At most 366 days, both included." });
export const BackfillShape = z
  .object({
    id: z.string(),
    from: day,
    until: day,
    askedBy: z.string(),
    askedAt: time,
    cancelledAt: time.nullable(),
    counts: counts.openapi({ description: "Days with an edition, by state." }),
    total: z.int(),
    settled: z.int().openapi({ description: "Of those, where nothing more is tried by itself." }),
  })
  .openapi("Backfill");
export const BackfillsShape = z.object({ backfills: z.array(BackfillShape), next: nextShape });
