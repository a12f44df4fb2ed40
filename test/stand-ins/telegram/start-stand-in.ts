import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type CallRecord, createCallAnswerer, write } from "./answer-call.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createLimits } from "./limits.ts";
import { findMethod, type MethodContext } from "./methods.ts";
import { Parameters } from "./parameters.ts";
import {
  createGroup,
  createUser,
  resolveBot,
  type StandInGroup,
  type StandInUser,
} from "./people.ts";
import { serveFile } from "./serve-file.ts";
import { type ApiUpdate, type FeedOptions, UpdateFeed } from "./update-feed.ts";
import { createWorld, type SentMessage, type StandInBot } from "./world.ts";

export type { CallRecord } from "./answer-call.ts";
export type { StandInGroup, StandInUser } from "./people.ts";
export type { SentMessage, StandInBot } from "./world.ts";

export interface StandInOptions extends Partial<Omit<FeedOptions, "onWebhookReply">> {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Whether 429 follows on too many messages; false by default, benchmarks and bursts would stumble over it. */
  readonly limits?: boolean;
  /** Sent messages and calls that are remembered at least; 20,000 by default. */
  readonly historyLimit?: number;
  /** Answers what is not a Bot API call; true when it did. */
  readonly otherRoutes?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A Bot API server in this process, with people to talk to its bots. */
export interface TelegramStandIn {
  /** For `TELEGRAM_API_ROOT`. */
  readonly apiRoot: string;
  readonly faults: Faults;
  /** `sent` (SentMessage), `said` ({chatId, userId, content}), `typing` ({chatId, botId, untilMs}), `call` (CallRecord). */
  readonly events: EventEmitter;
  /** Registers a bot; without a token one is made. */
  addBot(
    token?: string,
    options?: { username?: string; name?: string; picture?: Uint8Array },
  ): StandInBot;
  /** Makes the token invalid, as @BotFather's /revoke. */
  revoke(bot: StandInBot): void;
  user(id: number, options?: { firstName?: string; languageCode?: string }): StandInUser;
  group(id: number, options?: { title?: string; type?: "group" | "supergroup" }): StandInGroup;
  /** What bots sent and Telegram accepted, oldest first. */
  sent(chatId?: number): readonly SentMessage[];
  calls(method?: string): readonly CallRecord[];
  /** Resolves with the first message of the chat, already sent or to come, that the predicate takes. */
  waitForMessage(
    chatId: number,
    accepts?: (message: SentMessage) => boolean,
    timeoutMs?: number,
  ): Promise<SentMessage>;
  waitForCall(
    method: string,
    accepts?: (call: CallRecord) => boolean,
    timeoutMs?: number,
  ): Promise<CallRecord>;
  isTyping(chatId: number): boolean;
  isCallbackAnswered(callbackId: string): boolean;
  /**
   * Holds a file that a person sends by its `file_id`. `statedBytes` is what getFile says of its size, `null` for
   * nothing; `path` is where it is given out.
   */
  addFile(
    fileId: string,
    bytes: Uint8Array,
    told?: { statedBytes?: number | null; path?: string },
  ): void;
  /** Queues an update as it is: repetitions, oddities. */
  pushUpdate(chatId: number, update: ApiUpdate, bot?: StandInBot): void;
  /** Resolves when the bot's updates are all confirmed or given up. */
  whenDelivered(bot?: StandInBot): Promise<void>;
  /** Deliveries to the webhook (repetitions included) and updates given up. */
  deliveryCounts(bot?: StandInBot): { readonly deliveries: number; readonly dropped: number };
  commandsOf(languageCode: string, bot?: StandInBot): readonly unknown[];
  close(): Promise<void>;
}

const CALL_PATH = /^\/bot([^/?]+)\/([^/?]+)\/?(?:\?(.*))?$/;

export async function startTelegramStandIn(options: StandInOptions = {}): Promise<TelegramStandIn> {
  const world = createWorld();
  const faults = createFaults();
  const events = new EventEmitter().setMaxListeners(0);
  const calls: CallRecord[] = [];
  const sockets = new Set<Socket>();
  const now = options.now ?? Date.now;
  const limits = createLimits(now);
  const historyLimit = options.historyLimit ?? 20_000;

  const addFile: TelegramStandIn["addFile"] = (
    fileId,
    bytes,
    { statedBytes = bytes.byteLength, path = `voice/${fileId}.oga` } = {},
  ) => {
    world.files.set(fileId, {
      bytes: Buffer.from(bytes),
      statedBytes: statedBytes ?? undefined,
      path,
    });
  };
  const remember = <T>(list: T[], item: T) => {
    list.push(item);
    if (list.length > 2 * historyLimit) list.splice(0, historyLimit);
  };
  const context = (onHangUp: MethodContext["onHangUp"]): MethodContext => ({
    world,
    now,
    onHangUp,
    spend: (botId, chatId) => options.limits === true && limits.spend(botId, chatId),
    onSent(message) {
      remember(world.sent, message);
      events.emit("sent", message);
    },
    onTyping: (chat, bot, untilMs) =>
      events.emit("typing", { chatId: chat.id, botId: bot.id, untilMs }),
  });

  const answerCall = createCallAnswerer({
    world,
    faults,
    now,
    context,
    onCall(call) {
      remember(calls, call);
      events.emit("call", call);
    },
  });
  const server = createServer((request, response) => {
    const match = CALL_PATH.exec(request.url ?? "");
    if (match === null) {
      if (serveFile(world, faults, request, response)) return;
      if (options.otherRoutes?.(request, response) === true) return;
      write(response, 404, { ok: false, error_code: 404, description: "Not Found" });
      return;
    }
    answerCall(request, response, match).catch((error: unknown) => {
      events.emit("fault", error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 75_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });

  const people = {
    world,
    now,
    onSaid(chatId: number, userId: number, content: object) {
      limits.hear(chatId);
      events.emit("said", { chatId, userId, content });
    },
  };
  const stateOf = (bot?: StandInBot) => resolveBot(world, bot);
  const isSameMethod = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

  return {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    events,
    addBot(given, { username, name, picture } = {}) {
      const id = given === undefined ? 7_000_000 + world.nextId++ : Number(given.split(":")[0]);
      const token = given ?? `${id}:stand-in-${id}-${"x".repeat(20)}`;
      const bot: StandInBot = {
        token,
        id,
        username: username ?? `bot${id}_bot`,
        name: name ?? `Bot ${id}`,
      };
      const feed = new UpdateFeed(
        {
          webhookTimeoutMs: options.webhookTimeoutMs ?? 60_000,
          webhookRetryBaseMs: options.webhookRetryBaseMs ?? 50,
          webhookRetryMaxMs: options.webhookRetryMaxMs ?? 5_000,
          webhookMaxAttempts: options.webhookMaxAttempts ?? 1_000,
          now,
          onWebhookReply(body) {
            const run = findMethod(String(body.method));
            const state = world.bots.get(token);
            if (run === undefined || state === undefined) return;
            // Telegram gives no answer to a call made this way, so its refusal goes nowhere.
            void Promise.resolve()
              .then(() =>
                run(
                  state,
                  new Parameters(body),
                  context(() => undefined),
                ),
              )
              .catch(() => undefined);
          },
        },
        id * 1_000,
      );
      const pictureId = picture && `picture-${id}`;
      world.bots.set(token, { ...bot, feed, commands: new Map(), pictureId });
      if (pictureId !== undefined && picture !== undefined) addFile(pictureId, picture);
      return bot;
    },
    revoke(bot) {
      world.bots.get(bot.token)?.feed.close();
      world.bots.delete(bot.token);
    },
    user: (id, who) => createUser(people, id, who),
    group: (id, which) => createGroup(people, id, which),
    sent: (chatId) =>
      world.sent.filter((message) => chatId === undefined || message.chatId === chatId),
    calls: (method) =>
      calls.filter((call) => method === undefined || isSameMethod(call.method, method)),
    waitForMessage(chatId, accepts = () => true, timeoutMs = 30_000) {
      const fits = (message: SentMessage) => message.chatId === chatId && accepts(message);
      return waitFor(
        events,
        "sent",
        world.sent.find(fits),
        fits,
        timeoutMs,
        `a message in chat ${chatId}`,
      );
    },
    waitForCall(method, accepts = () => true, timeoutMs = 30_000) {
      const fits = (call: CallRecord) => isSameMethod(call.method, method) && accepts(call);
      return waitFor(events, "call", calls.find(fits), fits, timeoutMs, `a call of ${method}`);
    },
    isTyping: (chatId) =>
      [...(world.chats.get(chatId)?.typingUntilMs.values() ?? [])].some((until) => until > now()),
    isCallbackAnswered: (callbackId) => world.callbacks.get(callbackId)?.isAnswered === true,
    addFile,
    pushUpdate: (chatId, update, bot) => stateOf(bot).feed.inject(chatId, update),
    whenDelivered: (bot) => stateOf(bot).feed.whenIdle(),
    deliveryCounts(bot) {
      const { deliveries, dropped } = stateOf(bot).feed;
      return { deliveries, dropped };
    },
    commandsOf: (languageCode, bot) => stateOf(bot).commands.get(languageCode) ?? [],
    async close() {
      for (const bot of world.bots.values()) bot.feed.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function waitFor<T>(
  events: EventEmitter,
  name: string,
  known: T | undefined,
  fits: (item: T) => boolean,
  timeoutMs: number,
  what: string,
): Promise<T> {
  if (known !== undefined) return Promise.resolve(known);
  return new Promise((resolve, reject) => {
    const listener = (item: T) => {
      if (!fits(item)) return;
      clearTimeout(timer);
      events.off(name, listener);
      resolve(item);
    };
    const timer = setTimeout(() => {
      events.off(name, listener);
      reject(new Error(`The stand-in waited ${timeoutMs} ms for ${what}`));
    }, timeoutMs);
    events.on(name, listener);
  });
}
