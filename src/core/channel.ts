import type { Reaction } from "./feedback.ts";
import type { PhoneReply } from "./hand-over.ts";
import type { BotId, OutboxId, TenantId } from "./ids.ts";
import type { IncomingMessage, Reply } from "./message.ts";
import type { Receipt } from "./receipt.ts";

/** Names of channels; also the names of the folders in `bots/`. */
export const CHANNELS = ["telegram", "web-chat", "whatsapp-web", "whatsapp-cloud"] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** A bot account as the line needs it, secrets decrypted. Never logged. */
export interface BotAccount {
  readonly tenantId: TenantId;
  readonly botId: BotId;
  /** Random part of the webhook address; not a secret, not the token. */
  readonly botKey: string;
  readonly channel: ChannelName;
  readonly name: string;
  /** Channel-specific secrets, e.g. `{ token, webhookSecret }`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Channel-specific facts that are not secret, e.g. `{ username, networkId }`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** One message as the channel will send it: JSON made by `Channel.render`, read by `Channel.send` only. */
export type ChannelPart = { readonly [key: string]: unknown };

/**
 * What is known after a send. It is `unknown` unless proven otherwise:
 * - `sent`: the network confirmed and gave its id;
 * - `refused`: certainly not sent; `retry` says whether the same part may be sent again and
 *   `contactLost` that this chat can no longer be written to (blocked, deleted);
 * - `unknown`: the call may have been carried out (timeout after writing, reset, 5xx, crash).
 */
export type SendOutcome =
  | { readonly kind: "sent"; readonly networkMessageId: string }
  | {
      readonly kind: "refused";
      /** Stable kebab-case reason, e.g. `too-many-requests`, `blocked`, `bad-entities`. */
      readonly reason: string;
      readonly retry: "never" | "backoff" | { readonly afterMs: number };
      /** Our own pacing waits, and the network was not asked: the attempt does not count towards giving up. */
      readonly isOwnPace?: boolean;
      /** Whom a wait concerns: this chat only, or every chat of the bot. */
      readonly scope?: "chat" | "bot";
      readonly contactLost?: boolean;
      /** The chat's new key, when the network says that it moved; the part is sent again there. */
      readonly newChatKey?: string;
      /** The bot's credentials no longer work: pause the bot and tell a person. */
      readonly needsAuth?: boolean;
      /** For the passport: ids, figures and times that explain the refusal. */
      readonly detail?: Readonly<Record<string, string | number>>;
    }
  | { readonly kind: "unknown"; readonly reason: string };

/** Pacing of one scope: on average one message per `intervalMs`, with up to `burst` at once. */
export interface Pace {
  readonly intervalMs: number;
  readonly burst: number;
}

/**
 * Pacing of what goes to many: nothing goes before the bucket has room for `batch` messages, of which `burst` is the most
 * that it holds. What a claim, a reading and a record cost is then paid once for so many.
 */
export interface BulkPace extends Pace {
  readonly batch: number;
}

/** The nine-line core of a channel. Further abilities are the small interfaces below, found by type guard. */
export interface Channel {
  readonly name: ChannelName;
  /**
   * Limits known in advance; the scheduler reserves slots by them and still honours every refusal. `bulk` binds
   * the broadcasts of one bot together; replies do not spend it.
   */
  readonly pace: { readonly privateChat: Pace; readonly groupChat: Pace; readonly bulk: BulkPace };
  /**
   * Texts that one person writes in a private chat with shorter pauses than this are answered together: milliseconds,
   * 1 to 8,000. Undefined: each by itself, at once.
   */
  readonly burstWindowMs?: number;
  /** Splits and formats. At least one part; each is sent and retried by itself, in order. */
  render(reply: Reply): readonly ChannelPart[];
  /**
   * Sends one part. Never throws: it classifies what the network said, and an abort by `signal`
   * (`refused` when nothing was written yet, else `unknown`). `outboxId` is the part's idempotency
   * key, for networks that take one.
   */
  send(
    bot: BotAccount,
    chatKey: string,
    part: ChannelPart,
    options: SendOptions,
  ): Promise<SendOutcome>;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  readonly outboxId: OutboxId;
  /** When the person last wrote in this chat; undefined: never. For networks that take free text for a while only. */
  readonly lastInboundAt?: Date | undefined;
  /** For `reconcile`: how often the part was attempted, and since when its outcome is unknown. */
  readonly attempts?: number;
  readonly unknownSince?: Date;
}

export interface WebhookRequest {
  /** Lower-case names. A repeated header arrives as an array. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly rawBody: Buffer;
}

/** The network calls us. Verification comes before parsing. */
export interface ReceivesWebhooks {
  /** Constant-time; false for a missing, wrong or repeated secret. */
  verifyWebhook(bot: BotAccount, request: WebhookRequest): boolean;
  /** Messages in the update, in order; none for updates that concern nobody. Throws `PregoneroError` `bad-update` (400). */
  readUpdate(bot: BotAccount, body: unknown): readonly IncomingMessage[];
}

/** The network asks, before it calls us, whether the address is ours. */
export interface AnswersChallenge {
  /** The text to answer with 200; undefined: refused (403). Constant-time over the secret. */
  answerChallenge(
    bot: BotAccount,
    query: Readonly<Record<string, string | undefined>>,
  ): string | undefined;
}

/** The network tells later what became of a message: in its webhook, or on the page that a session reads. */
export interface ReportsReceipts {
  /** Those in an update that `verifyWebhook` let through. Throws `bad-update` as `readUpdate`. */
  readReceipts(bot: BotAccount, body: unknown): readonly Receipt[];
}

/** The network tells what people put under our messages. */
export interface ReportsReactions {
  /** Those in an update that `verifyWebhook` let through. Throws `bad-update` as `readUpdate`. */
  readReactions(bot: BotAccount, body: unknown): readonly Reaction[];
}

/** The account is open on a phone as well, and the network tells what is written there. */
export interface SeesPhoneReplies {
  /** Those in an update that `verifyWebhook` let through. Throws `bad-update` as `readUpdate`. */
  readPhoneReplies(bot: BotAccount, body: unknown): readonly PhoneReply[];
}

/**
 * The account lives in a client that one process holds (a browser with a profile): only this process sends for it.
 * `poll` runs the session from start to end; `send` elsewhere is `refused` with reason `not-held-here`.
 */
export interface HoldsSessions extends Polls {
  readonly holdsSessions: true;
}

/** We ask the network. */
export interface Polls {
  /**
   * Asks until `signal` aborts. An update is acknowledged to the network only after `accept` resolved;
   * when `accept` rejects, the same updates are asked for again after a pause.
   * Rejects only with `bad-credentials`, when the network no longer takes the bot's secrets.
   */
  poll(
    bot: BotAccount,
    accept: (
      messages: readonly IncomingMessage[],
      reactions?: readonly Reaction[],
    ) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void>;
}

/** Shows that an answer is being prepared. Best effort: a failure is ignored. */
export interface ShowsTyping {
  /** How long one call stays visible (Telegram: 5 s), so that it is repeated in time. */
  readonly typingLastsMs: number;
  /** `answeredId`: the network's id of the message that is being answered, for networks that ask for it. */
  showTyping(
    bot: BotAccount,
    chatKey: string,
    signal: AbortSignal,
    answeredId?: string,
  ): Promise<void>;
}

/**
 * Tells the network that a tap on a button arrived, so that it stops showing a spinner. Call it after the
 * message was accepted. Best effort: a failure is ignored.
 */
export interface AcknowledgesButtons {
  acknowledgeButton(bot: BotAccount, callbackKey: string, signal: AbortSignal): Promise<void>;
}

/** Hands out the files that people sent. Asked for in hop 2 only: accepting a message never waits for one. */
export interface DownloadsFiles {
  /**
   * The whole file, in memory. `fileKey` is `IncomingContent`'s. Rejects with `media-too-large` as soon as more than
   * `maxBytes` are known of or read, `media-gone` when the network has it no longer, else with the channel's codes.
   */
  downloadFile(
    bot: BotAccount,
    fileKey: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array>;
}

/** Knows the picture that people see beside the account's name. */
export interface ShowsPicture {
  /** A JPEG of at most 1 MB; undefined: the account has none. Rejects with the channel's codes. */
  readPicture(bot: BotAccount, signal: AbortSignal): Promise<Uint8Array | undefined>;
}

/** Can find out afterwards whether an `unknown` part arrived. */
export interface Reconciles {
  reconcile(
    bot: BotAccount,
    chatKey: string,
    part: ChannelPart,
    options: SendOptions,
  ): Promise<SendOutcome>;
}

/** Prepares the account at the network when a bot is added, and undoes it when it is removed. */
export interface Connects {
  /**
   * Checks the secrets and returns settings to store (name, username). `chosen` are those that a person gave, which
   * may name the account. Throws `PregoneroError` `bad-credentials`.
   */
  identify(
    secrets: Readonly<Record<string, string>>,
    signal: AbortSignal,
    chosen?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, string>>>;
  /** Makes the network deliver to `webhookUrl`, or to polling when undefined. */
  connect(bot: BotAccount, webhookUrl: string | undefined, signal: AbortSignal): Promise<void>;
  disconnect(bot: BotAccount, signal: AbortSignal): Promise<void>;
  /** What the network says of the delivery to us, for `doctor` and the health page. */
  inspect(bot: BotAccount, signal: AbortSignal): Promise<ChannelHealth>;
}

/** What the health of an account on its network comes to, where more is known than that it is well or not. */
export const CHANNEL_HEALTH_CODES = [
  "polling",
  "webhook-set",
  "webhook-elsewhere",
  "webhook-stale",
  "deliveries-failing",
  "updates-pile-up",
  "credentials-refused",
  "sending-blocked",
  "quality-low",
] as const;

export interface ChannelHealth {
  readonly isHealthy: boolean;
  readonly code?: (typeof CHANNEL_HEALTH_CODES)[number];
  /** One English sentence with the evidence. */
  readonly evidence: string;
  /** What a person must do, when something. */
  readonly action?: string;
}

function has(channel: object, ...names: string[]): boolean {
  return names.every((name) => typeof (channel as Record<string, unknown>)[name] === "function");
}

export function receivesWebhooks(channel: Channel): channel is Channel & ReceivesWebhooks {
  return has(channel, "verifyWebhook", "readUpdate");
}
export function polls(channel: Channel): channel is Channel & Polls {
  return has(channel, "poll");
}
export function showsTyping(channel: Channel): channel is Channel & ShowsTyping {
  return has(channel, "showTyping");
}
export function acknowledgesButtons(channel: Channel): channel is Channel & AcknowledgesButtons {
  return has(channel, "acknowledgeButton");
}
export function downloadsFiles(channel: Channel): channel is Channel & DownloadsFiles {
  return has(channel, "downloadFile");
}
export function showsPicture(channel: Channel): channel is Channel & ShowsPicture {
  return has(channel, "readPicture");
}
export function reconciles(channel: Channel): channel is Channel & Reconciles {
  return has(channel, "reconcile");
}
export function answersChallenge(channel: Channel): channel is Channel & AnswersChallenge {
  return has(channel, "answerChallenge");
}
export function reportsReceipts(channel: Channel): channel is Channel & ReportsReceipts {
  return has(channel, "readReceipts");
}
export function reportsReactions(channel: Channel): channel is Channel & ReportsReactions {
  return has(channel, "readReactions");
}
export function seesPhoneReplies(channel: Channel): channel is Channel & SeesPhoneReplies {
  return has(channel, "readPhoneReplies");
}
export function holdsSessions(channel: Channel): channel is Channel & HoldsSessions {
  return (channel as Partial<HoldsSessions>).holdsSessions === true;
}
export function connects(channel: Channel): channel is Channel & Connects {
  return has(channel, "identify", "connect", "disconnect", "inspect");
}
