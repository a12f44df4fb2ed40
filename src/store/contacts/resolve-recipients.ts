import type { ChannelName } from "../../core/channel.ts";
import type { Cipher } from "../../core/cipher.ts";
import type { ConsentState, ContactFilter, Identifier } from "../../core/contacts.ts";
import { asId, type BotId, type TenantId } from "../../core/ids.ts";
import type { Recipient, RecipientList, UnmatchedRecipient } from "../../core/segments.ts";
import type { Database, Transaction } from "../database.ts";
import { isUuid, openNetworkName, openProfile } from "./contact-rows.ts";
import { createParameters, filterSql } from "./filter-sql.ts";
import { aliasesOf, hashLookup } from "./identify.ts";
import { unknownSegment } from "./segment-rows.ts";

const BATCH = 500;
const NO_UUID = "00000000-0000-0000-0000-000000000000";

/** One entry of the list: the contacts that it may mean, of which one is taken. */
interface Named {
  readonly position: number;
  readonly rule: UnmatchedRecipient["rule"];
  readonly wholeIds: readonly string[];
}

/** Everybody on the list, each once, in batches. Each batch is a transaction of its own. */
export async function* resolveRecipients(
  database: Database,
  cipher: Cipher,
  tenantId: TenantId,
  botId: BotId,
  list: RecipientList,
  signal: AbortSignal,
): AsyncGenerator<readonly (Recipient | UnmatchedRecipient)[]> {
  const seen = new Set<string>();
  for await (const named of nameBatches(database, cipher, tenantId, list)) {
    signal.throwIfAborted();
    yield await database.asTenant(tenantId, async (tx) => {
      const fresh = named.filter(
        ({ wholeIds }) => wholeIds.length === 0 || !wholeIds.some((id) => seen.has(id)),
      );
      const found = await readRecipients(
        tx,
        cipher,
        tenantId,
        botId,
        fresh.flatMap((one) => one.wholeIds),
      );
      return fresh.flatMap((one): readonly (Recipient | UnmatchedRecipient)[] => {
        if (one.wholeIds.length === 0) {
          return [{ kind: "unmatched", position: one.position, rule: one.rule }];
        }
        // Named twice in one batch.
        if (one.wholeIds.some((id) => seen.has(id))) return [];
        for (const id of one.wholeIds) seen.add(id);
        return pickOne(one.wholeIds.flatMap((id) => found.get(id) ?? []));
      });
    });
  }
}

/**
 * Contacts with one identifier are probably one person: the one who has a chat with the bot is written to, and the
 * strictest of what any of them said counts.
 */
function pickOne(candidates: readonly Recipient[]): readonly Recipient[] {
  const best =
    candidates.find(({ conversationId, isReachable }) => conversationId && isReachable) ??
    candidates.find(({ conversationId }) => conversationId) ??
    candidates[0];
  if (best === undefined) return [];
  const consents = candidates.map(({ consent }) => consent);
  return [
    {
      ...best,
      consent: consents.includes("refused") ? "refused" : best.consent,
      isBlocked: candidates.some(({ isBlocked }) => isBlocked),
    },
  ];
}

async function* nameBatches(
  database: Database,
  cipher: Cipher,
  tenantId: TenantId,
  list: RecipientList,
): AsyncGenerator<readonly Named[]> {
  switch (list.kind) {
    case "contacts":
      for (let start = 0; start < list.contactIds.length; start += BATCH) {
        const ids = list.contactIds.slice(start, start + BATCH);
        yield await database.asTenant(tenantId, (tx) => nameContacts(tx, tenantId, ids, start));
      }
      return;
    case "identifiers":
      for (let start = 0; start < list.identifiers.length; start += BATCH) {
        const some = list.identifiers.slice(start, start + BATCH);
        yield await database.asTenant(tenantId, (tx) =>
          nameIdentifiers(tx, cipher, tenantId, some, start),
        );
      }
      return;
    case "filter":
      yield* nameFiltered(database, tenantId, list.filter);
      return;
    case "segment":
      yield* nameFiltered(
        database,
        tenantId,
        await segmentFilter(database, tenantId, list.segmentId),
      );
      return;
    default:
      list satisfies never;
  }
}

async function segmentFilter(
  database: Database,
  tenantId: TenantId,
  segmentId: string,
): Promise<ContactFilter> {
  const [segment] = isUuid(segmentId)
    ? await database.asTenant(tenantId, (tx) =>
        tx.query<{ filter: ContactFilter | null }>(
          "select filter from segment where tenant_id = $1 and id = $2",
          [tenantId, segmentId],
        ),
      )
    : [];
  if (segment === undefined) throw unknownSegment();
  return segment.filter ?? { kind: "in-list", segmentId };
}

async function* nameFiltered(
  database: Database,
  tenantId: TenantId,
  filter: ContactFilter,
): AsyncGenerator<readonly Named[]> {
  let after = NO_UUID;
  let position = 0;
  for (;;) {
    const ids = await database.asTenant(tenantId, (tx) => {
      const parameters = createParameters(tenantId, after, BATCH);
      const fits = filterSql(filter, parameters);
      return tx.query<{ id: string }>(
        `select k.id from contact k
         where k.tenant_id = $1 and k.id > $2 and k.merged_into is null and ${fits}
         order by k.id limit $3`,
        parameters.values,
      );
    });
    yield ids.map(
      ({ id }, index): Named => ({
        position: position + index,
        rule: "unknown",
        wholeIds: [id],
      }),
    );
    const last = ids.at(-1);
    if (last === undefined || ids.length < BATCH) return;
    after = last.id;
    position += ids.length;
  }
}

async function nameContacts(
  tx: Transaction,
  tenantId: TenantId,
  ids: readonly string[],
  start: number,
): Promise<readonly Named[]> {
  const rows = await tx.query<{ id: string; whole: string }>(
    `select id, coalesce(merged_into, id) as whole from contact where tenant_id = $1 and id = any($2::uuid[])`,
    [tenantId, ids.filter(isUuid)],
  );
  const wholes = new Map(rows.map(({ id, whole }) => [id, whole]));
  return ids.map((id, index): Named => {
    const whole = wholes.get(id);
    return {
      position: start + index,
      rule: isUuid(id) ? "unknown" : "malformed",
      wholeIds: whole === undefined ? [] : [whole],
    };
  });
}

async function nameIdentifiers(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  identifiers: readonly Identifier[],
  start: number,
): Promise<readonly Named[]> {
  const wanted = identifiers.map((identifier) => {
    const lookup = aliasesOf(identifier)[0]?.lookup;
    return lookup && hashLookup(cipher, tenantId, lookup).toString("hex");
  });
  const rows = await tx.query<{ lookup_hash: Buffer; whole: string }>(
    `select distinct a.lookup_hash, coalesce(k.merged_into, k.id) as whole
     from contact_alias a join contact k on k.id = a.contact_id
     where a.lookup_hash = any($1::bytea[]) order by whole`,
    [wanted.flatMap((hash) => (hash ? [Buffer.from(hash, "hex")] : []))],
  );
  const wholes = new Map<string, string[]>();
  for (const { lookup_hash, whole } of rows) {
    const hash = lookup_hash.toString("hex");
    wholes.set(hash, [...(wholes.get(hash) ?? []), whole]);
  }
  return wanted.map(
    (hash, index): Named => ({
      position: start + index,
      rule: hash ? "unknown" : "malformed",
      wholeIds: hash ? (wholes.get(hash) ?? []) : [],
    }),
  );
}

interface RecipientRow {
  readonly id: string;
  readonly identity: Buffer | null;
  readonly profile: Buffer | null;
  readonly consent: ConsentState;
  readonly is_blocked: boolean;
  readonly channel: ChannelName | null;
  readonly conversation_id: string | null;
  readonly is_reachable: boolean | null;
  readonly last_inbound_at: Date | null;
  readonly has_refused: boolean | null;
  readonly has_phone: boolean;
}

async function readRecipients(
  tx: Transaction,
  cipher: Cipher,
  tenantId: TenantId,
  botId: BotId,
  wholeIds: readonly string[],
): Promise<ReadonlyMap<string, Recipient>> {
  const rows = await tx.query<RecipientRow>(RECIPIENTS, [wholeIds, botId]);
  return new Map(
    rows.map((row): [string, Recipient] => {
      const profile = openProfile(cipher, tenantId, row);
      const isPhoneChannel = row.channel === "whatsapp-cloud" || row.channel === "whatsapp-web";
      return [
        row.id,
        {
          kind: "recipient",
          contactId: asId(row.id),
          conversationId: row.conversation_id === null ? undefined : asId(row.conversation_id),
          mayOpen: row.conversation_id === null && isPhoneChannel && row.has_phone,
          isReachable: row.is_reachable ?? true,
          consent: row.has_refused === true ? "refused" : row.consent,
          isBlocked: row.is_blocked,
          lastInboundAt: row.last_inbound_at ?? undefined,
          name: profile.name ?? openNetworkName(cipher, tenantId, row),
          profile,
        },
      ];
    }),
  );
}

const RECIPIENTS = `with wanted as materialized (
    select distinct id as whole from unnest($1::uuid[]) as w (id)
  ), part as materialized (
    select whole, whole as id from wanted
    union all select p.merged_into, p.id from contact p where p.merged_into in (select whole from wanted)
  ), chat as materialized (
    select part.whole, c.id, c.bot_id, c.is_reachable, c.last_inbound_at, c.takes_broadcasts
    from part join conversation c on c.contact_id = part.id where c.kind = 'private'
  ), own as (
    select distinct on (whole) whole, id, is_reachable, last_inbound_at from chat where bot_id = $2
    order by whole, is_reachable desc, last_inbound_at desc nulls last, id
  ), said as (
    select whole, bool_or(not takes_broadcasts) as has_refused from chat group by whole
  )
  select k.id, k.identity, k.profile, k.consent, k.blocked_at is not null as is_blocked,
         (select b.channel from bot b where b.id = $2) as channel,
         own.id as conversation_id, own.is_reachable, own.last_inbound_at, said.has_refused,
         exists (select 1 from part join contact_alias a on a.contact_id = part.id
                 where part.whole = k.id and a.kind in ('phone', 'jid') and a.value is not null) as has_phone
  from wanted join contact k on k.id = wanted.whole
  left join own on own.whole = k.id
  left join said on said.whole = k.id`;
