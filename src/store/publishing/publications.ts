import type { Cipher } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import { asId, type PromptRunId, type TenantId } from "../../core/ids.ts";
import type {
  PublicationFilter,
  PublishingActor,
  PublishingStore,
  ScheduleRequest,
} from "../../core/publishing.ts";
import type { Database, Transaction } from "../database.ts";
import { toKeysetPage } from "../keyset.ts";
import { isEditionPublisher } from "./edition-publisher.ts";
import {
  noPublication,
  noteDeed,
  POST_COLUMNS,
  type PostRow,
  PUBLICATION_COLUMNS,
  PUBLICATION_TABLES,
  type PublicationRow,
  publicationEvent,
  toPost,
  toPublication,
  UUID,
} from "./publishing-rows.ts";
import { takeStep } from "./take-step.ts";

type PublicationPart = Omit<
  PublishingStore,
  "addTarget" | "listTargets" | "findTarget" | "changeTarget" | "removeTarget"
>;

/** Of one edition: more than anybody reads. */
const MAX_SHOWN = 20;

export function createPublications(database: Database, cipher: Cipher): PublicationPart {
  return {
    schedule: (tenantId, requests, by) =>
      database.asTenant(tenantId, async (tx) => {
        const inOrder = [...requests].sort((a, b) => a.targetId.localeCompare(b.targetId));
        for (const request of inOrder) await scheduleOne(tx, tenantId, request, by);
      }),
    list: (tenantId, filter, { after, limit }) =>
      database.asTenant(tenantId, async (tx) => {
        const rows = await tx.query<PublicationRow>(listStatement(filter), [
          tenantId,
          after?.at ?? null,
          after?.id ?? null,
          limit + 1,
          filter.state ?? null,
          uuidOrNone(filter.targetId),
          uuidOrNone(filter.runId),
        ]);
        return toKeysetPage(rows, limit, toPublication);
      }),
    async find(tenantId, publicationId) {
      if (!UUID.test(publicationId)) return undefined;
      return database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<PublicationRow>(
          `select ${PUBLICATION_COLUMNS} from ${PUBLICATION_TABLES} where p.tenant_id = $1 and p.id = $2`,
          [tenantId, publicationId],
        );
        if (row === undefined) return undefined;
        const posts = await tx.query<PostRow>(
          `select ${POST_COLUMNS} from publication_post
           where tenant_id = $1 and publication_id = $2 order by position`,
          [tenantId, publicationId],
        );
        return {
          publication: toPublication(row),
          posts: posts.map((post) => toPost(cipher, [tenantId, publicationId], post)),
        };
      });
    },
    async take(tenantId, publicationId, step, by) {
      if (!UUID.test(publicationId)) throw noPublication();
      await database.asTenant(tenantId, (tx) => takeStep(tx, tenantId, publicationId, step, by));
    },
    listOnEdition: (sourceSlug, publishedOn) =>
      listShown(database, "e.source_slug = $1 and e.published_on = $2", [
        sourceSlug,
        publishedOn,
        MAX_SHOWN,
      ]),
    listOnSource: (sourceSlug, limit) =>
      listShown(database, "e.source_slug = $1 and $2::text is null", [sourceSlug, null, limit]),
    mayPublishOnEditions: (tenantId) =>
      database.asTenant(tenantId, (tx) => isEditionPublisher(tx, tenantId)),
  };
}

/** An id that is none finds nothing. */
function uuidOrNone(id: string | undefined): string | null {
  if (id === undefined) return null;
  return UUID.test(id) ? id : "00000000-0000-0000-0000-000000000000";
}

function listStatement(filter: PublicationFilter): string {
  const wanted = [
    ["p.state = $5", filter.state],
    ["p.target_id = $6", filter.targetId],
    ["p.run_id = $7", filter.runId],
  ] as const;
  // A filter that is not there still names its parameter, so that its type is known.
  const conditions = wanted.map(([condition, value]) =>
    value === undefined ? `(${condition} or true)` : condition,
  );
  return `select ${PUBLICATION_COLUMNS} from ${PUBLICATION_TABLES}
    where p.tenant_id = $1
      and ($2::timestamptz is null or (p.created_at, p.id) < ($2::timestamptz, $3::uuid))
      and ${conditions.join(" and ")}
    order by p.created_at desc, p.id desc limit $4`;
}

async function scheduleOne(
  tx: Transaction,
  tenantId: TenantId,
  request: ScheduleRequest,
  by: PublishingActor,
): Promise<void> {
  const { publicationId, runId, targetId, scheduledFor, timeZone } = request;
  const targets = await tx.query(
    "select 1 from publishing_target where tenant_id = $1 and id = $2 for share",
    [tenantId, targetId],
  );
  if (targets.length === 0) {
    throw new PregoneroError("target-unknown", "There is no such target.", { status: 404 });
  }
  const made = await tx.query(
    `insert into publication
       (tenant_id, id, target_id, run_id, scheduled_for, next_at, time_zone, asked_by)
     values ($1, $2, $3, $4, $5, $5, $6, $7) on conflict do nothing returning id`,
    [tenantId, publicationId, targetId, runId, scheduledFor, timeZone ?? null, by.actor],
  );
  if (made.length === 0) {
    const [same] = await tx.query<{ id: string }>(
      "select id from publication where tenant_id = $1 and run_id = $2 and target_id = $3",
      [tenantId, runId, targetId],
    );
    if (same?.id === publicationId) return;
    throw new PregoneroError(
      "publication-exists",
      "This text goes to that target already: a text is published once on each. Look at its publication.",
      { status: 409 },
    );
  }
  const deed = {
    tenantId,
    action: "publication-scheduled",
    subject: publicationId,
    detail: { runId, targetId, scheduledFor: scheduledFor.toISOString() },
  };
  await noteDeed(tx, { ...deed, events: [publicationEvent(request, "scheduled")] }, by);
}

/** Who shows what is routing; the texts themselves are read as the tenants that they are of. */
function listShown(
  database: Database,
  place: string,
  values: readonly [string, string | null, number],
) {
  return database.asDispatcher(async (tx) => {
    const rows = await tx.query<{
      tenant_id: string;
      institution: string;
      run_id: string;
      published_at: Date;
    }>(
      `select distinct p.tenant_id, n.name as institution, p.run_id, p.published_at
       from publication_edition e
       join publication p on p.id = e.publication_id and p.tenant_id = e.tenant_id
       join publishing_target t on t.id = p.target_id and t.tenant_id = p.tenant_id
       join edition_publisher a on a.tenant_id = p.tenant_id
       join tenant n on n.id = p.tenant_id and n.state = 'active'
       where ${place} and t.kind = 'edition-page' and t.state = 'active' and p.state = 'published'
       order by p.published_at desc, p.run_id limit $3`,
      values,
    );
    return rows.map((row) => ({
      tenantId: asId<TenantId>(row.tenant_id),
      institution: row.institution,
      runId: asId<PromptRunId>(row.run_id),
      at: row.published_at,
    }));
  });
}
