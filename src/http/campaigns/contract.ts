import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { CSV_PROBLEM_CODES } from "../../campaigns/csv-problem.ts";
import {
  AUDIENCE_KINDS,
  CAMPAIGN_STATES,
  RECIPIENT_STATES,
  SKIP_REASONS,
} from "../../core/campaigns.ts";
import { CHANNELS } from "../../core/channel.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";

extendZodWithOpenApi(z);

/** The outside contract of campaigns. */

const MAX_TEXT = 10_000;
/** Base64 of 512 kB; the body may have 1 MB. */
const MAX_ATTACHMENT = 700_000;
const MAX_CONTACTS = 20_000;

const id = z.uuid();
const words = (max: number) => z.string().trim().min(1).max(max);
const time = z.string().openapi({ format: "date-time" });

const template = z.strictObject({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/, "must be a name as the network has it: a-z, 0-9, _"),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, "must be a language such as es or pt_BR"),
  parameters: z.array(words(1_024)).max(50).default([]).openapi({
    description: "Of its numbered places, in order; may hold places such as {nombre}.",
  }),
});

const attachment = z.strictObject({
  fileName: words(120),
  mimeType: z
    .string()
    .regex(/^[\w.+-]{1,60}\/[\w.+-]{1,100}$/, "must be a type such as application/pdf"),
  contentBase64: z
    .base64()
    .min(4)
    .max(MAX_ATTACHMENT)
    .openapi({ description: "The file, of at most 512 kB." }),
});

export const CampaignRequest = z
  .strictObject({
    name: words(200).openapi({ example: "Corte de agua en Escazú" }),
    text: words(MAX_TEXT).openapi({
      description:
        "With places such as {nombre} or {nombre|vecina}, and *bold*, _italic_, `code`, [words](https://…).",
      example: "Hola {nombre|vecina o vecino}: *mañana* no hay agua de 8 a 12.",
    }),
    bots: z.array(id).min(1).max(10).openapi({
      description:
        "In order of preference: each contact gets it from the first that can reach them.",
    }),
    template: template.optional().openapi({
      description: "For WhatsApp Cloud, where somebody last wrote 24 hours ago or longer.",
    }),
    attachment: attachment.optional(),
    pacePerMinute: z.int().min(1).max(6_000).optional().openapi({
      description: "Contacts each minute; absent: as fast as the bots may.",
    }),
  })
  .openapi("CampaignRequest");
export type CampaignRequest = z.infer<typeof CampaignRequest>;

export const AudienceRequest = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("contacts"), contacts: z.array(id).min(1).max(MAX_CONTACTS) }),
    z.strictObject({ kind: z.literal("segment"), segment: id }),
  ])
  .openapi("AudienceRequest");

export const CsvQuery = z.strictObject({
  problems: z.enum(["refuse", "skip"]).default("refuse").openapi({
    description: "What to do about a CSV with lines that are wrong.",
  }),
});

export const ScheduleRequest = z
  .strictObject({
    startsAt: words(40).optional().openapi({
      description:
        "A wall clock's time in `timeZone` (2026-12-01T09:00), or an instant (2026-12-01T15:00:00Z); absent: now.",
      example: "2026-12-01T09:00",
    }),
    timeZone: words(64).optional().openapi({ example: "America/Costa_Rica" }),
    whenTwice: z.enum(["earlier", "later"]).optional().openapi({
      description: "Which of two, where clocks are set back and show the time twice.",
    }),
  })
  .openapi("ScheduleRequest");

export const ApprovalRequest = z
  .strictObject({ approved: z.boolean() })
  .openapi("ApprovalRequest", { description: "false: it becomes a draft again." });

const recipients = z.array(id).min(1).max(1_000);
export const RetryRequest = z
  .strictObject({ recipients: recipients.optional() })
  .openapi("RetryRequest", { description: "Absent: all that failed." });
export const ResendRequest = z.strictObject({ recipients }).openapi("ResendRequest");

export const PreviewRequest = z
  .strictObject({
    values: z
      .record(z.string().max(60), z.string().max(1_000))
      .default({})
      .openapi({
        description: "What places are filled with.",
        example: { nombre: "Ana" },
      }),
  })
  .openapi("PreviewRequest");

export const PolicyShape = z
  .strictObject({
    approvalAbove: z.int().min(0).max(10_000_000).openapi({
      description: "Campaigns to more contacts than this wait for a second person.",
    }),
  })
  .openapi("CampaignPolicy");

export const CampaignsQuery = KeysetQuery.extend({ state: z.enum(CAMPAIGN_STATES).optional() });
export const RecipientsQuery = KeysetQuery.extend({
  state: z.enum(RECIPIENT_STATES).optional(),
  reason: z.string().max(100).optional(),
});
export const DryRunQuery = z.strictObject({
  limit: z.coerce.number().int().min(0).max(100).default(20).openapi({
    description: "Contacts shown of each outcome.",
  }),
});

const counts = z
  .object(Object.fromEntries(RECIPIENT_STATES.map((state) => [state, z.int()])))
  .openapi({ description: "Recipients by state, as it is now." });

export const CampaignShape = z
  .object({
    id: z.string(),
    name: z.string(),
    text: z.string(),
    bots: z.array(z.string()),
    template: template.nullable(),
    attachment: z
      .object({ fileName: z.string(), mimeType: z.string(), sizeBytes: z.int() })
      .nullable(),
    pacePerMinute: z.int().nullable(),
    state: z.enum(CAMPAIGN_STATES),
    audience: z
      .object({
        kind: z.enum(AUDIENCE_KINDS),
        segment: z.string().nullable(),
        isListed: z.boolean().openapi({ description: "Its recipients are on record." }),
      })
      .nullable(),
    startsAt: time.nullable(),
    timeZone: z.string().nullable(),
    pauseReason: z.string().nullable(),
    createdBy: z.string(),
    changedBy: z.string(),
    scheduledBy: z.string().nullable(),
    approvedBy: z.string().nullable(),
    createdAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    counts,
  })
  .openapi("Campaign");

export const CampaignPageShape = z
  .object({ campaigns: z.array(CampaignShape), next: nextShape })
  .openapi("CampaignPage");

export const RecipientPageShape = z
  .object({
    recipients: z.array(
      z.object({
        id: z.string(),
        contact: z.string().nullable().openapi({ description: "Null: nobody's, or erased." }),
        conversation: z.string().nullable(),
        channel: z.enum(CHANNELS).nullable(),
        line: z.int().nullable().openapi({ description: "Of the CSV." }),
        state: z.enum(RECIPIENT_STATES),
        reason: z.string().nullable(),
        changedAt: time,
      }),
    ),
    next: nextShape,
  })
  .openapi("RecipientPage");

export const DryRunShape = z
  .object({
    total: z.int(),
    outcomes: z.array(
      z.object({
        outcome: z.enum(["get", ...SKIP_REASONS]),
        contacts: z.int(),
        page: z.array(z.object({ contact: z.string().nullable(), line: z.int().nullable() })),
      }),
    ),
    channels: z.array(
      z.object({
        channel: z.enum(CHANNELS),
        contacts: z.int(),
        messages: z.int(),
        templates: z.int(),
      }),
    ),
  })
  .openapi("DryRun");

const parts = z.array(z.record(z.string(), z.unknown()));
export const PreviewShape = z
  .object({
    placesNeeded: z.array(z.string()).openapi({
      description: "Places with nothing to fall back on: who has no value for one gets nothing.",
    }),
    previews: z.array(
      z.object({
        channel: z.enum(CHANNELS),
        bot: z.string(),
        messages: parts.nullable().openapi({
          description: "As the channel formats and splits it; null: a place has no value.",
        }),
        template: parts.nullable(),
      }),
    ),
  })
  .openapi("CampaignPreview");

export const CsvOutcomeShape = z
  .object({
    isSet: z.boolean(),
    problems: z.array(
      z.object({
        line: z.int(),
        code: z.enum(CSV_PROBLEM_CODES),
        values: z
          .record(z.string(), z.union([z.string(), z.number()]))
          .openapi({ description: "What a sentence of the code is filled with." }),
        problem: z.string().openapi({ description: "The sentence, in English." }),
      }),
    ),
  })
  .openapi("CsvOutcome");

export const AgainShape = z.object({ recipients: z.int() }).openapi("SentAgain");
