import type { BotAccount, SendOptions, SendOutcome } from "../../../src/core/channel.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { OutboxId } from "../../../src/core/ids.ts";
import type { Button } from "../../../src/core/message.ts";
import type { SessionState } from "../../../src/core/session.ts";
import { toComparable } from "../comparable-text.ts";
import type { WhatsAppWebPart } from "../render.ts";
import type { ChatBook } from "./chat-book.ts";
import type { Engine, EngineOutcome } from "./engine.ts";
import { createPacing, readBudgets } from "./pacing.ts";

/** A send that begins later than this would not end within the time that the line gives it. */
const MOST_WAITING = 6;
/** What one part takes on the page, for those that wait behind it. */
const PART_MS = 4_000;
/** While the session says so, nothing is asked of WhatsApp: what waits can go soon after the end. */
const RESTRICTED_PAUSE_MS = 15_000;
/** Found by opening the chat, as restrictions of single chats are. */
const LONGEST_RESTRICTED_PAUSE_MS = 10 * 60_000;
/** A network that is lost is most often back within seconds. */
const OFFLINE_PAUSE_MS = 3_000;
const NOT_READY_PAUSE_MS = 10_000;
/** Each pause is on record for each part that waits: over a night there are not to be thousands. */
const LONGEST_PAUSE_MS = 60_000;
/**
 * After a start the page still brings what the phone has, a slow machine for longer than it should: what is not there
 * after this, and not there again as much later, is not there.
 */
const SETTLED_MS = 5_000;
const MOST_TEXTS_PER_CHAT = 20;

export interface OutgoingPorts {
  readonly bot: BotAccount;
  readonly book: ChatBook;
  readonly clock: Clock;
  readonly engine: () => Engine | undefined;
  /** `canSend` false: the page is offline, or the session is not at it. */
  readonly standing: () => {
    readonly state: SessionState;
    readonly canSend: boolean;
    readonly attachedAtMs: number;
  };
}

/** What leaves by this session: checked, paced, sent one after the other, and told as what is proven. */
export function createOutgoing(ports: OutgoingPorts) {
  const { book, clock } = ports;
  const pacing = createPacing({ clock, book, budgets: readBudgets(ports.bot.settings) });
  const choices = new Map<string, readonly Button[]>();
  const texts = new Map<string, readonly string[]>();
  const pending = new Map<OutboxId, Date>();
  /** When a part was first missed, by the page as it was attached then. */
  const missed = new Map<OutboxId, { readonly atMs: number; readonly attachedAtMs: number }>();
  let lastAcknowledgedAt: Date | undefined;
  const restricted = createGrowingPause(RESTRICTED_PAUSE_MS, LONGEST_RESTRICTED_PAUSE_MS);
  const offline = createGrowingPause(OFFLINE_PAUSE_MS, LONGEST_PAUSE_MS);
  const notReady = createGrowingPause(NOT_READY_PAUSE_MS, LONGEST_PAUSE_MS);

  function refuseNow(chatKey: string, options: SendOptions): SendOutcome | undefined {
    if (options.signal.aborted) return { kind: "refused", reason: "aborted", retry: "backoff" };
    const { state, canSend } = ports.standing();
    if (state === "restricted") return pausedBy("restricted", RESTRICTED_PAUSE_MS);
    const refused = pacing.refuse(book.get(chatKey), options.lastInboundAt);
    if (refused?.retry === "never") return refused;
    if (state === "degraded" && !canSend) return pausedBy("offline", offline.next());
    offline.end();
    if (!canSend) return pausedBy(`session-${state}`, notReady.next());
    notReady.end();
    if (refused !== undefined) return refused;
    if (pending.size < MOST_WAITING) return undefined;
    return { ...pausedBy("page-busy", pending.size * PART_MS), scope: "chat" };
  }

  /** Before it is sent: its row may be read while the page still shows that it is on its way. */
  function rememberText(chatKey: string, part: WhatsAppWebPart): void {
    if (part.kind !== "text") return;
    const kept = [...(texts.get(chatKey) ?? []), toComparable(part.text)];
    texts.set(chatKey, kept.slice(-MOST_TEXTS_PER_CHAT));
  }

  function note(chatKey: string, part: WhatsAppWebPart, outcome: EngineOutcome): void {
    if (outcome.kind === "not-sent") return;
    const now = clock.now();
    pacing.spend(chatKey);
    book.noteFirst(chatKey, "answered", now);
    if (part.kind === "text") choices.set(chatKey, part.choices ?? []);
    if (outcome.kind === "sent") {
      lastAcknowledgedAt = now;
      restricted.end();
    }
  }

  function isMissedAgain(outboxId: OutboxId, attachedAtMs: number): boolean {
    const nowMs = clock.now().getTime();
    const before = missed.get(outboxId);
    if (before?.attachedAtMs !== attachedAtMs) {
      missed.set(outboxId, { atMs: nowMs, attachedAtMs });
      return false;
    }
    return nowMs - before.atMs >= SETTLED_MS;
  }

  return {
    async send(chatKey: string, part: WhatsAppWebPart, options: SendOptions): Promise<SendOutcome> {
      const refused = refuseNow(chatKey, options);
      const target = book.target(chatKey);
      const engine = ports.engine();
      if (refused !== undefined) return refused;
      if (target === undefined || engine === undefined) {
        return pausedBy("session-starting", NOT_READY_PAUSE_MS);
      }
      pending.set(options.outboxId, clock.now());
      rememberText(chatKey, part);
      try {
        const outcome = await engine.send(target, part, options.signal);
        note(chatKey, part, outcome);
        const isRestricted = outcome.kind === "not-sent" && outcome.reason === "restricted";
        return isRestricted ? pausedBy("restricted", restricted.next()) : toSendOutcome(outcome);
      } catch {
        return { kind: "unknown", reason: "page-failed" };
      } finally {
        pending.delete(options.outboxId);
      }
    },

    async reconcile(
      chatKey: string,
      part: WhatsAppWebPart,
      options: SendOptions,
    ): Promise<SendOutcome> {
      const { canSend, attachedAtMs } = ports.standing();
      const target = book.target(chatKey);
      const engine = ports.engine();
      const isSettled = clock.now().getTime() - attachedAtMs >= SETTLED_MS;
      if (!canSend || !isSettled || target === undefined || engine === undefined) {
        return { kind: "unknown", reason: "page-not-ready" };
      }
      try {
        const since = timeOfId(options.outboxId);
        const outcome = await engine.findSent(target, part, since, options.signal);
        // Not having been able to look proves nothing.
        if (outcome.kind === "not-sent" && outcome.reason !== "not-there") {
          return { kind: "unknown", reason: outcome.reason };
        }
        if (outcome.kind === "not-sent" && !isMissedAgain(options.outboxId, attachedAtMs)) {
          return { kind: "unknown", reason: "not-there-yet" };
        }
        if (outcome.kind === "sent") {
          rememberText(chatKey, part);
          note(chatKey, part, outcome);
        }
        if (outcome.kind !== "unknown") missed.delete(options.outboxId);
        return toSendOutcome(outcome);
      } catch {
        return { kind: "unknown", reason: "page-failed" };
      }
    },

    choicesOf: (chatKey: string): readonly Button[] => choices.get(chatKey) ?? [],
    isOurText: (chatKey: string, comparable: string) =>
      texts.get(chatKey)?.includes(comparable) ?? false,
    get isIdle() {
      return pending.size === 0;
    },
    get lastAcknowledgedAt() {
      return lastAcknowledgedAt;
    },
    get oldestPendingAt(): Date | undefined {
      const [oldest] = pending.values();
      return oldest;
    },
  };
}

export type Outgoing = ReturnType<typeof createOutgoing>;

function toSendOutcome(outcome: EngineOutcome): SendOutcome {
  switch (outcome.kind) {
    case "sent":
      return { kind: "sent", networkMessageId: outcome.canonicalId };
    case "unknown":
      return outcome;
    case "not-sent":
      return { kind: "refused", reason: outcome.reason, retry: "backoff" };
    default:
      return outcome satisfies never;
  }
}

function pausedBy(reason: string, afterMs: number): Extract<SendOutcome, { kind: "refused" }> {
  return { kind: "refused", reason, retry: { afterMs }, scope: "bot", isOwnPace: true };
}

/** Each in a row is twice as long as the one before. */
function createGrowingPause(firstMs: number, longestMs: number) {
  let nextMs = firstMs;
  return {
    next(): number {
      const ms = nextMs;
      nextMs = Math.min(ms * 2, longestMs);
      return ms;
    },
    end(): void {
      nextMs = firstMs;
    },
  };
}

/** UUIDv7 begins with its time in milliseconds (RFC 9562, 5.7): the part was written then, and sent after it. */
function timeOfId(id: OutboxId): Date | undefined {
  const ms = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
  return Number.isNaN(ms) ? undefined : new Date(ms);
}
