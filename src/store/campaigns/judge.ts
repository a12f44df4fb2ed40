import type { Campaign, Judgement, SkipReason } from "../../core/campaigns.ts";
import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";

/** WhatsApp Cloud takes free text for 24 hours after they last wrote; the last ten minutes are for the way there. */
const WINDOW_MS = (24 * 60 - 10) * 60_000;

export interface JudgedContact {
  readonly contactId: string;
  readonly judgement: Judgement;
}

interface PersonRow {
  readonly asked: string;
  readonly id: string;
  readonly identity: Buffer | null;
  readonly profile: Buffer | null;
  readonly is_blocked: boolean;
  readonly has_refused: boolean;
  readonly has_agreed: boolean;
  readonly is_listed_elsewhere: boolean;
  readonly has_phone: boolean;
  /** The first of the bots that may begin a chat with a template. */
  readonly opening_bot_id: string | null;
  readonly conversation_id: string | null;
  readonly bot_id: string | null;
  readonly channel: ChannelName | null;
  readonly is_reachable: boolean | null;
  readonly last_inbound_at: Date | null;
  /** By WhatsApp's own clock. */
  readonly window_closed_at: Date | null;
  readonly now: Date;
}

/**
 * What is known of these contacts at this moment, in the order asked. A contact that became part of another since it
 * was listed is judged as that one, and is a duplicate when that one is on the list too. A refusal counts
 * wherever it was given: a person who said BAJA on one bot gets nothing from another. Who never wrote is written to
 * only if they agreed.
 */
export async function judgeContacts(
  tx: Transaction,
  cipher: Cipher,
  campaign: Pick<Campaign, "tenantId" | "bots" | "template">,
  contactIds: readonly string[],
  audienceId?: string,
): Promise<readonly JudgedContact[]> {
  const rows = await tx.query<PersonRow>(
    {
      name: "campaign-judge",
      text: `with person as (
               select asked.id as asked, root.id, root.identity, root.profile, root.blocked_at, root.consent
               from unnest($1::uuid[]) as asked (id)
               join contact named on named.id = asked.id
               join contact root on root.id = coalesce(named.merged_into, named.id)
             ), part as (
               select p.asked, p.id as contact_id from person p
               union select p.asked, k.id from person p join contact k on k.merged_into = p.id
             )
             select p.asked, p.id, p.identity, p.profile, p.blocked_at is not null as is_blocked,
                    p.consent = 'refused' or exists (
                      select 1 from part join conversation c on c.contact_id = part.contact_id
                      where part.asked = p.asked and not c.takes_broadcasts) as has_refused,
                    p.consent = 'granted' as has_agreed,
                    exists (select 1 from part join contact_alias a on a.contact_id = part.contact_id
                            where part.asked = p.asked and a.kind in ('phone', 'jid') and a.value is not null
                    ) as has_phone,
                    (select b.id from bot b
                     where b.id = any($2::uuid[]) and b.channel = 'whatsapp-cloud' and b.state <> 'removed'
                     order by array_position($2::uuid[], b.id) limit 1) as opening_bot_id,
                    p.asked <> p.id and exists (
                      select 1 from campaign_recipient r where r.audience_id = $3 and r.contact_id = p.id
                    ) as is_listed_elsewhere,
                    chat.conversation_id, chat.bot_id, chat.channel, chat.is_reachable, chat.last_inbound_at, chat.window_closed_at,
                    now()
             from person p left join lateral (
               select c.id as conversation_id, c.bot_id, b.channel, c.is_reachable, c.last_inbound_at,
                      c.window_closed_at
               from part join conversation c on c.contact_id = part.contact_id and c.kind = 'private'
               join bot b on b.id = c.bot_id and b.state <> 'removed'
               where part.asked = p.asked and c.bot_id = any($2::uuid[])
               order by c.is_reachable desc, array_position($2::uuid[], c.bot_id), c.last_inbound_at desc nulls last
               limit 1) chat on true`,
    },
    [contactIds, campaign.bots, audienceId ?? null],
  );
  const found = new Map(rows.map((row) => [row.asked, row]));
  return contactIds.map((contactId) => {
    const row = found.get(contactId);
    if (row === undefined) return { contactId, judgement: skip("unknown-contact") };
    return { contactId, judgement: judge(cipher, campaign, row) };
  });
}

function judge(
  cipher: Cipher,
  { tenantId, template }: Pick<Campaign, "tenantId" | "template">,
  row: PersonRow,
): Judgement {
  if (row.is_listed_elsewhere) return skip("duplicate");
  if (row.is_blocked) return skip("blocked");
  if (row.has_refused) return skip("opted-out");
  if (row.conversation_id === null || row.bot_id === null || row.channel === null) {
    if (template === undefined || row.opening_bot_id === null || !row.has_phone) {
      return skip("no-chat");
    }
    if (!row.has_agreed) return skip("no-consent");
    const values = valuesOf(cipher, tenantId, row);
    return { kind: "open", botId: asId(row.opening_bot_id), channel: "whatsapp-cloud", values };
  }
  if (row.is_reachable !== true) return skip("unreachable");
  const isOutside = row.channel === "whatsapp-cloud" && !isInWindow(row);
  if (isOutside && template === undefined) return skip("outside-window");
  return {
    kind: "reach",
    botId: asId(row.bot_id),
    conversationId: asId(row.conversation_id),
    channel: row.channel,
    needsTemplate: isOutside,
    values: valuesOf(cipher, tenantId, row),
  };
}

function isInWindow({ last_inbound_at, window_closed_at, now }: PersonRow): boolean {
  if (last_inbound_at === null) return false;
  const isOpen = window_closed_at === null || window_closed_at < last_inbound_at;
  return isOpen && now.getTime() - last_inbound_at.getTime() < WINDOW_MS;
}

function skip(reason: SkipReason): Judgement {
  return { kind: "skip", reason };
}

/** The tenant's fields by their names, and `nombre`: as staff wrote it, else as the network says. */
function valuesOf(cipher: Cipher, tenantId: TenantId, row: PersonRow): Record<string, string> {
  const open = (column: "identity" | "profile") => {
    const envelope = row[column];
    if (envelope === null) return {};
    const place = { tenantId, table: "contact", column, rowId: row.id };
    return JSON.parse(cipher.decrypt(place, envelope)) as Record<string, unknown>;
  };
  const { displayName } = open("identity");
  const { name, fields } = open("profile");
  const values: Record<string, string> = {};
  if (typeof fields === "object" && fields !== null) {
    for (const [field, value] of Object.entries(fields)) {
      if (typeof value === "string") values[field.toLowerCase()] = value;
    }
  }
  const called = typeof name === "string" ? name : displayName;
  if (typeof called === "string" && called.trim() !== "") values.nombre = called;
  return values;
}
