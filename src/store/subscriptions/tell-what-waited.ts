import type { AnsweredMessage } from "../../core/ledgers.ts";
import type { Transaction } from "../database.ts";

/**
 * Somebody wrote, so that WhatsApp takes free text for them again: alerts and digests that waited for it are due at
 * once, behind the answer of this turn.
 */
export async function tellWhatWaited(
  tx: Transaction,
  answers: readonly AnsweredMessage[],
): Promise<void> {
  const conversations = answers.map(({ due }) => due.lease.conversationId);
  if (conversations.length === 0) return;
  await tx.query(
    {
      name: "news-tell-what-waited",
      text: `with mine as (
               select id from subscription where conversation_id = any($1::uuid[])
             ), alerts as (
               update alert a set not_before = now()
               from mine where a.subscription_id = mine.id
                 and a.state = 'pending' and a.reason = 'outside-window' and a.not_before > now()
             )
             update subscription s set tell_at = now()
             from mine where s.id = mine.id and s.tell_at = 'infinity'`,
    },
    [conversations],
  );
}
