import { asId, type PromptId, type PromptRunId, type TenantId } from "../../core/ids.ts";
import type { ApprovedStatement, ApprovedTexts, PromptSettings } from "../../core/prompts.ts";
import type { Database } from "../database.ts";
import { readRunEditions } from "./prompt-rows.ts";

/** What was approved, as it was frozen then. */
export function createApprovedTexts(database: Database): ApprovedTexts {
  return {
    find: (tenantId, runId) =>
      database.asTenant(tenantId, async (tx) => {
        const [row] = await tx.query<{
          prompt_id: string;
          name: string;
          version: number;
          settings: PromptSettings;
          title: string;
          approved: readonly ApprovedStatement[];
          reviewed_by: string;
          reviewed_at: Date;
        }>(
          `select r.prompt_id, p.name, r.version, v.settings, r.title, r.approved, r.reviewed_by, r.reviewed_at
             from prompt_run r join prompt p on p.id = r.prompt_id
             join prompt_version v on v.prompt_id = r.prompt_id and v.version = r.version
            where r.id = $1 and r.state = 'approved'`,
          [runId],
        );
        if (row === undefined) return undefined;
        const editions = await readRunEditions(tx, [runId]);
        return {
          runId,
          tenantId,
          promptId: asId<PromptId>(row.prompt_id),
          promptName: row.name,
          version: row.version,
          language: row.settings.language,
          title: row.title,
          statements: row.approved.map(({ text, citations }) => ({
            text,
            citations: citations.map((citation) => ({
              ...citation,
              printedPage: citation.printedPage,
            })),
          })),
          editions: (editions.get(runId) ?? []).map(({ id, sourceSlug, sourceName, date }) => ({
            id,
            sourceSlug,
            sourceName,
            date,
          })),
          approvedBy: row.reviewed_by,
          approvedAt: row.reviewed_at,
        };
      }),
    approvedSince: (after, limit) =>
      database.asDispatcher(async (tx) => {
        const rows = await tx.query<{
          tenant_id: string;
          id: string;
          prompt_id: string;
          reviewed_at: Date;
        }>(
          `select tenant_id, id, prompt_id, reviewed_at from prompt_run
            where state = 'approved' and reviewed_at > $1 order by reviewed_at, id limit $2`,
          [after, limit],
        );
        return rows.map((row) => ({
          tenantId: asId<TenantId>(row.tenant_id),
          runId: asId<PromptRunId>(row.id),
          promptId: asId<PromptId>(row.prompt_id),
          approvedAt: row.reviewed_at,
        }));
      }),
  };
}
