import type { Cipher } from "../../core/cipher.ts";
import { asId, type PromptId, type PromptRunId, type TenantId } from "../../core/ids.ts";
import type {
  ClaimedPublication,
  LookUpOutcome,
  OpenPost,
  PostOutcome,
  PublicationLedger,
} from "../../core/publishing-work.ts";
import type { Database, Transaction } from "../database.ts";
import { claimPublications } from "./claim-publications.ts";
import { finishTurn } from "./finish-turn.ts";
import {
  noteDeed,
  openSettings,
  POST_COLUMNS,
  type PostRow,
  postPlace,
  publicationEvent,
  sealSettings,
  toPost,
} from "./publishing-rows.ts";

const SYSTEM = { actor: "system" };

/**
 * Publishing on PostgreSQL. Every write names the claim that it is of: of two processes that take the same publication
 * for theirs, the older one writes nothing any more.
 */
export function createPublicationLedger(database: Database, cipher: Cipher): PublicationLedger {
  return {
    listLinked: () => database.asDispatcher(listLinked),
    scheduleLinked: (tenantId, run) =>
      database.asTenant(tenantId, (tx) => scheduleLinked(tx, tenantId, run)),
    claim: (limit, leaseMs) => database.asDispatcher((tx) => claimPublications(tx, limit, leaseMs)),
    open: (claimed) =>
      database.asTenant(claimed.tenantId, (tx) => openPublication(tx, cipher, claimed)),
    plan: (claimed, { posts, editions }) =>
      database.asTenant(claimed.tenantId, async (tx) => {
        const { tenantId, publicationId } = claimed;
        const held = await tx.query(
          `update publication set planned_at = now() where ${HELD} and planned_at is null returning id`,
          placeOf(claimed),
        );
        if (held.length === 0) return false;
        for (const [position, post] of posts.entries()) {
          const place = postPlace(tenantId, publicationId, position);
          await tx.query(
            `insert into publication_post (tenant_id, publication_id, position, content)
             values ($1, $2, $3, $4)`,
            [tenantId, publicationId, position, cipher.encrypt(place, JSON.stringify(post))],
          );
        }
        await tx.query(
          `insert into publication_edition (tenant_id, publication_id, source_slug, published_on)
           select $1::uuid, $2::uuid, e.slug, e.date from jsonb_to_recordset($3::jsonb) as e (slug text, date date)
           on conflict do nothing`,
          [
            tenantId,
            publicationId,
            JSON.stringify(editions.map(({ sourceSlug, date }) => ({ slug: sourceSlug, date }))),
          ],
        );
        return true;
      }),
    begin: (claimed, position, leaseMs) =>
      database.asTenant(claimed.tenantId, async (tx) => {
        const lease = "now() + $4 * interval '1 millisecond'";
        await tx.query(
          `update publishing_target set busy_until = ${lease}
           where tenant_id = $1 and id = $2 and exists (
             select 1 from publication where tenant_id = $1 and id = $3 and claims = $5)`,
          [claimed.tenantId, claimed.targetId, claimed.publicationId, leaseMs, claimed.claim],
        );
        const held = await tx.query(
          `update publication set next_at = ${lease} where ${HELD} returning id`,
          [...placeOf(claimed), leaseMs],
        );
        if (held.length === 0) return false;
        const begun = await tx.query(
          {
            name: "publishing-begin",
            text: `update publication_post
                   set state = 'attempting', attempts = attempts + 1, look_ups = 0, reason = null,
                       attempted_at = clock_timestamp()
                   where tenant_id = $1 and publication_id = $2 and position = $3 and state = 'pending'
                   returning position`,
          },
          [claimed.tenantId, claimed.publicationId, position],
        );
        return begun.length > 0;
      }),
    settle: (claimed, position, outcome) =>
      database.asTenant(claimed.tenantId, (tx) => settlePost(tx, claimed, position, outcome)),
    keepSettings: (claimed, settings) =>
      database.asTenant(claimed.tenantId, async (tx) => {
        const { tenantId, targetId, publicationId, claim } = claimed;
        const kept = await tx.query(
          `update publishing_target set settings = $3
           where tenant_id = $1 and id = $2 and exists (
             select 1 from publication where tenant_id = $1 and id = $4 and claims = $5)
           returning id`,
          [
            tenantId,
            targetId,
            sealSettings(cipher, tenantId, targetId, settings),
            publicationId,
            claim,
          ],
        );
        return kept.length > 0;
      }),
    finish: (claimed, verdict) =>
      database.asTenant(claimed.tenantId, (tx) => finishTurn(tx, claimed, verdict)),
  };
}

/** Of a publication: this process has it. */
export const HELD = "tenant_id = $1 and id = $2 and claims = $3 and state = 'publishing'";

export function placeOf({ tenantId, publicationId, claim }: ClaimedPublication) {
  return [tenantId, publicationId, claim] as const;
}

async function listLinked(tx: Transaction) {
  const rows = await tx.query<{ tenant_id: string; prompt_id: string }>(
    "select distinct tenant_id, prompt_id from publishing_link",
  );
  return rows.map((row) => ({
    tenantId: asId<TenantId>(row.tenant_id),
    promptId: asId<PromptId>(row.prompt_id),
  }));
}

async function scheduleLinked(
  tx: Transaction,
  tenantId: TenantId,
  run: { readonly runId: PromptRunId; readonly promptId: PromptId; readonly approvedAt: Date },
): Promise<number> {
  const made = await tx.query<{ id: string; target_id: string }>(
    `insert into publication (tenant_id, id, target_id, run_id, scheduled_for, next_at, asked_by)
     select l.tenant_id, gen_random_uuid(), l.target_id, $2::uuid, now(), now(), 'system'
     from publishing_link l where l.tenant_id = $1 and l.prompt_id = $3 and l.created_at <= $4
     on conflict (run_id, target_id, tenant_id) do nothing
     returning id, target_id`,
    [tenantId, run.runId, run.promptId, run.approvedAt],
  );
  for (const { id, target_id: targetId } of made) {
    const publication = { publicationId: id, targetId, runId: run.runId };
    const detail = { runId: run.runId, targetId, isByLink: true };
    const deed = { tenantId, action: "publication-scheduled", subject: id, detail };
    await noteDeed(tx, { ...deed, events: [publicationEvent(publication, "scheduled")] }, SYSTEM);
  }
  return made.length;
}

interface OpenRow {
  readonly run_id: string;
  readonly failures: number;
  readonly created_at: Date;
  readonly is_planned: boolean;
  readonly settings: Buffer;
}

async function openPublication(tx: Transaction, cipher: Cipher, claimed: ClaimedPublication) {
  const { tenantId, publicationId, targetId } = claimed;
  const [row] = await tx.query<OpenRow>(
    `select p.run_id, p.failures, p.created_at, p.planned_at is not null as is_planned, t.settings
     from publication p join publishing_target t on t.id = p.target_id and t.tenant_id = p.tenant_id
     where p.tenant_id = $1 and p.id = $2 and p.claims = $3 and p.state = 'publishing'`,
    placeOf(claimed),
  );
  if (row === undefined) return undefined;
  const posts = await tx.query<PostRow>(
    `select ${POST_COLUMNS} from publication_post
     where tenant_id = $1 and publication_id = $2 order by position`,
    [tenantId, publicationId],
  );
  return {
    ...claimed,
    runId: asId<PromptRunId>(row.run_id),
    settings: openSettings(cipher, tenantId, targetId, row.settings),
    failures: row.failures,
    createdAt: row.created_at,
    posts: row.is_planned
      ? posts.map(
          (post): OpenPost => ({
            ...toPost(cipher, [tenantId, publicationId], post),
            ageMs: post.age_ms ?? undefined,
            lookUps: post.look_ups,
          }),
        )
      : undefined,
  };
}

async function settlePost(
  tx: Transaction,
  claimed: ClaimedPublication,
  position: number,
  outcome: PostOutcome | LookUpOutcome,
): Promise<boolean> {
  const held = await tx.query(
    `update publication set failures = case when $4 then 0 else failures end where ${HELD} returning id`,
    [...placeOf(claimed), outcome.kind === "sent" || outcome.kind === "found"],
  );
  if (held.length === 0) return false;
  const { state, networkId, reason } = afterOutcome(outcome);
  const settled = await tx.query(
    {
      name: "publishing-settle",
      text: `update publication_post
             set state = $4, network_id = coalesce($5, network_id), reason = $6,
                 look_ups = look_ups + case when $7 then 1 else 0 end
             where tenant_id = $1 and publication_id = $2 and position = $3
               and state in ('attempting', 'unknown') returning position`,
    },
    [
      claimed.tenantId,
      claimed.publicationId,
      position,
      state,
      networkId ?? null,
      reason ?? null,
      outcome.kind === "unsure",
    ],
  );
  return settled.length > 0;
}

function afterOutcome(outcome: PostOutcome | LookUpOutcome): {
  readonly state: string;
  readonly networkId?: string | undefined;
  readonly reason?: string;
} {
  switch (outcome.kind) {
    case "sent":
    case "found":
      return { state: "sent", networkId: outcome.networkId };
    case "refused": {
      const isFinal = outcome.retry === "never" && outcome.needsAttention === undefined;
      return { state: isFinal ? "refused" : "pending", reason: outcome.reason };
    }
    case "unknown":
    case "unsure":
      return { state: "unknown", reason: outcome.reason };
    case "absent":
      return { state: "pending", reason: "not-there" };
    default:
      return outcome satisfies never;
  }
}
