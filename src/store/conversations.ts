import type { Citation } from "../core/answer.ts";
import type { Cipher } from "../core/cipher.ts";
import { isPregoneroError } from "../core/errors.ts";
import { asId, type TenantId } from "../core/ids.ts";
import type {
  Conversations,
  DueMessage,
  Lease,
  PlaceLimits,
  UnreadableMessage,
} from "../core/ledgers.ts";
import type { IncomingMessage } from "../core/message.ts";
import type { ConversationMemory, Turn } from "../core/turn.ts";
import { commitFailures } from "./commit-failures.ts";
import { commitAnswers } from "./commit-turns.ts";
import type { Database, Transaction } from "./database.ts";
import { fairShares, limitValues, placesForAll } from "./fair-shares.ts";
import { byTenant } from "./group-by-tenant.ts";
import { pausedBots } from "./operations/pauses.ts";
import { type FollowerRow, MAX_FOLLOWERS, readFollowers } from "./read-followers.ts";

export const EMPTY_MEMORY: ConversationMemory = {
  language: undefined,
  languageIsChosen: false,
  disclaimerGiven: false,
  answeredMessageIds: [],
};

/** Hop 2's ledger on PostgreSQL. */
export function createConversations(
  database: Database,
  cipher: Cipher,
  /** Whether somebody who was never answered waits behind the others. Absent: no. */
  doNewOnesWait: () => boolean = () => false,
): Conversations {
  return {
    claim: (owner, limit, leaseMs, limits) =>
      database.asDispatcher(async (tx) => {
        const claim = { owner, limit, leaseMs, limits };
        if (!doNewOnesWait()) return claimDue(tx, { ...claim, isKnownOnly: false });
        const known = await claimDue(tx, { ...claim, isKnownOnly: true });
        // Of the places that are left, half stay free for those who come next.
        const left = Math.floor((limit - known.length) / 2);
        if (left === 0) return known;
        const others = await claimDue(tx, { ...claim, limit: left, isKnownOnly: false });
        return [...known, ...others];
      }),
    async readDue(leases) {
      const due: DueMessage[] = [];
      const unreadable: UnreadableMessage[] = [];
      for (const [tenantId, group] of byTenant(leases, (lease) => lease.tenantId)) {
        for (const found of await database.asTenant(tenantId, (tx) =>
          readDueOf(tx, cipher, tenantId, group),
        )) {
          if ("message" in found) due.push(found);
          else unreadable.push(found);
        }
      }
      const dueTokens = new Set(
        [...due, ...unreadable].map(
          (message) => `${message.lease.conversationId} ${message.lease.token}`,
        ),
      );
      const idle = leases.filter(
        (lease) => !dueTokens.has(`${lease.conversationId} ${lease.token}`),
      );
      if (idle.length > 0) await releaseLeases(database, idle);
      return { due, unreadable };
    },
    renew: (leases, leaseMs) =>
      database.asDispatcher(async (tx) => {
        const rows = await tx.query<{ id: string; lease_token: string }>(
          {
            name: "conversations-renew",
            text: `update conversation c set lease_expires_at = now() + $3 * interval '1 millisecond'
                   from unnest($1::uuid[], $2::bigint[]) as held (id, token)
                   where c.id = held.id and c.lease_token = held.token and c.lease_expires_at is not null
                   returning c.id, c.lease_token`,
          },
          [
            leases.map((lease) => lease.conversationId),
            leases.map((lease) => lease.token),
            leaseMs,
          ],
        );
        const kept = new Set(rows.map((row) => `${row.id} ${row.lease_token}`));
        return leases.filter((lease) => kept.has(`${lease.conversationId} ${lease.token}`));
      }),
    commitAnswers: (answers) => commitAnswers(database, cipher, answers),
    commitFailures: (failures) => commitFailures(database, cipher, failures),
    release: (leases) => releaseLeases(database, leases),
  };
}

const IS_CLAIMABLE = `q.due_at <= now() and (q.lease_expires_at is null or q.lease_expires_at < now())
  and q.bot_id <> all (${pausedBots("stops_answers")})`;
/** Somebody who was answered before. Asked only while those who were not are to wait. */
const IS_KNOWN = `exists (select 1 from inbox known where known.conversation_id = q.id and known.state = 'answered')`;
const SHARES = fairShares({
  table: "conversation",
  isDue: "q.due_at <= now()",
  isClaimable: `${IS_CLAIMABLE} and (not $8::boolean or ${IS_KNOWN})`,
  isBotReady: "true",
  limits: 4,
});

const LEASE = `lease_token = c.lease_token + 1, lease_owner = $1,
                 lease_crashes = case when c.lease_expires_at is null then 0 else c.lease_crashes + 1 end,
                 lease_expires_at = now() + $3 * interval '1 millisecond'`;

interface ClaimedRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly bot_id: string;
  readonly lease_token: string;
  readonly lease_crashes: number;
}

interface ConversationClaim {
  readonly owner: string;
  readonly limit: number;
  readonly leaseMs: number;
  readonly limits: PlaceLimits | undefined;
  /** Leaves out whoever was never answered. */
  readonly isKnownOnly: boolean;
}

/**
 * Takes conversations that are due and that nobody holds: all of them where there is a place for each, which is
 * the rule, and else in fair shares, which costs more. Reading what is due is a second statement: in one statement
 * the reading would use a snapshot older than the row's lock, and on a server it delivered finished messages again.
 */
async function claimDue(tx: Transaction, claim: ConversationClaim): Promise<Lease[]> {
  const few = await claimFew(tx, claim);
  const rows = few ?? (await claimShares(tx, claim));
  return rows.map((row) => ({
    tenantId: asId(row.tenant_id),
    conversationId: asId(row.id),
    botId: asId(row.bot_id),
    token: row.lease_token,
    crashes: row.lease_crashes,
  }));
}

/** Undefined, and nothing taken, when more are due than there are places for. */
async function claimFew(
  tx: Transaction,
  { owner, limit, leaseMs, limits, isKnownOnly }: ConversationClaim,
): Promise<readonly ClaimedRow[] | undefined> {
  const rows = await tx.query<
    { readonly is_crowded: boolean } & (ClaimedRow | { readonly id: null })
  >(
    {
      name: "conversations-claim-few",
      text: `with few as materialized (
               select q.id from conversation q
               where ${IS_CLAIMABLE} and (not $4::boolean or ${IS_KNOWN}) limit $2::int + 1
             ), claimed as (
               update conversation c set ${LEASE}
               from (select q.id from conversation q
                     where q.id in (select few.id from few) and (select count(*) from few) <= $2
                       and ${IS_CLAIMABLE}
                     order by q.due_at for no key update skip locked) due
               where c.id = due.id
               returning c.tenant_id, c.id, c.bot_id, c.lease_token, c.lease_crashes
             )
             select crowd.is_crowded, claimed.*
             from (select count(*) > $2 as is_crowded from few) crowd left join claimed on true`,
    },
    [owner, placesForAll(limits, limit), leaseMs, isKnownOnly],
  );
  if (rows[0]?.is_crowded) return undefined;
  return rows.flatMap((row) => (row.id === null ? [] : [row]));
}

function claimShares(
  tx: Transaction,
  { owner, limit, leaseMs, limits, isKnownOnly }: ConversationClaim,
): Promise<ClaimedRow[]> {
  return tx.query<ClaimedRow>(
    {
      name: "conversations-claim",
      text: `with recursive ${SHARES}, due as materialized (
               select claimable.id from share cross join lateral (
                 select q.id from conversation q
                 where q.tenant_id = share.tenant_id and q.bot_id = share.bot_id and ${IS_CLAIMABLE}
                   and (not $8::boolean or ${IS_KNOWN})
                 order by q.due_at limit share.places for no key update skip locked) claimable
             )
             update conversation c set ${LEASE}
             from due where c.id = due.id
             returning c.tenant_id, c.id, c.bot_id, c.lease_token, c.lease_crashes`,
    },
    [owner, limit, leaseMs, ...limitValues(limits, limit), isKnownOnly],
  );
}

interface DueRow {
  readonly conversation_id: string;
  readonly token: string;
  readonly message_id: string;
  readonly message: Buffer | null;
  readonly attempts: number;
  readonly received_at: Date;
  readonly burst_ends_at: Date | null;
  readonly followers: readonly FollowerRow[] | null;
  readonly chat: Buffer;
  readonly chat_hash: Buffer;
  readonly memory: Buffer | null;
  readonly contact_id: string | null;
  readonly messages_last_minute: number;
  readonly hold_token: string;
  readonly is_held: boolean;
  readonly is_answered_by_person: boolean;
  readonly is_waiting: boolean;
  readonly history:
    | readonly {
        id: string;
        speaker: Turn["speaker"];
        content: string;
        said_at: string;
        message_id: string;
      }[]
    | null;
}

async function readDueOf(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  leases: readonly Lease[],
): Promise<(DueMessage | UnreadableMessage)[]> {
  const rows = await tx.query<DueRow>(
    {
      name: "conversations-read-due",
      text: `select c.id as conversation_id, c.lease_token as token, c.chat, c.chat_hash, c.memory, c.contact_id,
                    i.id as message_id, i.message, i.attempts, i.received_at, i.burst_ends_at,
                    c.hold_token, coalesce(c.held_until > now(), false) as is_held,
                    coalesce(c.person_said_at > i.received_at, false) as is_answered_by_person,
                    c.desk_state = 'waiting-for-person' as is_waiting,
                    case when i.burst_ends_at is not null then (
                      select jsonb_agg(jsonb_build_object(
                               'id', f.id, 'message', encode(f.message, 'base64'),
                               'received_at', f.received_at, 'burst_ends_at', f.burst_ends_at) order by f.position)
                      from (select * from inbox
                            where conversation_id = c.id and state = 'pending' and position > i.position
                            order by position limit ${MAX_FOLLOWERS}) f
                    ) end as followers,
                    case when c.kind = 'group'
                      then 1 + (select count(*)::int from turn t
                                where t.conversation_id = c.id and t.speaker = 'citizen'
                                  and t.said_at > now() - interval '1 minute')
                      else (select count(*)::int from inbox recent
                            where recent.conversation_id = c.id
                              and recent.received_at > i.received_at - interval '1 minute'
                              and recent.position <= i.position)
                    end as messages_last_minute,
                    (select jsonb_agg(jsonb_build_object(
                              'id', t.id, 'speaker', t.speaker, 'content', encode(t.content, 'base64'),
                              'said_at', t.said_at,
                              'message_id', coalesce(t.message_id, t.desk_message_id)) order by t.id)
                     from (select * from turn where conversation_id = c.id
                             -- a notice of ours about persons is no part of the talk
                             and (speaker <> 'assistant' or desk_message_id is null)
                           order by id desc limit 10) t) as history
             from unnest($1::uuid[], $2::bigint[]) as held (id, token)
             join conversation c on c.id = held.id and c.lease_token = held.token
             join lateral (
               select * from inbox
               where conversation_id = c.id and state = 'pending'
               order by position limit 1
             ) i on i.not_before <= now()`,
    },
    [leases.map((lease) => lease.conversationId), leases.map((lease) => lease.token)],
  );
  const byConversation = new Map(leases.map((lease) => [lease.conversationId as string, lease]));
  return rows.flatMap((row): (DueMessage | UnreadableMessage)[] => {
    const lease = byConversation.get(row.conversation_id);
    if (lease === undefined) return [];
    const refuse = (reason: string): UnreadableMessage[] => [
      { lease, messageId: asId(row.message_id), attempts: row.attempts, reason },
    ];
    if (row.message === null) return refuse("erased");
    try {
      return [toDueMessage(cipher, tenantId, lease, row, row.message)];
    } catch (error) {
      // One message that does not decrypt must not hold up those read with it.
      return refuse(isPregoneroError(error) ? error.code : "not-json");
    }
  });
}

function toDueMessage(
  cipher: Cipher,
  tenantId: TenantId,
  lease: Lease,
  row: DueRow,
  message: Buffer,
): DueMessage {
  const open = (table: string, column: string, rowId: string, envelope: Buffer) =>
    cipher.decrypt({ tenantId, table, column, rowId }, envelope);
  return {
    lease,
    messageId: asId(row.message_id),
    chatKey: open("conversation", "chat", row.chat_hash.toString("hex"), row.chat),
    contactId: row.contact_id === null ? undefined : asId(row.contact_id),
    message: JSON.parse(open("inbox", "message", row.message_id, message)) as IncomingMessage,
    followers: readFollowers(row, (id, envelope) => open("inbox", "message", id, envelope)),
    attempts: row.attempts,
    memory:
      row.memory === null
        ? EMPTY_MEMORY
        : {
            ...EMPTY_MEMORY,
            ...(JSON.parse(
              open("conversation", "memory", row.conversation_id, row.memory),
            ) as ConversationMemory),
          },
    history: (row.history ?? []).map((turn) => {
      const content = JSON.parse(
        open(
          "turn",
          "content",
          `${turn.message_id} ${turn.speaker}`,
          Buffer.from(turn.content, "base64"),
        ),
      ) as { text: string; citations: readonly Citation[] };
      return { speaker: turn.speaker, ...content, saidAt: new Date(turn.said_at) };
    }),
    messagesLastMinute: row.messages_last_minute,
    hold: {
      token: row.hold_token,
      isHeld: row.is_held,
      isAnsweredByPerson: row.is_answered_by_person,
      isWaiting: row.is_waiting,
    },
  };
}

/** Gives leases back and marks each conversation due by its first pending message, or not at all. */
async function releaseLeases(database: Database, leases: readonly Lease[]): Promise<void> {
  await database.asDispatcher(async (tx) => {
    const values = [
      leases.map((lease) => lease.conversationId),
      leases.map((lease) => lease.token),
    ];
    // The lock comes in a statement of its own, so that the next one sees whatever was accepted before it.
    await tx.query(
      {
        name: "conversations-lock-held",
        text: `select c.id from conversation c join unnest($1::uuid[], $2::bigint[]) as held (id, token)
                 on c.id = held.id and c.lease_token = held.token
               order by c.id for no key update of c`,
      },
      values,
    );
    await tx.query(
      {
        name: "conversations-release",
        text: `update conversation c
               set lease_owner = null, lease_expires_at = null,
                   due_at = (select i.not_before from inbox i
                             where i.tenant_id = c.tenant_id and i.conversation_id = c.id and i.state = 'pending'
                             order by i.position limit 1)
               from unnest($1::uuid[], $2::bigint[]) as held (id, token)
               where c.id = held.id and c.lease_token = held.token`,
      },
      values,
    );
  });
}
