import { OpenAPIRegistry, OpenApiGeneratorV31 } from "@asteasolutions/zod-to-openapi";
import { Router } from "express";
import { z } from "zod";
import { ACCESS_ADMIN_OPERATIONS } from "./access/admin-operations.ts";
import { describeOperations } from "./access/describe-operations.ts";
import { describeAccess } from "./access/openapi-access.ts";
import { withTags } from "./api-tags.ts";
import { EXPERIMENT_OPERATIONS } from "./assistant-experiments/openapi.ts";
import { CAMPAIGN_OPERATIONS } from "./campaigns/openapi.ts";
import { CONTACT_OPERATIONS } from "./contacts/openapi.ts";
import {
  AskRequest,
  AskResponse,
  ChatMessageAccepted,
  ChatMessageRequest,
  ProblemShape,
} from "./contract.ts";
import { CONVERSATION_OPERATIONS } from "./conversations/openapi.ts";
import { docsView } from "./docs-view.ts";
import { DOCUMENT_OPERATIONS } from "./documents/openapi.ts";
import { EDITION_PAGE_OPERATIONS } from "./edition-pages/openapi.ts";
import { EventKindShape } from "./events/contract.ts";
import { EventPayloads } from "./events/payloads.ts";
import { FEEDBACK_OPERATIONS } from "./feedback/openapi.ts";
import { GETTING_STARTED_OPERATIONS } from "./getting-started/openapi.ts";
import { html } from "./html.ts";
import { NOTICE_OPERATIONS } from "./notices.ts";
import { describeAssistants } from "./openapi-assistants.ts";
import { describeBots } from "./openapi-bots.ts";
import { OPERATIONS } from "./operations/openapi.ts";
import { PROMPT_OPERATIONS } from "./prompts/openapi.ts";
import { PUBLISHING_OPERATIONS } from "./publishing/openapi.ts";
import { sendSitePage } from "./site-page.ts";
import { SOURCE_OPERATIONS } from "./sources/openapi.ts";
import { SUBSCRIPTION_OPERATIONS } from "./subscriptions/openapi.ts";
import { VOICE_NOTE_OPERATIONS } from "./voice-notes/openapi.ts";
import { WEB_CHAT_OPERATIONS } from "./widget/openapi.ts";

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31["generateDocument"]>;

/** `openapi.json`, written from the schemas that check the requests, and a page to read it. */
export function openApiRoutes(options: {
  readonly version: string;
  readonly publicUrl: string | undefined;
}): Router {
  const document = describeApi(options);
  const page = docsView(document);
  const router = Router();
  router.get("/api/v1/openapi.json", (_request, response) => {
    response.setHeader("Cache-Control", "no-cache");
    response.json(document);
  });
  router.get("/api/docs", (_request, response) => {
    sendSitePage(response, {
      language: "en",
      title: "Pregonero API",
      layout: "wide",
      links: html`<link rel="stylesheet" href="/assets/site/api-docs.css">`,
      script: "api-docs.js",
      main: page,
    });
  });
  return router;
}

export function describeApi(options: {
  readonly version: string;
  readonly publicUrl: string | undefined;
}): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  const bearer = registry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key, made by `pregonero key add`.",
  });
  registry.registerComponent("securitySchemes", "visitor", {
    type: "apiKey",
    in: "cookie",
    name: "visitor-{botKey}",
    description:
      "Set by GET /chat/{botKey}; `__Host-` stands before the name over https, `embedded-` before `visitor` in frames on other sites.",
  });
  const json = <Schema extends z.ZodType>(schema: Schema) => ({
    content: { "application/json": { schema } },
  });
  const problem = (description: string) => ({
    description,
    content: { "application/problem+json": { schema: ProblemShape } },
  });
  const botKey = z.string().openapi({ param: { name: "botKey", in: "path" } });

  registry.registerPath({
    method: "post",
    path: "/api/v1/ask",
    operationId: "ask",
    summary: "Ask a question and get an answer with the pages cited",
    description:
      "Open and rate-limited on an installation with the sample data; elsewhere it needs an API key with scope `ask`.",
    security: [{}, { [bearer.name]: ["ask"] }],
    request: { body: { required: true, ...json(AskRequest) } },
    responses: {
      200: { description: "The answer, or that the gazette does not say.", ...json(AskResponse) },
      400: problem("The request is not valid; `fields` says where."),
      401: problem("An API key is needed."),
      403: problem("The API key has no scope `ask`."),
      413: problem("The body is larger than 1 MB."),
      415: problem("The body is not JSON."),
      429: problem("Too many requests; Retry-After says when to try again."),
      503: problem("The database is away or too many questions are being answered."),
      504: problem("No answer was ready in time."),
    },
  });
  registry.registerPath({
    method: "post",
    path: "/api/v1/chat/{botKey}/messages",
    operationId: "sendChatMessage",
    summary: "Say something in the web chat",
    description: "202 means stored. The same `clientMessageId` again is stored once.",
    security: [{ visitor: [] }],
    request: {
      params: z.object({ botKey }),
      body: { required: true, ...json(ChatMessageRequest) },
    },
    responses: {
      202: { description: "Stored; the reply comes as an event.", ...json(ChatMessageAccepted) },
      400: problem("The request is not valid; `fields` says where."),
      401: problem("The visitor's cookie is missing or not of this bot."),
      403: problem("The request comes from a page of another site."),
      404: problem("There is no such web chat."),
      413: problem("The body is larger than 1 MB."),
      415: problem("The body is not JSON."),
      429: problem("Too many messages; Retry-After says when to try again."),
      503: problem("The database is away: nothing was stored, send again."),
    },
  });
  registry.registerPath({
    method: "get",
    path: "/api/v1/chat/{botKey}/events",
    operationId: "followChat",
    summary: "Follow the conversation",
    description:
      "Server-sent events: `entry` (data `{id, at, part}`), `typing`, and `ready` once the past is told. Resumes after Last-Event-ID.",
    security: [{ visitor: [] }],
    request: { params: z.object({ botKey }) },
    responses: {
      200: {
        description: "The stream.",
        content: { "text/event-stream": { schema: { type: "string" } } },
      },
      401: problem("The visitor's cookie is missing or not of this bot."),
      403: problem("The request comes from a page of another site."),
      404: problem("There is no such web chat."),
      429: problem("Too many pages of this chat are open."),
      503: problem("Too many pages are open on this server."),
    },
  });
  registry.register("EventKind", EventKindShape);
  describeAssistants(registry, bearer.name);
  describeBots(registry, bearer.name);
  describeAccess(registry);
  describeOperations(registry, OPERATIONS);
  describeOperations(registry, ACCESS_ADMIN_OPERATIONS);
  describeOperations(registry, EXPERIMENT_OPERATIONS);
  registry.register("EventPayloads", EventPayloads);
  describeOperations(registry, NOTICE_OPERATIONS);
  describeOperations(registry, CONVERSATION_OPERATIONS);
  describeOperations(registry, CAMPAIGN_OPERATIONS);
  describeOperations(registry, DOCUMENT_OPERATIONS);
  describeOperations(registry, SOURCE_OPERATIONS);
  describeOperations(registry, PUBLISHING_OPERATIONS);
  describeOperations(registry, EDITION_PAGE_OPERATIONS);
  describeOperations(registry, PROMPT_OPERATIONS);
  describeOperations(registry, CONTACT_OPERATIONS);
  describeOperations(registry, FEEDBACK_OPERATIONS);
  describeOperations(registry, SUBSCRIPTION_OPERATIONS);
  describeOperations(registry, WEB_CHAT_OPERATIONS);
  describeOperations(registry, VOICE_NOTE_OPERATIONS);
  describeOperations(registry, GETTING_STARTED_OPERATIONS);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Pregonero",
      version: options.version,
      description:
        "Answers citizens' questions from the official gazette, with edition and page cited.",
      license: { name: "MIT" },
    },
    servers: [{ url: options.publicUrl ?? "/" }],
  });
  return withTags(document);
}
