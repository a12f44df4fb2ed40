import type { TestContext } from "vitest";
import type {
  BotAccount,
  Channel,
  ChannelPart,
  SendOutcome,
  WebhookRequest,
} from "../../src/core/channel.ts";
import type { Reply } from "../../src/core/message.ts";

/** What can happen to the next send, whatever the network calls it. */
const SITUATIONS = [
  /** The network asks for a pause. */
  "too-many-requests",
  /** The person does not want to hear from the bot any more. */
  "blocked",
  /** The network does not like the formatting of a part. */
  "bad-format",
  /** Takes the message, then reports an error of its own. */
  "error-after-accepting",
  /** Takes the message; the connection ends before the answer. */
  "answer-lost",
  /** Nobody listens at the network's address. */
  "unreachable",
  /** Takes the connection and never answers. */
  "never-answers",
  /** The bot's credentials were withdrawn. */
  "credentials-revoked",
  /** The chat has another key now. */
  "chat-moved",
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** One channel with one bot and one chat, on a network (or its stand-in) that is fresh for each test. */
export interface ChannelBench {
  readonly channel: Channel;
  readonly bot: BotAccount;
  /** A chat that takes messages. */
  readonly chatKey: string;
  /** Longest text of one part in UTF-16 code units; Infinity when the network sets no limit. */
  readonly maxTextLength: number;
  /** The plain text that a part says. */
  textOf(part: ChannelPart): string;
  /** Plain texts that arrived in the chat, oldest first. */
  delivered(): readonly string[] | Promise<readonly string[]>;
  /** Makes the next send meet the situation, or says why this network does not know it. */
  readonly arrange: Readonly<
    Record<Situation, (() => void | Promise<void>) | { readonly notApplicable: string }>
  >;
  /** For channels with webhooks: a request as the network makes it for a message with this text, and forgeries of it. */
  readonly webhook?: {
    genuine(text: string): WebhookRequest;
    readonly forged: Readonly<Record<string, WebhookRequest>>;
  };
  /** For channels that poll: a person writes this to the bot. */
  readonly say?: (text: string) => void;
  close(): Promise<void>;
}

/** What the tests of sending share: the bench of the present test, and ways to use it. */
export interface Sending {
  readonly bench: () => ChannelBench;
  readonly send: (
    part: ChannelPart,
    signal?: AbortSignal,
    chatKey?: string,
  ) => Promise<SendOutcome>;
  readonly arrange: (situation: Situation, context: TestContext) => Promise<void>;
}

export function firstPart(channel: Channel, reply: Reply): ChannelPart {
  const [part] = channel.render(reply);
  if (part === undefined) throw new Error("render gave no part");
  return part;
}
