import type { SendOutcome } from "../../../src/core/channel.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { BookedChat, ChatBook } from "./chat-book.ts";
import type { HumanPauses } from "./engine.ts";

type Refused = Extract<SendOutcome, { kind: "refused" }>;

/** How much a session writes at most. Below what a busy person does; settings of the bot change it. */
export interface Budgets {
  /** Parts of one account in any minute, and in any day. */
  readonly perMinute: number;
  readonly perDay: number;
  /** Parts to one chat in any minute. */
  readonly perChatMinute: number;
  /** Chats that are written to for the first time, per day of 24 hours. */
  readonly newChatsPerDay: number;
  /** Hours in which nothing is sent that nobody waits for: from the first up to the second, in `timeZone`. */
  readonly quietHours: readonly [number, number] | undefined;
  readonly timeZone: string;
}

const DEFAULTS: Budgets = {
  perMinute: 20,
  perDay: 2_000,
  perChatMinute: 8,
  newChatsPerDay: 150,
  quietHours: [21, 7],
  timeZone: "UTC",
};
/** Who wrote within this time waits for what we say; anything else is a broadcast. */
const WAITS_FOR_MS = 60 * 60_000;
const TICK_WITHIN_MS = 12_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/** From the bot's settings (`partsPerMinute`, `partsPerDay`, `newChatsPerDay`, `quietHours` as `21-7` or `none`, `timeZone`). */
export function readBudgets(settings: Readonly<Record<string, string>>): Budgets {
  const quiet = /^(\d{1,2})-(\d{1,2})$/.exec(settings.quietHours ?? "");
  return {
    perMinute: toCount(settings.partsPerMinute) ?? DEFAULTS.perMinute,
    perDay: toCount(settings.partsPerDay) ?? DEFAULTS.perDay,
    perChatMinute: toCount(settings.partsPerChatMinute) ?? DEFAULTS.perChatMinute,
    newChatsPerDay: toCount(settings.newChatsPerDay) ?? DEFAULTS.newChatsPerDay,
    quietHours:
      settings.quietHours === "none"
        ? undefined
        : quiet === null
          ? DEFAULTS.quietHours
          : [Number(quiet[1]) % 24, Number(quiet[2]) % 24],
    timeZone: isTimeZone(settings.timeZone) ? settings.timeZone : DEFAULTS.timeZone,
  };
}

/**
 * Decides whether a part may be typed now. Counts of the last minute and day live with the process; first contacts
 * are counted in the chat book, which survives it.
 */
export function createPacing(ports: {
  readonly clock: Clock;
  readonly book: ChatBook;
  readonly budgets: Budgets;
}) {
  const { clock, book, budgets } = ports;
  let spent: { readonly atMs: number; readonly chatKey: string }[] = [];

  return {
    /** Undefined: it may. `lastInboundAt`: as the line knows it, which may be more than the book does. */
    refuse(chat: BookedChat | undefined, lastInboundAt: Date | undefined): Refused | undefined {
      const now = clock.now();
      const nowMs = now.getTime();
      spent = spent.filter(({ atMs }) => atMs > nowMs - DAY_MS);
      if (chat === undefined || (chat.wroteAt === undefined && lastInboundAt === undefined)) {
        return { kind: "refused", reason: "stranger-not-contacted", retry: "never" };
      }
      const isAwaited = nowMs - (lastInboundAt ?? chat.wroteAt ?? now).getTime() < WAITS_FOR_MS;
      const quietMs = isAwaited ? 0 : quietForMs(now, budgets);
      if (quietMs > 0) return wait("quiet-hours", quietMs, "chat");
      const inMinute = spent.filter(({ atMs }) => atMs > nowMs - MINUTE_MS);
      const inChat = inMinute.filter(({ chatKey }) => chatKey === chat.chatKey);
      if (inChat.length >= budgets.perChatMinute) {
        return wait("chat-budget-spent", untilFree(inChat, MINUTE_MS, nowMs), "chat");
      }
      if (inMinute.length >= budgets.perMinute) {
        return wait("minute-budget-spent", untilFree(inMinute, MINUTE_MS, nowMs), "bot");
      }
      if (spent.length >= budgets.perDay) {
        return wait("day-budget-spent", untilFree(spent, DAY_MS, nowMs), "bot");
      }
      const isFirst = chat.answeredAt === undefined;
      if (isFirst && book.firstAnsweredSince(new Date(nowMs - DAY_MS)) >= budgets.newChatsPerDay) {
        return wait("new-chats-budget-spent", 60 * MINUTE_MS, "chat");
      }
      return undefined;
    },
    /** Counts a part that was typed, whatever came of it. */
    spend(chatKey: string): void {
      spent.push({ atMs: clock.now().getTime(), chatKey });
    },
  };
}

/** As a person's: each keystroke a little different, a hesitation of a second or so. `scale` 0 makes none. */
export function createHumanPauses(options: {
  readonly random: () => number;
  readonly scale: number;
  /** Default 12,000 ms: a tick beyond the clock comes within a second or two, unless the page is offline. */
  readonly tickWithinMs?: number;
}): HumanPauses {
  const { random, scale } = options;
  return {
    keystrokeMs: () => scale * (25 + random() * 50),
    maxTypingMs: scale * 7_000,
    tickWithinMs: options.tickWithinMs ?? TICK_WITHIN_MS,
    hesitate: (signal) => waitFor(scale * (250 + random() * 900), signal),
  };
}

/** Resolves after the time, or at once when the signal aborts. */
export function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}

function wait(reason: string, afterMs: number, scope: "chat" | "bot"): Refused {
  return {
    kind: "refused",
    reason,
    retry: { afterMs: Math.ceil(afterMs) },
    scope,
    isOwnPace: true,
  };
}

/** When the oldest of those counted drops out. */
function untilFree(
  counted: readonly { readonly atMs: number }[],
  spanMs: number,
  nowMs: number,
): number {
  return Math.max(1, (counted[0]?.atMs ?? nowMs) + spanMs - nowMs);
}

/** 0 outside of the quiet hours. */
function quietForMs(now: Date, { quietHours, timeZone }: Budgets): number {
  if (quietHours === undefined) return 0;
  const [from, to] = quietHours;
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const hour = read("hour");
  const isQuiet = from <= to ? hour >= from && hour < to : hour >= from || hour < to;
  return isQuiet ? ((to - hour + 24) % 24) * 60 * MINUTE_MS - read("minute") * MINUTE_MS : 0;
}

function toCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function isTimeZone(name: string | undefined): name is string {
  if (name === undefined || name === "") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
