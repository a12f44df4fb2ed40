import { v7 as uuidv7 } from "uuid";
import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type {
  SecurityEventCount,
  SecurityEventKind,
  SecurityEventLog,
} from "../../core/security-events.ts";
import type { Database } from "../database.ts";
import { atOf, type PlacedRow, toKeysetPage } from "../keyset.ts";

/** What concerns no tenant is encrypted for the installation. */
const INSTALLATION = asId<TenantId>("installation");

interface Row extends PlacedRow {
  readonly tenant_id: string | null;
  readonly kind: SecurityEventKind;
  readonly source_hash: Buffer;
  readonly source: Buffer;
  readonly subject: string;
  readonly count: number;
  readonly first_at: Date;
  readonly last_at: Date;
}

export function createSecurityEventLog(database: Database, cipher: Cipher): SecurityEventLog {
  const hashOf = (source: string) => cipher.hash("security-source", source);
  const placeOf = (tenantId: TenantId | undefined, hash: Buffer): CipherPlace => ({
    tenantId: tenantId ?? INSTALLATION,
    table: "security_event",
    column: "source",
    rowId: hash.toString("hex"),
  });

  function toCount(row: Row): SecurityEventCount {
    const tenantId = row.tenant_id === null ? undefined : asId<TenantId>(row.tenant_id);
    return {
      id: row.id,
      kind: row.kind,
      tenantId,
      source: cipher.decrypt(placeOf(tenantId, row.source_hash), row.source),
      subject: row.subject,
      count: row.count,
      firstAt: row.first_at,
      lastAt: row.last_at,
    };
  }

  return {
    async add(events) {
      if (events.length === 0) return;
      const rows = events.map((event) => {
        const hash = hashOf(event.source);
        const sealed = cipher.encrypt(placeOf(event.tenantId, hash), event.source);
        return {
          id: uuidv7(),
          tenant_id: event.tenantId ?? null,
          kind: event.kind,
          source_hash: hash.toString("base64"),
          source: sealed.toString("base64"),
          subject: event.subject,
          count: event.count,
          first_at: event.firstAt,
          last_at: event.lastAt,
        };
      });
      await database.asRegistrar((tx) => tx.query(ADD, [JSON.stringify(rows)]));
    },

    async list(tenantId, filter, { after, limit }) {
      const rows = await database.asRegistrar((tx) =>
        tx.query<Row>(LIST, [
          tenantId ?? null,
          filter.kind ?? null,
          filter.source === undefined ? null : hashOf(filter.source),
          filter.from ?? null,
          filter.until ?? null,
          after?.at ?? null,
          after?.id ?? null,
          limit + 1,
        ]),
      );
      return toKeysetPage(rows, limit, toCount);
    },

    forgetBefore: (before) =>
      database.asRegistrar(async (tx) => {
        const gone = await tx.query("delete from security_event where minute < $1 returning id", [
          before,
        ]);
        return gone.length;
      }),
  };
}

/** In the order of its key, so that two processes that count the same do not wait for each other in a circle. */
const ADD = `
  with counted as (
  insert into security_event as known (tenant_id, id, kind, minute, source_hash, source, subject, count, first_at, last_at)
  select e.tenant_id, e.id, e.kind, date_trunc('minute', e.first_at), decode(e.source_hash, 'base64'),
         decode(e.source, 'base64'), e.subject, e.count, e.first_at, e.last_at
  from jsonb_to_recordset($1::jsonb) as e (
    tenant_id uuid, id uuid, kind text, source_hash text, source text, subject text, count int,
    first_at timestamptz, last_at timestamptz)
  order by e.kind, e.source_hash, e.subject, e.tenant_id
  on conflict (minute, kind, source_hash, subject, tenant_id) do update
  set count = known.count + excluded.count,
      first_at = least(known.first_at, excluded.first_at),
      last_at = greatest(known.last_at, excluded.last_at)
  -- of a row that was there, xmax is the update's; it may name a tenant that is gone, which nobody follows
  returning tenant_id, kind, known.xmax = 0 as is_first
  )
  insert into event (tenant_id, kind, detail)
  select distinct tenant_id, 'security-event', jsonb_build_object('name', kind)
  from counted where is_first and (tenant_id is null or tenant_id in (select tenant_id from membership))`;

const LIST = `
  select ${atOf("minute")} as at, id, tenant_id, kind, source_hash, source, subject, count, first_at, last_at
  from security_event
  where ($1::uuid is null or tenant_id = $1) and ($2::text is null or kind = $2)
    and ($3::bytea is null or source_hash = $3)
    and ($4::timestamptz is null or minute >= date_trunc('minute', $4::timestamptz))
    and ($5::timestamptz is null or minute < $5)
    and ($6::timestamptz is null or (minute, id) < ($6, $7::uuid))
  order by minute desc, id desc limit $8`;
