import { IF_MATCH, ONCE, type Operations } from "../access/describe-operations.ts";
import {
  ApprovalRequest,
  ComparisonQuery,
  ComparisonShape,
  EstimateShape,
  PagesShape,
  PromptPause,
  PromptRequest,
  PromptShape,
  PromptsShape,
  RejectionRequest,
  RunRequest,
  RunShape,
  RunsQuery,
  RunsShape,
  StatementsRequest,
  VersionsShape,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; the detail says what." };
const unknown = { 404: "There is no such prompt, or not of yours." };
const unknownRun = { 404: "There is no such run, or not of yours." };
const stale = {
  412: "Somebody changed it since it was read.",
  428: "Send the ETag that you read as If-Match.",
};
const notSo = { 409: "The run stands so that this cannot be done; the detail says when it can." };

/** The part of the API's description that tells of prompts and their runs. */
export const PROMPT_OPERATIONS: Operations = {
  "GET /api/v1/prompts": {
    id: "listPrompts",
    summary: "Prompts by name, each with its newest version",
    gives: PromptsShape,
  },
  "POST /api/v1/prompts": {
    id: "addPrompt",
    summary: "Add a prompt that sums editions up",
    description: "Every new edition of its sources is read whole, from now on.",
    headers: ONCE,
    takes: PromptRequest,
    gives: PromptShape,
    status: 201,
    otherwise: { ...invalid, 409: "There is one of this name." },
  },
  "GET /api/v1/prompts/:promptId": {
    id: "getPrompt",
    summary: "One prompt",
    gives: PromptShape,
    otherwise: unknown,
  },
  "PUT /api/v1/prompts/:promptId": {
    id: "changePrompt",
    summary: "Change a prompt: other settings are another version, and older ones stay",
    headers: IF_MATCH,
    takes: PromptRequest,
    gives: PromptShape,
    otherwise: { ...invalid, ...unknown, 409: "There is one of this name.", ...stale },
  },
  "PATCH /api/v1/prompts/:promptId": {
    id: "pausePrompt",
    summary: "Pause a prompt, or resume it",
    description: "What comes in while it is paused is not read by itself.",
    takes: PromptPause,
    gives: PromptShape,
    otherwise: { ...invalid, ...unknown },
  },
  "DELETE /api/v1/prompts/:promptId": {
    id: "removePrompt",
    summary: "Remove a prompt; its runs stay",
    otherwise: unknown,
  },
  "GET /api/v1/prompts/:promptId/versions": {
    id: "listPromptVersions",
    summary: "All versions, newest first",
    gives: VersionsShape,
    otherwise: unknown,
  },
  "POST /api/v1/prompts/:promptId/estimate": {
    id: "estimatePromptRun",
    summary: "What a run would read, and about what it would cost",
    takes: RunRequest,
    gives: EstimateShape,
    otherwise: { ...invalid, ...unknown },
  },
  "POST /api/v1/prompts/:promptId/runs": {
    id: "runPrompt",
    summary: "Run a prompt by hand, of any version",
    headers: ONCE,
    takes: RunRequest,
    gives: RunShape,
    status: 202,
    otherwise: { ...invalid, ...unknown },
  },
  "GET /api/v1/prompt-runs": {
    id: "listPromptRuns",
    summary: "Runs, newest first",
    query: RunsQuery,
    gives: RunsShape,
    otherwise: invalid,
  },
  "GET /api/v1/prompt-runs/:runId": {
    id: "getPromptRun",
    summary: "One run: its statements with what they cite, what was dropped, pages read, cost",
    gives: RunShape,
    otherwise: unknownRun,
  },
  "GET /api/v1/prompt-runs/:runId/pages": {
    id: "listPromptRunPages",
    summary: "The page ledger: which pages were read",
    gives: PagesShape,
    otherwise: unknownRun,
  },
  "GET /api/v1/prompt-runs/:runId/comparison": {
    id: "comparePromptRuns",
    summary: "Two runs side by side",
    description: "Of two versions over the same edition, as a rule.",
    query: ComparisonQuery,
    gives: ComparisonShape,
    otherwise: { ...invalid, ...unknownRun },
  },
  "PUT /api/v1/prompt-runs/:runId/statements": {
    id: "editPromptRun",
    summary: "Edit what waits for review",
    description: "Each statement is checked again; what its passages do not say is marked.",
    headers: IF_MATCH,
    takes: StatementsRequest,
    gives: RunShape,
    otherwise: { ...invalid, ...unknownRun, ...notSo, ...stale },
  },
  "POST /api/v1/prompt-runs/:runId/approval": {
    id: "approvePromptRun",
    summary: "Approve what waits for review: it is frozen, and may be published",
    headers: IF_MATCH,
    takes: ApprovalRequest,
    gives: RunShape,
    otherwise: {
      ...invalid,
      ...unknownRun,
      409: "Statements are not supported and nobody confirms them, or the run does not wait for review.",
      ...stale,
    },
  },
  "POST /api/v1/prompt-runs/:runId/rejection": {
    id: "rejectPromptRun",
    summary: "Reject a run, with the reason",
    headers: IF_MATCH,
    takes: RejectionRequest,
    gives: RunShape,
    otherwise: { ...invalid, ...unknownRun, ...notSo, ...stale },
  },
  "POST /api/v1/prompt-runs/:runId/cancellation": {
    id: "cancelPromptRun",
    summary: "Stop a run",
    gives: RunShape,
    otherwise: { ...unknownRun, ...notSo },
  },
  "POST /api/v1/prompt-runs/:runId/retry": {
    id: "retryPromptRun",
    summary: "Have a held or failed run go on",
    description: "What was read stays read, and is not paid for again.",
    gives: RunShape,
    otherwise: { ...unknownRun, ...notSo },
  },
};
