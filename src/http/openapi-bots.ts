import type { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { BOTS_SCOPE } from "./bots.ts";
import {
  AddBotRequest,
  AddedBotShape,
  BotShape,
  SessionAnswerShape,
  SessionLinkShape,
  SessionRequestShape,
  SessionViewShape,
} from "./bots-contract.ts";
import { ProblemShape } from "./contract.ts";

/** The part of the API's description that tells of bots and their sessions. */
export function describeBots(registry: OpenAPIRegistry, bearer: string): void {
  const security = [{ [bearer]: [BOTS_SCOPE] }];
  const bot = z.object({ botId: z.string().openapi({ param: { name: "botId", in: "path" } }) });
  const refused = {
    401: problem("An API key is needed."),
    403: problem(`The API key has no scope \`${BOTS_SCOPE}\`.`),
    429: problem("Too many requests; Retry-After says when to try again."),
  };
  const unknown = { 404: problem("There is no such bot.") };
  const invalid = { 400: problem("The request is not valid; `fields` says where.") };
  const unattended = { 409: problem("The bot has no session, or no process holds it.") };

  registry.registerPath({
    method: "get",
    path: "/api/v1/bots",
    operationId: "listBots",
    summary: "The bots that people write to, with the state of each session",
    security,
    responses: {
      200: { description: "All of them.", ...json(z.object({ bots: z.array(BotShape) })) },
      ...refused,
    },
  });
  registry.registerPath({
    method: "post",
    path: "/api/v1/bots",
    operationId: "addBot",
    summary: "Connect a bot",
    description:
      "Secrets are checked at the network, stored encrypted and never shown again. An account of WhatsApp Web is linked afterwards, with the code of its session.",
    security,
    request: { body: { required: true, ...json(AddBotRequest) } },
    responses: {
      201: { description: "It is added.", ...json(AddedBotShape) },
      409: problem("The account is already connected."),
      ...invalid,
      ...refused,
    },
  });
  registry.registerPath({
    method: "delete",
    path: "/api/v1/bots/{botId}",
    operationId: "removeBot",
    summary: "Disconnect a bot",
    security,
    request: { params: bot },
    responses: { 204: { description: "It is removed." }, ...unknown, ...refused },
  });
  registry.registerPath({
    method: "get",
    path: "/api/v1/bots/{botId}/session",
    operationId: "getBotSession",
    summary: "The state of a session, what it was seen by, and what a person must do",
    security,
    request: { params: bot },
    responses: {
      200: { description: "Its state.", ...json(SessionViewShape) },
      ...unknown,
      ...unattended,
      ...refused,
    },
  });
  registry.registerPath({
    method: "post",
    path: "/api/v1/bots/{botId}/session/requests",
    operationId: "askSession",
    summary: "Restart, resume, stop, use here, log out, or a pairing code",
    description: "Answered when its process has done it, within a minute. Audited.",
    security,
    request: { params: bot, body: { required: true, ...json(SessionRequestShape) } },
    responses: {
      200: { description: "What came of it.", ...json(SessionAnswerShape) },
      ...invalid,
      ...unknown,
      ...unattended,
      ...refused,
    },
  });
  registry.registerPath({
    method: "post",
    path: "/api/v1/bots/{botId}/session/links",
    operationId: "linkSession",
    summary: "A page for the person who links the phone",
    description: "For a quarter of an hour; whoever has the address can link. Audited.",
    security,
    request: { params: bot },
    responses: {
      201: { description: "Its address.", ...json(SessionLinkShape) },
      ...unknown,
      ...unattended,
      ...refused,
    },
  });
  describePictures(registry, { security, bot, refused });
}

function describePictures(
  registry: OpenAPIRegistry,
  {
    security,
    bot,
    refused,
  }: {
    readonly security: { [scheme: string]: string[] }[];
    readonly bot: z.ZodObject;
    readonly refused: Record<number, ReturnType<typeof problem>>;
  },
): void {
  const picture = (description: string) => ({
    description,
    content: { "image/png": { schema: { type: "string" as const, format: "binary" } } },
  });
  registry.registerPath({
    method: "get",
    path: "/api/v1/bots/{botId}/picture",
    operationId: "getBotPicture",
    summary: "The picture that people see beside the bot's name",
    description: "As the network shows it now. Of Telegram alone.",
    security,
    request: { params: bot },
    responses: {
      200: {
        description: "The picture.",
        content: { "image/jpeg": { schema: { type: "string", format: "binary" } } },
      },
      204: { description: "It has none." },
      404: problem("There is no such bot."),
      ...refused,
    },
  });
  registry.registerPath({
    method: "get",
    path: "/api/v1/bots/{botId}/session/qr.png",
    operationId: "getSessionQr",
    summary: "The QR code that links the phone",
    description: "It lasts 20 to 60 seconds. Whoever sees it can link the account.",
    security,
    request: { params: bot },
    responses: {
      200: picture("The code."),
      404: problem("There is no such bot, or it shows no code."),
      ...refused,
    },
  });
  registry.registerPath({
    method: "get",
    path: "/api/v1/bots/{botId}/session/screenshot.png",
    operationId: "getSessionScreenshot",
    summary: "What the session's page shows",
    description: "Text and names are blacked out, unless `redacted=false`. Audited.",
    security,
    request: {
      params: bot,
      query: z.object({
        redacted: z.enum(["true", "false"]).optional(),
      }),
    },
    responses: {
      200: picture("The page."),
      404: problem("There is no such bot, or no picture could be taken."),
      409: problem("The bot has no session, or no process holds it."),
      ...refused,
    },
  });
}

function json<Schema extends z.ZodType>(schema: Schema) {
  return { content: { "application/json": { schema } } };
}

function problem(description: string) {
  return { description, content: { "application/problem+json": { schema: ProblemShape } } };
}
