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

/**
 * Whether a chat of `contact k`, or of a contact that is part of it, fits. Asked of each contact in turn by its index:
 * written as `exists`, the planner would look through every chat of the tenant before the first contact of a page.
 */
function hasChat(condition: string): string {
  return `coalesce(
    (select true from conversation c where c.contact_id = k.id and c.kind = 'private' and ${condition} limit 1),
    (select true from contact p join conversation c on c.contact_id = p.id
     where p.merged_into = k.id and c.kind = 'private' and ${condition} limit 1), false)`;
}

/**
 * A condition on `contact k`, which is part of no other. The text is made of the constants below alone; every word of
 * the filter is a parameter.
 */
export function filterSql(filter: ContactFilter, parameters: Parameters): string {
  const { add } = parameters;
  const nested = (inner: ContactFilter) => filterSql(inner, parameters);
  switch (filter.kind) {
    case "all":
      return filter.of.length === 0 ? "true" : `(${filter.of.map(nested).join(" and ")})`;
    case "any":
      return filter.of.length === 0 ? "false" : `(${filter.of.map(nested).join(" or ")})`;
    case "not":
      return `not ${nested(filter.of)}`;
    case "tag":
      return `exists (select 1 from contact_tag t where t.contact_id = k.id and t.tag = ${add(filter.tag)})`;
    case "channel":
      return hasChat(
        `c.bot_id = any(array(select b.id from bot b where b.channel = ${add(filter.channel)}))`,
      );
    case "bot":
      return hasChat(`c.bot_id = ${add(filter.botId)}::uuid`);
    case "consent":
      return `k.consent = ${add(filter.consent)}`;
    case "blocked":
      return filter.is ? "k.blocked_at is not null" : "k.blocked_at is null";
    case "allowed":
      return filter.is ? "k.allowed_at is not null" : "k.allowed_at is null";
    case "seen-after":
      return hasChat(`c.last_inbound_at >= ${add(filter.at)}::timestamptz`);
    case "seen-before":
      return `not ${hasChat(`c.last_inbound_at >= ${add(filter.at)}::timestamptz`)}`;
    case "created-after":
      return `k.created_at >= ${add(filter.at)}::timestamptz`;
    case "created-before":
      return `k.created_at < ${add(filter.at)}::timestamptz`;
    case "in-list":
      return `exists (select 1 from segment_member s where s.segment_id = ${add(filter.segmentId)}::uuid
        and s.contact_id = any(array(select k.id union all select p.id from contact p where p.merged_into = k.id)))`;
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
      ...(byName.length > 0 ? [`(${byName.join(" and ")})`] : []),
    ];
    conditions.push(found.length === 0 ? "false" : `(${found.join(" or ")})`);
  }
  return conditions.length === 0 ? "true" : conditions.join(" and ");
}

// Read first, as a set: each is one look-up in an index and not a question to every contact.

function foundByWord(hash: string): string {
  return `k.id in (select coalesce(p.merged_into, p.id) from contact_word w
    join contact p on p.id = w.contact_id where w.word_hash = ${hash})`;
}

function foundByLookup(hashes: string): string {
  return `k.id in (select coalesce(p.merged_into, p.id) from contact_alias a
    join contact p on p.id = a.contact_id
    where a.lookup_hash = any(${hashes}::bytea[]) or a.national_hash = any(${hashes}::bytea[]))`;
}
