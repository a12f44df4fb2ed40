import {
  type Campaign,
  type Judgement,
  type RecipientFilter,
  type RecipientState,
  type RecipientView,
  SKIP_REASONS,
  type SkipReason,
} from "../../core/campaigns.ts";
import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type ConversationId, type TenantId } from "../../core/ids.ts";
import type { KeysetPage, KeysetRequest } from "../../core/page.ts";
import type { Database, Transaction } from "../database.ts";
import { atOf, type PlacedRow, toKeysetPage } from "../keyset.ts";
import { campaignUnknown, variablesPlace } from "./campaign-rows.ts";
import { judgeContacts } from "./judge.ts";

interface RecipientRow extends PlacedRow {
  readonly contact_id: string | null;
  readonly conversation_id: string | null;
  readonly channel: ChannelName | null;
  readonly variables: Buffer | null;
  readonly line: number | null;
  readonly state: RecipientState;
  readonly reason: string | null;
  readonly changed_at: Date;
}

/** In the order in which they were listed. */
export async function readRecipients(
  tx: Transaction,
  campaignId: string,
  { state, reason }: RecipientFilter,
  { after, limit }: KeysetRequest,
): Promise<KeysetPage<RecipientView>> {
  const rows = await readRows(tx, campaignId, { state, reason }, { after, limit });
  return toKeysetPage(rows, limit, toView);
}

async function readRows(
  tx: Transaction,
  campaignId: string,
  { state, reason }: RecipientFilter,
  { after, limit }: KeysetRequest,
): Promise<readonly RecipientRow[]> {
  const [campaign] = await tx.query<{ audience_id: string | null }>(
    "select audience_id from campaign where id = $1",
    [campaignId],
  );
  if (campaign === undefined) throw campaignUnknown();
  return tx.query<RecipientRow>(
    `select ${atOf("r.created_at")} as at, r.id, r.contact_id, r.conversation_id, b.channel, r.variables, r.line,
            r.state, r.reason, r.changed_at
     from campaign_recipient r
     left join conversation c on c.id = r.conversation_id left join bot b on b.id = c.bot_id
     where r.audience_id = $1 and ($2::text is null or r.state = $2) and ($3::text is null or r.reason = $3)
       and ($4::timestamptz is null or (r.created_at, r.id) > ($4::timestamptz, $5::uuid))
     order by r.created_at, r.id limit $6`,
    [
      campaign.audience_id,
      state ?? null,
      reason ?? null,
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
    ],
  );
}

/** A page of the audience with what would become of each now. Writes nothing. */
export async function judgePage(
  database: Database,
  cipher: Cipher,
  campaign: Campaign,
  page: KeysetRequest,
): Promise<KeysetPage<{ readonly entry: RecipientView; readonly judgement: Judgement }>> {
  const { tenantId, campaignId } = campaign;
  return database.asTenant(tenantId, async (tx) => {
    const rows = await readRows(tx, campaignId, {}, page);
    const ids = rows.flatMap((row) => (row.contact_id === null ? [] : [row.contact_id]));
    const judged = await judgeContacts(tx, cipher, campaign, ids);
    const byContact = new Map(judged.map((one) => [one.contactId, one.judgement]));
    return toKeysetPage(rows, page.limit, (row) => ({
      entry: toView(row),
      judgement: withVariables(
        cipher,
        tenantId,
        row,
        settledReason(row) ?? byContact.get(row.contact_id ?? ""),
      ),
    }));
  });
}

/** Of what was decided when the list was made. */
function settledReason({ state, reason }: RecipientRow): Judgement | undefined {
  if (state !== "skipped") return undefined;
  const known = SKIP_REASONS.find((one) => one === reason);
  return known && { kind: "skip", reason: known };
}

const UNKNOWN: Judgement = { kind: "skip", reason: "unknown-contact" satisfies SkipReason };

/** What the line of the CSV says goes before what is known of the contact. */
export function withVariables(
  cipher: Cipher,
  tenantId: TenantId,
  row: { readonly id: string; readonly variables: Buffer | null },
  judgement: Judgement | undefined,
): Judgement {
  if (judgement === undefined) return UNKNOWN;
  if (judgement.kind === "skip" || row.variables === null) return judgement;
  const own = JSON.parse(cipher.decrypt(variablesPlace(tenantId, row.id), row.variables)) as Record<
    string,
    string
  >;
  return { ...judgement, values: { ...judgement.values, ...own } };
}

function toView(row: RecipientRow): RecipientView {
  return {
    recipientId: row.id,
    contactId: row.contact_id === null ? undefined : asId(row.contact_id),
    conversationId:
      row.conversation_id === null ? undefined : asId<ConversationId>(row.conversation_id),
    channel: row.channel ?? undefined,
    line: row.line ?? undefined,
    state: row.state,
    reason: row.reason ?? undefined,
    changedAt: row.changed_at,
  };
}
