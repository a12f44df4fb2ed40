import type { Citation } from "../core/answer.ts";
import type { Reply } from "../core/message.ts";
import type { ConversationMemory, Turn, TurnEffect, TurnInput, TurnOutcome } from "../core/turn.ts";
import { replyText } from "./format-reply.ts";
import { rememberOlderTurns } from "./older-turns.ts";

/** `ConversationMemory.answeredMessageIds` keeps this many. */
const REMEMBERED_IDS = 50;
/** Characters of a citizen's text that a turn keeps: what was read of it (security checklist S47). */
const MAX_HEARD_LENGTH = 4_000;

/** What a turn comes to, before it is remembered. */
export interface Said {
  readonly replies: readonly Reply[];
  /** The question that a tap on a button stood for. Absent: what was heard is what is remembered. */
  readonly asked?: string;
  readonly citations?: readonly Citation[];
  /** Changes to what is remembered. */
  readonly memory?: Partial<ConversationMemory>;
  readonly effects?: readonly TurnEffect[];
  /** False: a corrected text is answered again (the first was not really answered). */
  readonly isAnswered?: boolean;
}

/** Nothing is said and nothing remembered; the passport tells why. */
export function stayQuiet(
  input: TurnInput,
  reason: string,
  effects: readonly TurnEffect[] = [],
): TurnOutcome {
  input.note("planned", { silence: reason });
  return { replies: [], turns: [], memory: input.memory, effects };
}

/** The outcome of a turn in which `heard` was answered by `said`. `heardKeys` are not answered again. */
export function remember(
  input: TurnInput,
  heard: string,
  said: Said,
  heardKeys: readonly string[],
  now: Date,
): TurnOutcome {
  const keys = (said.isAnswered ?? true) ? heardKeys : [];
  const turns: readonly Turn[] = [
    {
      speaker: "citizen",
      text: (said.asked ?? heard).slice(0, MAX_HEARD_LENGTH).toWellFormed(),
      citations: [],
      saidAt: now,
    },
    ...(said.replies.length === 0
      ? []
      : [
          {
            speaker: "assistant" as const,
            text: said.replies.map(replyText).join("\n"),
            citations: said.citations ?? [],
            saidAt: now,
          },
        ]),
  ];
  const memory = {
    ...input.memory,
    answeredMessageIds: [...input.memory.answeredMessageIds, ...keys].slice(-REMEMBERED_IDS),
    ...said.memory,
  };
  // A group's is nobody's: `/borrar` could not erase it for one person.
  const summary =
    input.message.chat.kind === "private"
      ? rememberOlderTurns(memory.summary, input.history, turns.length)
      : undefined;
  return {
    replies: said.replies,
    turns,
    memory: summary === undefined ? memory : { ...memory, summary },
    effects: said.effects ?? [],
  };
}
