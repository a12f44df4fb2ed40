import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Schema } from "../../../client/index.ts";
import { GET } from "../api/api.ts";

export type Webhook = Schema<"Webhook">;
export type Delivery = Schema<"WebhookDelivery">;

/** As the API has them, by what they are about. */
export const WEBHOOK_KINDS = [
  "message-received",
  "message-answered",
  "message-failed",
  "delivery-changed",
  "feedback-given",
  "conversation-handed-over",
  "conversation-changed",
  "contact-changed",
  "contacts-imported",
  "campaign-changed",
  "document-changed",
  "source-changed",
  "edition-changed",
  "edition-alert",
  "prompt-changed",
  "prompt-run-changed",
  "publication-changed",
  "publication-published",
  "publishing-target-changed",
  "knowledge-set-changed",
  "assistant-changed",
  "bot-changed",
  "session-changed",
  "queue-changed",
  "dead-letter-changed",
  "switch-changed",
  "security-event",
  "announcement-changed",
  "member-changed",
  "api-key-changed",
  "tenant-changed",
  "balance-changed",
  "export-ready",
  "webhook-changed",
] as const satisfies Webhook["kinds"];
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

const PAGE = 20;
const LOOK_EVERY_MS = 5_000;

export function useWebhooks() {
  return useQuery({
    queryKey: ["webhooks"],
    queryFn: async () => (await GET("/api/v1/webhooks")).data.webhooks,
  });
}

export function useDeliveries(webhookId: string) {
  return useInfiniteQuery({
    queryKey: ["webhooks", webhookId, "deliveries"],
    refetchInterval: LOOK_EVERY_MS,
    queryFn: async ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      const params = { path: { webhookId }, query };
      return (await GET("/api/v1/webhooks/{webhookId}/deliveries", { params })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    select: ({ pages }) => pages.flatMap(({ deliveries }) => deliveries),
  });
}

export function useDelivery(webhookId: string, deliveryId: string) {
  return useQuery({
    queryKey: ["webhooks", webhookId, "delivery", deliveryId],
    queryFn: async () => {
      const params = { path: { webhookId, deliveryId } };
      return (await GET("/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}", { params })).data;
    },
  });
}
