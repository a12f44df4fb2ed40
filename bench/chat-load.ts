import type {
  SentMessage,
  StandInBot,
  TelegramStandIn,
} from "../test/stand-ins/telegram/start-stand-in.ts";
import { cpuSeconds } from "./process-usage.ts";
import { ascending } from "./statistics.ts";

export interface ChatLoad {
  readonly standIn: TelegramStandIn;
  readonly bot: StandInBot;
  /**
   * Chats that take turns: so many that none exceeds Telegram's pace or our limit per contact. Each has
   * been answered once before measuring begins.
   */
  readonly chatCount: number;
  /** Messages that wait for their answer at any time. */
  readonly inFlight: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  readonly textOf: (index: number) => string;
  /** Named groups of processes whose CPU is counted over the measured time. */
  readonly processes: Readonly<Record<string, readonly number[]>>;
}

export interface ChatLoadResult {
  readonly answered: number;
  readonly answersPerSecond: number;
  /** By group of processes. */
  readonly cpuMsPerAnswer: Readonly<Record<string, number>>;
  /** From the person's sending to the answer's arrival at the network, ascending. */
  readonly answerMs: readonly number[];
}

/** A message that gets no answer within this time stops the measurement. */
const STALLED_AFTER_MS = 30_000;

/**
 * People who write as soon as somebody was answered (closed loop): the greatest rate of answers, and what
 * an answer costs. Each chat writes again only after its answer, in turn with all others.
 */
export async function loadChats(load: ChatLoad): Promise<ChatLoadResult> {
  const { standIn, bot, chatCount } = load;
  const sentAt = new Map<number, number>();
  const latencies: number[] = [];
  const firstChat = nextFirstChat;
  nextFirstChat += chatCount;
  let index = 0;
  let answered = 0;
  let answeredAt = performance.now();
  let isMeasuring = false;
  let isOver = false;

  function say(): void {
    const chatId = firstChat + (index % chatCount);
    const text = load.textOf(index);
    index += 1;
    sentAt.set(chatId, performance.now());
    standIn.user(chatId, { languageCode: "es" }).send(text, { bot });
  }

  function onSent(message: SentMessage): void {
    const since = sentAt.get(message.chatId);
    // Further parts of an answer that has begun to arrive are part of it.
    if (since === undefined) return;
    sentAt.delete(message.chatId);
    answeredAt = performance.now();
    if (isMeasuring) {
      answered += 1;
      latencies.push(performance.now() - since);
    }
    if (!isOver) say();
  }

  standIn.events.on("sent", onSent);
  try {
    for (let started = 0; started < load.inFlight; started++) say();
    await pause(load.warmUpMs);
    while (index < chatCount + load.inFlight) {
      await pause(50);
      if (performance.now() - answeredAt > STALLED_AFTER_MS) {
        throw new Error(
          `No answer for ${STALLED_AFTER_MS} ms; ${sentAt.size} messages wait for one.`,
        );
      }
    }
    const before = usage(load.processes);
    const began = performance.now();
    isMeasuring = true;
    await pause(load.measuredMs);
    isMeasuring = false;
    const seconds = (performance.now() - began) / 1_000;
    const after = usage(load.processes);
    isOver = true;
    await untilEmpty(sentAt);
    return {
      answered,
      answersPerSecond: answered / seconds,
      cpuMsPerAnswer: Object.fromEntries(
        Object.keys(after).map((name) => [
          name,
          (((after[name] ?? 0) - (before[name] ?? 0)) * 1_000) / answered,
        ]),
      ),
      answerMs: ascending(latencies),
    };
  } finally {
    standIn.events.off("sent", onSent);
  }
}

/** Chats are never used twice, so that no run meets the conversations of another. */
let nextFirstChat = 100_000;

function usage(groups: ChatLoad["processes"]): Record<string, number> {
  return Object.fromEntries(Object.entries(groups).map(([name, pids]) => [name, cpuSeconds(pids)]));
}

async function untilEmpty(waiting: ReadonlyMap<number, number>): Promise<void> {
  const deadline = performance.now() + STALLED_AFTER_MS;
  while (waiting.size > 0) {
    if (performance.now() > deadline) throw new Error(`${waiting.size} messages got no answer.`);
    await pause(20);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
