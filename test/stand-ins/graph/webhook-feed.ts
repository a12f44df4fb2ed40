import { createHmac } from "node:crypto";

/** One event: a message that came in, or a status of one that went out. */
export type FeedItem =
  | { readonly kind: "message"; readonly message: object; readonly contact: object | undefined }
  | { readonly kind: "status"; readonly status: object };

export interface FeedOptions {
  /** Events in one POST, spread over its entries and changes; 1 by default, as Meta mostly does. */
  readonly batchSize: number;
  /** How often each POST is made; 1 by default. Meta promises at least once. */
  readonly deliveries: number;
  /** Events that wait together are delivered in an order that looks random and is the same in every run. */
  readonly isShuffled: boolean;
  readonly timeoutMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  readonly maxAttempts: number;
  /** POSTs under way at once. */
  readonly concurrency: number;
}

export interface FeedNumber {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
  readonly businessAccountId: string;
  readonly appSecret: string;
}

/** `X-Hub-Signature-256` of the raw bytes. */
export function signBody(appSecret: string, body: string | Buffer): string {
  return `sha256=${createHmac("sha256", appSecret).update(body).digest("hex")}`;
}

/** Delivers one number's webhooks: signed, at least once, in no promised order, repeated until somebody says 2xx. */
export class WebhookFeed {
  deliveries = 0;
  dropped = 0;
  readonly #number: FeedNumber;
  readonly #url: () => string | undefined;
  readonly #options: FeedOptions;
  readonly #waiting: FeedItem[] = [];
  readonly #bodies: { body: string; attempt: number }[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closing = new AbortController();
  #isHeld = false;
  #isFlushScheduled = false;
  #underWay = 0;
  #random: () => number;
  #idle: (() => void)[] = [];

  constructor(number: FeedNumber, url: () => string | undefined, options: FeedOptions) {
    this.#number = number;
    this.#url = url;
    this.#options = options;
    this.#random = mulberry32(42);
  }

  push(...items: FeedItem[]): void {
    this.#waiting.push(...items);
    this.#scheduleFlush();
  }

  /** A body of any content, signed as ours. */
  pushBody(body: string): void {
    this.#bodies.push({ body, attempt: 0 });
    this.#pump();
  }

  /** Collects what happens, until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#scheduleFlush();
    this.#pump();
  }

  whenIdle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #isIdle(): boolean {
    return (
      this.#underWay === 0 &&
      this.#timers.size === 0 &&
      (this.#url() === undefined || (this.#waiting.length === 0 && this.#bodies.length === 0))
    );
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled || this.#isHeld) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      if (!this.#isHeld) this.#flush();
    });
  }

  #flush(): void {
    const items = this.#waiting.splice(0);
    if (this.#options.isShuffled) shuffle(items, this.#random);
    const bodies: string[] = [];
    for (let from = 0; from < items.length; from += this.#options.batchSize) {
      bodies.push(this.#toBody(items.slice(from, from + this.#options.batchSize)));
    }
    const all = bodies.flatMap((body) => Array<string>(this.#options.deliveries).fill(body));
    if (this.#options.isShuffled) shuffle(all, this.#random);
    this.#bodies.push(...all.map((body) => ({ body, attempt: 0 })));
    this.#pump();
  }

  /** Two events share a change, two changes an entry: all three levels are to be looped over. */
  #toBody(items: readonly FeedItem[]): string {
    const { phoneNumberId, displayPhoneNumber, businessAccountId } = this.#number;
    const changes = chunk(items, 2).map((events) => {
      const messages = events.flatMap((event) => (event.kind === "message" ? [event] : []));
      const statuses = events.flatMap((event) => (event.kind === "status" ? [event.status] : []));
      const contacts = messages.flatMap(({ contact }) => (contact === undefined ? [] : [contact]));
      return {
        field: "messages",
        value: {
          messaging_product: "whatsapp",
          metadata: { display_phone_number: displayPhoneNumber, phone_number_id: phoneNumberId },
          ...(contacts.length > 0 && { contacts }),
          ...(messages.length > 0 && { messages: messages.map(({ message }) => message) }),
          ...(statuses.length > 0 && { statuses }),
        },
      };
    });
    const entry = chunk(changes, 2).map((some) => ({ id: businessAccountId, changes: some }));
    return JSON.stringify({ object: "whatsapp_business_account", entry });
  }

  #pump(): void {
    while (this.#underWay < this.#options.concurrency && !this.#isHeld) {
      const url = this.#url();
      const next = url === undefined ? undefined : this.#bodies.shift();
      if (url === undefined || next === undefined) break;
      this.#underWay += 1;
      void this.#deliver(url, next).finally(() => {
        this.#underWay -= 1;
        this.#pump();
      });
    }
    if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #deliver(url: string, { body, attempt }: { body: string; attempt: number }): Promise<void> {
    this.deliveries += 1;
    if (this.#closing.signal.aborted || (await this.#post(url, body))) return;
    if (attempt + 1 >= this.#options.maxAttempts) {
      this.dropped += 1;
      return;
    }
    if (this.#closing.signal.aborted) return;
    const waitMs = Math.min(this.#options.retryMaxMs, this.#options.retryBaseMs * 2 ** attempt);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#bodies.push({ body, attempt: attempt + 1 });
      this.#pump();
    }, waitMs);
    this.#timers.add(timer);
  }

  async #post(url: string, body: string): Promise<boolean> {
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "manual",
        headers: {
          "content-type": "application/json",
          "user-agent": "facebookexternalua",
          "x-hub-signature-256": signBody(this.#number.appSecret, body),
        },
        body,
        signal: AbortSignal.any([
          this.#closing.signal,
          AbortSignal.timeout(this.#options.timeoutMs),
        ]),
      });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function shuffle<Item>(items: Item[], random: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [items[last], items[other]];
    if (a === undefined || b === undefined) continue;
    items[last] = b;
    items[other] = a;
  }
}

/** A known generator of 32 bits, so that each run sees the same order. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
