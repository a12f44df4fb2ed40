import type { z } from "zod";
import type {
  WebhookAttempt,
  WebhookDelivery,
  WebhookEndpoint,
} from "../../core/outgoing-webhooks.ts";
import type { DeliveryShape, DeliveryWithAttemptsShape, WebhookShape } from "./contract.ts";

const iso = (date: Date | undefined) => date?.toISOString() ?? null;

export function toWebhook(endpoint: WebhookEndpoint): z.infer<typeof WebhookShape> {
  return {
    id: endpoint.endpointId,
    url: endpoint.url,
    kinds: [...endpoint.kinds],
    state: endpoint.state,
    disabledReason: endpoint.disabledReason ?? null,
    failingSince: iso(endpoint.failingSince),
    lastSuccessAt: iso(endpoint.lastSuccessAt),
    previousSecretUntil: iso(endpoint.previousSecretUntil),
    createdAt: endpoint.createdAt.toISOString(),
  };
}

export function toDelivery(delivery: WebhookDelivery): z.infer<typeof DeliveryShape> {
  return {
    id: delivery.deliveryId,
    kind: delivery.kind,
    state: delivery.state,
    attempts: delivery.attempts,
    nextAttemptAt: iso(delivery.nextAttemptAt),
    happenedAt: delivery.happenedAt.toISOString(),
    createdAt: delivery.createdAt.toISOString(),
    settledAt: iso(delivery.settledAt),
  };
}

export function toLog(
  attempts: readonly WebhookAttempt[],
): z.infer<typeof DeliveryWithAttemptsShape>["log"] {
  return attempts.map(({ attempt, attemptedAt, durationMs, status, error, response }) => ({
    attempt,
    attemptedAt: attemptedAt.toISOString(),
    durationMs,
    status: status ?? null,
    error: error ?? null,
    response: response ?? null,
  }));
}
