import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type CallRecord, createCallAnswerer, isGraphPath } from "./answer-call.ts";
import { type CallKind, createFaults, type Faults } from "./faults.ts";
import { createLimits } from "./limits.ts";
import { verifyCallback } from "./methods.ts";
import { createPerson, resolveNumber, type StandInPerson } from "./people.ts";
import { toStatus } from "./statuses.ts";
import { type FeedOptions, signBody, WebhookFeed } from "./webhook-feed.ts";
import {
  createWorld,
  type HeldMedia,
  type MessageStatus,
  type SentMessage,
  type StandInNumber,
  type Template,
} from "./world.ts";

export type { StandInPerson } from "./people.ts";
export type { SentMessage, StandInNumber } from "./world.ts";

export interface GraphStandInOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Whether 130429 and 131056 follow on too many messages; false by default. */
  readonly limits?: boolean;
  /** Milliseconds since 1970; moves the 24-hour window. */
  readonly now?: () => number;
  readonly webhooks?: Partial<FeedOptions>;
  /** What follows on each accepted message; `delivered` by default, `none` for no statuses at all. */
  readonly statuses?: "none" | "sent" | "delivered" | "read";
  /** Answers what is not Graph's; true when it did. */
  readonly otherRoutes?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A Graph API server in this process, with people to talk to its numbers. */
export interface GraphStandIn {
  /** For `WHATSAPP_GRAPH_URL`. */
  readonly graphUrl: string;
  readonly faults: Faults;
  /** `sent` (SentMessage), `status` (SentMessage), `said` ({phone, phoneNumberId, message}), `typing`, `call` (CallRecord), `connection`. */
  readonly events: EventEmitter;
  addNumber(options?: {
    readonly businessAccountId?: string;
    readonly level?: "STANDARD" | "HIGH";
    readonly isOnBusinessApp?: boolean;
    readonly templates?: readonly Template[];
  }): StandInNumber;
  /** Makes the token invalid. */
  revoke(number: StandInNumber): void;
  /** As a person does at Meta's page: asks the address, then delivers there. */
  pasteCallback(number: StandInNumber, url: string, verifyToken: string): Promise<void>;
  callbackOf(number: StandInNumber): string | undefined;
  /** `userId` null: webhooks name the person by the phone alone. */
  person(
    phone: string,
    options?: { name?: string; userId?: string | null; hidesPhone?: boolean },
  ): StandInPerson;
  /** What numbers sent and WhatsApp accepted, oldest first. */
  sent(phone?: string): readonly SentMessage[];
  calls(call?: CallKind): readonly CallRecord[];
  /** Resolves with the first message to the person, already sent or to come, that the predicate takes. */
  waitForMessage(
    phone: string,
    accepts?: (message: SentMessage) => boolean,
    timeoutMs?: number,
  ): Promise<SentMessage>;
  waitForCall(
    call: CallKind,
    accepts?: (call: CallRecord) => boolean,
    timeoutMs?: number,
  ): Promise<CallRecord>;
  isTyping(phone: string, number?: StandInNumber): boolean;
  /** Holds a file that a person sends by its id. */
  addMedia(
    id: string,
    bytes: Uint8Array,
    told?: Partial<Pick<HeldMedia, "mimeType" | "statedBytes" | "url">>,
  ): void;
  /** Tells the number of a status again, or of one that does not follow. */
  tellStatus(message: SentMessage, status: MessageStatus, code?: number): void;
  /** Delivers a body of any content, signed. */
  pushBody(number: StandInNumber, body: string): void;
  /** A request as Meta makes it. */
  sign(number: StandInNumber, body: string): Readonly<Record<string, string>>;
  /** Collects the webhooks of a number until `release`. */
  hold(number: StandInNumber): void;
  release(number: StandInNumber): void;
  /** Resolves when every webhook of the number was taken or given up. */
  whenDelivered(number?: StandInNumber): Promise<void>;
  /** POSTs to the webhook, repetitions included, and those given up. */
  deliveryCounts(number?: StandInNumber): { readonly deliveries: number; readonly dropped: number };
  close(): Promise<void>;
}

const FEED: FeedOptions = {
  batchSize: 1,
  deliveries: 1,
  isShuffled: false,
  timeoutMs: 20_000,
  retryBaseMs: 50,
  retryMaxMs: 5_000,
  maxAttempts: 1_000,
  concurrency: 32,
};

export async function startGraphStandIn(options: GraphStandInOptions = {}): Promise<GraphStandIn> {
  const world = createWorld();
  const faults = createFaults();
  const events = new EventEmitter().setMaxListeners(0);
  const calls: CallRecord[] = [];
  const sockets = new Set<Socket>();
  const now = options.now ?? Date.now;
  const limits = options.limits === true ? createLimits(now) : undefined;
  let origin = "";

  function tellStatus(message: SentMessage, status: MessageStatus, code?: number): void {
    message.status = status;
    const number = world.numbers.get(message.phoneNumberId);
    number?.feed.push({ kind: "status", status: toStatus(message, status, now(), code) });
    events.emit("status", message);
  }
  function tellStatuses(message: SentMessage, failure: number | undefined): void {
    const until = options.statuses ?? "delivered";
    if (until === "none") return;
    tellStatus(message, "sent");
    if (failure !== undefined) tellStatus(message, "failed", failure);
    else if (until !== "sent") {
      tellStatus(message, "delivered");
      if (until === "read") tellStatus(message, "read");
    }
  }
  const answerCall = createCallAnswerer({
    faults,
    context: {
      world,
      now,
      limits,
      origin: () => origin,
      onSent(message, failure) {
        world.sent.push(message);
        events.emit("sent", message);
        tellStatuses(message, failure);
      },
      onTyping: (phone, phoneNumberId, untilMs) =>
        events.emit("typing", { phone, phoneNumberId, untilMs }),
    },
    onCall(call) {
      calls.push(call);
      events.emit("call", call);
    },
  });
  const server = createServer((request, response) => {
    if (!isGraphPath(request.url)) {
      if (options.otherRoutes?.(request, response) !== true) response.writeHead(404).end();
      return;
    }
    answerCall(request, response).catch((error: unknown) => {
      events.emit("fault", error);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 75_000;
  server.on("connection", (socket) => {
    sockets.add(socket);
    events.emit("connection");
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    graphUrl: origin,
    faults,
    events,
    addNumber({ businessAccountId, level = "STANDARD", isOnBusinessApp = false, templates } = {}) {
      const serial = world.nextId++;
      const number: StandInNumber = {
        phoneNumberId: String(106_000_000_000_000 + serial),
        displayPhoneNumber: `+506 4000 ${String(1_000 + serial)}`,
        verifiedName: `Municipalidad ${serial}`,
        businessAccountId: businessAccountId ?? String(102_000_000_000_000 + serial),
        accessToken: `EAAStandIn${serial}${"x".repeat(20)}`,
        appSecret: String(serial).padStart(32, "a"),
      };
      const callbacks = { number: undefined, account: undefined, app: undefined };
      const state = {
        ...number,
        isRevoked: false,
        quality: "GREEN" as const,
        level,
        isOnBusinessApp,
        callbacks: callbacks as Record<keyof typeof callbacks, string | undefined>,
        templates: new Map(
          templates?.map((template) => [`${template.name} ${template.language}`, template]),
        ),
      };
      const url = () => state.callbacks.number ?? state.callbacks.account ?? state.callbacks.app;
      const feed = new WebhookFeed(number, url, { ...FEED, ...options.webhooks });
      world.numbers.set(number.phoneNumberId, { ...state, callbacks: state.callbacks, feed });
      return number;
    },
    revoke(number) {
      resolveNumber(world, number).isRevoked = true;
    },
    async pasteCallback(number, url, verifyToken) {
      await verifyCallback(url, verifyToken);
      resolveNumber(world, number).callbacks.app = url;
    },
    callbackOf(number) {
      const { callbacks } = resolveNumber(world, number);
      return callbacks.number ?? callbacks.account ?? callbacks.app;
    },
    person(phone, { name = `Vecina ${phone.slice(-3)}`, userId, hidesPhone = false } = {}) {
      const state = {
        phone,
        userId: userId === null ? undefined : (userId ?? `CR.${phone}000`),
        name,
        hidesPhone,
        isOnWhatsApp: true,
        blocked: new Set<string>(),
        wroteAtMs: new Map<string, number>(),
        typingUntilMs: new Map<string, number>(),
      };
      world.people.set(phone, state);
      return createPerson(
        {
          world,
          now,
          onSaid: (from, phoneNumberId, message) =>
            events.emit("said", { phone: from, phoneNumberId, message }),
          onRead: (message) => tellStatus(message, "read"),
        },
        state,
      );
    },
    sent: (phone) =>
      world.sent.filter((message) => phone === undefined || message.person.phone === phone),
    calls: (kind) => calls.filter(({ call }) => kind === undefined || call === kind),
    waitForMessage(phone, accepts = () => true, timeoutMs = 30_000) {
      const fits = (message: SentMessage) => message.person.phone === phone && accepts(message);
      const known = world.sent.find(fits);
      return waitFor(events, "sent", known, fits, timeoutMs, `a message to ${phone}`);
    },
    waitForCall(kind, accepts = () => true, timeoutMs = 30_000) {
      const fits = (call: CallRecord) => call.call === kind && accepts(call);
      return waitFor(events, "call", calls.find(fits), fits, timeoutMs, `a call of ${kind}`);
    },
    isTyping(phone, number) {
      const { phoneNumberId } = resolveNumber(world, number);
      return (world.people.get(phone)?.typingUntilMs.get(phoneNumberId) ?? 0) > now();
    },
    addMedia(id, bytes, told = {}) {
      world.media.set(id, {
        bytes: Buffer.from(bytes),
        mimeType: told.mimeType ?? "application/octet-stream",
        statedBytes: "statedBytes" in told ? told.statedBytes : bytes.byteLength,
        url: told.url,
      });
    },
    tellStatus,
    pushBody: (number, body) => resolveNumber(world, number).feed.pushBody(body),
    sign: (number, body) => ({
      "content-type": "application/json",
      "x-hub-signature-256": signBody(number.appSecret, body),
    }),
    hold: (number) => resolveNumber(world, number).feed.hold(),
    release: (number) => resolveNumber(world, number).feed.release(),
    whenDelivered: (number) => resolveNumber(world, number).feed.whenIdle(),
    deliveryCounts(number) {
      const { deliveries, dropped } = resolveNumber(world, number).feed;
      return { deliveries, dropped };
    },
    async close() {
      for (const { feed } of world.numbers.values()) feed.close();
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
