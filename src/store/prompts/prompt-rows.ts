import type { NewEvent } from "../../core/events.ts";
import {
  asId,
  type EditionId,
  type PromptId,
  type PromptRunId,
  type TenantId,
} from "../../core/ids.ts";
import type { Author } from "../../core/operations.ts";
import type {
  PageCoverage,
  Prompt,
  PromptRunEdition,
  PromptRunState,
  PromptSettings,
} from "../../core/prompts.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";
import { writeAudit } from "../people-rows.ts";

export interface PromptRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly version: number;
  readonly settings: PromptSettings;
  readonly is_paused: boolean;
  readonly next_at: Date | null;
  readonly revision: number;
  readonly created_at: Date;
}

/** Of prompts that were not removed, with their newest version. */
export const SELECT_PROMPTS = `select p.id, p.tenant_id, p.name, p.version, v.settings, p.is_paused, p.next_at,
    p.revision, p.created_at
  from prompt p join prompt_version v on v.prompt_id = p.id and v.version = p.version
  where p.removed_at is null`;

export function toPrompt(row: PromptRow): Prompt {
  return {
    promptId: asId<PromptId>(row.id),
    tenantId: asId<TenantId>(row.tenant_id),
    name: row.name,
    version: row.version,
    settings: row.settings,
    isPaused: row.is_paused,
    nextAt: row.next_at ?? undefined,
    revision: row.revision,
    createdAt: row.created_at,
  };
}

export interface EditionFacts {
  readonly edition_id: string;
  readonly slug: string;
  readonly source_name: string;
  readonly published_on: string;
  readonly number: string | null;
  readonly document_name: string;
  readonly page_count: number;
}

/** Of `edition e` and `source g`. */
export const EDITION_FACTS = `e.id as edition_id, g.slug, g.name as source_name, e.published_on, e.number,
  e.document_name, e.page_count`;

export function toRunEdition(row: EditionFacts): PromptRunEdition {
  return {
    id: asId<EditionId>(row.edition_id),
    sourceSlug: row.slug,
    sourceName: row.source_name,
    date: row.published_on,
    number: row.number ?? undefined,
    documentName: row.document_name,
    pageCount: row.page_count,
  };
}

/** Documents of runs, in the order in which they are read. */
export async function readRunEditions(
  tx: Transaction,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, readonly PromptRunEdition[]>> {
  const rows = await tx.query<EditionFacts & { run_id: string }>(
    `select r.run_id, ${EDITION_FACTS}
       from prompt_run_edition r join edition e on e.id = r.edition_id join source g on g.id = e.source_id
      where r.run_id = any($1::uuid[]) order by r.run_id, r.position`,
    [runIds],
  );
  const byRun = new Map<string, PromptRunEdition[]>();
  for (const row of rows) {
    const known = byRun.get(row.run_id);
    if (known === undefined) byRun.set(row.run_id, [toRunEdition(row)]);
    else known.push(toRunEdition(row));
  }
  return byRun;
}

interface CoverageRow {
  readonly run_id: string;
  readonly pages: number;
  readonly wanted: number;
  readonly read: number;
  readonly blank: number;
  readonly left_out: number;
}

export const NO_COVERAGE: PageCoverage = { pages: 0, wanted: 0, read: 0, blank: 0, leftOut: 0 };

/** A page is read when every passage on it that is in scope was: one that has text and no passage never is. */
export const IS_READ = "duty = 'read' and passages > 0 and passages_read = passages";

export async function readCoverage(
  tx: Transaction,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, PageCoverage>> {
  const rows = await tx.query<CoverageRow>(
    `select run_id, count(*)::integer as pages,
            (count(*) filter (where duty = 'read'))::integer as wanted,
            (count(*) filter (where ${IS_READ}))::integer as read,
            (count(*) filter (where duty = 'blank'))::integer as blank,
            (count(*) filter (where duty = 'left-out'))::integer as left_out
       from prompt_run_page where run_id = any($1::uuid[]) group by run_id`,
    [runIds],
  );
  return new Map(
    rows.map(({ run_id, left_out: leftOut, pages, wanted, read, blank }) => [
      run_id,
      { pages, wanted, read, blank, leftOut },
    ]),
  );
}

/** What happened to a run, for pages that follow it. */
export function tellRun(
  tx: Transaction,
  tenantId: TenantId,
  run: { readonly id: string; readonly promptId: string },
  state: PromptRunState,
  reason?: string | undefined,
): Promise<void> {
  const event: NewEvent = {
    kind: "prompt-run-changed",
    detail: {
      runId: asId<PromptRunId>(run.id),
      promptId: asId<PromptId>(run.promptId),
      state,
      ...(reason === undefined ? {} : { reason }),
    },
  };
  return appendEvents(tx, tenantId, [event]);
}

export function audit(
  tx: Transaction,
  tenantId: TenantId,
  note: {
    readonly action: string;
    readonly subject: string;
    readonly detail?: Readonly<Record<string, unknown>>;
  },
  by: Author,
): Promise<void> {
  return writeAudit(tx, {
    tenantId,
    actor: by.actor,
    action: note.action,
    subject: note.subject,
    detail: note.detail ?? {},
    ...(by.origin && { origin: by.origin }),
  });
}
