import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { ConversationEntry, DeskState } from "../../core/desk.ts";
import { asId, type PersonId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { HAS_TROUBLE } from "./find-conversations.ts";
import { toHold } from "./lock-conversation.ts";

/** More are shown as so many. */
const MAX_UNREAD = 100;
const MAX_EXCERPT = 160;

interface Row {
  readonly id: string;
  readonly bot_id: string;
  readonly bot_name: string;
  readonly channel: ChannelName;
  readonly kind: "private" | "group";
  readonly contact_id: string | null;
  readonly identity: Buffer | null;
  readonly desk_state: DeskState;
  readonly held_by: string | null;
  readonly held_since: Date | null;
  readonly held_until: Date | null;
  readonly is_held: boolean;
  readonly assignee: string | null;
  readonly asked_at: Date | null;
  readonly asked_why: string | null;
  readonly tags: readonly string[];
  readonly unread: number;
  readonly has_trouble: boolean;
  readonly is_reachable: boolean;
  readonly created_at: Date;
  readonly last_message_at: Date;
  readonly said: Buffer | null;
  readonly said_place: string | null;
}

/** In the order of `ids`; those that are not the tenant's are left out. */
export async function readConversations(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  viewer: PersonId | undefined,
  ids: readonly string[],
): Promise<readonly ConversationEntry[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<Row>(
    {
      name: "desk-read-conversations",
      text: `select c.id, c.bot_id, b.name as bot_name, b.channel, c.kind, c.contact_id, k.identity, c.desk_state,
                    c.held_by, c.held_since, c.held_until, coalesce(c.held_until > now(), false) as is_held,
                    c.assignee, c.asked_at, c.asked_why, c.is_reachable, c.created_at, c.last_message_at,
                    array(select t.tag from conversation_tag t where t.conversation_id = c.id order by t.tag) as tags,
                    (select count(*)::int from (
                       select 1 from inbox i where i.conversation_id = c.id
                         and i.received_at > coalesce((
                           select s.seen_at from conversation_seen s
                           where s.conversation_id = c.id and s.person_id = $3), '-infinity')
                       limit ${MAX_UNREAD}) news) as unread,
                    ${HAS_TROUBLE} as has_trouble,
                    last.content as said,
                    coalesce(last.message_id, last.desk_message_id)::text || ' ' || last.speaker as said_place
             from unnest($2::uuid[]) with ordinality as wanted (id, place)
             join conversation c on c.id = wanted.id and c.tenant_id = $1
             join bot b on b.id = c.bot_id
             left join contact k on k.id = c.contact_id
             left join lateral (
               select t.content, t.message_id, t.desk_message_id, t.speaker from turn t
               where t.conversation_id = c.id order by t.id desc limit 1) last on true
             order by wanted.place`,
    },
    [tenantId, ids, viewer ?? null],
  );
  return rows.map((row) => toEntry(cipher, tenantId, row));
}

function toEntry(cipher: Cipher, tenantId: TenantId, row: Row): ConversationEntry {
  const open = (table: string, column: string, rowId: string, envelope: Buffer): unknown =>
    JSON.parse(cipher.decrypt({ tenantId, table, column, rowId }, envelope));
  const said =
    row.said && (open("turn", "content", row.said_place ?? "", row.said) as { text: string });
  return {
    conversationId: asId(row.id),
    botId: asId(row.bot_id),
    botName: row.bot_name,
    channel: row.channel,
    kind: row.kind,
    contactId: row.contact_id === null ? undefined : asId(row.contact_id),
    contactName: nameOf(cipher, tenantId, row.contact_id, row.identity),
    // Until somebody sweeps, the row says what was.
    state: row.desk_state === "with-person" && !row.is_held ? "open" : row.desk_state,
    hold: row.is_held ? toHold(row) : undefined,
    assignee: row.assignee === null ? undefined : asId(row.assignee),
    askedAt: row.asked_at ?? undefined,
    askedWhy: row.asked_why ?? undefined,
    tags: row.tags,
    unread: row.unread,
    hasTrouble: row.has_trouble,
    isReachable: row.is_reachable,
    createdAt: row.created_at,
    lastMessageAt: row.last_message_at,
    excerpt: said?.text.replace(/\s+/g, " ").slice(0, MAX_EXCERPT).toWellFormed(),
  };
}

export function nameOf(
  cipher: Cipher,
  tenantId: TenantId,
  contactId: string | null,
  identity: Buffer | null,
): string | undefined {
  if (contactId === null || identity === null) return undefined;
  const place = { tenantId, table: "contact", column: "identity", rowId: contactId };
  return (JSON.parse(cipher.decrypt(place, identity)) as { displayName?: string }).displayName;
}
