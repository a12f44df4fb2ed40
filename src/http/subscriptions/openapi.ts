import type { Operations } from "../access/describe-operations.ts";
import {
  ContactSubscriptionsShape,
  NewsTemplatesShape,
  SubscriptionCountsShape,
} from "./contract.ts";

export const SUBSCRIPTION_OPERATIONS: Operations = {
  "GET /api/v1/subscriptions": {
    id: "countSubscriptions",
    summary: "How many subscriptions there are, and what came of alerts",
    gives: SubscriptionCountsShape,
  },
  "GET /api/v1/news-templates": {
    id: "listNewsTemplates",
    summary: "By which templates WhatsApp tells of alerts and digests",
    description:
      "Of those who wrote more than a day ago; without one they are told when they write.",
    gives: NewsTemplatesShape,
  },
  "PUT /api/v1/news-templates": {
    id: "setNewsTemplates",
    summary: "Set all of them at once",
    description: "What waits for a template goes within ten minutes.",
    takes: NewsTemplatesShape,
    gives: NewsTemplatesShape,
    otherwise: { 400: "The request is not valid; `fields` says where." },
  },
  "GET /api/v1/contacts/:contactId/subscriptions": {
    id: "listContactSubscriptions",
    summary: "What a contact wants to be told of",
    gives: ContactSubscriptionsShape,
    otherwise: { 404: "There is no such contact." },
  },
  "DELETE /api/v1/subscriptions/:subscriptionId": {
    id: "removeSubscription",
    summary: "Remove a subscription of a contact",
    description: "What waits to be told of it goes with it. The contact is told nothing.",
    otherwise: { 404: "There is no such subscription." },
  },
};
