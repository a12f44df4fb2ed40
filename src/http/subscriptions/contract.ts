import { z } from "zod";
import { NEWS_PLACES, NEWS_TEMPLATE_KINDS, SUBSCRIPTION_KINDS } from "../../core/subscriptions.ts";
import "../contract.ts";

const counts = z.object({ active: z.number().int(), paused: z.number().int() });
const words = z.array(z.string());

export const SubscriptionCountsShape = z
  .object({
    subscriptions: z.object({ alert: counts, daily: counts, weekly: counts }),
    contacts: z.number().int().openapi({ description: "Who has at least one." }),
    alerts: z
      .object({
        pending: z.number().int(),
        outsideWindow: z.number().int().openapi({
          description:
            "Of those pending: they wait until their reader writes to WhatsApp again, since there is no template.",
        }),
        queued: z.number().int(),
        skipped: z.number().int(),
      })
      .openapi({ description: "One for each act and subscription; of the last 30 days." }),
    digestsOutsideWindow: z
      .number()
      .int()
      .openapi({ description: "Digests that wait for the same." }),
  })
  .openapi("SubscriptionCounts");

export const ContactSubscriptionsShape = z
  .object({
    subscriptions: z.array(
      z
        .object({
          id: z.uuid(),
          kind: z.enum(SUBSCRIPTION_KINDS),
          state: z.enum(["active", "paused"]),
          topic: z
            .object({
              anyOf: z.array(words),
              without: words,
              body: z.string().nullable(),
              section: z.string().nullable(),
              name: z.string().nullable(),
              place: z.string().nullable(),
            })
            .nullable(),
          language: z.string(),
          timeZone: z.string(),
          quietHours: z
            .object({ from: z.number().int(), until: z.number().int() })
            .nullable()
            .openapi({ description: "Minutes after midnight." }),
          minute: z.number().int().nullable(),
          weekday: z.number().int().nullable(),
          conversationId: z.uuid(),
          botId: z.uuid(),
          createdAt: z.string().openapi({ format: "date-time" }),
        })
        .openapi("Subscription"),
    ),
  })
  .openapi("ContactSubscriptions");

/** Of one language of one kind there is one. */
const MAX_TEMPLATES = 20;
const MAX_PARAMETERS = 20;

const parameter = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !/[\n\t]| {4}/.test(text), "must be one line without tabs and rows of spaces")
  .refine(
    (text) =>
      [...text.matchAll(/\{([^{}]*)\}/g)].every(([, place = ""]) =>
        (NEWS_PLACES as readonly string[]).includes(place),
      ),
    `knows the places ${NEWS_PLACES.map((place) => `{${place}}`).join(", ")} alone`,
  );

const NewsTemplateShape = z.strictObject({
  kind: z.enum(NEWS_TEMPLATE_KINDS),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, "must be a language as Meta names it, such as es or pt_BR")
    .openapi({ example: "es" }),
  name: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, "must be the name of a template: small letters, digits and _")
    .openapi({ example: "aviso_de_publicacion" }),
  parameters: z
    .array(parameter)
    .max(MAX_PARAMETERS)
    .openapi({ example: ["{count}", "{source}", "{date}", "{summary}", "{link}"] }),
});

export const NewsTemplatesShape = z
  .strictObject({
    templates: z
      .array(NewsTemplateShape)
      .max(MAX_TEMPLATES)
      .refine(
        (templates) =>
          new Set(templates.map(({ kind, language }) => `${kind} ${language}`)).size ===
          templates.length,
        "has one language of one kind more than once",
      ),
  })
  .openapi("NewsTemplates");
