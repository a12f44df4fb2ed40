import { z } from "zod";
import type { EventKind } from "../../core/events.ts";
import { DELIVERY_STATES } from "../../core/outgoing-webhooks.ts";
import "../contract.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";
import { WEBHOOK_KINDS } from "../events/audience.ts";

const date = z.string().openapi({ format: "date-time" });
const [firstKind, ...otherKinds] = WEBHOOK_KINDS;
const kind = z.enum([firstKind, ...otherKinds] as [EventKind, ...EventKind[]]);
const kinds = z
  .array(kind)
  .min(1)
  .max(WEBHOOK_KINDS.length)
  .openapi({ example: ["message-received", "conversation-handed-over"] });
const url = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .openapi({
    description: "Where events are posted: http or https, port 80 or 443, of the public internet.",
    example: "https://example.org/pregonero",
  });

export const AddWebhookRequest = z.strictObject({ url, kinds }).openapi("AddWebhookRequest");

export const ChangeWebhookRequest = z
  .strictObject({
    url: url.optional(),
    kinds: kinds.optional(),
    state: z.enum(["active", "disabled"]).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, { message: "must change something" })
  .openapi("ChangeWebhookRequest");

export const ReplayRangeRequest = z
  .strictObject({
    from: z.iso.datetime({ offset: true }).openapi({ example: "2026-11-21T00:00:00Z" }),
    to: z.iso.datetime({ offset: true }).openapi({ example: "2026-11-22T00:00:00Z" }),
    all: z.boolean().default(false).openapi({
      description: "Also what was delivered. Default: what failed or was missed.",
    }),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ["to"],
    message: "must be after `from`",
  })
  .openapi("ReplayRangeRequest");

export const DeliveriesQuery = KeysetQuery.extend({ state: z.enum(DELIVERY_STATES).optional() });

export const WebhookShape = z
  .object({
    id: z.uuid(),
    url: z.string(),
    kinds: z.array(kind),
    state: z.enum(["active", "disabled"]),
    disabledReason: z
      .string()
      .nullable()
      .openapi({ description: "by-person, gone (it answered 410) or failing (for five days)." }),
    failingSince: date.nullable(),
    lastSuccessAt: date.nullable(),
    previousSecretUntil: date.nullable(),
    createdAt: date,
  })
  .openapi("Webhook", { description: "The secret was shown once, and is stored sealed." });

export const AddedWebhookShape = WebhookShape.extend({
  secret: z.string().openapi({ description: "Shown this once.", example: "whsec_…" }),
}).openapi("AddedWebhook");

export const WebhooksShape = z.object({ webhooks: z.array(WebhookShape) });

export const RotatedSecretShape = z.object({
  secret: z.string().openapi({ description: "Shown this once.", example: "whsec_…" }),
  previousUntil: date.openapi({ description: "Until then the secret before signs too." }),
});

export const DeliveryShape = z
  .object({
    id: z.uuid().openapi({ description: "The webhook-id, the same at every attempt." }),
    kind: z.string(),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int(),
    nextAttemptAt: date.nullable(),
    happenedAt: date,
    createdAt: date,
    settledAt: date.nullable(),
  })
  .openapi("WebhookDelivery");

export const DeliveriesShape = z.object({ deliveries: z.array(DeliveryShape), next: nextShape });

export const DeliveryWithAttemptsShape = DeliveryShape.extend({
  log: z.array(
    z.object({
      attempt: z.int(),
      attemptedAt: date,
      durationMs: z.int(),
      status: z.int().nullable().openapi({ description: "Of HTTP; null: no answer." }),
      error: z.string().nullable(),
      response: z.string().nullable().openapi({ description: "The first 500 bytes." }),
    }),
  ),
}).openapi("WebhookDeliveryWithAttempts");

export const QueuedDeliveryShape = z.object({ deliveryId: z.uuid() });
export const ReplayedShape = z.object({
  pending: z.int().openapi({ description: "Deliveries that are sent now." }),
});
