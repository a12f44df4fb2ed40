import type { Operations } from "../access/describe-operations.ts";
import {
  FeedbackQuery,
  FeedbackShape,
  FeedbackTableQuery,
  JudgedShape,
  JudgeRequest,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };

export const FEEDBACK_OPERATIONS: Operations = {
  "POST /api/v1/chat/:botKey/messages/:messageId/feedback": {
    id: "judgeAnswer",
    summary: "Say whether an answer helped, change that, or take it back",
    description:
      "`messageId` is that of the question. One judgement of each visitor on each answer: the same again changes nothing.",
    takes: JudgeRequest,
    gives: JudgedShape,
    otherwise: {
      ...invalid,
      401: "The visitor's cookie is missing or not of this bot.",
      403: "The request comes from a page of another site.",
      404: "There is no such answer in this conversation.",
      413: "The body is larger than 1 MB.",
      415: "The body is not JSON.",
      503: "The database is away: nothing was stored, send again.",
    },
  },
  "GET /api/v1/feedback": {
    id: "listFeedback",
    summary: "What citizens think of answers, the last first",
    description:
      "Question, answer and comment for owners, agents, viewers and API keys; editors see the judgements alone.",
    query: FeedbackQuery,
    gives: FeedbackShape,
    otherwise: invalid,
  },
  "GET /api/v1/feedback.csv": {
    id: "exportFeedback",
    summary: "As above, for spreadsheets: at most 10,000 lines",
    query: FeedbackTableQuery,
    media: "text/csv",
    otherwise: invalid,
  },
};
