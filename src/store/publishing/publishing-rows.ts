import type { Cipher, CipherPlace } from "../../core/cipher.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/events.ts";
import { asId, type PromptId, type PromptRunId, type TenantId } from "../../core/ids.ts";
import type {
  PlannedPost,
  PostState,
  Publication,
  PublicationPost,
  PublicationState,
  PublishingActor,
  PublishingTarget,
  TargetKind,
  TargetSettings,
  TargetState,
} from "../../core/publishing.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { atOf } from "../keyset.ts";
import { writeAudit } from "../people-rows.ts";

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface TargetRow {
  readonly id: string;
  readonly name: string;
  readonly settings: Buffer;
  readonly state: TargetState;
  readonly attention: string | null;
  readonly prompt_ids: readonly string[];
  readonly created_at: Date;
  readonly revision: number;
}

export const TARGET_COLUMNS = `t.id, t.name, t.settings, t.state, t.attention, t.created_at, t.revision,
  array(select l.prompt_id::text from publishing_link l
        where l.target_id = t.id and l.tenant_id = t.tenant_id order by l.created_at, l.prompt_id) as prompt_ids`;

export function toTarget(cipher: Cipher, tenantId: TenantId, row: TargetRow): PublishingTarget {
  return {
    targetId: row.id,
    name: row.name,
    settings: openSettings(cipher, tenantId, row.id, row.settings),
    state: row.state,
    attention: row.attention ?? undefined,
    promptIds: row.prompt_ids.map((id) => asId<PromptId>(id)),
    createdAt: row.created_at,
    revision: row.revision,
  };
}

export function sealSettings(
  cipher: Cipher,
  tenantId: TenantId,
  targetId: string,
  settings: TargetSettings,
): Buffer {
  return cipher.encrypt(settingsPlace(tenantId, targetId), JSON.stringify(settings));
}

export function openSettings(
  cipher: Cipher,
  tenantId: TenantId,
  targetId: string,
  envelope: Buffer,
): TargetSettings {
  const plain = cipher.decrypt(settingsPlace(tenantId, targetId), envelope);
  return JSON.parse(plain) as TargetSettings;
}

function settingsPlace(tenantId: TenantId, rowId: string): CipherPlace {
  return { tenantId, table: "publishing_target", column: "settings", rowId };
}

export function postPlace(
  tenantId: TenantId,
  publicationId: string,
  position: number,
): CipherPlace {
  const rowId = `${publicationId}/${position}`;
  return { tenantId, table: "publication_post", column: "content", rowId };
}

export interface PublicationRow {
  readonly id: string;
  readonly at: string;
  readonly run_id: string;
  readonly target_id: string;
  readonly target_name: string;
  readonly kind: TargetKind;
  readonly state: PublicationState;
  readonly reason: string | null;
  readonly scheduled_for: Date;
  readonly time_zone: string | null;
  readonly next_at: Date;
  readonly asked_by: string;
  readonly created_at: Date;
  readonly published_at: Date | null;
}

/** Of `publication p join publishing_target t`. */
export const PUBLICATION_COLUMNS = `p.id, ${atOf("p.created_at")} as at, p.run_id, p.target_id,
  t.name as target_name, t.kind, p.state, p.reason, p.scheduled_for, p.time_zone, p.next_at, p.asked_by,
  p.created_at, p.published_at`;

export const PUBLICATION_TABLES =
  "publication p join publishing_target t on t.id = p.target_id and t.tenant_id = p.tenant_id";

export function toPublication(row: PublicationRow): Publication {
  const isUnderWay = row.state === "scheduled" || row.state === "publishing";
  return {
    publicationId: row.id,
    runId: asId<PromptRunId>(row.run_id),
    targetId: row.target_id,
    targetName: row.target_name,
    targetKind: row.kind,
    state: row.state,
    reason: row.reason ?? undefined,
    scheduledFor: row.scheduled_for,
    timeZone: row.time_zone ?? undefined,
    nextAttemptAt: isUnderWay ? row.next_at : undefined,
    askedBy: row.asked_by,
    createdAt: row.created_at,
    publishedAt: row.published_at ?? undefined,
  };
}

export interface PostRow {
  readonly position: number;
  readonly state: PostState;
  readonly content: Buffer;
  readonly attempts: number;
  readonly look_ups: number;
  readonly network_id: string | null;
  readonly reason: string | null;
  readonly attempted_at: Date | null;
  readonly age_ms: number | null;
}

export const POST_COLUMNS = `position, state, content, attempts, look_ups, network_id, reason, attempted_at,
  (extract(epoch from clock_timestamp() - attempted_at) * 1000)::float8 as age_ms`;

export function toPost(
  cipher: Cipher,
  [tenantId, publicationId]: readonly [TenantId, string],
  row: PostRow,
): PublicationPost {
  const plain = cipher.decrypt(postPlace(tenantId, publicationId, row.position), row.content);
  return {
    position: row.position,
    state: row.state,
    attempts: row.attempts,
    networkId: row.network_id ?? undefined,
    reason: row.reason ?? undefined,
    attemptedAt: row.attempted_at ?? undefined,
    planned: JSON.parse(plain) as PlannedPost,
  };
}

/** What a person or the system did: to the audit, and to whoever follows. */
export async function noteDeed(
  tx: Transaction,
  deed: {
    readonly tenantId: TenantId;
    readonly action: string;
    readonly subject: string;
    readonly detail?: Readonly<Record<string, unknown>>;
    readonly events: readonly NewEvent[];
  },
  by: PublishingActor,
): Promise<void> {
  const { tenantId, action, subject, detail = {}, events } = deed;
  const from = by.origin === undefined ? {} : { origin: by.origin };
  await writeAudit(tx, { tenantId, actor: by.actor, ...from, action, subject, detail });
  await appendEvents(tx, tenantId, events);
}

export function publicationEvent(
  publication: {
    readonly publicationId: string;
    readonly targetId: string;
    readonly runId: string;
  },
  state: PublicationState,
  reason?: string,
): NewEvent {
  return {
    kind: "publication-changed",
    detail: {
      publicationId: publication.publicationId,
      targetId: publication.targetId,
      runId: asId<PromptRunId>(publication.runId),
      state,
      ...(reason === undefined ? {} : { reason }),
    },
  };
}

export function noPublication(): PregoneroError {
  return new PregoneroError("publication-unknown", "There is no such publication.", {
    status: 404,
  });
}
