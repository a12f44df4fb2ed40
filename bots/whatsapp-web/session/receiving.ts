import type { BotAccount } from "../../../src/core/channel.ts";
import type { Clock } from "../../../src/core/clock.ts";
import { isPregoneroError } from "../../../src/core/errors.ts";
import type { PhoneReplies } from "../../../src/core/hand-over.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type { MediaFiles } from "../../../src/core/media-files.ts";
import type { Button, IncomingMessage } from "../../../src/core/message.ts";
import type { Receipt, ReceiptStatus, Receipts } from "../../../src/core/receipt.ts";
import type { ChatMarks } from "../../../src/core/session.ts";
import { toComparable } from "../comparable-text.ts";
import type { MessageRow, Tick } from "../detection/page-reader.ts";
import { toChatKind, toIncoming } from "../to-incoming.ts";
import { type ChatBook, toListDigest } from "./chat-book.ts";
import type { Engine, EngineBatch, EngineChat, EngineInbox, EngineTarget } from "./engine.ts";
import { toPhoneReplies } from "./phone-replies.ts";

/** What a person is answered from is small; anything larger is told by its kind only. */
const MAX_MEDIA_BYTES = 16_000_000;
const MEDIA_TIMEOUT_MS = 10_000;
const DOWNLOADED = new Set(["photo", "voice", "audio"]);
/** Messages whose text or tick is remembered, to notice edits and progress. */
const MOST_REMEMBERED = 5_000;
/** A row whose kind cannot be told may be one that is still being decrypted: it is looked at again so often. */
const MOST_LOOKS = 10;
/** The page dates messages to the minute, downwards. */
const CLOCK_SLACK_MS = 60_000;

export interface ReceivingPorts {
  readonly bot: BotAccount;
  readonly book: ChatBook;
  readonly marks: ChatMarks;
  readonly receipts: Receipts;
  readonly phoneReplies: PhoneReplies;
  readonly files: MediaFiles;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accept: (messages: readonly IncomingMessage[]) => Promise<void>;
  readonly signal: AbortSignal;
  /** What our last message in the chat offered. */
  readonly choicesOf: (chatKey: string) => readonly Button[];
  /** Comparable texts that we sent to the chat lately: a row without a direction that says one is ours. */
  readonly isOurText: (chatKey: string, comparable: string) => boolean;
  /** Something of ours was offered and taken: the next answer is none. */
  readonly onInbound: (chatKey: string, at: Date) => void;
}

/**
 * What engines report becomes messages of the line, each once. A mark moves only after the messages before it were
 * accepted: whatever dies in between is read again, and the inbox knows it by its id.
 */
export function createReceiving(ports: ReceivingPorts, engine: () => Engine | undefined) {
  const { bot, book, clock } = ports;
  const texts = createMemory<string>();
  const ticks = createMemory<Tick>();
  const looks = createMemory<number>();
  const turns = new Map<string, Promise<unknown>>();

  /** One batch of a chat after the other, so that its order holds. */
  function inTurn<Result>(chatKey: string, work: () => Promise<Result>): Promise<Result> {
    const before = turns.get(chatKey) ?? Promise.resolve();
    const run = before.then(work, work);
    turns.set(chatKey, run);
    void run
      .catch(() => undefined)
      .finally(() => turns.get(chatKey) === run && turns.delete(chatKey));
    return run;
  }

  async function take(target: EngineTarget, batch: EngineBatch): Promise<void> {
    const { chatKey } = target;
    const known = new Set(book.get(chatKey)?.lastReadIds);
    const { fresh, changed } = sortOut(target, batch, known);
    const readable = fresh.filter(isReadable);
    const messages: IncomingMessage[] = [];
    for (const row of [...readable, ...changed]) {
      const message = await toMessage(target, row, changed.includes(row));
      if (message !== undefined) messages.push(message);
    }
    // A key that was given must be known before messages are stored under it.
    if (messages.length > 0 && known.size === 0) await writeMarks();
    if (messages.length > 0) await ports.accept(messages);
    for (const reply of toPhoneReplies(bot, target, readable, ports.isOurText, clock.now())) {
      await ports.phoneReplies.note(reply);
    }
    for (const message of messages) noteInbound(message);
    for (const row of [...readable, ...changed]) texts.set(row.canonicalId, row.text ?? "");
    const isWhole = batch.isComplete && readable.length === fresh.length;
    book.noteRead(
      chatKey,
      readable.map(({ canonicalId }) => canonicalId),
      isWhole ? (batch.listDigest ?? book.get(chatKey)?.listDigest) : undefined,
    );
    await writeMarks();
    await noteTicks(batch.rows);
  }

  function isReadable({ kind, canonicalId }: MessageRow): boolean {
    if (kind !== "unknown") return true;
    const count = (looks.get(canonicalId) ?? 0) + 1;
    looks.set(canonicalId, count);
    return count > MOST_LOOKS;
  }

  /** New rows in their order, and known ones whose text changed. */
  function sortOut(target: EngineTarget, batch: EngineBatch, known: ReadonlySet<string>) {
    const rows = uniqueRows(batch.rows);
    const first = rows.findIndex(({ canonicalId }) => known.has(canonicalId));
    // What was put off once is no history, wherever it stands.
    const after =
      first === -1
        ? rows
        : rows.filter(({ canonicalId }, at) => at >= first || looks.get(canonicalId) !== undefined);
    const candidates = after.filter(({ canonicalId }) => !known.has(canonicalId));
    const fresh =
      first === -1 ? withoutHistory(target, candidates, batch, known.size > 0) : candidates;
    const changed = after.filter((row) => known.has(row.canonicalId) && isEditedSince(row));
    return { fresh, changed };
  }

  function isEditedSince(row: MessageRow): boolean {
    return row.isEdited && row.kind === "text" && texts.get(row.canonicalId) !== (row.text ?? "");
  }

  /**
   * Of a chat that was never read: what was written after the account was linked, by its time where the page tells
   * it, else as many of the last messages as the list called unread.
   */
  function withoutHistory(
    target: EngineTarget,
    rows: readonly MessageRow[],
    { unreadCount }: EngineBatch,
    wasRead: boolean,
  ): readonly MessageRow[] {
    if (wasRead) return rows;
    const linkedAtMs = Date.parse(book.fact("linked-at") ?? "");
    const unreadAtLinking = Number(book.fact(`unread-at-linking/${target.chatKey}`) ?? 0);
    let undatedLeft = Math.max(1, unreadCount - unreadAtLinking);
    const kept: MessageRow[] = [];
    for (const row of [...rows].reverse()) {
      if (row.sentAt !== undefined) {
        if (Date.parse(row.sentAt) + CLOCK_SLACK_MS >= linkedAtMs) kept.push(row);
        continue;
      }
      if (row.direction === "out") continue;
      if (undatedLeft > 0) kept.push(row);
      undatedLeft -= 1;
    }
    // Nothing before is to be read later either: what is left out here is known from now on.
    const left = rows.filter((row) => !kept.includes(row));
    book.noteRead(
      target.chatKey,
      left.map(({ canonicalId }) => canonicalId),
      undefined,
    );
    return kept.reverse();
  }

  async function toMessage(
    target: EngineTarget,
    row: MessageRow,
    isChanged: boolean,
  ): Promise<IncomingMessage | undefined> {
    if (isOurs(target.chatKey, row)) return undefined;
    const file = isChanged ? undefined : await keepFile(row);
    const readAt = clock.now();
    const chatKind = toChatKind(target.kind, target.title, row);
    const writerKey =
      chatKind === "group" ? book.writerKey(target.chatKey, row.sender ?? {}) : undefined;
    const message = toIncoming({
      row,
      chatKey: target.chatKey,
      chatKind,
      ...(writerKey !== undefined && { writerKey }),
      readAt,
      isChanged,
      ownNames: [bot.name, bot.settings.ownName ?? ""],
      choices: ports.choicesOf(target.chatKey),
      ...file,
    });
    return message;
  }

  function isOurs(chatKey: string, row: MessageRow): boolean {
    if (row.direction !== "unknown") return row.direction === "out";
    const votes = Object.values(row.votes.direction ?? {});
    if (votes.includes("out") || row.tick !== undefined) return true;
    return row.text !== undefined && ports.isOurText(chatKey, toComparable(row.text));
  }

  /** The file as it is on the page now; without it the message still arrives, told by its kind. */
  async function keepFile(
    row: MessageRow,
  ): Promise<{ readonly fileKey?: string; readonly sizeBytes?: number }> {
    const reader = engine();
    if (reader === undefined || !DOWNLOADED.has(row.kind) || row.direction === "out") return {};
    try {
      const signal = AbortSignal.any([ports.signal, AbortSignal.timeout(MEDIA_TIMEOUT_MS)]);
      const bytes = await reader.download(row, { maxBytes: MAX_MEDIA_BYTES, signal });
      const fileKey = await ports.files.write(bot.tenantId, bot.botId, bytes);
      return { fileKey, sizeBytes: bytes.length };
    } catch (error) {
      const code = isPregoneroError(error) ? error.code : "unexpected-error";
      ports.logger.warn("media-not-kept", { botId: bot.botId, kind: row.kind, code });
      return {};
    }
  }

  function noteInbound(message: IncomingMessage): void {
    const at = clock.now();
    book.noteFirst(message.chat.key, "wrote", at);
    ports.onInbound(message.chat.key, at);
  }

  async function noteTicks(rows: readonly MessageRow[]): Promise<void> {
    const receipts: Receipt[] = [];
    for (const { canonicalId, direction, tick } of rows) {
      if (direction !== "out" || tick === undefined || ticks.get(canonicalId) === tick) continue;
      const status = STATUS[tick];
      if (status === undefined) continue;
      ticks.set(canonicalId, tick);
      receipts.push({ networkMessageId: canonicalId, status, at: clock.now().toISOString() });
    }
    if (receipts.length > 0) await ports.receipts.note(bot.tenantId, bot.botId, receipts);
  }

  async function writeMarks(): Promise<void> {
    const marks = book.takeChanged(clock.now());
    if (marks.length === 0) return;
    try {
      await ports.marks.write(bot.tenantId, bot.botId, marks);
    } catch (error) {
      book.putBack(marks);
      throw error;
    }
  }

  const inbox: EngineInbox = {
    locate: async (chat, seenIds) => book.locate(chat, seenIds),
    take: (target, batch) => inTurn(target.chatKey, () => take(target, batch)),
    receipts: (receipts) => ports.receipts.note(bot.tenantId, bot.botId, receipts),
    needsReading: (chat) => needsReading(book, chat),
  };
  return { inbox, writeMarks };
}

const STATUS: Readonly<Partial<Record<Tick, ReceiptStatus>>> = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  failed: "failed",
};

function needsReading(book: ChatBook, chat: EngineChat): boolean {
  const target = book.locate(chat);
  if (target === undefined) return true;
  const known = book.get(target.chatKey)?.listDigest;
  return known === undefined || known !== toListDigest(chat);
}

/** Two windows of the list may show the same row. */
function uniqueRows(rows: readonly MessageRow[]): readonly MessageRow[] {
  return [...new Map(rows.map((row) => [row.canonicalId, row])).values()];
}

/** A map that forgets its oldest entries. */
function createMemory<Value>() {
  const kept = new Map<string, Value>();
  return {
    get: (key: string) => kept.get(key),
    set(key: string, value: Value): void {
      kept.delete(key);
      kept.set(key, value);
      const oldest = kept.size > MOST_REMEMBERED ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
    },
  };
}
