import { randomUUID } from "node:crypto";
import type {
  Announcement,
  AnnouncementDraft,
  Announcements,
  ShownAnnouncement,
} from "../../core/announcements.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Author } from "../../core/operations.ts";
import type { Database, Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { atOf, type PlacedRow, toKeysetPage } from "../keyset.ts";
import { writeAudit } from "../people-rows.ts";
import { isForeignKeyViolation } from "./foreign-key.ts";

interface Row extends PlacedRow {
  readonly texts: Announcement["texts"];
  readonly severity: Announcement["severity"];
  readonly shown_from: Date;
  readonly shown_until: Date | null;
  readonly is_for_all: boolean;
  readonly revision: number;
  readonly created_at: Date;
  readonly withdrawn_at: Date | null;
  readonly tenants: readonly string[];
  readonly read_by: number;
}

export function createAnnouncements(database: Database): Announcements {
  const write = (work: (tx: Transaction) => Promise<Announcement | undefined>) =>
    database.asRegistrar(work).catch((error: unknown) => {
      if (!isForeignKeyViolation(error)) throw error;
      throw new PregoneroError("tenant-unknown", "One of these tenants does not exist.", {
        status: 404,
      });
    });

  return {
    list: ({ after, limit }) =>
      database.asRegistrar(async (tx) => {
        const rows = await tx.query<Row>(
          `${SELECT} where $1::timestamptz is null or (a.created_at, a.id) < ($1, $2::uuid)
           order by a.created_at desc, a.id desc limit $3`,
          [after?.at ?? null, after?.id ?? null, limit + 1],
        );
        return toKeysetPage(rows, limit, toAnnouncement);
      }),

    find: (id) => database.asRegistrar((tx) => find(tx, id)),

    async publish(draft, by) {
      const id = randomUUID();
      const published = await write(async (tx) => {
        await tx.query(
          `insert into announcement (id, texts, severity, shown_from, shown_until, is_for_all, actor)
           values ($1, $2, $3, $4, $5, $6, $7)`,
          [...valuesOf(id, draft), by.actor],
        );
        await writeTenants(tx, id, draft);
        await note(tx, "announcement-published", id, by);
        await tell(tx, id, "published");
        return find(tx, id);
      });
      if (published === undefined) throw new Error("an insert left no row");
      return published;
    },

    change: (id, revision, draft, by) =>
      write(async (tx) => {
        const [changed] = await tx.query<{ id: string }>(
          `update announcement set texts = $2, severity = $3, shown_from = $4, shown_until = $5, is_for_all = $6,
                                   revision = revision + 1
           where id::text = $1 and withdrawn_at is null and ($7::int is null or revision = $7) returning id`,
          [...valuesOf(id, draft), revision ?? null],
        );
        if (changed === undefined) return undefined;
        await writeTenants(tx, id, draft);
        await note(tx, "announcement-changed", id, by);
        await tell(tx, id, "changed");
        return find(tx, id);
      }),

    withdraw: (id, by) =>
      database.asRegistrar(async (tx) => {
        const gone = await tx.query(
          `update announcement set withdrawn_at = now(), revision = revision + 1
           where id::text = $1 and withdrawn_at is null returning id`,
          [id],
        );
        if (gone.length === 0) return false;
        await note(tx, "announcement-withdrawn", id, by);
        await tell(tx, id, "withdrawn");
        return true;
      }),

    shownTo: (personId, tenants, now) =>
      database.asRegistrar(async (tx) => {
        const rows = await tx.query<
          Pick<Row, "id" | "texts" | "severity" | "shown_from" | "shown_until"> & {
            read_at: Date | null;
          }
        >(
          `select a.id, a.texts, a.severity, a.shown_from, a.shown_until, r.read_at from announcement a
           left join announcement_reading r on r.announcement_id = a.id and r.person_id = $1
           where ${IS_SHOWN}
           order by array_position(array['critical', 'warning', 'info'], a.severity), a.shown_from desc, a.id
           limit 100`,
          [personId, tenants, now],
        );
        return rows.map(
          (row): ShownAnnouncement => ({
            id: row.id,
            texts: row.texts,
            severity: row.severity,
            from: row.shown_from,
            until: row.shown_until ?? undefined,
            readAt: row.read_at ?? undefined,
          }),
        );
      }),

    markRead: (personId, tenants, id, now) =>
      database.asRegistrar(async (tx) => {
        const read = await tx.query(
          `insert into announcement_reading (announcement_id, person_id, read_at)
           select a.id, $1, $3 from announcement a where a.id::text = $4 and ${IS_SHOWN}
           on conflict (person_id, announcement_id) do update set read_at = announcement_reading.read_at
           returning announcement_id`,
          [personId, tenants, now, id],
        );
        return read.length > 0;
      }),
  };
}

/** $2: the reader's tenants; $3: now. */
const IS_SHOWN = `a.withdrawn_at is null and a.shown_from <= $3 and (a.shown_until is null or a.shown_until > $3)
  and (a.is_for_all or exists (select 1 from announcement_tenant t
                               where t.announcement_id = a.id and t.tenant_id = any ($2::uuid[])))`;

const SELECT = `
  select ${atOf("a.created_at")} as at, a.id, a.texts, a.severity, a.shown_from, a.shown_until, a.is_for_all,
         a.revision, a.created_at, a.withdrawn_at,
         array(select t.tenant_id::text from announcement_tenant t where t.announcement_id = a.id order by 1) as tenants,
         (select count(*)::int from announcement_reading r where r.announcement_id = a.id) as read_by
  from announcement a`;

async function find(tx: Transaction, id: string): Promise<Announcement | undefined> {
  const [row] = await tx.query<Row>(`${SELECT} where a.id::text = $1`, [id]);
  return row && toAnnouncement(row);
}

function toAnnouncement(row: Row): Announcement {
  return {
    id: row.id,
    texts: row.texts,
    severity: row.severity,
    from: row.shown_from,
    until: row.shown_until ?? undefined,
    tenants: row.is_for_all ? undefined : row.tenants.map((id) => asId<TenantId>(id)),
    revision: row.revision,
    createdAt: row.created_at,
    withdrawnAt: row.withdrawn_at ?? undefined,
    readBy: row.read_by,
  };
}

function valuesOf(id: string, draft: AnnouncementDraft): readonly unknown[] {
  const { texts, severity, from, until, tenants } = draft;
  return [id, JSON.stringify(texts), severity, from, until ?? null, tenants === undefined];
}

async function writeTenants(
  tx: Transaction,
  id: string,
  { tenants = [] }: AnnouncementDraft,
): Promise<void> {
  await tx.query("delete from announcement_tenant where announcement_id = $1", [id]);
  await tx.query(
    `insert into announcement_tenant (announcement_id, tenant_id)
     select $1, tenant_id from unnest($2::uuid[]) as t (tenant_id) on conflict do nothing`,
    [id, tenants],
  );
}

/** The tenants that it is for; what is for all is of the installation. */
async function tell(
  tx: Transaction,
  announcementId: string,
  change: "published" | "changed" | "withdrawn",
): Promise<void> {
  const tenants = await tx.query<{ tenant_id: string | null }>(
    `select t.tenant_id from announcement a
     left join announcement_tenant t on t.announcement_id = a.id and not a.is_for_all where a.id::text = $1`,
    [announcementId],
  );
  const detail = { announcementId, change };
  for (const { tenant_id } of tenants) {
    const tenantId = tenant_id === null ? undefined : asId<TenantId>(tenant_id);
    await appendEvents(tx, tenantId, [{ kind: "announcement-changed", detail }]);
  }
}

async function note(tx: Transaction, action: string, id: string, by: Author): Promise<void> {
  await writeAudit(tx, {
    actor: by.actor,
    action,
    subject: id,
    ...(by.origin && { origin: by.origin }),
  });
}
