import type { Citation } from "../../core/answer.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { DeskStore, Reach } from "../../core/desk.ts";
import { asId, type ConversationId, type TenantId } from "../../core/ids.ts";
import type { ConversationMemory, Turn } from "../../core/turn.ts";
import type { Database, Transaction } from "../database.ts";
import { findConversations } from "./find-conversations.ts";
import { readHistory } from "./history.ts";
import { createHolds } from "./holds.ts";
import { createMarks } from "./marks.ts";
import { nameOf, readConversations } from "./read-conversations.ts";
import { createReplies } from "./replies.ts";

/** The desk on PostgreSQL. */
export function createDeskStore(database: Database, cipher: Cipher): DeskStore {
  return {
    list: (tenantId, viewer, query) =>
      database.asTenant(tenantId, async (tx) => {
        const found = await findConversations(tx, cipher, tenantId, viewer, query);
        const page = found.slice(0, query.limit);
        const last = page.at(-1);
        const ids = page.map(({ id }) => id);
        return {
          entries: await readConversations(tx, cipher, tenantId, viewer, ids),
          next: found.length > query.limit && last ? { at: last.at, id: last.id } : undefined,
        };
      }),
    find: (tenantId, viewer, conversationId) =>
      database.asTenant(tenantId, async (tx) => {
        const [found] = await readConversations(tx, cipher, tenantId, viewer, [conversationId]);
        return found;
      }),
    history: (tenantId, conversationId, page) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query("select 1 from conversation where tenant_id = $1 and id = $2", [
          tenantId,
          conversationId,
        ]);
        if (rows.length === 0) return undefined;
        return readHistory(tx, cipher, tenantId, conversationId, page);
      }),
    reach: (tenantId, conversationId) =>
      database.asTenant(tenantId, (tx) => readReach(tx, cipher, tenantId, conversationId)),
    ...createHolds(database, cipher),
    ...createReplies(database, cipher),
    ...createMarks(database, cipher),
  };
}

interface ReachRow {
  readonly bot_id: string;
  readonly kind: "private" | "group";
  readonly memory: Buffer | null;
  readonly is_reachable: boolean;
  readonly contact_id: string | null;
  readonly identity: Buffer | null;
  readonly last_inbound_at: Date | null;
  readonly said: readonly { speaker: Turn["speaker"]; content: string; owner: string }[] | null;
}

async function readReach(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: ConversationId,
): Promise<Reach | undefined> {
  const [row] = await tx.query<ReachRow>(
    `select c.bot_id, c.kind, c.memory, c.is_reachable, c.contact_id, k.identity, c.last_inbound_at,
            (select jsonb_agg(jsonb_build_object('speaker', t.speaker, 'content', encode(t.content, 'base64'),
                      'owner', coalesce(t.message_id, t.desk_message_id)) order by t.id)
             from (select * from turn where conversation_id = c.id and said_at >= c.held_since
                     and speaker <> 'assistant'
                   order by id desc limit 20) t) as said
     from conversation c left join contact k on k.id = c.contact_id
     where c.tenant_id = $1 and c.id = $2`,
    [tenantId, conversationId],
  );
  if (row === undefined) return undefined;
  const open = <Content>(table: string, column: string, rowId: string, envelope: Buffer): Content =>
    JSON.parse(cipher.decrypt({ tenantId, table, column, rowId }, envelope)) as Content;
  const memory =
    row.memory && open<ConversationMemory>("conversation", "memory", conversationId, row.memory);
  return {
    botId: asId(row.bot_id),
    kind: row.kind,
    language: memory?.language ?? "es",
    isReachable: row.is_reachable && (row.kind === "group" || row.contact_id !== null),
    contactName: nameOf(cipher, tenantId, row.contact_id, row.identity),
    lastInboundAt: row.last_inbound_at ?? undefined,
    saidSinceHold: (row.said ?? []).map(({ speaker, content, owner }) => ({
      speaker,
      text: open<{ text: string; citations: readonly Citation[] }>(
        "turn",
        "content",
        `${owner} ${speaker}`,
        Buffer.from(content, "base64"),
      ).text,
    })),
  };
}
