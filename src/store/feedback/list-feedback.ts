import type { Cipher } from "../../core/cipher.ts";
import type { FeedbackQuery, JudgedAnswer, Judgement, Vote } from "../../core/feedback.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { KeysetPage } from "../../core/page.ts";
import type { Transaction } from "../database.ts";
import { atOf, type PlacedRow, toKeysetPage } from "../keyset.ts";

interface JudgementRow {
  readonly id: string;
  readonly message_id: string;
  readonly vote: Vote;
  readonly comment: Buffer | null;
  readonly judged_at: Date;
}

interface ListedRow extends JudgementRow, PlacedRow {
  readonly id: string;
  readonly conversation_id: string;
  readonly bot_id: string;
  readonly contact_id: string;
  readonly question: Buffer | null;
  readonly answer: Buffer | null;
}

/** What was said of a message, where texts are asked for. */
const SAID = (speaker: string) => `(select said.content from turn said
  where $8 and said.message_id = f.message_id and said.speaker = '${speaker}' order by said.id limit 1)`;

export async function listFeedback(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  query: FeedbackQuery,
): Promise<KeysetPage<JudgedAnswer>> {
  const { after, limit, vote, botId, from, to, hasTexts } = query;
  const rows = await tx.query<ListedRow>(
    {
      name: "feedback-list",
      text: `select f.id, f.message_id, f.conversation_id, f.bot_id, f.contact_id, f.vote, f.judged_at,
                    case when $8 then f.comment end as comment, ${atOf("f.judged_at")} as at,
                    ${SAID("citizen")} as question, ${SAID("assistant")} as answer
             from feedback f
             where f.tenant_id = $1 and f.vote is not null
               and ($2::timestamptz is null or (f.judged_at, f.id) < ($2, $3::uuid))
               and ($4::text is null or f.vote = $4) and ($5::uuid is null or f.bot_id = $5)
               and ($6::timestamptz is null or f.judged_at >= $6)
               and ($7::timestamptz is null or f.judged_at < $7)
             order by f.judged_at desc, f.id desc limit $9`,
    },
    [
      tenantId,
      after?.at ?? null,
      after?.id ?? null,
      vote ?? null,
      botId ?? null,
      from ?? null,
      to ?? null,
      hasTexts,
      limit + 1,
    ],
  );
  return toKeysetPage(rows, limit, (row) => ({
    ...toJudgement(cipher, tenantId, row),
    id: row.id,
    messageId: asId(row.message_id),
    conversationId: asId(row.conversation_id),
    botId: asId(row.bot_id),
    contactId: asId(row.contact_id),
    question: openSaid(cipher, tenantId, `${row.message_id} citizen`, row.question),
    answer: openSaid(cipher, tenantId, `${row.message_id} assistant`, row.answer),
  }));
}

/** Of these messages' answers, by message. */
export async function readJudgements(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Judgement[]>> {
  const judgements = new Map<string, Judgement[]>();
  if (messageIds.length === 0) return judgements;
  const rows = await tx.query<JudgementRow>(
    {
      name: "feedback-of-messages",
      text: `select id, message_id, vote, comment, judged_at from feedback
             where message_id = any($1::uuid[]) and vote is not null order by judged_at, id`,
    },
    [messageIds],
  );
  for (const row of rows) {
    const own = judgements.get(row.message_id) ?? [];
    own.push(toJudgement(cipher, tenantId, row));
    judgements.set(row.message_id, own);
  }
  return judgements;
}

function toJudgement(cipher: Cipher, tenantId: TenantId, row: JudgementRow): Judgement {
  const place = { tenantId, table: "feedback", column: "comment", rowId: row.id };
  return {
    vote: row.vote,
    comment: row.comment === null ? undefined : cipher.decrypt(place, row.comment),
    judgedAt: row.judged_at,
  };
}

function openSaid(
  cipher: Cipher,
  tenantId: TenantId,
  rowId: string,
  content: Buffer | null,
): string | undefined {
  if (content === null) return undefined;
  const place = { tenantId, table: "turn", column: "content", rowId };
  return (JSON.parse(cipher.decrypt(place, content)) as { readonly text: string }).text;
}

/** For `/exportar`: what the person of a private conversation thought of its answers. */
export async function exportJudgements(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: string,
): Promise<readonly Judgement[]> {
  const rows = await tx.query<JudgementRow>(
    `select id, message_id, vote, comment, judged_at from feedback
     where conversation_id = $1 and vote is not null order by judged_at, id`,
    [conversationId],
  );
  return rows.map((row) => toJudgement(cipher, tenantId, row));
}
