import type { Cipher } from "../../core/cipher.ts";
import type { BotId, ConversationId } from "../../core/ids.ts";
import type {
  SubscriptionAdmin,
  SubscriptionCounts,
  SubscriptionKind,
} from "../../core/subscriptions.ts";
import { findWhole, listParts } from "../contacts/contact-rows.ts";
import type { Database, Transaction } from "../database.ts";
import { SUBSCRIPTION_COLUMNS, type SubscriptionRow, toSubscription } from "./subscription-rows.ts";

/** What staff sees of subscriptions, and removes. */
export function createSubscriptionAdmin(database: Database, cipher: Cipher): SubscriptionAdmin {
  return {
    count: (tenantId) => database.asTenant(tenantId, count),
    listOfContact: (tenantId, contactId) =>
      database.asTenant(tenantId, async (tx) => {
        const whole = await findWhole(tx, tenantId, contactId);
        if (whole === undefined) return undefined;
        const rows = await tx.query<
          SubscriptionRow & { conversation_id: ConversationId; bot_id: BotId }
        >(
          `select ${SUBSCRIPTION_COLUMNS}, s.conversation_id, c.bot_id
           from subscription s join conversation c on c.id = s.conversation_id
           where s.contact_id = any($1::uuid[]) order by s.created_at, s.id`,
          [await listParts(tx, whole)],
        );
        return rows.map((row) => ({
          ...toSubscription(cipher, tenantId, row),
          conversationId: row.conversation_id,
          botId: row.bot_id,
        }));
      }),
    remove: (tenantId, subscriptionId, { actor, requestId }) =>
      database.asTenant(tenantId, async (tx) => {
        const removed = await tx.query("delete from subscription where id = $1 returning id", [
          subscriptionId,
        ]);
        if (removed.length === 0) return false;
        await tx.query(
          `insert into audit (tenant_id, actor, action, subject, detail)
           values ($1, $2, 'subscription-removed', $3, $4)`,
          [tenantId, actor, subscriptionId, JSON.stringify({ requestId })],
        );
        return true;
      }),
  };
}

async function count(tx: Transaction): Promise<SubscriptionCounts> {
  const rows = await tx.query<{ kind: SubscriptionKind; active: number; paused: number }>(
    `select kind, count(*) filter (where state = 'active')::int as active,
            count(*) filter (where state = 'paused')::int as paused
     from subscription group by kind`,
  );
  const [people] = await tx.query<{ contacts: number }>(
    "select count(distinct contact_id)::int as contacts from subscription",
  );
  const [alerts] = await tx.query<SubscriptionCounts["alerts"]>(
    `select count(*) filter (where state = 'pending')::int as pending,
            count(*) filter (where state = 'pending' and reason = 'outside-window')::int as "outsideWindow",
            count(*) filter (where state = 'queued' and settled_at > now() - interval '30 days')::int as queued,
            count(*) filter (where state = 'skipped' and settled_at > now() - interval '30 days')::int as skipped
     from alert`,
  );
  const [digests] = await tx.query<{ waiting: number }>(
    "select count(*)::int as waiting from subscription where state = 'active' and tell_at = 'infinity'",
  );
  const of = (kind: SubscriptionKind) => {
    const row = rows.find((each) => each.kind === kind);
    return { active: row?.active ?? 0, paused: row?.paused ?? 0 };
  };
  return {
    subscriptions: { alert: of("alert"), daily: of("daily"), weekly: of("weekly") },
    contacts: people?.contacts ?? 0,
    alerts: alerts ?? { pending: 0, outsideWindow: 0, queued: 0, skipped: 0 },
    digestsOutsideWindow: digests?.waiting ?? 0,
  };
}
