import type { Operations } from "../access/describe-operations.ts";
import {
  AnalyticsQuery,
  AnalyticsShape,
  PlatformAnalyticsQuery,
  PlatformAnalyticsShape,
  PlatformTableQuery,
  TopActsQuery,
  TopActsShape,
  TopQuestionsQuery,
  TopQuestionsShape,
} from "./contract.ts";

const invalid = { 400: "The query is not valid; `fields` says where." };

export const ANALYTICS_OPERATIONS: Operations = {
  "GET /api/v1/analytics": {
    id: "getAnalytics",
    summary: "Messages, answers, abstentions, thumbs, answer times and cost, by day and bot",
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
  "GET /api/v1/analytics/acts": {
    id: "listTopActs",
    summary: "The acts that answers rest on, the most cited first",
    query: TopActsQuery,
    gives: TopActsShape,
    otherwise: invalid,
  },
  "GET /api/v1/analytics/acts.csv": {
    id: "exportTopActs",
    summary: "As above, for spreadsheets",
    query: TopActsQuery,
    media: "text/csv",
    otherwise: invalid,
  },
  "GET /api/v1/analytics/questions": {
    id: "listTopQuestions",
    summary: "What is asked most, grouped by meaning",
    description:
      "Only what five different people asked within these days, with what few of them wrote left out. Grouped anew every six hours.",
    query: TopQuestionsQuery,
    gives: TopQuestionsShape,
    otherwise: invalid,
  },
  "GET /api/v1/analytics/questions.csv": {
    id: "exportTopQuestions",
    summary: "As above, for spreadsheets",
    query: TopQuestionsQuery,
    media: "text/csv",
    otherwise: invalid,
  },
  "GET /api/v1/platform/analytics": {
    id: "listTenantAnalytics",
    summary: "The figures of every tenant, and of all together",
    description: "Counts alone. Days are each tenant's own.",
    query: PlatformAnalyticsQuery,
    gives: PlatformAnalyticsShape,
    otherwise: invalid,
  },
  "GET /api/v1/platform/analytics.csv": {
    id: "exportTenantAnalytics",
    summary: "As above, for spreadsheets",
    query: PlatformTableQuery,
    media: "text/csv",
    otherwise: invalid,
  },
};
