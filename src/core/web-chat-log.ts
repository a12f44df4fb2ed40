import type { Vote } from "./feedback.ts";
import type { BotId, MessageId, OutboxId, TenantId } from "./ids.ts";

export interface WebChatEntry {
  /** Order in the chat, growing; the SSE event id, so that Last-Event-ID replays what was missed. */
  readonly position: number;
  /** Of a reply, its part in the outbox; of the visitor's own message, the UUID that the page gave it. */
  readonly outboxId: OutboxId;
  /** The channel's part, as rendered by web-chat. */
  readonly part: Readonly<Record<string, unknown>>;
  readonly appendedAt: Date;
  /** On the last part of an answer to a question: what it answers, and the visitor's judgement. Absent: it is none. */
  readonly answer?: { readonly messageId: MessageId; readonly vote: Vote | undefined };
}

/** What was said in a visitor's web chat, by them and to them, kept encrypted so that a reloaded page sees it again. */
export interface WebChatLog {
  /**
   * Appends once per `outboxId`; a repetition returns the position it has.
   * Throws `chat-unknown` when the chat has no conversation: nothing was ever accepted from it.
   */
  append(
    tenantId: TenantId,
    botId: BotId,
    chatKey: string,
    outboxId: OutboxId,
    part: Readonly<Record<string, unknown>>,
  ): Promise<number>;
  /** Entries after `position`, oldest first, at most 200. None is ever inserted before one that was listed. */
  listAfter(
    tenantId: TenantId,
    botId: BotId,
    chatKey: string,
    position: number,
  ): Promise<readonly WebChatEntry[]>;
  find(
    tenantId: TenantId,
    botId: BotId,
    chatKey: string,
    outboxId: OutboxId,
  ): Promise<number | undefined>;
}
