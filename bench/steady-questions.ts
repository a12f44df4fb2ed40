import type {
  SentMessage,
  StandInBot,
  TelegramStandIn,
} from "../test/stand-ins/telegram/start-stand-in.ts";
import { questionOf } from "./questions.ts";

export interface SteadyQuestions {
  readonly standIn: TelegramStandIn;
  readonly bot: StandInBot;
  readonly perSecond: number;
  /** Who ask in turn: so many that each has been answered when their turn comes again. */
  readonly chats: { readonly first: number; readonly count: number };
}

export interface AskedQuestions {
  /** From the sending of each question to the first word of its answer, in the order in which they were asked. */
  readonly answerMs: readonly number[];
  readonly asked: number;
  /** Whose turn came while their question before was still waiting: not asked. */
  readonly skipped: number;
}

/** An answer that takes longer than this stops the measurement. */
const STALLED_AFTER_MS = 60_000;
const TICK_MS = 10;

/**
 * People who ask at a steady rate, whatever becomes of their questions (open loop), from now until `end`, which waits
 * for the last answer. Continues with the next chat where the last call of the same object ended.
 */
export function createSteadyQuestions({ standIn, bot, perSecond, chats }: SteadyQuestions) {
  let next = 0;
  return function ask(): { end(): Promise<AskedQuestions> } {
    const waiting = new Map<number, number>();
    const answerMs: number[] = [];
    const began = performance.now();
    let asked = 0;
    let skipped = 0;
    const onSent = ({ chatId }: SentMessage) => {
      const since = waiting.get(chatId);
      // Further parts of an answer that has begun to arrive are part of it.
      if (since === undefined) return;
      waiting.delete(chatId);
      answerMs.push(performance.now() - since);
    };
    standIn.events.on("sent", onSent);
    const timer = setInterval(() => {
      const due = ((performance.now() - began) / 1_000) * perSecond;
      for (; asked + skipped < due; next++) {
        const chatId = chats.first + (next % chats.count);
        if (waiting.has(chatId)) {
          skipped += 1;
          continue;
        }
        asked += 1;
        waiting.set(chatId, performance.now());
        standIn.user(chatId, { languageCode: "es" }).send(questionOf(next), { bot });
      }
    }, TICK_MS);
    return {
      async end() {
        clearInterval(timer);
        const deadline = performance.now() + STALLED_AFTER_MS;
        while (waiting.size > 0) {
          if (performance.now() > deadline) {
            throw new Error(`${waiting.size} of ${asked} questions got no answer.`);
          }
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        standIn.events.off("sent", onSent);
        return { answerMs, asked, skipped };
      },
    };
  };
}
