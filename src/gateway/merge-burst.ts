import type { DueMessage, Follower } from "../core/ledgers.ts";
import type { IncomingMessage } from "../core/message.ts";

/** Longer questions than two screens are read one after the other. */
const MAX_LENGTH = 4_000;

export interface Burst {
  /** What is answered: the first message, with the texts of the others below its own. */
  readonly message: IncomingMessage;
  /** Those that this answers too, in order. */
  readonly followers: readonly Follower[];
}

/**
 * Reads a burst as one message: texts of one person that follow each other. It ends at anything else, and before a
 * command, which is a turn of its own.
 */
export function mergeBurst(due: DueMessage, isCommand: (text: string) => boolean): Burst {
  const { message } = due;
  const followers: Follower[] = [];
  const first = textOf(message);
  if (first === undefined || isCommand(first)) return { message, followers };
  let text = first;
  for (const follower of due.followers) {
    const next = textOf(follower.message);
    if (next === undefined || isCommand(next)) break;
    if (follower.message.sender.key !== message.sender.key) break;
    if (follower.message.isAddressed !== message.isAddressed) break;
    if (text.length + next.length >= MAX_LENGTH) break;
    text = `${text}\n${next}`;
    followers.push(follower);
  }
  if (followers.length === 0) return { message, followers };
  return { message: { ...message, content: { kind: "text", text } }, followers };
}

function textOf({ content }: IncomingMessage): string | undefined {
  return content.kind === "text" ? content.text : undefined;
}
