import type { Request, Response } from "express";
import type { GazetteDate, Source } from "../../core/gazette.ts";
import type { Language } from "../../core/language.ts";
import { editionPath, imagePath } from "../gazette-address.ts";
import { PUBLIC_READER } from "../gazettes.ts";
import { type Html, html } from "../html.ts";
import { languageOf } from "../language-of.ts";
import { sendSitePage } from "../site-page.ts";
import { longDate, say } from "../site-texts.ts";
import { type Day, dayHead, factsOf, filesView, glanceView, indexView } from "./day-view.ts";
import { digestsView } from "./digests-view.ts";
import type { EditionPorts } from "./edition-ports.ts";
import { EDITION_TEXTS } from "./edition-texts.ts";
import {
  type AskedEntity,
  BROWSED_ENTITIES,
  BROWSED_KINDS,
  chosenEntityView,
  entitiesView,
  entityPath,
  parseEntity,
} from "./entity-view.ts";
import { findRoads, followView } from "./follow-view.ts";
import { groupActs } from "./group-acts.ts";
import { headTags } from "./head-tags.ts";
import { feedPath } from "./paths.ts";
import { MAX_QUERY, resultsView, searchForm } from "./search-view.ts";

const RESULTS = 20;
/** Nobody leafs further; a machine that does is answered by the last of these. */
const MAX_PARTS = 50;
const PAGE_SECONDS = 60;
const OG_IMAGE_WIDTH = 1200;

interface AskedDay {
  readonly source: Source;
  readonly date: GazetteDate;
  /** What is looked for; empty: nothing, the index is shown. */
  readonly text: string;
  readonly request: Request;
  readonly response: Response;
}

/** The page of an edition: summary and index, a section of it, or what was found in it. False: there is no edition. */
export async function sendDay(ports: EditionPorts, asked: AskedDay): Promise<boolean> {
  const { source, request, response, text } = asked;
  const wanted = text === "" ? parseEntity(request.query.entity) : undefined;
  const day = await readDay(ports, asked, wanted);
  if (day === undefined) return false;
  const language = languageOf(request);
  const texts = EDITION_TEXTS[language];
  const { entity } = day;
  const only =
    entity === undefined ? day.sections.find(({ id }) => id === request.query.section) : undefined;
  const date = longDate(day.first.publishedOn, language);
  const sought = text === "" ? entity?.name : text;
  const name = sought === undefined ? (only?.name ?? "") : `«${sought.slice(0, 60)}»`;
  const title = `${name === "" ? "" : `${name}, `}${source.name}, ${date} · Pregonero`;
  const facts = factsOf(day, language);
  sendSitePage(response, {
    language,
    title,
    layout: "column",
    script: "share.js",
    style: "edition.css",
    maxAgeSeconds: PAGE_SECONDS,
    main: html`<article class="edition" itemscope itemtype="https://schema.org/PublicationIssue">
${dayHead(day, language)}
${searchForm(day.first, text.slice(0, MAX_QUERY), language)}
${text === "" && only === undefined && digestsView(await ports.publishedDigests.onEdition(source.slug, day.first.publishedOn), language)}
${text === "" ? await contents(ports, day, only, language) : await findings(ports, day, asked, language)}
${filesView(day, language)}
${followView(source, findRoads(ports.registry, ports.openTenantId), language)}
</article>`,
    links: headTags({
      publicUrl: ports.publicUrl,
      path:
        entity === undefined
          ? `${editionPath(day.first)}${only === undefined ? "" : `?section=${only.id}`}`
          : entityPath(day.first, entity),
      title,
      description: say(texts.description, { source: source.name, date, facts }),
      kind: "article",
      imagePath: imagePath(day.first, 1, OG_IMAGE_WIDTH),
      feed: { path: feedPath(source), title: source.name },
      isTransient: sought !== undefined,
    }),
  });
  return true;
}

/** Glance, what the edition speaks of, and index; of one thing or section, the index alone. */
async function contents(
  { entityIndex }: EditionPorts,
  day: Day,
  only: Day["sections"][number] | undefined,
  language: Language,
): Promise<Html> {
  const { first, documents, entity } = day;
  if (entity !== undefined) {
    return html`${chosenEntityView(first, entity.name, language)}${indexView(day, undefined, language)}`;
  }
  if (only !== undefined) return indexView(day, only, language);
  const editionIds = documents.map(({ edition }) => edition.editionId);
  const entities = await entityIndex.listFrequent(PUBLIC_READER, editionIds, {
    kinds: BROWSED_KINDS,
    limit: BROWSED_ENTITIES,
  });
  return html`${glanceView(day, language)}${entitiesView(first, entities, language)}${indexView(day, undefined, language)}`;
}

/** Of the acts that speak of one thing, when one is wanted and any does. */
async function readDay(
  { gazetteStore, gazetteArchive, entityIndex }: EditionPorts,
  { source, date }: AskedDay,
  wanted: AskedEntity | undefined,
): Promise<Day | undefined> {
  const editions = await gazetteStore.listEditions(PUBLIC_READER, source.slug, date);
  const [first] = editions;
  if (first === undefined) return undefined;
  const ids = editions.map(({ editionId }) => editionId);
  const acts = await gazetteArchive.listActs(PUBLIC_READER, ids);
  const found = wanted && (await entityIndex.findActs(PUBLIC_READER, ids, wanted));
  const documents = editions.map((edition) => {
    const all = acts.get(edition.editionId) ?? [];
    const positions = new Set(found?.positions.get(edition.editionId));
    return {
      edition,
      acts: found === undefined ? all : all.filter((_, position) => positions.has(position)),
    };
  });
  const entity = found && wanted && { ...wanted, name: found.name };
  const near = await gazetteArchive.findNeighbours(PUBLIC_READER, source.sourceId, date);
  return { first, documents, sections: groupActs(documents), entity, ...near };
}

async function findings(
  { editionSearch }: EditionPorts,
  { first, documents }: Day,
  { source, text, request }: AskedDay,
  language: Language,
): Promise<Html> {
  if (text.length > MAX_QUERY) {
    return html`<p class="problem" role="alert">${say(EDITION_TEXTS[language].tooLong, { n: MAX_QUERY })}</p>`;
  }
  const part = partOf(request);
  const editions = new Map(documents.map(({ edition }) => [edition.editionId, edition]));
  const found = await editionSearch.search(PUBLIC_READER, {
    text,
    editionIds: [...editions.keys()],
    language: source.language,
    offset: (part - 1) * RESULTS,
    limit: RESULTS,
  });
  return resultsView({
    first,
    editions,
    wanted: { text, part },
    findings: found,
    pageSize: RESULTS,
    language,
  });
}

function partOf({ query }: Request): number {
  const text = typeof query.part === "string" ? query.part : "1";
  return /^[1-9]\d?$/.test(text) ? Math.min(Number(text), MAX_PARTS) : 1;
}
