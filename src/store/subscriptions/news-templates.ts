import type { TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { NewsTemplate, NewsTemplateKind, NewsTemplates } from "../../core/subscriptions.ts";
import type { Database, Transaction } from "../database.ts";

/** By which templates a tenant's news go when WhatsApp takes no free text. */
export function createNewsTemplates(database: Database): NewsTemplates {
  return {
    list: (tenantId) => database.asTenant(tenantId, (tx) => readTemplates(tx)),
    replace: (tenantId, templates, { actor, requestId }) =>
      database.asTenant(tenantId, async (tx) => {
        await tx.query("delete from news_template where tenant_id = $1", [tenantId]);
        await tx.query(
          `insert into news_template (tenant_id, kind, language, name, parameters, set_by)
           select $1, w.kind, w.language, w.name, w.parameters, $3
           from jsonb_to_recordset($2::jsonb) as w (kind text, language text, name text, parameters jsonb)`,
          [tenantId, JSON.stringify(templates), actor],
        );
        await noteSet(tx, tenantId, actor, {
          requestId,
          templates: templates.map(({ kind, language, name }) => `${kind} ${language} ${name}`),
        });
      }),
  };
}

/** In one order: of two that fit as well, the same is always taken. */
export async function readTemplates(
  tx: Transaction,
  kind?: NewsTemplateKind,
): Promise<readonly NewsTemplate[]> {
  return tx.query<NewsTemplate>(
    `select kind, language, name, parameters from news_template
     where $1::text is null or kind = $1 order by kind, language`,
    [kind ?? null],
  );
}

/** That of the reader's language, else the first: one in another language is better than none. */
export function templateFor(
  templates: readonly NewsTemplate[] | undefined,
  language: Language,
): NewsTemplate | undefined {
  return templates?.find((each) => each.language.split("_")[0] === language) ?? templates?.[0];
}

async function noteSet(
  tx: Transaction,
  tenantId: TenantId,
  actor: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx.query(
    `insert into audit (tenant_id, actor, action, subject, detail)
     values ($1, $2, 'news-templates-set', 'news-templates', $3)`,
    [tenantId, actor, JSON.stringify(detail)],
  );
}
