import { type Reaction, type Vote, voteOfReaction } from "../../src/core/feedback.ts";
import { toChatKey } from "./chat-address.ts";
import { reactionUpdateSchema } from "./update-schema.ts";

/**
 * What a person put under a message of ours, or took away (Bot API, MessageReactionUpdated: in private chats, and in
 * groups where the bot is an administrator). Empty for every other update, for anonymous administrators, and for a change
 * that says nothing of the message. Of several reactions the first that says something counts.
 */
export function toReactions(body: unknown): readonly Reaction[] {
  const parsed = reactionUpdateSchema.safeParse(body);
  const change = parsed.data?.message_reaction;
  if (change?.user === undefined || change.user.is_bot) return [];
  const vote = voteOf(change.new_reaction);
  if (vote === voteOf(change.old_reaction)) return [];
  return [
    {
      chatKey: toChatKey(change.chat.id),
      senderKey: String(change.user.id),
      networkMessageId: String(change.message_id),
      vote: vote ?? "none",
      at: new Date(change.date * 1000).toISOString(),
    },
  ];
}

function voteOf(reactions: readonly { readonly emoji?: string | undefined }[]): Vote | undefined {
  for (const { emoji } of reactions) {
    const vote = emoji === undefined ? undefined : voteOfReaction(emoji);
    if (vote !== undefined) return vote;
  }
  return undefined;
}
