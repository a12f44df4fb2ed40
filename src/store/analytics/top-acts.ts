import type { AnalyticsRange, CitedAct } from "../../core/analytics.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";

/** Public gazettes and the tenant's own documents alike, as row security shows them. */
export async function readTopActs(
  tx: Transaction,
  tenantId: TenantId,
  { from, to, botId }: AnalyticsRange,
  limit: number,
): Promise<readonly CitedAct[]> {
  const rows = await tx.query<ActRow>({ name: "analytics-top-acts", text: TOP }, [
    tenantId,
    from,
    to,
    botId ?? null,
    limit,
  ]);
  return rows.map(toCitedAct);
}

const TOP = `
  with counted as (
    select passage_id, sum(citations) as citations from analytics_citation
    where tenant_id = $1 and day between $2::date and $3::date and ($4::text is null or bot_id::text = $4)
    group by passage_id
  ), acts as (
    select p.edition_id, p.act_position, sum(n.citations) as citations,
           (array_agg(p.id order by n.citations desc, p.id))[1] as passage_id
    from counted n join passage p on p.id = n.passage_id
    group by p.edition_id, p.act_position
    order by citations desc, p.edition_id, p.act_position limit $5
  )
  select acts.edition_id, acts.act_position, acts.citations, acts.passage_id, s.slug, s.name, e.number,
         to_char(e.published_on, 'YYYY-MM-DD') as published_on, e.document_name, a.section, a.issuing_body, a.title,
         p.page, p.printed_page, d.id as document_id, d.title as document_title, d.is_public, v.version
  from acts
  join passage p on p.id = acts.passage_id
  join act a on a.edition_id = acts.edition_id and a.position = acts.act_position
  join edition e on e.id = acts.edition_id
  join source s on s.id = e.source_id
  left join document_version v on v.edition_id = e.id and s.kind = 'document'
  left join document d on d.id = v.document_id and d.tenant_id = v.tenant_id
  order by acts.citations desc, acts.edition_id, acts.act_position`;

interface ActRow {
  readonly edition_id: string;
  readonly act_position: number;
  readonly citations: string;
  readonly passage_id: string;
  readonly slug: string;
  readonly name: string;
  readonly number: string | null;
  readonly published_on: string;
  readonly document_name: string;
  readonly section: string;
  readonly issuing_body: string;
  readonly title: string;
  readonly page: number;
  readonly printed_page: string | null;
  readonly document_id: string | null;
  readonly document_title: string | null;
  readonly is_public: boolean | null;
  readonly version: number | null;
}

function toCitedAct(row: ActRow): CitedAct {
  return {
    editionId: asId(row.edition_id),
    position: row.act_position,
    source: { slug: row.slug, name: row.document_title ?? row.name },
    editionNumber: row.number ?? undefined,
    publishedOn: row.published_on,
    documentName: row.document_name,
    document:
      row.document_id === null
        ? undefined
        : {
            documentId: row.document_id,
            version: row.version ?? 1,
            isPublic: row.is_public ?? false,
          },
    section: row.section,
    issuingBody: row.issuing_body,
    title: row.title,
    page: row.page,
    printedPage: row.printed_page ?? undefined,
    passageId: asId(String(row.passage_id)),
    citations: Number(row.citations),
  };
}
