import { Agent, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { ApiRefusal, badRequest } from "./api-refusal.ts";

export type ApiUpdate = { readonly update_id: number } & Readonly<Record<string, unknown>>;

export interface FeedOptions {
  /** Milliseconds that a webhook may take to answer; Telegram's are 60,000. */
  readonly webhookTimeoutMs: number;
  /** Milliseconds before the first repetition; doubles to `webhookRetryMaxMs`. */
  readonly webhookRetryBaseMs: number;
  readonly webhookRetryMaxMs: number;
  /** Deliveries of one update before it is given up; Telegram gives up after 24 h. */
  readonly webhookMaxAttempts: number;
  readonly now: () => number;
  /** Runs the method that a webhook may name in its answer. */
  readonly onWebhookReply: (body: Readonly<Record<string, unknown>>) => void;
}

interface Webhook {
  readonly url: URL;
  readonly secretToken: string;
  readonly maxConnections: number;
}

interface Waiting {
  readonly update: ApiUpdate;
  /** Updates of one chat are delivered one after the other. */
  readonly chatId: number;
}

/** What `getUpdates` leaves out unless asked for (Bot API, getUpdates.allowed_updates). */
const NOT_BY_DEFAULT = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

/** One bot's updates on their way: kept until confirmed by polling or by the webhook's 2xx. */
export class UpdateFeed {
  readonly #options: FeedOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 100 });
  #waiting: Waiting[] = [];
  #allowed: ReadonlySet<string> | undefined;
  #webhook: Webhook | undefined;
  #poller: { finish: (refusal?: ApiRefusal) => void } | undefined;
  #busyChats = new Set<number>();
  #isClosed = false;
  #lastError: { dateSeconds: number; message: string } | undefined;
  #idleWaiters: (() => void)[] = [];
  #timers = new Set<NodeJS.Timeout>();
  #nextUpdateId: number;
  /** Deliveries to the webhook, repetitions included. */
  deliveries = 0;
  /** Updates given up after too many attempts. */
  dropped = 0;

  constructor(options: FeedOptions, firstUpdateId: number) {
    this.#options = options;
    this.#nextUpdateId = firstUpdateId;
  }

  push(
    chatId: number,
    kind: string,
    content: Readonly<Record<string, unknown>>,
  ): ApiUpdate | undefined {
    const isAllowed = this.#allowed?.has(kind) ?? !NOT_BY_DEFAULT.has(kind);
    if (!isAllowed) return undefined;
    const update = { update_id: this.#nextUpdateId, [kind]: content };
    this.#nextUpdateId += 1;
    this.inject(chatId, update);
    return update;
  }

  /** Queues a raw update as it is, for repetitions and malformed ones. */
  inject(chatId: number, update: ApiUpdate): void {
    this.#waiting.push({ update, chatId });
    this.#poller?.finish();
    this.#deliver();
  }

  /** Bot API, getUpdates: confirms what is before `offset`, answers at once if something waits, else on the next update. */
  async poll(
    request: {
      offset: number | undefined;
      limit: number;
      timeoutSeconds: number;
      allowed: unknown;
    },
    onHangUp: (stop: () => void) => void,
  ): Promise<readonly ApiUpdate[]> {
    if (this.#webhook !== undefined) {
      throw new ApiRefusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    }
    this.#setAllowed(request.allowed);
    this.#poller?.finish(
      new ApiRefusal(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
      ),
    );
    const { offset } = request;
    if (offset !== undefined && offset < 0) this.#waiting = this.#waiting.slice(offset);
    else if (offset !== undefined) {
      this.#waiting = this.#waiting.filter(({ update }) => update.update_id >= offset);
    }
    this.#noticeIdle();
    if (this.#waiting.length === 0 && request.timeoutSeconds > 0) {
      await this.#waitForUpdate(request.timeoutSeconds * 1000, onHangUp);
    }
    return this.#waiting.slice(0, request.limit).map(({ update }) => update);
  }

  #waitForUpdate(timeoutMs: number, onHangUp: (stop: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const poller = {
        finish: (refusal?: ApiRefusal) => {
          clearTimeout(timer);
          this.#timers.delete(timer);
          if (this.#poller === poller) this.#poller = undefined;
          if (refusal === undefined) resolve();
          else reject(refusal);
        },
      };
      const timer = setTimeout(() => poller.finish(), timeoutMs);
      this.#timers.add(timer);
      this.#poller = poller;
      onHangUp(() => poller.finish());
    });
  }

  setWebhook(
    webhook: Webhook | undefined,
    options: { allowed: unknown; dropPending: boolean },
  ): void {
    this.#setAllowed(options.allowed);
    if (options.dropPending) this.#waiting = [];
    this.#webhook = webhook;
    this.#lastError = undefined;
    if (webhook !== undefined) {
      this.#poller?.finish(new ApiRefusal(409, "Conflict: terminated by setWebhook request"));
    }
    this.#deliver();
  }

  info(): Record<string, unknown> {
    return {
      url: this.#webhook?.url.href ?? "",
      has_custom_certificate: false,
      pending_update_count: this.#waiting.length,
      ...(this.#webhook && {
        max_connections: this.#webhook.maxConnections,
        ip_address: "127.0.0.1",
      }),
      ...(this.#lastError && {
        last_error_date: this.#lastError.dateSeconds,
        last_error_message: this.#lastError.message,
      }),
      ...(this.#allowed && { allowed_updates: [...this.#allowed] }),
    };
  }

  /** Resolves when nothing waits any more. */
  whenIdle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  close(): void {
    this.#isClosed = true;
    this.#poller?.finish();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#agent.destroy();
  }

  /** An absent list leaves the setting as it was; an empty one restores the default. */
  #setAllowed(given: unknown): void {
    if (given === undefined || given === null) return;
    if (!Array.isArray(given))
      throw badRequest("can't parse allowed updates: expected an Array of String");
    const names = given.map((name) => String(name).toLowerCase());
    this.#allowed = names.length === 0 ? undefined : new Set(names);
  }

  #deliver(): void {
    const webhook = this.#webhook;
    if (webhook === undefined || this.#isClosed) return;
    for (const waiting of this.#waiting) {
      if (this.#busyChats.size >= webhook.maxConnections) return;
      if (this.#busyChats.has(waiting.chatId)) continue;
      this.#busyChats.add(waiting.chatId);
      this.#attempt(waiting, webhook, 1);
    }
  }

  #attempt(waiting: Waiting, webhook: Webhook, attempt: number): void {
    if (this.#isClosed) return;
    const done = () => {
      this.#busyChats.delete(waiting.chatId);
      this.#deliver();
    };
    // The webhook was moved or removed meanwhile: the update waits for what comes next.
    if (this.#webhook !== webhook || !this.#waiting.includes(waiting)) {
      done();
      return;
    }
    this.deliveries += 1;
    this.#post(webhook, waiting.update, (failure) => {
      if (failure === undefined || attempt >= this.#options.webhookMaxAttempts) {
        const index = this.#waiting.indexOf(waiting);
        if (index !== -1) this.#waiting.splice(index, 1);
        if (failure !== undefined) this.dropped += 1;
        this.#noticeIdle();
        done();
        return;
      }
      this.#lastError = { dateSeconds: Math.floor(this.#options.now() / 1000), message: failure };
      const pauseMs = Math.min(
        this.#options.webhookRetryMaxMs,
        this.#options.webhookRetryBaseMs * 2 ** (attempt - 1),
      );
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#attempt(waiting, webhook, attempt + 1);
      }, pauseMs);
      this.#timers.add(timer);
    });
  }

  #post(webhook: Webhook, update: ApiUpdate, settle: (failure: string | undefined) => void): void {
    const body = Buffer.from(JSON.stringify(update));
    let isSettled = false;
    const once = (failure: string | undefined) => {
      if (isSettled) return;
      isSettled = true;
      settle(failure);
    };
    const isTls = webhook.url.protocol === "https:";
    const call = (isTls ? httpsRequest : httpRequest)(
      webhook.url,
      {
        method: "POST",
        ...(!isTls && { agent: this.#agent }),
        timeout: this.#options.webhookTimeoutMs,
        headers: {
          "content-type": "application/json",
          "content-length": body.length,
          ...(webhook.secretToken !== "" && {
            "x-telegram-bot-api-secret-token": webhook.secretToken,
          }),
        },
      },
      (response) => {
        const status = response.statusCode ?? 0;
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", () => once("Connection reset by peer"));
        response.on("end", () => {
          const isOk = status >= 200 && status < 300;
          if (isOk) this.#readReply(text);
          once(
            isOk
              ? undefined
              : `Wrong response from the webhook: ${status} ${response.statusMessage ?? ""}`.trim(),
          );
        });
      },
    );
    call.on("timeout", () => call.destroy(new Error("Read timeout expired")));
    call.on("error", (error) => {
      const isRefused = "code" in error && error.code === "ECONNREFUSED";
      once(isRefused ? "Connection refused" : error.message);
    });
    call.end(body);
  }

  #readReply(text: string): void {
    if (!text.startsWith("{")) return;
    try {
      const body: unknown = JSON.parse(text);
      if (typeof body === "object" && body !== null && "method" in body) {
        this.#options.onWebhookReply(body as Record<string, unknown>);
      }
    } catch {
      // Telegram ignores an answer that it cannot read.
    }
  }

  #noticeIdle(): void {
    if (this.#waiting.length > 0) return;
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}
