import type { CitedDocument, RetrievedPassage } from "../../core/answer.ts";
import type { ActChange, ActChanges, Relation } from "../../core/entities.ts";
import type { GazetteDate } from "../../core/gazette.ts";
import { asId, type EditionId, type PassageId, type TenantId } from "../../core/ids.ts";
import type { Database, Transaction } from "../database.ts";
import { findDocumentEditions, readKnowledgeScope } from "../documents/knowledge-scope.ts";
import { createGroupRead } from "../group-read.ts";
import { type CandidateAct, resolveReference } from "./resolve-reference.ts";

/** A decree that half of the archive changes is followed this far. */
const MAX_REFERENCES = 200;
const MAX_NAME = 140;

/** `ActChanges` over PostgreSQL: by the key of the norm, or the date of the edition, that references name. */
export function createActChanges(database: Database): ActChanges {
  const isReferred = createGroupRead(database, (tx, _, asked: readonly AskedChanges[]) =>
    readReferred(tx, asked),
  );
  return {
    async changesOf(tenantId, passageIds, knowledgeSets = []) {
      if (!(await isReferred({ tenantId, passageIds }))) return [];
      return database.asTenant(tenantId, async (tx) => {
        const cited = await readCited(tx, passageIds);
        if (cited.length === 0) return [];
        const keys = [...new Set(cited.flatMap((act) => act.keys))];
        const references = await readReferences(tx, keys);
        if (references.length === 0) return [];
        const candidates = await readCandidates(
          tx,
          references.map((row) => row.target_key),
        );
        const isWithin = await readScope(tx, knowledgeSets);
        const changes = references
          .filter(isWithin)
          .flatMap((row) => changesBy(row, cited, candidates));
        return withoutRepeats(changes).map(({ change }) => change);
      });
    },
  };
}

interface AskedChanges {
  readonly tenantId: TenantId;
  readonly passageIds: readonly PassageId[];
}

/** Whether anything at all refers to the acts of one's passages, or to their editions: of most, nothing does. */
async function readReferred(
  tx: Transaction,
  asked: readonly AskedChanges[],
): Promise<readonly boolean[]> {
  const rows = await tx.query<{ id: string }>(
    {
      name: "read-referred-passages",
      text: `select p.id::text
               from passage p
               join edition e on e.id = p.edition_id
               left join act_norm n on n.edition_id = p.edition_id and n.act_position = p.act_position
              where p.id = any ($1::bigint[])
                and exists (select 1 from act_reference r
                             where r.target_key = any (array['gazette@' || e.published_on, n.key]))`,
    },
    [[...new Set(asked.flatMap(({ passageIds }) => passageIds))]],
  );
  const referred = new Set(rows.map(({ id }) => id));
  return asked.map(({ passageIds }) => passageIds.some((id) => referred.has(id)));
}

interface CitedAct {
  readonly passageId: PassageId;
  readonly editionId: string;
  readonly actPosition: number;
  readonly keys: readonly string[];
}

/** Acts of the passages, each by the first of its passages. */
async function readCited(
  tx: Transaction,
  passageIds: readonly PassageId[],
): Promise<readonly CitedAct[]> {
  const rows = await tx.query<{
    id: string;
    edition_id: string;
    act_position: number;
    published_on: GazetteDate;
    key: string | null;
  }>(
    {
      name: "read-cited-acts",
      text: `select p.id::text, p.edition_id, p.act_position, e.published_on, n.key
               from unnest($1::bigint[]) with ordinality w(id, place)
               join passage p on p.id = w.id
               join edition e on e.id = p.edition_id
               left join act_norm n on n.edition_id = p.edition_id and n.act_position = p.act_position
              order by w.place`,
    },
    [passageIds],
  );
  const acts = new Map<string, CitedAct>();
  for (const row of rows) {
    const id = `${row.edition_id} ${row.act_position}`;
    const keys = [`gazette@${row.published_on}`, ...(row.key === null ? [] : [row.key])];
    const passageId = asId<PassageId>(row.id);
    const act = { passageId, editionId: row.edition_id, actPosition: row.act_position, keys };
    if (!acts.has(id)) acts.set(id, act);
  }
  return [...acts.values()];
}

interface ReferenceRow {
  readonly edition_id: string;
  readonly act_position: number;
  readonly relation: Relation;
  readonly is_partial: boolean;
  readonly target_key: string;
  readonly target_on: GazetteDate | null;
  readonly target_gazette_on: GazetteDate | null;
  readonly target_gazette_page: number | null;
  readonly text_start: number;
  readonly text_end: number;
  readonly norm: string | null;
  readonly norm_name: string | null;
  readonly title: string;
  readonly issuing_body: string;
  readonly act_length: number;
  readonly source_id: string;
  readonly slug: string;
  readonly source_name: string;
  readonly country: string;
  readonly number: string | null;
  readonly document_name: string;
  readonly published_on: GazetteDate;
  readonly document: CitedDocument | null;
  readonly passage_id: string;
  readonly position: number;
  readonly heading: string;
  readonly text: string;
  readonly page: number;
  readonly last_page: number;
  readonly printed_page: string | null;
}

/** Of current editions, newest first. */
function readReferences(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly ReferenceRow[]> {
  return tx.query<ReferenceRow>(
    {
      name: "read-references-to",
      text: `select r.edition_id, r.act_position, r.relation, r.is_partial, r.target_key, r.target_on,
                    r.target_gazette_on, r.target_gazette_page, r.text_start, r.text_end,
                    n.key as norm, n.name as norm_name, a.title, a.issuing_body,
                    a.last_page - a.page as act_length,
                    s.id as source_id, s.slug, s.name as source_name, s.country, e.number, e.document_name,
                    e.published_on, p.id::text as passage_id, p.position, p.heading, p.text, p.page,
                    p.last_page, p.printed_page,
                    (select jsonb_build_object('documentId', d.id, 'version', v.version, 'isPublic', d.is_public,
                                               'isPaged', v.format = 'pdf')
                       from document_version v join document d on d.id = v.document_id
                      where v.edition_id = e.id) as document
               from act_reference r
               join edition e on e.id = r.edition_id and e.superseded_by is null
               join source s on s.id = e.source_id
               join act a on a.edition_id = r.edition_id and a.position = r.act_position
               join passage p on p.edition_id = r.edition_id and p.position = r.passage_position
               left join act_norm n on n.edition_id = r.edition_id and n.act_position = r.act_position
              where r.target_key = any ($1::text[])
              order by e.published_on desc, r.edition_id, r.act_position, r.ordinal
              limit ${MAX_REFERENCES}`,
    },
    [keys],
  );
}

interface Candidate extends CandidateAct {
  readonly key: string;
}

/** Every current act that one of the keys may mean. */
async function readCandidates(
  tx: Transaction,
  keys: readonly string[],
): Promise<readonly Candidate[]> {
  const rows = await tx.query<{
    key: string;
    edition_id: string;
    act_position: number;
    title: string;
    issuing_body: string;
    enacted_on: GazetteDate | null;
    source_id: string;
    country: string;
    published_on: GazetteDate;
    pages: readonly number[];
  }>(
    {
      name: "read-candidate-acts",
      text: `select k.key, a.edition_id, a.position as act_position, a.title, a.issuing_body, k.enacted_on,
                    s.id as source_id, s.country, e.published_on,
                    array(select g.page from page g where g.edition_id = e.id and g.page between a.page and a.last_page
                          union
                          select g.printed_page::integer from page g
                           where g.edition_id = e.id and g.page between a.page and a.last_page
                             and g.printed_page ~ '^[0-9]{1,6}$') as pages
               from (select n.key, n.edition_id, n.act_position, n.enacted_on from act_norm n
                      where n.key = any ($1::text[])
                     union all
                     select 'gazette@' || g.published_on, g.id, b.position, null
                       from edition g join act b on b.edition_id = g.id
                      where g.published_on = any ($2::date[])) k
               join edition e on e.id = k.edition_id and e.superseded_by is null
               join source s on s.id = e.source_id and s.kind = 'gazette'
               join act a on a.edition_id = k.edition_id and a.position = k.act_position`,
    },
    [
      keys,
      keys.flatMap((key) => (key.startsWith("gazette@") ? [key.slice("gazette@".length)] : [])),
    ],
  );
  return rows.map((row) => ({
    key: row.key,
    editionId: row.edition_id,
    actPosition: row.act_position,
    title: row.title,
    issuingBody: row.issuing_body,
    enactedOn: row.enacted_on ?? undefined,
    sourceId: row.source_id,
    country: row.country,
    publishedOn: row.published_on,
    pages: row.pages,
  }));
}

/** Whether an assistant that is bound to knowledge sets may speak of an edition. */
async function readScope(
  tx: Transaction,
  names: readonly string[],
): Promise<(row: ReferenceRow) => boolean> {
  if (names.length === 0) return () => true;
  const scope = await readKnowledgeScope(tx, names);
  const documents = new Set<string>(await findDocumentEditions(tx, scope));
  return ({ document, slug, edition_id }) =>
    document === null
      ? scope.allGazettes || scope.gazettes.includes(slug)
      : documents.has(edition_id);
}

interface FoundChange {
  readonly change: ActChange;
  /** The same act in several documents changes the same once. */
  readonly sameAs: string;
  readonly actLength: number;
}

function changesBy(
  row: ReferenceRow,
  cited: readonly CitedAct[],
  candidates: readonly Candidate[],
): readonly FoundChange[] {
  const sentence = row.text.slice(row.text_start, row.text_end);
  const meant = resolveReference(
    {
      key: row.target_key,
      gazetteOn: row.target_gazette_on ?? undefined,
      gazettePage: row.target_gazette_page ?? undefined,
      enactedOn: row.target_on ?? undefined,
      issuingBody: row.issuing_body,
      sourceId: row.source_id,
      country: row.country,
      publishedOn: row.published_on,
      sentence,
      isCorrection: row.norm === row.target_key,
    },
    candidates.filter(({ key, editionId, actPosition }) => {
      const isItself = editionId === row.edition_id && actPosition === row.act_position;
      return key === row.target_key && !isItself;
    }),
  );
  const act = cited.find((one) =>
    meant.some((act) => act.editionId === one.editionId && act.actPosition === one.actPosition),
  );
  if (act === undefined) return [];
  const by = nameOf(row);
  const found = toRetrieved(row);
  const { relation, is_partial: isPartial } = row;
  const change = { passageId: act.passageId, relation, isPartial, by, sentence, found };
  const sameAs = [act.passageId, relation, row.norm ?? by].join(" ");
  return [{ change, sameAs, actLength: row.act_length }];
}

function nameOf({ norm_name, title, issuing_body }: ReferenceRow): string {
  const name = norm_name ?? (title.trim() || issuing_body.trim());
  return name.length <= MAX_NAME ? name : `${name.slice(0, name.lastIndexOf(" ", MAX_NAME))}…`;
}

/** Of an act and the summary that lists it, the act. */
function withoutRepeats(found: readonly FoundChange[]): readonly FoundChange[] {
  const best = new Map<string, FoundChange>();
  for (const one of found) {
    const known = best.get(one.sameAs);
    if (known === undefined || one.actLength > known.actLength) best.set(one.sameAs, one);
  }
  return [...best.values()];
}

function toRetrieved(row: ReferenceRow): RetrievedPassage {
  return {
    passage: {
      passageId: asId<PassageId>(row.passage_id),
      editionId: asId<EditionId>(row.edition_id),
      position: row.position,
      actPosition: row.act_position,
      heading: row.heading,
      text: row.text,
      page: row.page,
      lastPage: row.last_page,
      printedPage: row.printed_page ?? undefined,
    },
    source: row.slug,
    sourceName: row.source_name,
    editionNumber: row.number ?? undefined,
    documentName: row.document_name,
    date: row.published_on,
    ...(row.document === null ? {} : { document: row.document }),
    score: 0,
    ranks: {},
  };
}
