import { v7 as uuidv7 } from "uuid";
import type { Cipher } from "../../core/cipher.ts";
import type { FeedbackStore, Reaction, Vote } from "../../core/feedback.ts";
import { asId, type BotId, type TenantId } from "../../core/ids.ts";
import { hashAlias } from "../contacts/identify.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { hashChat } from "../inbox.ts";
import { isAnswer } from "./is-answer.ts";
import { listFeedback } from "./list-feedback.ts";

/** Judgements on PostgreSQL: the row of a contact and an answer is locked before it is compared. */
export function createFeedbackStore(database: Database, cipher: Cipher): FeedbackStore {
  return {
    judge: ({ tenantId, botId }, chatKey, messageId, { vote, comment }) =>
      database.asTenant(tenantId, async (tx) => {
        const answer = await findByMessage(tx, [
          tenantId,
          botId,
          chatHash(cipher, botId, chatKey),
          messageId,
        ]);
        if (answer === undefined) return undefined;
        return write(tx, cipher, tenantId, answer, { vote, comment, at: undefined });
      }),
    async noteReactions({ tenantId, botId, channel }, reactions) {
      let changed = 0;
      for (const reaction of reactions) {
        // A transaction each: several rows locked at once would be locked in the order in which networks tell.
        const isNews = await database.asTenant(tenantId, async (tx) => {
          const answer = await findByPart(tx, [
            tenantId,
            botId,
            chatHash(cipher, botId, reaction.chatKey),
            reaction.networkMessageId,
            hashAlias(cipher, tenantId, channel, reaction.senderKey),
            channel,
          ]);
          if (answer === undefined) return false;
          return write(tx, cipher, tenantId, answer, toGiven(reaction));
        });
        if (isNews) changed += 1;
      }
      return changed;
    },
    list: (tenantId, query) =>
      database.asTenant(tenantId, (tx) => listFeedback(tx, cipher, tenantId, query)),
  };
}

/** As bytes, not decoded in SQL: a function that is not leakproof keeps row security from using the index. */
function chatHash(cipher: Cipher, botId: BotId, chatKey: string): Buffer {
  return Buffer.from(hashChat(cipher, botId, chatKey), "hex");
}

/** An answer that can be judged, and who judges it. */
interface AnswerRow {
  readonly message_id: string;
  readonly conversation_id: string;
  readonly bot_id: string;
  readonly contact_id: string;
  readonly day: string;
  /** The part that a reaction stands under. */
  readonly outbox_id: string | null;
}

const OF_ANSWER = `i.id as message_id, i.conversation_id, i.bot_id,
  to_char(i.received_at at time zone t.time_zone, 'YYYY-MM-DD') as day`;
/** What was erased, or is older than the tenant keeps it, is judged by nobody. */
const IS_KEPT = `exists (select 1 from turn said where said.message_id = i.id and said.speaker = 'assistant')
  and ${isAnswer("i.id")}`;

async function findByMessage(
  tx: Transaction,
  values: readonly unknown[],
): Promise<AnswerRow | undefined> {
  const [row] = await tx.query<AnswerRow>(
    {
      name: "feedback-find-message",
      text: `select ${OF_ANSWER}, c.contact_id, null::uuid as outbox_id
             from conversation c join inbox i on i.conversation_id = c.id join tenant t on t.id = c.tenant_id
             where c.tenant_id = $1 and c.bot_id = $2 and c.chat_hash = $3 and c.contact_id is not null
               and i.id = $4 and ${IS_KEPT}`,
    },
    values,
  );
  return row;
}

async function findByPart(
  tx: Transaction,
  values: readonly unknown[],
): Promise<AnswerRow | undefined> {
  const [row] = await tx.query<AnswerRow>(
    {
      name: "feedback-find-part",
      text: `select ${OF_ANSWER}, coalesce(k.contact_id, c.contact_id) as contact_id, o.id as outbox_id
             from conversation c
             join outbox o on o.conversation_id = c.id and o.network_message_id = $4
             join inbox i on i.id = o.message_id join tenant t on t.id = c.tenant_id
             left join contact_alias k on k.alias_hash = $5 and k.channel = $6
             where c.tenant_id = $1 and c.bot_id = $2 and c.chat_hash = $3
               and coalesce(k.contact_id, c.contact_id) is not null and ${IS_KEPT}
             limit 1`,
    },
    values,
  );
  return row;
}

interface Given {
  readonly vote: Vote | "none";
  readonly comment: string | undefined;
  /** Undefined: now, by the database's clock. */
  readonly at: string | undefined;
}

function toGiven({ vote, at }: Reaction): Given {
  return { vote, comment: undefined, at };
}

interface HeldRow {
  readonly id: string;
  readonly vote: Vote | null;
  readonly comment: Buffer | null;
  readonly given_by: "page" | "reaction";
  readonly outbox_id: string | null;
  readonly is_late: boolean;
}

/** Whether something changed. */
async function write(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  answer: AnswerRow,
  given: Given,
): Promise<boolean> {
  const held = await lockJudgement(tx, tenantId, answer, given);
  const vote = given.vote === "none" ? null : given.vote;
  if (held === undefined || held.is_late || isOfAnotherPart(held, answer, vote)) return false;
  const place = { tenantId, table: "feedback", column: "comment", rowId: held.id };
  const kept = held.vote === vote ? held.comment : null;
  const said = held.comment === null ? undefined : cipher.decrypt(place, held.comment);
  const isRepeated =
    held.vote === vote && (given.comment === undefined || given.comment === (said ?? ""));
  const comment =
    given.comment === undefined || vote === null
      ? kept
      : given.comment === ""
        ? null
        : cipher.encrypt(place, given.comment);
  await tx.query(
    {
      name: "feedback-write",
      text: `update feedback set vote = $2, comment = $3, given_by = $4, outbox_id = $5,
                    judged_at = least(coalesce($6::timestamptz, clock_timestamp()), clock_timestamp())
             where id = $1`,
    },
    [
      held.id,
      vote,
      vote === null ? null : comment,
      givenBy(answer),
      answer.outbox_id,
      given.at ?? null,
    ],
  );
  if (isRepeated) return false;
  if (held.vote !== vote) await moveFigures(tx, tenantId, answer, held.vote, vote);
  await tell(tx, tenantId, answer, given.vote);
  return true;
}

const givenBy = ({ outbox_id }: AnswerRow) => (outbox_id === null ? "page" : "reaction");

/** A reaction that is taken away takes back what it said, and not what another one said of the same answer. */
function isOfAnotherPart(held: HeldRow, answer: AnswerRow, vote: Vote | null): boolean {
  if (vote !== null || answer.outbox_id === null || held.vote === null) return false;
  return held.outbox_id !== answer.outbox_id;
}

/** Whoever comes second waits here. Late: what is kept was said after it. */
async function lockJudgement(
  tx: Transaction,
  tenantId: TenantId,
  answer: AnswerRow,
  { at }: Given,
): Promise<HeldRow | undefined> {
  await tx.query(
    {
      name: "feedback-begin",
      text: `insert into feedback
               (tenant_id, id, message_id, conversation_id, bot_id, contact_id, given_by, day, judged_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8::date, 'epoch')
             on conflict (message_id, contact_id, tenant_id) do nothing`,
    },
    [
      tenantId,
      uuidv7(),
      answer.message_id,
      answer.conversation_id,
      answer.bot_id,
      answer.contact_id,
      givenBy(answer),
      answer.day,
    ],
  );
  const [held] = await tx.query<HeldRow>(
    {
      name: "feedback-lock",
      text: `select id, vote, comment, given_by, outbox_id, coalesce(judged_at > $3::timestamptz, false) as is_late
             from feedback where message_id = $1 and contact_id = $2 for update`,
    },
    [answer.message_id, answer.contact_id, at ?? null],
  );
  return held;
}

/** Counted on the day on which the answer was first judged: the tenant's time zone may have changed since. */
async function moveFigures(
  tx: Transaction,
  tenantId: TenantId,
  answer: AnswerRow,
  before: Vote | null,
  after: Vote | null,
): Promise<void> {
  const change = (vote: Vote) => Number(after === vote) - Number(before === vote);
  await tx.query(
    {
      name: "feedback-figures",
      text: `insert into analytics_day as a (tenant_id, bot_id, day, thumbs_up, thumbs_down)
             select tenant_id, bot_id, day, greatest($3::int, 0), greatest($4::int, 0)
             from feedback where message_id = $1 and contact_id = $2
             on conflict (bot_id, day, tenant_id) do update
             set thumbs_up = greatest(a.thumbs_up + $3, 0), thumbs_down = greatest(a.thumbs_down + $4, 0)`,
    },
    [answer.message_id, answer.contact_id, change("up"), change("down")],
  );
  await tx.query(
    {
      name: "feedback-note",
      text: `insert into passport_event (tenant_id, message_id, kind, detail)
             values ($1, $2, 'judged', jsonb_strip_nulls(jsonb_build_object(
               'vote', coalesce($3::text, 'none'), 'by', $4::text, 'outbox', $5::uuid)))`,
    },
    [tenantId, answer.message_id, after, givenBy(answer), answer.outbox_id],
  );
}

async function tell(
  tx: Transaction,
  tenantId: TenantId,
  { conversation_id, message_id }: AnswerRow,
  vote: Vote | "none",
): Promise<void> {
  await appendEvents(tx, tenantId, [
    {
      kind: "feedback-given",
      detail: { conversationId: asId(conversation_id), messageId: asId(message_id), vote },
    },
  ]);
}
