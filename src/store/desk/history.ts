import type { Citation } from "../../core/answer.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { HistoryEntry, PartView, SentFile } from "../../core/desk.ts";
import type { Judgement } from "../../core/feedback.ts";
import { asId, type ConversationId, type OutboxId, type TenantId } from "../../core/ids.ts";
import type { IncomingMessage } from "../../core/message.ts";
import type { KeysetPage, KeysetRequest } from "../../core/page.ts";
import type { Transaction } from "../database.ts";
import { readJudgements } from "../feedback/list-feedback.ts";

interface Row {
  readonly source: "heard" | "answered" | "reply" | "phone" | "notice" | "note";
  readonly id: string;
  /** The row that the content is sealed under, or the message's. */
  readonly owner: string;
  readonly happened_at: Date;
  readonly at: string;
  readonly content: Buffer | null;
  readonly author: string | null;
  readonly state: string | null;
}

/** As a place in a list; an answer and what it answers have places of their own. */
const AT = (column: string) =>
  `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Newest first: what came in, what was answered, what people wrote and noted. */
export async function readHistory(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: ConversationId,
  { after, limit }: KeysetRequest,
): Promise<KeysetPage<HistoryEntry>> {
  const rows = await tx.query<Row>(
    {
      name: "desk-history",
      text: `select h.*, ${AT("h.happened_at")} as at from (
               (select 'heard' as source, i.id, i.id as owner, i.received_at as happened_at, i.message as content,
                       null::uuid as author, i.state
                from inbox i
                where i.conversation_id = $1 and ($2::timestamptz is null or (i.received_at, i.id) < ($2, $3::uuid))
                order by i.received_at desc, i.id desc limit $4)
               union all
               (select * from (
                  select coalesce(m.kind, 'answered') as source,
                         coalesce(t.desk_message_id, md5('answer ' || t.message_id)::uuid) as id,
                         coalesce(t.message_id, t.desk_message_id) as owner, t.said_at as happened_at, t.content,
                         m.author, null as state
                  from turn t left join desk_message m on m.id = t.desk_message_id
                  where t.conversation_id = $1 and t.speaker <> 'citizen') s
                where $2::timestamptz is null or (s.happened_at, s.id) < ($2, $3::uuid)
                order by s.happened_at desc, s.id desc limit $4)
               union all
               (select 'note', n.id, n.id, n.noted_at, n.content, n.author, null
                from conversation_note n
                where n.conversation_id = $1 and ($2::timestamptz is null or (n.noted_at, n.id) < ($2, $3::uuid))
                order by n.noted_at desc, n.id desc limit $4)
             ) h
             order by h.happened_at desc, h.id desc limit $4`,
    },
    [conversationId, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  const page = rows.slice(0, limit);
  const parts = await readParts(tx, page);
  const answers = page.filter(({ source }) => source === "answered").map(({ owner }) => owner);
  const judgements = await readJudgements(tx, cipher, tenantId, answers);
  const last = page.at(-1);
  return {
    entries: page.map((row) =>
      toEntry(cipher, tenantId, row, {
        parts: parts.get(row.owner) ?? [],
        judgements: judgements.get(row.owner) ?? [],
      }),
    ),
    next: rows.length > limit && last ? { at: last.at, id: last.id } : undefined,
  };
}

function toEntry(
  cipher: Cipher,
  tenantId: TenantId,
  row: Row,
  { parts, judgements }: { parts: readonly PartView[]; judgements: readonly Judgement[] },
): HistoryEntry {
  const shared = { id: row.id, at: row.happened_at };
  const author = row.author === null ? undefined : asId<never>(row.author);
  switch (row.source) {
    case "heard":
      return { ...shared, ...toHeard(cipher, tenantId, row) };
    case "note": {
      const place = { tenantId, table: "conversation_note", column: "content", rowId: row.id };
      const { text } = open<{ text: string }>(cipher, place, row.content) ?? { text: "" };
      return { ...shared, kind: "note", author, text };
    }
    default: {
      const speaker = row.source === "answered" || row.source === "notice" ? "assistant" : "person";
      const place = {
        tenantId,
        table: "turn",
        column: "content",
        rowId: `${row.owner} ${speaker}`,
      };
      const said = open<{
        text: string;
        citations: readonly Citation[];
        files?: readonly SentFile[];
      }>(cipher, place, row.content);
      const { text = "", citations = [], files = [] } = said ?? {};
      return row.source === "answered"
        ? {
            ...shared,
            kind: "answered",
            messageId: asId(row.owner),
            text,
            citations,
            judgements,
            parts,
          }
        : { ...shared, kind: row.source, author, text, files, parts };
    }
  }
}

type Heard = Extract<HistoryEntry, { kind: "heard" }>;

function toHeard(cipher: Cipher, tenantId: TenantId, row: Row): Omit<Heard, "id" | "at"> {
  const place = { tenantId, table: "inbox", column: "message", rowId: row.id };
  const message = open<IncomingMessage>(cipher, place, row.content);
  const content = message?.content;
  const shared = {
    kind: "heard",
    messageId: asId<Heard["messageId"]>(row.id),
    state: row.state ?? "",
    senderName: message?.sender.displayName,
    content: content?.kind ?? "erased",
    edits: content?.kind === "edit" ? content.editedMessageId : undefined,
  } as const;
  switch (content?.kind) {
    case "text":
    case "edit":
      return { ...shared, text: content.text, media: undefined };
    case "button":
      return { ...shared, text: content.data, media: undefined };
    case "media": {
      const { media: kind, mediaType, sizeBytes, caption } = content;
      return {
        ...shared,
        text: caption,
        media: {
          kind,
          ...(mediaType === undefined ? {} : { mediaType }),
          ...(sizeBytes === undefined ? {} : { sizeBytes }),
        },
      };
    }
    default:
      return { ...shared, text: undefined, media: undefined };
  }
}

function open<Content>(
  cipher: Cipher,
  place: Parameters<Cipher["decrypt"]>[0],
  envelope: Buffer | null,
): Content | undefined {
  return envelope === null ? undefined : (JSON.parse(cipher.decrypt(place, envelope)) as Content);
}

interface PartRow {
  readonly owner: string;
  readonly id: OutboxId;
  readonly state: string;
  readonly delivery: string | null;
  readonly reason: string | null;
  readonly created_at: Date;
  readonly settled_at: Date | null;
  readonly delivered_at: Date | null;
  readonly read_at: Date | null;
  readonly resent_as: OutboxId | null;
}

/** By the message, or that of the desk, that they belong to; in order. */
async function readParts(
  tx: Transaction,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, readonly PartView[]>> {
  const owners = rows.filter(({ source }) => source !== "heard" && source !== "note");
  const parts = new Map<string, PartView[]>();
  if (owners.length === 0) return parts;
  const found = await tx.query<PartRow>(
    {
      name: "desk-history-parts",
      text: `select coalesce(o.message_id, o.desk_message_id) as owner, o.id, o.state, o.delivery, o.reason,
                    o.created_at, o.settled_at, o.delivered_at, o.read_at,
                    (select again.id from outbox again where again.resend_of = o.id) as resent_as
             from outbox o where o.message_id = any($1::uuid[]) or o.desk_message_id = any($1::uuid[])
             order by o.position`,
    },
    [owners.map(({ owner }) => owner)],
  );
  for (const row of found) {
    const own = parts.get(row.owner) ?? [];
    own.push({
      outboxId: row.id,
      state: row.state,
      delivery: row.delivery ?? undefined,
      reason: row.reason ?? undefined,
      createdAt: row.created_at,
      settledAt: row.settled_at ?? undefined,
      deliveredAt: row.delivered_at ?? undefined,
      readAt: row.read_at ?? undefined,
      resentAs: row.resent_as ?? undefined,
    });
    parts.set(row.owner, own);
  }
  return parts;
}
