import type { Citation } from "../core/answer.ts";
import type { Reply } from "../core/message.ts";
import type {
  ConversationMemory,
  TurnEffect,
  TurnInput,
  TurnOutcome,
  UsageDebit,
} from "../core/turn.ts";
import { replyText } from "./format-reply.ts";

/** `ConversationMemory.answeredMessageIds` keeps this many. */
const REMEMBERED_IDS = 50;
/** Characters of a citizen's text that a turn keeps: what was read of it (security checklist S47). */
const MAX_HEARD_LENGTH = 4_000;

/** What a turn comes to, before it is remembered. */
export interface Said {
  readonly replies: readonly Reply[];
  readonly citations?: readonly Citation[];
  /** Changes to what is remembered. */
  readonly memory?: Partial<ConversationMemory>;
  readonly effects?: readonly TurnEffect[];
  readonly usage?: readonly UsageDebit[];
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
  return { replies: [], turns: [], memory: input.memory, effects, usage: [] };
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
  return {
    replies: said.replies,
    turns: [
      {
        speaker: "citizen",
        text: heard.slice(0, MAX_HEARD_LENGTH).toWellFormed(),
        citations: [],
        saidAt: now,
      },
      {
        speaker: "assistant",
        text: said.replies.map(replyText).join("\n"),
        citations: said.citations ?? [],
        saidAt: now,
      },
    ],
    memory: {
      ...input.memory,
      answeredMessageIds: [...input.memory.answeredMessageIds, ...keys].slice(-REMEMBERED_IDS),
      ...said.memory,
    },
    effects: said.effects ?? [],
    usage: said.usage ?? [],
  };
}
