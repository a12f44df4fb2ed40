import { z } from "zod";
import { SUBSCRIPTION_KINDS } from "../../core/subscriptions.ts";
import "../contract.ts";

const counts = z.object({ active: z.number().int(), paused: z.number().int() });
const words = z.array(z.string());

export const SubscriptionCountsShape = z
  .object({
    subscriptions: z.object({ alert: counts, daily: counts, weekly: counts }),
    contacts: z.number().int().openapi({ description: "Who has at least one." }),
    alerts: z
      .object({ pending: z.number().int(), queued: z.number().int(), skipped: z.number().int() })
      .openapi({ description: "One for each act and subscription; of the last 30 days." }),
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
