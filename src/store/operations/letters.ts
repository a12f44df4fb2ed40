import type { ChannelName, ChannelPart } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type MessageId, type TenantId } from "../../core/ids.ts";
import type { IncomingMessage } from "../../core/message.ts";
import type { Author, Letter, LetterChange, Letters, LetterText } from "../../core/operations.ts";
import type { Database, Transaction } from "../database.ts";
import { settleDeadLetter, tellLetter } from "../dead-letters.ts";
import { atOf, type PlacedRow, toKeysetPage } from "../keyset.ts";
import { writeAudit } from "../people-rows.ts";
import { textOfPart } from "./text-of-part.ts";

interface Row extends PlacedRow {
  readonly kind: Letter["kind"];
  readonly tenant_id: string;
  readonly bot_id: string;
  readonly channel: ChannelName;
  readonly conversation_id: string;
  readonly state: Letter["state"];
  readonly reason: string | null;
  readonly attempts: number | null;
  readonly happened_at: Date;
  readonly passport_id: string;
}

export function createLetters(
  database: Database,
  cipher: Cipher,
  /** A text as this channel sends it, in as many parts as it needs. */
  render: (channel: ChannelName, text: string) => readonly ChannelPart[],
): Letters {
  const change = (
    { tenantId }: Letter,
    work: (tx: Transaction) => Promise<LetterChange>,
  ): Promise<LetterChange> => database.asTenant(tenantId, work);

  return {
    list: (tenantId, { kind, botId, reason }, { after, limit }) =>
      database.asDispatcher(async (tx) => {
        const rows = await tx.query<Row>(
          `${LETTERS}
           where ($2::text is null or kind = $2) and ($3::text is null or bot_id::text = $3)
             and ($4::text is null or reason = $4) and ($5::uuid is null or letter.id < $5)
           order by letter.id desc limit $6`,
          [
            tenantId ?? null,
            kind ?? null,
            botId ?? null,
            reason ?? null,
            after?.id ?? null,
            limit + 1,
          ],
        );
        return toKeysetPage(rows, limit, toLetter);
      }),

    find: (tenantId, id) =>
      database.asDispatcher(async (tx) => {
        const [row] = await tx.query<Row>(`${LETTERS} where letter.id::text = $2`, [
          tenantId ?? null,
          id.toLowerCase(),
        ]);
        return row && toLetter(row);
      }),

    read: (letter, by) =>
      database.asTenant(letter.tenantId, async (tx) => {
        const text = await readText(tx, cipher, letter);
        await note(tx, letter, "dead-letter-read", by);
        return text;
      }),

    edit: (letter, text, by) =>
      change(letter, async (tx) => {
        if (letter.kind !== "part" || letter.state !== "dead") return "gone";
        const [part, ...more] = render(letter.channel, text);
        if (part === undefined || more.length > 0) {
          throw new PregoneroError(
            "text-too-long",
            "This text does not fit one message of its channel. Make it shorter.",
            { status: 400 },
          );
        }
        const place = {
          tenantId: letter.tenantId,
          table: "outbox",
          column: "part",
          rowId: letter.id,
        };
        const changed = await tx.query(
          `update outbox set part = $2 where id = $1 and state = 'failed' and part is not null returning id`,
          [letter.id, cipher.encrypt(place, JSON.stringify(part))],
        );
        if (changed.length === 0) return "gone";
        await note(tx, letter, "dead-letter-edited", by);
        await tellLetter(tx, letter.tenantId, letter.id, "edited");
        return "done";
      }),

    replay: (letter, by) =>
      change(letter, (tx) =>
        letter.kind === "part" ? resend(tx, letter, by) : retry(tx, letter, by),
      ),

    skip: (letter, reason, by) =>
      change(letter, async (tx) => {
        if (letter.kind === "message") {
          return toChange(
            await settleDeadLetter(tx, { ...messageOf(letter), by, as: "dropped", reason }),
          );
        }
        const changed = await tx.query(
          `update outbox set skip_reason = $2
           where id = $1 and state in ('failed', 'unknown') and skip_reason is null returning id`,
          [letter.id, reason],
        );
        if (changed.length === 0) return "gone";
        await tell(tx, letter, "dropped", by);
        await note(tx, letter, "dead-letter-dropped", by, { reason });
        await tellLetter(tx, letter.tenantId, letter.id, "dropped");
        return "done";
      }),
  };
}

/** What was decided by a rule, and waits for nobody. */
const DECIDED = "('unsubscribed', 'bot-removed', 'cancelled', 'erased')";

const LETTERS = `
  select letter.*, ${atOf("letter.happened_at")} as at, b.channel from (
    select 'message' as kind, id, tenant_id, bot_id, conversation_id, 'dead' as state, dead_reason as reason,
           null::int as attempts, received_at as happened_at, id as passport_id
    from inbox where state = 'dead' and ($1::uuid is null or tenant_id = $1)
    union all
    select 'part', id, tenant_id, bot_id, conversation_id, case state when 'failed' then 'dead' else 'unknown' end,
           reason, attempts, coalesce(settled_at, created_at), coalesce(message_id, id)
    from outbox
    where state in ('failed', 'unknown') and skip_reason is null and coalesce(reason, '') not in ${DECIDED}
      and ($1::uuid is null or tenant_id = $1)
  ) letter join bot b on b.id = letter.bot_id`;

function toLetter(row: Row): Letter {
  return {
    kind: row.kind,
    id: asId(row.id),
    tenantId: asId<TenantId>(row.tenant_id),
    botId: asId(row.bot_id),
    channel: row.channel,
    conversationId: asId(row.conversation_id),
    state: row.state,
    reason: row.reason ?? "no reason noted",
    attempts: row.attempts ?? 0,
    at: row.happened_at,
    passportId: row.passport_id,
  };
}

const NOTHING: LetterText = { text: undefined, isEditable: false };

async function readText(tx: Transaction, cipher: Cipher, letter: Letter): Promise<LetterText> {
  const { tenantId, kind, id } = letter;
  const [table, column] = kind === "message" ? ["inbox", "message"] : ["outbox", "part"];
  const [row] = await tx.query<{ sealed: Buffer | null }>(
    `select ${column} as sealed from ${table} where id = $1`,
    [id],
  );
  if (!row?.sealed) return NOTHING;
  const json: unknown = JSON.parse(
    cipher.decrypt({ tenantId, table, column, rowId: id }, row.sealed),
  );
  if (kind === "part") {
    const text = textOfPart(json as ChannelPart);
    return { text, isEditable: text !== undefined && letter.state === "dead" };
  }
  const { content } = json as IncomingMessage;
  if (content.kind === "text" || content.kind === "edit") {
    return { text: content.text, isEditable: false };
  }
  return content.kind === "media" ? { text: content.caption, isEditable: false } : NOTHING;
}

/** Behind nothing: its place is where it was. Attempts go on being counted, and none of those before count. */
async function resend(tx: Transaction, letter: Letter, by: Author): Promise<LetterChange> {
  const [found] = await tx.query<{ is_erased: boolean }>(
    `select part is null as is_erased from outbox
     where id = $1 and state in ('failed', 'unknown') and skip_reason is null for update`,
    [letter.id],
  );
  if (found === undefined) return "gone";
  if (found.is_erased) return "erased";
  await tx.query(
    `update outbox set state = 'queued', waits = attempts, not_before = now(), reason = null, settled_at = null
     where id = $1`,
    [letter.id],
  );
  await tell(tx, letter, "retried", by);
  await note(tx, letter, "dead-letter-retried", by, { was: letter.state, reason: letter.reason });
  await tellLetter(tx, letter.tenantId, letter.id, "retried");
  return "done";
}

async function retry(tx: Transaction, letter: Letter, by: Author): Promise<LetterChange> {
  return toChange(await settleDeadLetter(tx, { ...messageOf(letter), by, as: "retried" }));
}

function messageOf({ tenantId, id }: Letter): { tenantId: TenantId; messageId: MessageId } {
  return { tenantId, messageId: asId<MessageId>(id) };
}

function toChange(change: Awaited<ReturnType<typeof settleDeadLetter>>): LetterChange {
  return change === "not-dead" ? "gone" : change;
}

async function tell(tx: Transaction, letter: Letter, kind: string, by: Author): Promise<void> {
  await tx.query(
    "insert into passport_event (tenant_id, message_id, kind, detail) values ($1, $2, $3, $4)",
    [
      letter.tenantId,
      letter.passportId,
      kind,
      JSON.stringify({ actor: by.actor, outbox: letter.id }),
    ],
  );
}

async function note(
  tx: Transaction,
  { tenantId, id, kind }: Letter,
  action: string,
  { actor, origin }: Author,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await writeAudit(tx, {
    tenantId,
    actor,
    action,
    subject: id,
    detail: { kind, ...detail },
    ...(origin && { origin }),
  });
}
