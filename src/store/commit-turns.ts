import { v7 as uuidv7 } from "uuid";
import type { Pace } from "../core/channel.ts";
import type { Cipher } from "../core/cipher.ts";
import type { TenantId } from "../core/ids.ts";
import type { AnsweredMessage, CommitResult, DueMessage } from "../core/ledgers.ts";
import { searchWords } from "../core/search-words.ts";
import type { TurnEffect } from "../core/turn.ts";
import { lockPeople } from "./contacts/lock-people.ts";
import type { Database, Transaction } from "./database.ts";
import { writeHandedOver } from "./desk/handed-over.ts";
import { hashWords } from "./desk/hash-words.ts";
import { noteVersions } from "./experiments/answers.ts";
import { byTenant } from "./group-by-tenant.ts";
import { tellWhatWaited } from "./subscriptions/tell-what-waited.ts";
import { takeInEdits } from "./take-in-edits.ts";
import { applyEffects } from "./turn-effects.ts";

/** A held conversation as found under its lock. Times are the database's, in milliseconds since 1970. */
export interface Held {
  readonly now: number;
  readonly sendNextAt: number;
  readonly holdToken: string;
  readonly isHeld: boolean;
}

const NOT_HELD = { now: 0, sendNextAt: 0 };

/** One transaction per tenant; results in the order of `answers`. */
export async function commitAnswers(
  database: Database,
  cipher: Cipher,
  answers: readonly AnsweredMessage[],
): Promise<readonly CommitResult[]> {
  const results = new Map<AnsweredMessage, CommitResult>();
  for (const [tenantId, group] of byTenant(answers, (answer) => answer.due.lease.tenantId)) {
    const committed = await database.asTenant(tenantId, async (tx) => {
      await lockReach(tx, tenantId, group);
      const held = await lockHeld(
        tx,
        group.map((answer) => answer.due),
      );
      const valid = group.filter((answer) => held.has(answer.due.lease.conversationId));
      const handedOver = new Set(
        valid.filter(({ due }) => !isSame(due, held.get(due.lease.conversationId))),
      );
      if (handedOver.size > 0) await writeHandedOver(tx, tenantId, [...handedOver]);
      const own = valid.filter((answer) => !handedOver.has(answer));
      const edited = await takeInEdits(tx, cipher, tenantId, own);
      const written = own.filter((answer) => !edited.has(answer));
      await answerFollowers(tx, tenantId, written);
      const waiting =
        written.length > 0 ? await writeAnswers(tx, cipher, tenantId, written, held) : new Set();
      await noteVersions(tx, tenantId, written);
      await tellWhatWaited(tx, valid);
      for (const answer of written) {
        if (answer.effects.length > 0) await applyEffects(tx, cipher, tenantId, answer);
      }
      return valid.map((answer): [AnsweredMessage, CommitResult] => {
        if (handedOver.has(answer)) return [answer, "handed-over"];
        if (edited.has(answer)) return [answer, "edited"];
        return [answer, waiting.has(answer.due.lease.conversationId) ? "more" : "done"];
      });
    });
    for (const [answer, result] of committed) results.set(answer, result);
  }
  return answers.map((answer) => results.get(answer) ?? "lost");
}

/**
 * What some turns change reaches all chats of a person (`BAJA`, `/borrar`). They are locked here, together with those
 * of the turns themselves: whoever held one and then waited for the others would meet a turn in one of these that
 * does the same.
 */
async function lockReach(
  tx: Transaction,
  tenantId: TenantId,
  answers: readonly AnsweredMessage[],
): Promise<void> {
  const people = answers.flatMap(({ due: { contactId }, effects }) =>
    contactId !== undefined && effects.some(({ kind }) => OF_THE_PERSON.has(kind))
      ? [contactId]
      : [],
  );
  if (people.length === 0) return;
  await lockPeople(
    tx,
    tenantId,
    people,
    answers.map(({ due }) => due.lease.conversationId),
  );
}

const OF_THE_PERSON: ReadonlySet<TurnEffect["kind"]> = new Set(["set-broadcasts", "erase-contact"]);

/** Nobody has taken the conversation over since the turn was begun, nor given it back. */
function isSame({ hold }: Pick<DueMessage, "hold">, held: Held | undefined): boolean {
  return hold.token === held?.holdToken && hold.isHeld === held.isHeld;
}

/**
 * The fence: locks the conversations whose lease is still the one we hold. Whoever claimed them since has
 * raised the token, and finds nothing of ours written; a lease that was given back is held by nobody, so that
 * a turn whose commit was not heard of cannot be written or failed a second time.
 */
export async function lockHeld(
  tx: Transaction,
  dues: readonly Pick<DueMessage, "lease">[],
): Promise<ReadonlyMap<string, Held>> {
  const rows = await tx.query<LockedRow>(
    {
      name: "turns-lock-held",
      text: `select c.id, extract(epoch from now()) * 1000 as now_ms,
                    extract(epoch from c.send_next_at) * 1000 as send_next_ms,
                    c.hold_token, coalesce(c.held_until > now(), false) as is_held
             from conversation c join unnest($1::uuid[], $2::bigint[]) as held (id, token)
               on c.id = held.id and c.lease_token = held.token and c.lease_expires_at is not null
             order by c.id for no key update of c`,
    },
    [dues.map((due) => due.lease.conversationId), dues.map((due) => due.lease.token)],
  );
  return new Map(rows.map((row) => [row.id, toHeld(row)]));
}

/** A locked conversation, as `toHeld` reads it. */
export interface LockedRow {
  readonly id: string;
  readonly now_ms: string;
  readonly send_next_ms: string | null;
  readonly hold_token: string;
  readonly is_held: boolean;
}

export function toHeld(row: LockedRow): Held {
  return {
    now: Number(row.now_ms),
    sendNextAt: Number(row.send_next_ms ?? 0),
    holdToken: row.hold_token,
    isHeld: row.is_held,
  };
}

/** The rest of the bursts that these turns answer: before the turns, which look for what is still pending. */
async function answerFollowers(
  tx: Transaction,
  tenantId: TenantId,
  answers: readonly AnsweredMessage[],
): Promise<void> {
  const pairs = answers.flatMap(({ due, followers = [] }) =>
    followers.map(({ messageId }) => ({ messageId, with: due.messageId })),
  );
  if (pairs.length === 0) return;
  await tx.query(
    {
      name: "turns-answer-followers",
      text: `with answered as (
               update inbox i set state = 'answered', answered_at = now(), attempts = attempts + 1
               from unnest($2::uuid[], $3::uuid[]) as follower (id, first)
               where i.id = follower.id
               returning i.id, follower.first
             )
             insert into passport_event (tenant_id, message_id, kind, detail)
             select $1, id, 'answered', jsonb_build_object('with', first) from answered`,
    },
    [tenantId, pairs.map(({ messageId }) => messageId), pairs.map((pair) => pair.with)],
  );
}

/**
 * Everything of these turns in one statement: it happens whole or not at all, in one round trip.
 * Returns the conversations in which another message waits.
 */
async function writeAnswers(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  answers: readonly AnsweredMessage[],
  held: ReadonlyMap<string, Held>,
): Promise<ReadonlySet<string>> {
  const rows = answers.map((answer) => {
    const conversationId = answer.due.lease.conversationId;
    const state = held.get(conversationId) ?? NOT_HELD;
    return toRow(cipher, tenantId, answer, reserveSlots(state, answer.pace, answer.parts.length));
  });
  const written = await tx.query<{ id: string; is_due: boolean }>(
    {
      name: "turns-write",
      text: `with answer as (
               select * from jsonb_to_recordset($2::jsonb) as a (
                 message uuid, conversation uuid, bot uuid, memory text, turns jsonb, parts jsonb,
                 events jsonb, next_send float8, words jsonb, is_heard boolean)
             ), worded as (
               insert into conversation_word (tenant_id, conversation_id, word_hash)
               select $1, a.conversation, decode(w.hash, 'base64')
               from answer a, jsonb_array_elements_text(a.words) as w (hash)
               order by 2, 3 on conflict do nothing
             ), said as (
               insert into turn (tenant_id, conversation_id, message_id, speaker, content, said_at)
               select $1, a.conversation, a.message, t.speaker, decode(t.content, 'base64'), t.said_at
               from answer a, jsonb_to_recordset(a.turns) as t (speaker text, content text, said_at timestamptz)
             ), queued as (
               insert into outbox (tenant_id, id, bot_id, conversation_id, message_id, part, not_before)
               select $1, p.id, a.bot, a.conversation, a.message, decode(p.part, 'base64'),
                      to_timestamp(p.not_before / 1000.0)
               from answer a, jsonb_to_recordset(a.parts) as p (id uuid, part text, not_before float8)
             ), noted as (
               insert into passport_event (tenant_id, message_id, kind, detail, happened_at)
               select $1, a.message, e.kind, e.detail, e.at
               from answer a, jsonb_to_recordset(a.events) as e (kind text, detail jsonb, at timestamptz)
             ), told as (
               insert into event (tenant_id, kind, detail)
               select $1, 'message-answered', jsonb_build_object(
                 'conversationId', a.conversation, 'botId', a.bot, 'messageId', a.message)
               from answer a
             ), answered as (
               update inbox i set state = 'answered', answered_at = now(), attempts = attempts + 1
               from answer a where i.id = a.message
             )
             update conversation c
             set memory = decode(a.memory, 'base64'), updated_at = now(),
                 lease_owner = null, lease_expires_at = null,
                 send_next_at = to_timestamp(a.next_send / 1000.0),
                 last_message_at = case when a.turns <> '[]' then now() else c.last_message_at end,
                 heard_at = case when a.is_heard then now() else c.heard_at end,
                 desk_state = case when a.is_heard and c.desk_state = 'closed' then 'open' else c.desk_state end,
                 due_at = (select i.not_before from inbox i
                           where i.conversation_id = c.id and i.state = 'pending' and i.id <> a.message
                           order by i.position limit 1)
             from answer a where c.id = a.conversation
             returning c.id, c.due_at is not null as is_due`,
    },
    [tenantId, JSON.stringify(rows)],
  );
  return new Set(written.filter((row) => row.is_due).map((row) => row.id));
}

function toRow(cipher: Cipher, tenantId: TenantId, answer: AnsweredMessage, slots: Slots) {
  const { due } = answer;
  const heard = answer.turns.filter(({ speaker }) => speaker === "citizen");
  const seal = (table: string, column: string, rowId: string, value: unknown) =>
    cipher.encrypt({ tenantId, table, column, rowId }, JSON.stringify(value)).toString("base64");
  const parts = answer.parts.map((part, index) => {
    const id = uuidv7();
    return { id, part: seal("outbox", "part", id, part), not_before: slots.notBefore[index] };
  });
  return {
    message: due.messageId,
    conversation: due.lease.conversationId,
    bot: due.lease.botId,
    memory: seal("conversation", "memory", due.lease.conversationId, answer.memory),
    turns: answer.turns.map((turn) => ({
      speaker: turn.speaker,
      content: seal("turn", "content", `${due.messageId} ${turn.speaker}`, {
        text: turn.text,
        citations: turn.citations,
      }),
      said_at: turn.saidAt,
    })),
    parts,
    events: [
      ...answer.events,
      ...parts.map((part) => ({ kind: "queued", at: new Date(), detail: { outbox: part.id } })),
    ],
    next_send: slots.nextAt,
    is_heard: heard.length > 0,
    words:
      heard.length === 0
        ? []
        : hashWords(cipher, tenantId, [
            ...heard.flatMap(({ text }) => searchWords(text)),
            ...searchWords(due.message.sender.displayName ?? ""),
          ]).map((hash) => hash.toString("base64")),
  };
}

export interface Slots {
  /** Per part, milliseconds since 1970. */
  readonly notBefore: readonly number[];
  readonly nextAt: number;
}

/**
 * Reserves one send slot per part by the generic cell rate algorithm (ITU-T I.371): `burst` parts may go
 * at once, later ones `intervalMs` apart. Kept in the conversation's row under its lock, so the pace holds
 * over all processes.
 */
export function reserveSlots(
  held: Pick<Held, "now" | "sendNextAt">,
  pace: Pace,
  count: number,
): Slots {
  let nextAt = Math.max(held.sendNextAt, held.now);
  const notBefore: number[] = [];
  for (let index = 0; index < count; index++) {
    notBefore.push(Math.max(held.now, nextAt - (pace.burst - 1) * pace.intervalMs));
    nextAt += pace.intervalMs;
  }
  return { notBefore, nextAt };
}
