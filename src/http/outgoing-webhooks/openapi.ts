import { IF_MATCH, ONCE, type Operations } from "../access/describe-operations.ts";
import {
  AddedWebhookShape,
  AddWebhookRequest,
  ChangeWebhookRequest,
  DeliveriesQuery,
  DeliveriesShape,
  DeliveryWithAttemptsShape,
  QueuedDeliveryShape,
  ReplayedShape,
  ReplayRangeRequest,
  RotatedSecretShape,
  WebhookShape,
  WebhooksShape,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };
const missing = { 404: "There is no such webhook." };
const noDelivery = { 404: "There is no such delivery." };

export const WEBHOOK_OPERATIONS: Operations = {
  "GET /api/v1/webhooks": {
    id: "listWebhooks",
    summary: "Programs of this tenant that events are posted to",
    gives: WebhooksShape,
  },
  "POST /api/v1/webhooks": {
    id: "addWebhook",
    summary: "Have events posted to a program; its secret is shown this once",
    description:
      "Signed as Standard Webhooks say; at least once, in no promised order, retried for three days (docs/webhooks.md).",
    headers: ONCE,
    takes: AddWebhookRequest,
    gives: AddedWebhookShape,
    status: 201,
    otherwise: { ...invalid, 409: "The tenant has as many webhooks as it may." },
  },
  "GET /api/v1/webhooks/:webhookId": {
    id: "getWebhook",
    summary: "One webhook, and how it does",
    gives: WebhookShape,
    otherwise: missing,
  },
  "PATCH /api/v1/webhooks/:webhookId": {
    id: "changeWebhook",
    summary: "Change where, what, or whether it is posted",
    headers: IF_MATCH,
    takes: ChangeWebhookRequest,
    gives: WebhookShape,
    otherwise: {
      ...invalid,
      ...missing,
      412: "Somebody changed it since.",
      428: "If-Match is missing.",
    },
  },
  "DELETE /api/v1/webhooks/:webhookId": {
    id: "removeWebhook",
    summary: "Remove a webhook with its deliveries",
    otherwise: missing,
  },
  "POST /api/v1/webhooks/:webhookId/secret": {
    id: "rotateWebhookSecret",
    summary: "A new secret; the one before signs besides it for 24 hours",
    gives: RotatedSecretShape,
    status: 201,
    otherwise: missing,
  },
  "POST /api/v1/webhooks/:webhookId/tests": {
    id: "testWebhook",
    summary: "Post a `webhook.test` now",
    headers: ONCE,
    gives: QueuedDeliveryShape,
    status: 202,
    otherwise: missing,
  },
  "POST /api/v1/webhooks/:webhookId/replays": {
    id: "replayWebhookRange",
    summary: "Post again what happened in a stretch of time",
    headers: ONCE,
    takes: ReplayRangeRequest,
    gives: ReplayedShape,
    status: 202,
    otherwise: { ...invalid, ...missing },
  },
  "GET /api/v1/webhooks/:webhookId/deliveries": {
    id: "listWebhookDeliveries",
    summary: "Deliveries of the last 30 days, newest first",
    query: DeliveriesQuery,
    gives: DeliveriesShape,
    otherwise: { ...invalid, ...missing },
  },
  "GET /api/v1/webhooks/:webhookId/deliveries/:deliveryId": {
    id: "getWebhookDelivery",
    summary: "One delivery with its attempts",
    gives: DeliveryWithAttemptsShape,
    otherwise: noDelivery,
  },
  "POST /api/v1/webhooks/:webhookId/deliveries/:deliveryId/replay": {
    id: "replayWebhookDelivery",
    summary: "Post one delivery again, under the same id",
    headers: ONCE,
    gives: QueuedDeliveryShape,
    status: 202,
    otherwise: noDelivery,
  },
};
