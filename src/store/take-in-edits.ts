import type { Cipher } from "../core/cipher.ts";
import type { MessageId, TenantId } from "../core/ids.ts";
import type { AnsweredMessage } from "../core/ledgers.ts";
import type { IncomingContent, IncomingMessage } from "../core/message.ts";
import type { Transaction } from "./database.ts";

/** So often an edit puts the answer off; a later one is heard after the answer, as any edit is. */
const MAX_REVISIONS = 3;
/** Messages behind the answered one that are looked at. */
const MAX_LATER = 20;

interface LaterRow {
  readonly original: string;
  readonly id: string;
  readonly message: Buffer;
}

/** A message that a turn answers: the due one, or one of its burst. */
interface Original {
  readonly id: MessageId;
  readonly message: IncomingMessage;
}

/** A turn of which a message was edited since it was read, with what its messages say now. */
interface Edited {
  readonly answer: AnsweredMessage;
  /** The due one, changed or not, and whichever else changed. */
  readonly originals: readonly Original[];
  readonly editIds: readonly string[];
}

/**
 * Finds the turns whose message was corrected since it was read, and instead of the turn writes the corrected
 * text into the message, which keeps its place; the edits are done with. Called under the lock of the
 * conversations, which accepting takes too: an edit is either seen here or comes after the answer.
 * Returns the turns that are not to be written.
 */
export async function takeInEdits(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  answers: readonly AnsweredMessage[],
): Promise<ReadonlySet<AnsweredMessage>> {
  // Silence is not corrected: an edit of what was not answered is heard by itself.
  const correctable = answers.filter(
    (answer) => answer.parts.length > 0 && originalsOf(answer).size > 0,
  );
  if (correctable.length === 0) return new Set();
  const later = await readLater(tx, correctable);
  const edited = correctable.flatMap((answer): Edited[] => {
    const rows = later.filter((row) => row.original === answer.due.messageId);
    const originals = originalsOf(answer);
    const changed = new Map<string, Original>();
    const editIds: string[] = [];
    for (const row of rows) {
      const content = openContent(cipher, tenantId, row);
      const original = content?.kind === "edit" && originals.get(content.editedMessageId);
      if (!original || content?.kind !== "edit") continue;
      editIds.push(row.id);
      const message = original.message;
      changed.set(original.id, {
        id: original.id,
        message: { ...message, content: withText(message.content, content.text) },
      });
    }
    if (editIds.length === 0) return [];
    const { messageId: id, message } = answer.due;
    if (!changed.has(id)) changed.set(id, { id, message });
    return [{ answer, originals: [...changed.values()], editIds }];
  });
  if (edited.length > 0) await writeEdits(tx, cipher, tenantId, edited);
  return new Set(edited.map(({ answer }) => answer));
}

/** The messages that are answered, under the network's ids by which an edit names them. */
function originalsOf({ due, followers = [] }: AnsweredMessage): ReadonlyMap<string, Original> {
  const { messageId, message } = due;
  return new Map(
    [{ messageId, message }, ...followers].flatMap((original): [string, Original][] => {
      const { content, networkMessageId } = original.message;
      const key = content.kind === "edit" ? content.editedMessageId : networkMessageId;
      return key === undefined
        ? []
        : [[key, { id: original.messageId, message: original.message }]];
    }),
  );
}

/** In a statement of its own after the lock, so that it sees whatever was accepted before it. */
function readLater(tx: Transaction, answers: readonly AnsweredMessage[]): Promise<LaterRow[]> {
  return tx.query<LaterRow>(
    {
      name: "turns-read-later",
      text: `select m.id as original, later.id, later.message
             from unnest($1::uuid[]) as own (id) join inbox m on m.id = own.id
             cross join lateral (
               select i.id, i.message, i.position from inbox i
               where i.conversation_id = m.conversation_id and i.state = 'pending'
                 and i.position > m.position
               order by i.position limit ${MAX_LATER}) later
             where m.state = 'pending' and m.message is not null and m.revision < ${MAX_REVISIONS}
               and later.message is not null
             order by later.position`,
    },
    [answers.map(({ due }) => due.messageId)],
  );
}

/** Undefined for what cannot be read: it is dead-lettered when its turn comes. */
function openContent(
  cipher: Cipher,
  tenantId: TenantId,
  { id, message }: LaterRow,
): IncomingContent | undefined {
  try {
    const place = { tenantId, table: "inbox", column: "message", rowId: id };
    return (JSON.parse(cipher.decrypt(place, message)) as IncomingMessage).content;
  } catch {
    return undefined;
  }
}

async function writeEdits(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  edited: readonly Edited[],
): Promise<void> {
  const rows = edited.map(({ answer, originals, editIds }) => {
    const { due, events } = answer;
    return {
      id: due.messageId,
      conversation: due.lease.conversationId,
      messages: originals.map(({ id, message }) => {
        const place = { tenantId, table: "inbox", column: "message", rowId: id };
        return { id, message: cipher.encrypt(place, JSON.stringify(message)).toString("base64") };
      }),
      edits: editIds,
      // What was done in vain is told, but not as an answer.
      events: events.filter(({ kind }) => kind !== "answered"),
    };
  });
  await tx.query(
    {
      name: "turns-take-in-edits",
      text: `with edited as (
               select * from jsonb_to_recordset($2::jsonb) as e (
                 id uuid, conversation uuid, messages jsonb, edits jsonb, events jsonb)
             ), corrected as (
               update inbox i set message = decode(m.message, 'base64'), revision = i.revision + 1
               from edited e, jsonb_to_recordset(e.messages) as m (id uuid, message text) where i.id = m.id
             ), done as (
               update inbox i set state = 'answered', answered_at = now(), attempts = attempts + 1
               from edited e, jsonb_array_elements_text(e.edits) as edit (id)
               where i.id = edit.id::uuid
             ), told as (
               insert into passport_event (tenant_id, message_id, kind, detail, happened_at)
               select $1::uuid, e.id, t.kind, t.detail, t.at
               from edited e, jsonb_to_recordset(e.events) as t (kind text, detail jsonb, at timestamptz)
               union all
               select $1::uuid, e.id, 'planned', jsonb_build_object('again', 'edited'), clock_timestamp()
               from edited e
               union all
               select $1::uuid, edit.id::uuid, 'planned',
                      jsonb_build_object('silence', 'edit-taken-in', 'message', e.id), clock_timestamp()
               from edited e, jsonb_array_elements_text(e.edits) as edit (id)
             )
             update conversation c set lease_owner = null, lease_expires_at = null, due_at = now()
             from edited e where c.id = e.conversation`,
    },
    [tenantId, JSON.stringify(rows)],
  );
}

function withText(content: IncomingContent, text: string): IncomingContent {
  switch (content.kind) {
    case "text":
    case "edit":
      return { ...content, text };
    case "media":
      return { ...content, caption: text };
    default:
      return content;
  }
}
