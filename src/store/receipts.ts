import type { BotId, TenantId } from "../core/ids.ts";
import type { Receipt, Receipts } from "../core/receipt.ts";
import type { Database, Transaction } from "./database.ts";
import { foldReceipts, type KnownDelivery } from "./fold-receipts.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Keeps what the network told of each part in its outbox row. Rows are locked before they are compared, so that
 * two processes that hear of one part at once end where one of them would have.
 */
export function createReceipts(database: Database): Receipts {
  return {
    async note(tenantId, botId, receipts) {
      if (receipts.length === 0) return;
      await database.asTenant(tenantId, async (tx) => {
        const parts = await lockParts(tx, botId, receipts);
        if (parts.length > 0) await writeNews(tx, tenantId, parts, receipts);
      });
    },
  };
}

interface PartRow {
  readonly id: string;
  readonly message_id: string | null;
  readonly network_message_id: string | null;
  readonly state: string;
  readonly delivery: KnownDelivery["status"] | null;
  readonly delivered_at: Date | null;
  readonly read_at: Date | null;
}

function lockParts(
  tx: Transaction,
  botId: BotId,
  receipts: readonly Receipt[],
): Promise<PartRow[]> {
  const echoed = receipts.flatMap(({ outboxId }) =>
    outboxId !== undefined && UUID.test(outboxId) ? [outboxId] : [],
  );
  return tx.query<PartRow>(
    {
      name: "receipts-lock-parts",
      text: `select id, message_id, network_message_id, state, delivery, delivered_at, read_at from outbox
             where bot_id = $1 and (network_message_id = any($2) or id = any($3::uuid[]))
             order by id for no key update`,
    },
    [botId, receipts.map(({ networkMessageId }) => networkMessageId), echoed],
  );
}

async function writeNews(
  tx: Transaction,
  tenantId: TenantId,
  parts: readonly PartRow[],
  receipts: readonly Receipt[],
): Promise<void> {
  const rows = parts.flatMap((part) => {
    const own = receipts.filter(
      ({ networkMessageId, outboxId }) =>
        networkMessageId === part.network_message_id || outboxId?.toLowerCase() === part.id,
    );
    const news = foldReceipts(toKnown(part), own);
    if (news === undefined) return [];
    const { known, events } = news;
    // Of an attempt before: the part is sent again.
    if (part.state === "queued" && known.status === "failed") return [];
    return [
      {
        id: part.id,
        network_id: part.network_message_id ?? own[0]?.networkMessageId,
        delivery: known.status,
        delivered_at: known.deliveredAt,
        read_at: known.readAt,
        state: known.status === "failed" ? "failed" : "sent",
        reason: known.status === "failed" ? (known.reason ?? "failed") : null,
        events: events.map(({ kind, at, reason }) => ({
          kind,
          at,
          message: part.message_id ?? part.id,
          detail: {
            outbox: part.id,
            by: "receipt",
            networkMessageId: part.network_message_id ?? own[0]?.networkMessageId,
            ...(reason === undefined ? {} : { reason }),
          },
        })),
      },
    ];
  });
  if (rows.length === 0) return;
  // The passport is in the order in which things were learnt: a network's clock runs apart, or in whole seconds.
  await tx.query(
    {
      name: "receipts-write",
      text: `with news as (
               select * from jsonb_to_recordset($2::jsonb) as n (
                 id uuid, network_id text, delivery text, delivered_at timestamptz, read_at timestamptz,
                 state text, reason text, events jsonb)
             ), told as (
               update outbox o
               set delivery = n.delivery, delivered_at = n.delivered_at, read_at = n.read_at,
                   network_message_id = n.network_id, state = n.state, reason = n.reason,
                   part = case when n.state = 'sent' then null else o.part end,
                   settled_at = coalesce(o.settled_at, now())
               from news n where o.id = n.id
               returning o.id, o.conversation_id, o.message_id, o.delivery
             ), heard as (
               insert into event (tenant_id, kind, detail)
               select $1, 'delivery-changed', jsonb_strip_nulls(jsonb_build_object(
                 'conversationId', conversation_id, 'outboxId', id, 'messageId', message_id,
                 'state', delivery))
               from told
             )
             insert into passport_event (tenant_id, message_id, kind, detail)
             select $1, e.message, e.kind, e.detail || jsonb_build_object('networkTime', e.at)
             from news n, jsonb_to_recordset(n.events)
               as e (kind text, at text, message uuid, detail jsonb)`,
    },
    [tenantId, JSON.stringify(rows)],
  );
}

function toKnown(part: PartRow): KnownDelivery {
  return {
    // A part that was refused for good and one that nobody heard of are alike: what comes now is news.
    status: part.delivery ?? (part.state === "sent" ? "sent" : undefined),
    deliveredAt: part.delivered_at?.toISOString(),
    readAt: part.read_at?.toISOString(),
    reason: undefined,
  };
}
