import { randomUUID } from "node:crypto";
import type { Cipher } from "../../core/cipher.ts";
import type { ContactActor, ContactFilter } from "../../core/contacts.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { ContactId, TenantId } from "../../core/ids.ts";
import type { SegmentDraft, Segments, SegmentView } from "../../core/segments.ts";
import type { Database, Transaction } from "../database.ts";
import { atOf, toKeysetPage } from "../keyset.ts";
import { writeAudit } from "../people-rows.ts";
import { type ContactRow, isUuid, toView, unknownContact, VIEW_COLUMNS } from "./contact-rows.ts";
import { createParameters, filterSql } from "./filter-sql.ts";
import { resolveRecipients } from "./resolve-recipients.ts";
import { type SegmentRow, toSegment, unknownSegment } from "./segment-rows.ts";
import { withinTime } from "./within-time.ts";

const COLUMNS = `s.id, ${atOf("s.created_at")} as at, s.name, s.kind, s.filter, s.revision, s.updated_at`;

/** Segments on PostgreSQL. */
export function createSegments(database: Database, cipher: Cipher): Segments {
  return {
    resolve: (tenantId, botId, list, signal) =>
      resolveRecipients(database, cipher, tenantId, botId, list, signal),
    list: (tenantId, { after, limit }) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<SegmentRow>(
          `select ${COLUMNS} from segment s
           where s.tenant_id = $1 and ($2::timestamptz is null or (s.created_at, s.id) < ($2, $3::uuid))
           order by s.created_at desc, s.id desc limit $4`,
          [tenantId, after?.at ?? null, after?.id ?? null, limit + 1],
        );
        return toKeysetPage(rows, limit, toSegment);
      }),
    async find(tenantId, segmentId) {
      if (!isUuid(segmentId)) return undefined;
      const [row] = await database.asTenant(tenantId, (tx) =>
        tx.query<SegmentRow>(
          `select ${COLUMNS} from segment s where s.tenant_id = $1 and s.id = $2`,
          [tenantId, segmentId],
        ),
      );
      return row && toSegment(row);
    },
    create: (tenantId, draft, by) =>
      database.asTenant(tenantId, (tx) => create(tx, tenantId, draft, by)),
    change: (tenantId, segmentId, draft, revision, by) =>
      database.asTenant(tenantId, (tx) => change(tx, tenantId, { segmentId, draft, revision }, by)),
    remove: (tenantId, segmentId, by) =>
      database.asTenant(tenantId, async (tx) => {
        if (!isUuid(segmentId)) return false;
        const removed = await tx.query(
          "delete from segment where tenant_id = $1 and id = $2 returning id",
          [tenantId, segmentId],
        );
        if (removed.length > 0) await audit(tx, tenantId, by, "segment-removed", segmentId);
        return removed.length > 0;
      }),
    changeMembers: (tenantId, segmentId, members, by) =>
      database.asTenant(tenantId, (tx) => changeMembers(tx, tenantId, segmentId, members, by)),
    count: (tenantId, filter) =>
      withinTime(database, tenantId, async (tx) => {
        const parameters = createParameters(tenantId);
        const [counted] = await tx.query<{ n: number }>(
          `select count(*)::int as n from contact k
           where k.tenant_id = $1 and k.merged_into is null and ${filterSql(filter, parameters, "count")}`,
          parameters.values,
        );
        return counted?.n ?? 0;
      }),
    preview: (tenantId, filter, limit) =>
      withinTime(database, tenantId, async (tx) => {
        const parameters = createParameters(tenantId, limit);
        const rows = await tx.query<ContactRow>(
          `select ${VIEW_COLUMNS} from (
             select * from contact k
             where k.tenant_id = $1 and k.merged_into is null and ${filterSql(filter, parameters)}
             order by k.created_at desc, k.id desc limit $2) k
           order by k.created_at desc, k.id desc`,
          parameters.values,
        );
        return rows.map((row) => toView(cipher, tenantId, row));
      }),
  };
}

function audit(
  tx: Transaction,
  tenantId: TenantId,
  { actor, requestId }: ContactActor,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  return writeAudit(tx, { tenantId, actor, action, subject, detail: { ...detail, requestId } });
}

async function create(
  tx: Transaction,
  tenantId: TenantId,
  { name, filter }: SegmentDraft,
  by: ContactActor,
): Promise<SegmentView> {
  const id = randomUUID();
  await requireLists(tx, tenantId, filter);
  const [row] = await tx.query<SegmentRow>(
    `insert into segment as s (tenant_id, id, name, kind, filter) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning ${COLUMNS}`,
    [
      tenantId,
      id,
      name,
      filter === undefined ? "list" : "filter",
      filter && JSON.stringify(filter),
    ],
  );
  if (row === undefined) throw segmentExists(name);
  await audit(tx, tenantId, by, "segment-created", id);
  return toSegment(row);
}

async function change(
  tx: Transaction,
  tenantId: TenantId,
  wanted: {
    readonly segmentId: string;
    readonly draft: SegmentDraft;
    readonly revision: number | undefined;
  },
  by: ContactActor,
): Promise<SegmentView> {
  const { segmentId, revision } = wanted;
  const { name, filter } = wanted.draft;
  const [held] = isUuid(segmentId)
    ? await tx.query<{ revision: number; kind: SegmentView["kind"] }>(
        "select revision, kind from segment where tenant_id = $1 and id = $2 for no key update",
        [tenantId, segmentId],
      )
    : [];
  if (held === undefined) throw unknownSegment();
  if (revision !== undefined && revision !== held.revision) throw stale();
  if ((held.kind === "filter") !== (filter !== undefined)) {
    throw new PregoneroError(
      "segment-kind",
      `This segment is a ${held.kind} and stays one: ${held.kind === "list" ? "leave filter out" : "give a filter"}, or make another segment.`,
      { status: 409 },
    );
  }
  const taken = await tx.query(
    "select id from segment where tenant_id = $1 and lower(name) = lower($2) and id <> $3",
    [tenantId, name, segmentId],
  );
  if (taken.length > 0) throw segmentExists(name);
  await requireLists(tx, tenantId, filter);
  const [row] = await tx.query<SegmentRow>(
    `update segment s set name = $3, filter = $4, revision = revision + 1, updated_at = now()
     where s.tenant_id = $1 and s.id = $2 returning ${COLUMNS}`,
    [tenantId, segmentId, name, filter && JSON.stringify(filter)],
  );
  if (row === undefined) throw unknownSegment();
  await audit(tx, tenantId, by, "segment-changed", segmentId, { revision: row.revision });
  return toSegment(row);
}

async function changeMembers(
  tx: Transaction,
  tenantId: TenantId,
  segmentId: string,
  { add, remove }: { readonly add: readonly ContactId[]; readonly remove: readonly ContactId[] },
  by: ContactActor,
): Promise<number> {
  const [held] = isUuid(segmentId)
    ? await tx.query<{ kind: SegmentView["kind"] }>(
        "select kind from segment where tenant_id = $1 and id = $2 for no key update",
        [tenantId, segmentId],
      )
    : [];
  if (held === undefined) throw unknownSegment();
  if (held.kind === "filter") {
    throw new PregoneroError("segment-kind", "Nobody is put into a filter: change the filter.", {
      status: 409,
    });
  }
  const wanted = [...new Set(add)];
  const known = await tx.query(
    "select id from contact where tenant_id = $1 and id = any($2::uuid[])",
    [tenantId, wanted.filter(isUuid)],
  );
  if (known.length < wanted.length) throw unknownContact();
  const added = await tx.query(
    `insert into segment_member (tenant_id, segment_id, contact_id)
     select $1, $2, id from unnest($3::uuid[]) as w (id) on conflict do nothing returning contact_id`,
    [tenantId, segmentId, wanted],
  );
  const removed = await tx.query(
    `delete from segment_member where tenant_id = $1 and segment_id = $2 and contact_id = any($3::uuid[])
     returning contact_id`,
    [tenantId, segmentId, remove.filter(isUuid)],
  );
  await audit(tx, tenantId, by, "segment-members-changed", segmentId, {
    added: added.length,
    removed: removed.length,
  });
  return added.length + removed.length;
}

/** A filter that names a list which is not there would silently fit nobody. */
async function requireLists(
  tx: Transaction,
  tenantId: TenantId,
  filter: ContactFilter | undefined,
): Promise<void> {
  const wanted = [...new Set(filter === undefined ? [] : listsIn(filter))];
  if (wanted.length === 0) return;
  const found = await tx.query(
    "select id from segment where tenant_id = $1 and kind = 'list' and id = any($2::uuid[])",
    [tenantId, wanted.filter(isUuid)],
  );
  if (found.length < wanted.length) throw unknownSegment();
}

function listsIn(filter: ContactFilter): readonly string[] {
  switch (filter.kind) {
    case "all":
    case "any":
      return filter.of.flatMap(listsIn);
    case "not":
      return listsIn(filter.of);
    case "in-list":
      return [filter.segmentId];
    default:
      return [];
  }
}

function segmentExists(name: string): PregoneroError {
  return new PregoneroError("segment-exists", `There is a segment "${name}" already.`, {
    status: 409,
  });
}

export function stale(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and make your change to what is there now.",
    { status: 412 },
  );
}
