import type { Cipher } from "../../core/cipher.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import {
  type AlertTopic,
  MAX_SUBSCRIPTIONS,
  type QuietHours,
  type SubscribeEffect,
  type Subscription,
  type SubscriptionChange,
  type SubscriptionDesk,
  type SubscriptionKind,
} from "../../core/subscriptions.ts";
import type { Database, Transaction } from "../database.ts";
import { readPublished } from "./digest-editions.ts";
import { gazettesOfBot } from "./gazettes-of-bot.ts";

/** Enough to tell the words of one tenant apart. */
const KEY_BYTES = 12;

export interface SubscriptionRow {
  readonly id: string;
  readonly kind: SubscriptionKind;
  readonly state: Subscription["state"];
  readonly topic: Buffer | null;
  readonly language: Language;
  readonly time_zone: string;
  readonly quiet_from: number | null;
  readonly quiet_until: number | null;
  readonly minute: number | null;
  readonly weekday: number | null;
  readonly created_at: Date;
}

export const SUBSCRIPTION_COLUMNS = `s.id, s.kind, s.state, s.topic, s.language, s.time_zone, s.quiet_from, s.quiet_until,
  s.minute, s.weekday, s.created_at`;

/** Under the tenant's own key: the same word of two tenants has nothing in common. */
export function hashTopicKey(cipher: Cipher, tenantId: TenantId, key: string): Buffer {
  return cipher.hash(`subscription-key ${tenantId}`, key).subarray(0, KEY_BYTES);
}

export function openTopic(
  cipher: Cipher,
  tenantId: TenantId,
  row: { readonly id: string; readonly topic: Buffer | null },
): AlertTopic | undefined {
  if (row.topic === null) return undefined;
  const place = { tenantId, table: "subscription", column: "topic", rowId: row.id };
  return JSON.parse(cipher.decrypt(place, row.topic)) as AlertTopic;
}

export function quietHoursOf(
  row: Pick<SubscriptionRow, "quiet_from" | "quiet_until">,
): QuietHours | undefined {
  if (row.quiet_from === null || row.quiet_until === null) return undefined;
  return { from: row.quiet_from, until: row.quiet_until };
}

export function toSubscription(
  cipher: Cipher,
  tenantId: TenantId,
  row: SubscriptionRow,
): Subscription {
  const topic = openTopic(cipher, tenantId, row);
  const quietHours = quietHoursOf(row);
  return {
    subscriptionId: row.id,
    kind: row.kind,
    state: row.state,
    language: row.language,
    timeZone: row.time_zone,
    createdAt: row.created_at,
    ...(topic === undefined ? {} : { topic }),
    ...(quietHours === undefined ? {} : { quietHours }),
    ...(row.minute === null ? {} : { minute: row.minute }),
    ...(row.weekday === null ? {} : { weekday: row.weekday }),
  };
}

/** Of a conversation, oldest first. */
export async function listSubscriptions(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  conversationId: string,
): Promise<readonly Subscription[]> {
  const rows = await tx.query<SubscriptionRow>(
    `select ${SUBSCRIPTION_COLUMNS} from subscription s where s.conversation_id = $1
     order by s.created_at, s.id`,
    [conversationId],
  );
  return rows.map((row) => toSubscription(cipher, tenantId, row));
}

/** What the conversation asks the store. */
export function createSubscriptionList(
  database: Database,
  cipher: Cipher,
): Pick<SubscriptionDesk, "list" | "timeZoneOf" | "isOff" | "publishedIn"> {
  return {
    list: (tenantId, conversationId) =>
      database.asTenant(tenantId, (tx) => listSubscriptions(tx, cipher, tenantId, conversationId)),
    timeZoneOf: (tenantId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<{ time_zone: string }>(
          "select time_zone from tenant where id = $1",
          [tenantId],
        );
        return row?.time_zone ?? "UTC";
      }),
    publishedIn: ({ tenantId, botId }, period, now) =>
      database.asTenant(tenantId, async (tx) =>
        readPublished(tx, period, now, await gazettesOfBot(tx, botId)),
      ),
    isOff: (tenantId, conversationId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<{ is_off: boolean }>(
          `select not c.takes_broadcasts or coalesce(whole.consent = 'refused', false) as is_off
           from conversation c
           left join contact k on k.id = c.contact_id
           left join contact whole on whole.id = coalesce(k.merged_into, k.id)
           where c.id = $1`,
          [conversationId],
        );
        return row?.is_off === true;
      }),
  };
}

/** Subscribes in the turn's own transaction. The same subscription again changes nothing; beyond the most there may be, neither. */
export async function subscribe(
  tx: Transaction,
  cipher: Cipher,
  who: { readonly tenantId: TenantId; readonly conversationId: string; readonly contactId: string },
  { subscriptionId, draft, keys, nextAt }: SubscribeEffect,
): Promise<void> {
  const { tenantId, conversationId, contactId } = who;
  const place = { tenantId, table: "subscription", column: "topic", rowId: subscriptionId };
  const topic =
    draft.topic === undefined ? null : cipher.encrypt(place, JSON.stringify(draft.topic));
  const inserted = await tx.query(
    `insert into subscription (tenant_id, id, conversation_id, contact_id, kind, topic, language, time_zone,
                               quiet_from, quiet_until, minute, weekday, next_at, told_until)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::timestamptz, case when $13::timestamptz is null then null else now() end
     where (select count(*) from subscription where conversation_id = $3) < ${MAX_SUBSCRIPTIONS}
     on conflict do nothing returning id`,
    [
      tenantId,
      subscriptionId,
      conversationId,
      contactId,
      draft.kind,
      topic,
      draft.language,
      draft.timeZone,
      draft.quietHours?.from ?? null,
      draft.quietHours?.until ?? null,
      draft.minute ?? null,
      draft.weekday ?? null,
      nextAt ?? null,
    ],
  );
  if (inserted.length === 0) return;
  await tx.query(
    `insert into subscription_key (tenant_id, subscription_id, key_hash)
     select distinct $1::uuid, $2::uuid, hash from unnest($3::bytea[]) as k (hash)`,
    [tenantId, subscriptionId, keys.map((key) => hashTopicKey(cipher, tenantId, key))],
  );
  await noteChange(tx, tenantId, "subscribed", subscriptionId, { kind: draft.kind });
}

/** Of the conversation's own subscriptions; any other is as if it were not there. */
export async function changeSubscription(
  tx: Transaction,
  tenantId: TenantId,
  conversationId: string,
  {
    subscriptionId,
    change,
    nextAt,
  }: {
    readonly subscriptionId: string;
    readonly change: SubscriptionChange;
    readonly nextAt?: Date | undefined;
  },
): Promise<void> {
  const own = "id = $1 and conversation_id = $2";
  const changed =
    change === "remove"
      ? await tx.query(`delete from subscription where ${own} returning id`, [
          subscriptionId,
          conversationId,
        ])
      : await tx.query(
          // A digest that was paused begins anew: what came in meanwhile was not asked for.
          `update subscription set state = $3, changed_at = now(), tell_at = null,
                  next_at = case when kind = 'alert' then null else coalesce($4, next_at) end,
                  told_until = case when kind = 'alert' then null when $3 = 'active' then now() else told_until end
           where ${own} and state <> $3 returning id`,
          [
            subscriptionId,
            conversationId,
            change === "pause" ? "paused" : "active",
            nextAt ?? null,
          ],
        );
  if (changed.length === 0) return;
  const actions = { pause: "paused", resume: "resumed", remove: "removed" } as const;
  await noteChange(tx, tenantId, `subscription-${actions[change]}`, subscriptionId, {});
}

async function noteChange(
  tx: Transaction,
  tenantId: TenantId,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query(
    "insert into audit (tenant_id, actor, action, subject, detail) values ($1, 'citizen', $2, $3, $4)",
    [tenantId, action, subject, JSON.stringify(detail)],
  );
}
