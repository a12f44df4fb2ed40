import type { Cipher } from "../../core/cipher.ts";
import type { ContactFilter, ContactQuery } from "../../core/contacts.ts";
import type { TenantId } from "../../core/ids.ts";
import { lookupsOf } from "./identify.ts";
import { hashWords } from "./name-words.ts";

/** The values of a statement, in the order in which its text names them. */
export interface Parameters {
  readonly values: unknown[];
  /** The place of a value in the text: `$3`. */
  add(value: unknown): string;
}

export function createParameters(...first: readonly unknown[]): Parameters {
  const values = [...first];
  return {
    values,
    add(value) {
      values.push(value);
      return `$${values.length}`;
    },
  };
}

/** `page`: the first contacts that fit are wanted; `count`: how many there are. */
export type Wanted = "page" | "count";

/**
 * Whether a chat of `contact k`, or of a contact that is part of it, fits. Of a page it is asked of each contact in turn
 * by its index: written as `exists`, the planner would look through every chat of the tenant before the first contact.
 * Where all are counted that is what it should do, unless the other conditions leave few.
 */
function hasChat(condition: string, wanted: Wanted): string {
  if (wanted === "count") {
    return `(exists (select 1 from conversation c
                     where c.contact_id = k.id and c.kind = 'private' and ${condition})
      or exists (select 1 from contact p join conversation c on c.contact_id = p.id
                 where p.merged_into = k.id and c.kind = 'private' and ${condition}))`;
  }
  return `coalesce(
    (select true from conversation c where c.contact_id = k.id and c.kind = 'private' and ${condition} limit 1),
    (select true from contact p join conversation c on c.contact_id = p.id
     where p.merged_into = k.id and c.kind = 'private' and ${condition} limit 1), false)`;
}

/** Written so that the planner may ask for each contact, or read the list once, as there are few or many to ask. */
function isOnList(segmentId: string): string {
  return `(exists (select 1 from segment_member s where s.segment_id = ${segmentId} and s.contact_id = k.id)
    or exists (select 1 from contact p join segment_member s on s.contact_id = p.id
               where p.merged_into = k.id and s.segment_id = ${segmentId}))`;
}

/**
 * A condition on `contact k`, which is part of no other. The text is made of the constants below alone; every word of
 * the filter is a parameter.
 */
export function filterSql(
  filter: ContactFilter,
  parameters: Parameters,
  wanted: Wanted = "page",
): string {
  const { add } = parameters;
  const nested = (inner: ContactFilter) => filterSql(inner, parameters, wanted);
  const withChat = (condition: string) => hasChat(condition, wanted);
  switch (filter.kind) {
    case "all":
      return filter.of.length === 0 ? "true" : `(${filter.of.map(nested).join(" and ")})`;
    case "any":
      return filter.of.length === 0 ? "false" : `(${filter.of.map(nested).join(" or ")})`;
    case "not":
      return `not ${nested(filter.of)}`;
    case "tag":
      return `exists (select 1 from contact_tag t
        where t.tenant_id = k.tenant_id and t.contact_id = k.id and t.tag = ${add(filter.tag)})`;
    case "channel":
      return withChat(
        `c.bot_id = any(array(select b.id from bot b where b.channel = ${add(filter.channel)}))`,
      );
    case "bot":
      return withChat(`c.bot_id = ${add(filter.botId)}::uuid`);
    case "consent":
      return `k.consent = ${add(filter.consent)}`;
    case "blocked":
      return filter.is ? "k.blocked_at is not null" : "k.blocked_at is null";
    case "allowed":
      return filter.is ? "k.allowed_at is not null" : "k.allowed_at is null";
    case "seen-after":
      return withChat(`c.last_inbound_at >= ${add(filter.at)}::timestamptz`);
    case "seen-before":
      return `not ${withChat(`c.last_inbound_at >= ${add(filter.at)}::timestamptz`)}`;
    case "created-after":
      return `k.created_at >= ${add(filter.at)}::timestamptz`;
    case "created-before":
      return `k.created_at < ${add(filter.at)}::timestamptz`;
    case "in-list":
      return isOnList(`${add(filter.segmentId)}::uuid`);
    default:
      return filter satisfies never;
  }
}

/** As `filterSql`, for a list's query. An identifier is looked up as such; whatever else, as words of a name. */
export function querySql(
  cipher: Cipher,
  tenantId: TenantId,
  { search, filter }: ContactQuery,
  parameters: Parameters,
): string {
  const conditions = filter === undefined ? [] : [filterSql(filter, parameters)];
  if (search !== undefined) {
    const lookups = lookupsOf(cipher, tenantId, search);
    const words = hashWords(cipher, tenantId, search);
    const byName = words.map((hash) => foundByWord(parameters.add(hash)));
    const found = [
      ...(lookups.length > 0 ? [foundByLookup(parameters.add(lookups))] : []),
      ...(byName.length > 0 ? [`(${byName.join(" intersect ")})`] : []),
    ];
    conditions.push(found.length === 0 ? "false" : `k.id = any(array(${found.join(" union ")}))`);
  }
  return conditions.length === 0 ? "true" : conditions.join(" and ");
}

// As sets, read by their own indexes before any contact is. Who is part of another counts for it; these are few, and
// have an index of their own. Whoever joined all hits with all contacts to learn it would read them all, and the
// planner, which cannot estimate how many there are, would compare each with each.

function foundByWord(hash: string): string {
  return `(select w.contact_id from contact_word w where w.word_hash = ${hash}
    union all select p.merged_into from contact p join contact_word w on w.contact_id = p.id
    where p.merged_into is not null and w.word_hash = ${hash})`;
}

function foundByLookup(hashes: string): string {
  return `(select coalesce(p.merged_into, p.id) from contact_alias a join contact p on p.id = a.contact_id
    where a.lookup_hash = any(${hashes}::bytea[]) or a.national_hash = any(${hashes}::bytea[]))`;
}
