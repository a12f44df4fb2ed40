import { asId, type MessageId } from "../core/ids.ts";
import type { PassportEventKind } from "../core/passport.ts";
import type { Passport, Passports } from "../core/passport-reader.ts";
import type { Database, Transaction } from "./database.ts";
import { readPauseSpans, withPauses } from "./operations/pauses-of-message.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createPassports(database: Database): Passports {
  return {
    async find(tenantId, id) {
      const found = await database.asTenant(tenantId, async (tx) => {
        const ids = UUID.test(id) ? await findByUuid(tx, id) : await findByNetworkId(tx, id);
        const passports: Found[] = [];
        for (const messageId of ids) passports.push(await read(tx, tenantId, messageId));
        return passports;
      });
      if (found.length === 0) return [];
      const spans = await readPauseSpans(database, tenantId);
      return found.map(({ passport, channel }) => withPauses(passport, spans, channel));
    },
    async record(tenantId, messageId, events) {
      await database.asTenant(tenantId, async (tx) => {
        await tx.query(
          `insert into passport_event (tenant_id, message_id, kind, detail, happened_at)
           select $1, $2, e.kind, e.detail, e.at
           from jsonb_to_recordset($3::jsonb) as e (kind text, detail jsonb, at timestamptz)`,
          [tenantId, messageId, JSON.stringify(events)],
        );
      });
    },
  };
}

async function findByUuid(tx: Transaction, id: string): Promise<MessageId[]> {
  const rows = await tx.query<{ message_id: string }>(
    `select message_id from passport_event where message_id = $1
     union select coalesce(message_id, id) from outbox where id = $1`,
    [id.toLowerCase()],
  );
  return rows.map((row) => asId(row.message_id));
}

async function findByNetworkId(tx: Transaction, id: string): Promise<MessageId[]> {
  const rows = await tx.query<{ message_id: string }>(
    `select message_id from (
       select id as message_id, received_at as at from inbox where update_key = $1
       union select coalesce(message_id, id), created_at from outbox where network_message_id = $1
     ) found group by message_id order by max(at) desc limit 20`,
    [id],
  );
  return rows.map((row) => asId(row.message_id));
}

interface PassportRow {
  readonly inbox: {
    readonly bot_id: string;
    readonly channel: string | null;
    readonly conversation_id: string;
    readonly state: string;
    readonly dead_reason: string | null;
  } | null;
  readonly parts: readonly {
    readonly id: string;
    readonly state: string;
    readonly attempts: number;
    readonly network_message_id: string | null;
    readonly reason: string | null;
  }[];
  readonly events: readonly {
    readonly kind: PassportEventKind;
    readonly at: string;
    readonly detail: Record<string, unknown>;
  }[];
}

interface Found {
  readonly passport: Passport;
  /** Of its bot. */
  readonly channel: string | undefined;
}

/** Of one moment: each statement sees what was committed meanwhile, and no state may lack its event, or be behind it. */
async function read(
  tx: Transaction,
  tenantId: Passport["tenantId"],
  messageId: MessageId,
): Promise<Found> {
  const [row] = await tx.query<PassportRow>(
    `select
       (select jsonb_build_object('bot_id', i.bot_id, 'conversation_id', i.conversation_id, 'state', i.state,
                                  'dead_reason', i.dead_reason,
                                  'channel', (select b.channel from bot b where b.id = i.bot_id))
          from inbox i where i.id = $1) as inbox,
       (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'state', o.state, 'attempts', o.attempts,
                 'network_message_id', o.network_message_id, 'reason', o.reason) order by o.position), '[]')
          from outbox o where o.message_id = $1 or o.id = $1) as parts,
       (select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'at', e.happened_at, 'detail', e.detail)
                 order by e.happened_at, e.id), '[]')
          from (select id, kind, happened_at, detail from passport_event
                 where message_id = $1 order by happened_at, id limit 500) e) as events`,
    [messageId],
  );
  const { inbox, parts, events } = row ?? { inbox: null, parts: [], events: [] };
  const passport: Passport = {
    tenantId,
    messageId,
    botId: inbox === null ? undefined : asId(inbox.bot_id),
    conversationId: inbox === null ? undefined : asId(inbox.conversation_id),
    state: inbox?.state,
    deadReason: inbox?.dead_reason ?? undefined,
    events: events.map((event) => ({
      kind: event.kind,
      at: new Date(event.at),
      detail: event.detail,
    })),
    parts: parts.map((part) => ({
      outboxId: part.id,
      state: part.state,
      attempts: part.attempts,
      networkMessageId: part.network_message_id ?? undefined,
      reason: part.reason ?? undefined,
    })),
  };
  return { passport, channel: inbox?.channel ?? undefined };
}
