import { readFileSync } from "node:fs";
import type { Request } from "express";
import { type Response, Router } from "express";
import { webChatTopic } from "../../bots/web-chat/web-chat-channel.ts";
import type { Acceptor } from "../core/acceptor.ts";
import type { AssistantAdmin } from "../core/assistant.ts";
import type { BotRegistry } from "../core/bot-registry.ts";
import type { BotAccount } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import type { FeedbackStore } from "../core/feedback.ts";
import { asId, type MessageId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { MediaFiles } from "../core/media-files.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import type { WebChatLog } from "../core/web-chat-log.ts";
import { looksOf } from "../core/web-chat-looks.ts";
import { ChatMessageRequest } from "./contract.ts";
import type { EventStreams } from "./event-streams.ts";
import { JudgeRequest } from "./feedback/contract.ts";
import { escapeHtml } from "./html.ts";
import { languageOf } from "./language-of.ts";
import { cleanText, parseInput } from "./parse-input.ts";
import { allowOnly, InvalidInput, notFound } from "./problem.ts";
import { callerOf, createRateLimit } from "./rate-limit.ts";
import { readJson } from "./read-body.ts";
import { requireSameOrigin } from "./same-origin.ts";
import type { VisitorCookie } from "./visitor-cookie.ts";
import { requireVisitor, storeMessage } from "./visitor-messages.ts";
import { avatarPathOf } from "./widget/avatar-path.ts";
import { allowFrames, isEmbedded } from "./widget/embedding.ts";
import { findWebChat } from "./widget/public-routes.ts";

export interface ChatPorts {
  readonly registry: BotRegistry;
  readonly acceptor: Acceptor;
  readonly webChatLog: WebChatLog;
  readonly feedback: Pick<FeedbackStore, "judge">;
  readonly assistants: Pick<AssistantAdmin, "list">;
  readonly liveEvents: LiveEvents;
  readonly streams: EventStreams;
  readonly visitors: VisitorCookie;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publicUrl: string | undefined;
  /** Undefined: nobody hears recordings, and the page offers none. */
  readonly voiceNotes: Pick<MediaFiles, "write"> | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** One person types less; one school or town hall behind one address may be many people. */
const MESSAGES_PER_VISITOR_PER_MINUTE = 20;
const MESSAGES_PER_CALLER_PER_MINUTE = 240;
const STREAMS_PER_CALLER_PER_MINUTE = 240;

export function chatRoutes(ports: ChatPorts): Router {
  const { visitors } = ports;
  const pageTemplate = readFileSync(
    new URL("../../bots/web-chat/page/index.html", import.meta.url),
    "utf8",
  );
  const perVisitor = createRateLimit("chat-per-visitor", MESSAGES_PER_VISITOR_PER_MINUTE, 60);
  const perCaller = createRateLimit("chat-per-caller", MESSAGES_PER_CALLER_PER_MINUTE, 60);
  const streamsPerCaller = createRateLimit(
    "chat-streams-per-caller",
    STREAMS_PER_CALLER_PER_MINUTE,
    60,
  );
  const welcomeOf = createWelcomes(ports);
  const router = Router();

  router
    .route("/chat/:botKey")
    .get(async (request, response) => {
      const bot = findBot(ports, request);
      const welcome = await welcomeOf(bot);
      if (ports.voiceNotes !== undefined) allowMicrophone(response);
      visitors.keep(request, response, bot, { isEmbedded: isEmbedded(request, bot) });
      allowFrames(response, bot);
      sendPage(response, pageTemplate, { bot, welcome, language: languageOf(request) });
    })
    .all(allowOnly("GET"));

  router
    .route("/api/v1/chat/:botKey/messages")
    .post(async (request, response) => {
      const bot = findBot(ports, request);
      requireSameOrigin(request, ports.publicUrl);
      const visitorId = requireVisitor(visitors, request, bot);
      await perCaller.take(callerOf(request), response);
      await perVisitor.take(`${bot.botId} ${visitorId}`, response);
      const message = parseInput(ChatMessageRequest, await readJson(request));
      const accepted = await acceptMessage(ports, bot, visitorId, message);
      response.setHeader("Cache-Control", "no-store");
      response.status(202).json(accepted);
    })
    .all(allowOnly("POST"));

  router
    .route("/api/v1/chat/:botKey/messages/:messageId/feedback")
    .post(async (request, response) => {
      const bot = findBot(ports, request);
      requireSameOrigin(request, ports.publicUrl);
      const visitorId = requireVisitor(visitors, request, bot);
      await perCaller.take(callerOf(request), response);
      await perVisitor.take(`${bot.botId} ${visitorId}`, response);
      const { vote, comment } = parseInput(JudgeRequest, await readJson(request));
      const said = comment === undefined ? undefined : cleanText(comment);
      const messageId = messageIn(request);
      const judged = await ports.feedback.judge(bot, visitorId, messageId, { vote, comment: said });
      if (judged === undefined) throw notFound("There is no such answer in this conversation.");
      response.setHeader("Cache-Control", "no-store");
      response.json({ messageId, vote });
    })
    .all(allowOnly("POST"));

  router
    .route("/api/v1/chat/:botKey/events")
    // Express would answer HEAD by GET: a stream without a body, and without an end.
    .head(allowOnly("GET"))
    .get(async (request, response) => {
      const bot = findBot(ports, request);
      requireSameOrigin(request, ports.publicUrl);
      const visitorId = requireVisitor(visitors, request, bot);
      await streamsPerCaller.take(callerOf(request), response);
      const topic = webChatTopic(bot.botId, visitorId);
      ports.streams.open({ bot, visitorId, topic }, lastEventId(request), response);
    })
    .all(allowOnly("GET"));
  return router;
}

async function acceptMessage(
  ports: ChatPorts,
  bot: BotAccount,
  visitorId: string,
  request: ReturnType<typeof ChatMessageRequest.parse>,
): Promise<{ messageId: string; isDuplicate: boolean }> {
  const { clientMessageId, language } = request;
  const text = request.text === undefined ? undefined : cleanText(request.text);
  if (text === "") throw new InvalidInput([{ field: "text", problem: "contains no text" }]);
  const said = text === undefined ? { button: request.button ?? "" } : { text };
  const message = { clientMessageId, said, ...(language === undefined ? {} : { language }) };
  const shown = { text: text ?? request.label ?? request.button ?? "" };
  return storeMessage(ports, { bot, visitorId, message, shown });
}

function findBot({ registry }: ChatPorts, request: Request): BotAccount {
  return findWebChat(registry, request);
}

/** What the page shows before the first message; what is absent is the page's own. */
interface Welcome {
  readonly greeting: string;
  readonly questions: readonly string[];
  /** A person can be asked for. */
  readonly hasDesk: boolean;
  /** What is said aloud is heard. */
  readonly hearsVoice: boolean;
}

/** What the assistant says of itself. */
type Introduction = Pick<Welcome, "greeting" | "hasDesk">;

/** A page that waits for the database longer than this opens without it. */
const INTRODUCTION_MS = 5_000;
/** Of bots; the oldest are forgotten. */
const MAX_INTRODUCTIONS = 1_000;

/**
 * Reads the assistant for each page. While the database is away, the page opens with what was read last, else with our
 * own words: what the visitor writes is kept in the browser until it can be stored.
 */
function createWelcomes({
  assistants,
  voiceNotes,
  logger,
}: ChatPorts): (bot: BotAccount) => Promise<Welcome> {
  const hearsVoice = voiceNotes !== undefined;
  const known = new Map<string, Introduction>();

  async function read(bot: BotAccount): Promise<Introduction> {
    const all = await assistants.list(bot.tenantId);
    const assistant =
      all.find(({ bots }) => bots.includes(bot.botId)) ?? all.find(({ isDefault }) => isDefault);
    const introduction = {
      greeting: assistant?.greeting ?? "",
      hasDesk: assistant?.handOver.isOff !== true,
    };
    known.delete(bot.botId);
    known.set(bot.botId, introduction);
    const [oldest] = known.keys();
    if (known.size > MAX_INTRODUCTIONS && oldest !== undefined) known.delete(oldest);
    return introduction;
  }

  return async (bot) => {
    const { greeting, questions } = looksOf(bot);
    const introduction = await withinTime(read(bot), INTRODUCTION_MS).catch((error: unknown) => {
      logger.warn("chat-opened-without-assistant", { botId: bot.botId, error });
      return known.get(bot.botId) ?? { greeting: "", hasDesk: true };
    });
    return { ...introduction, greeting: greeting || introduction.greeting, questions, hearsVoice };
  };
}

/** Rejects when it takes longer; what comes later is of no use to anybody. */
async function withinTime<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not read within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** For voice notes: on this page alone; in a frame, where the site that holds it gives its own (`allow`). */
function allowMicrophone(response: Response): void {
  const policy = String(response.getHeader("Permissions-Policy"));
  response.setHeader("Permissions-Policy", policy.replace("microphone=()", "microphone=(self)"));
}

/** What is no id is no answer's. */
function messageIn(request: Request): MessageId {
  const given = String(request.params.messageId).toLowerCase();
  if (!UUID.test(given)) throw notFound("There is no such answer in this conversation.");
  return asId(given);
}

/** The header is the browser's own; the parameter is for a page that opens a fresh connection. */
function lastEventId(request: Request): number {
  const value = request.headers["last-event-id"] ?? request.query.after ?? "0";
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : 0;
}

function sendPage(
  response: Response,
  template: string,
  page: { readonly bot: BotAccount; readonly welcome: Welcome; readonly language: string },
): void {
  const { bot, welcome, language } = page;
  const base = `/chat/${encodeURIComponent(bot.botKey)}`;
  const isDressed = looksOf(bot).colour !== undefined;
  const avatar = avatarPathOf(bot);
  const values: Readonly<Record<string, string>> = {
    base,
    botName: bot.name,
    icon: avatar ?? (isDressed ? `${base}/avatar.svg` : "/assets/site/icon.svg"),
    iconKind: avatar === undefined ? "drawn" : "photo",
    welcome: JSON.stringify(welcome),
  };
  // In one pass: a name is never looked through for places again.
  const markup = template
    .replace('<html lang="es">', `<html lang="${language}">`)
    .replace(/\{\{(\w+)\}\}/g, (_, place: string) => escapeHtml(values[place] ?? ""));
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Vary", "Accept-Language");
  response.type("html").send(markup);
}
