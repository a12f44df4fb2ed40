import type { Operations } from "../access/describe-operations.ts";
import { AnalyticsQuery, AnalyticsShape } from "./contract.ts";

const invalid = { 400: "The query is not valid; `fields` says where." };

export const ANALYTICS_OPERATIONS: Operations = {
  "GET /api/v1/analytics": {
    id: "getAnalytics",
    summary: "Messages, answers, abstentions, answer times and cost, by day and bot",
    description: "Counted a few seconds after they happen; days are the tenant's own.",
    query: AnalyticsQuery,
    gives: AnalyticsShape,
    otherwise: invalid,
  },
  "GET /api/v1/analytics.csv": {
    id: "exportAnalytics",
    summary: "As above, for spreadsheets",
    query: AnalyticsQuery,
    media: "text/csv",
    otherwise: invalid,
  },
};
