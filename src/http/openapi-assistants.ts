import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { assistantDraft } from "../assistants/draft-schema.ts";
import { IF_MATCH } from "./access/describe-operations.ts";
import { ASSISTANTS_SCOPE } from "./assistants.ts";
import {
  AssistantShape,
  AssistantTrialShape,
  AssistantVersionShape,
  BudgetsShape,
  ModelStateShape,
  ProblemShape,
  SetBudgetRequest,
  TryAssistantRequest,
  UseAssistantRequest,
} from "./contract.ts";

/** The part of the API's description that tells of assistants and their models. */
export function describeAssistants(registry: OpenAPIRegistry, bearer: string): void {
  const json = <Schema extends z.ZodType>(schema: Schema) => ({
    content: { "application/json": { schema } },
  });
  const problem = (description: string) => ({
    description,
    content: { "application/problem+json": { schema: ProblemShape } },
  });
  const parameter = (name: string) => z.string().openapi({ param: { name, in: "path" } });
  const security = [{ [bearer]: [ASSISTANTS_SCOPE] }];
  const refused = {
    401: problem("An API key is needed."),
    403: problem(`The API key has no scope \`${ASSISTANTS_SCOPE}\`.`),
    429: problem("Too many requests; Retry-After says when to try again."),
  };
  const invalid = problem("The request is not valid; the detail says what would be.");
  const unknown = problem("There is no such assistant or bot.");
  const named = z.object({ name: parameter("name") });
  const assistant = {
    description: "The assistant. No key is ever in it.",
    ...json(AssistantShape),
  };

  registry.registerPath({
    method: "get",
    path: "/api/v1/assistants",
    operationId: "listAssistants",
    summary: "How this tenant's bots answer",
    security,
    responses: {
      200: {
        description: "All of them.",
        ...json(z.object({ assistants: z.array(AssistantShape) })),
      },
      ...refused,
    },
  });
  registry.registerPath({
    method: "get",
    path: "/api/v1/assistants/{name}",
    operationId: "getAssistant",
    summary: "One assistant",
    security,
    request: { params: named },
    responses: { 200: assistant, 404: unknown, ...refused },
  });
  registry.registerPath({
    method: "put",
    path: "/api/v1/assistants/{name}",
    operationId: "saveAssistant",
    summary: "Make or replace an assistant",
    description:
      "What is absent takes its default. A key that was saved is kept when the same provider and baseUrl are saved without one; another baseUrl without its key has none. With `revision`, a change made since is not overwritten.",
    security,
    request: { params: named, body: { required: true, ...json(assistantDraft) } },
    responses: {
      200: assistant,
      400: invalid,
      409: problem("It was changed by somebody else meanwhile."),
      ...refused,
    },
  });
  registry.registerPath({
    method: "delete",
    path: "/api/v1/assistants/{name}",
    operationId: "removeAssistant",
    summary: "Remove an assistant",
    security,
    request: { params: named },
    responses: {
      204: { description: "It is removed." },
      404: unknown,
      409: problem("A bot still names it."),
      ...refused,
    },
  });
  const versioned = z.object({ name: parameter("name"), revision: parameter("revision") });
  const noVersion = problem("There is no such assistant, or it has no such version.");
  registry.registerPath({
    method: "get",
    path: "/api/v1/assistants/{name}/versions",
    operationId: "listAssistantVersions",
    summary: "What an assistant was: its newest hundred versions",
    security,
    request: { params: named },
    responses: {
      200: {
        description: "Newest first.",
        ...json(z.object({ versions: z.array(AssistantVersionShape) })),
      },
      404: unknown,
      ...refused,
    },
  });
  registry.registerPath({
    method: "get",
    path: "/api/v1/assistants/{name}/versions/{revision}",
    operationId: "getAssistantVersion",
    summary: "An assistant as it was at one revision",
    description:
      "Keys are not kept: `hasKey` tells whether the same provider and address have one now, which it would use.",
    security,
    request: { params: versioned },
    responses: { 200: assistant, 404: noVersion, ...refused },
  });
  registry.registerPath({
    method: "post",
    path: "/api/v1/assistants/{name}/versions/{revision}/restore",
    operationId: "restoreAssistantVersion",
    summary: "Save what an assistant was as its next version",
    description:
      "Takes the ETag of the assistant as it is now as If-Match. Nothing is lost: what was there stays among the versions.",
    security,
    request: { params: versioned, headers: z.object(IF_MATCH) },
    responses: {
      200: assistant,
      400: problem("It is not valid any more: a model or a set of documents is gone."),
      404: noVersion,
      412: problem("It was changed since it was read."),
      428: problem("If-Match is missing."),
      ...refused,
    },
  });
  registry.registerPath({
    method: "post",
    path: "/api/v1/assistants/{name}/trial",
    operationId: "tryAssistant",
    summary: "Ask an assistant one question, before anybody else does",
    description:
      "As it was saved, or as `draft` would have it answer. It reads what this tenant's bots may read, costs what an answer costs, and keeps no conversation.",
    security,
    request: { params: named, body: { required: true, ...json(TryAssistantRequest) } },
    responses: {
      200: { description: "The answer, and what it came from.", ...json(AssistantTrialShape) },
      400: invalid,
      404: unknown,
      ...refused,
      503: problem("The database is away or too many questions are being answered."),
      504: problem("No answer was ready in time."),
    },
  });
  registry.registerPath({
    method: "put",
    path: "/api/v1/bots/{botId}/assistant",
    operationId: "useAssistant",
    summary: "Say which assistant answers for a bot",
    security,
    request: {
      params: z.object({ botId: parameter("botId") }),
      body: { required: true, ...json(UseAssistantRequest) },
    },
    responses: { 204: { description: "Done." }, 400: invalid, 404: unknown, ...refused },
  });
  registry.registerPath({
    method: "get",
    path: "/api/v1/models",
    operationId: "listModels",
    summary: "State, cost and latency of every model that may be asked",
    security,
    responses: {
      200: {
        description: "Link by link, in the order in which they are tried.",
        ...json(z.object({ models: z.array(ModelStateShape) })),
      },
      ...refused,
    },
  });
  const budgets = { description: "Limits, and what is spent of them.", ...json(BudgetsShape) };
  registry.registerPath({
    method: "get",
    path: "/api/v1/budgets",
    operationId: "listBudgets",
    summary: "What models may cost, and what they did cost",
    security,
    responses: { 200: budgets, ...refused },
  });
  registry.registerPath({
    method: "put",
    path: "/api/v1/budgets/{period}",
    operationId: "setBudget",
    summary: "Set or remove one limit",
    description:
      "`period` is message, contact-day, day or month. Past a limit, answers are quotations.",
    security,
    request: {
      params: z.object({ period: parameter("period") }),
      body: { required: true, ...json(SetBudgetRequest) },
    },
    responses: { 200: budgets, 400: invalid, ...refused },
  });
}
