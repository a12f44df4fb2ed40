import type { GazetteDate } from "../core/gazette.ts";
import type { TenantId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import type { Reply, Span } from "../core/message.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { editionName, linked, longDate, pageUrl } from "./cite.ts";
import { shorten } from "./format-reply.ts";
import type { GazetteReads } from "./ports.ts";

/** Gazettes, newest first, that fit in one message. */
const MAX_SOURCES = 3;
/** Documents of one date that are opened (the BOE has over a hundred a day). */
const MAX_DOCUMENTS = 12;
const MAX_TITLES = 8;
const MAX_TITLE_LENGTH = 140;

type SourceSummary = Awaited<ReturnType<GazetteReads["listSources"]>>[number];

/** One act as `/hoy` lists it. */
export interface ListedAct {
  readonly section: string;
  readonly title: string;
  readonly page: number;
  readonly editionId: string;
  readonly documentName: string;
  /** Order within its edition, from 0. */
  readonly position: number;
}

/** What the newest edition of each gazette published: titles by section, each a link to its page. */
export async function describeToday(
  ports: { readonly gazetteStore: GazetteReads; readonly publicUrl?: string | undefined },
  tenantId: TenantId,
  language: Language,
): Promise<Reply> {
  const texts = catalogue(language).today;
  const sources = newestFirst(await ports.gazetteStore.listSources(tenantId)).slice(0, MAX_SOURCES);
  const paragraphs: (readonly Span[])[] = [];
  for (const source of sources) {
    const date = source.lastPublishedOn;
    if (date === undefined) continue;
    const edition = await readEdition(ports.gazetteStore, tenantId, source.slug, date);
    if (paragraphs.length > 0) paragraphs.push([]);
    const name = editionName(source.name, edition.number, language);
    paragraphs.push([{ text: texts.heading(name, longDate(date, language)), style: "bold" }]);
    paragraphs.push(...listActs(edition.acts, source.slug, date, language, ports.publicUrl));
    const left = edition.actCount - edition.acts.length;
    if (left > 0) paragraphs.push([{ text: texts.more(left) }]);
  }
  return {
    kind: "text",
    paragraphs: paragraphs.length === 0 ? [[{ text: texts.noEditions }]] : paragraphs,
  };
}

/** The first titled acts of the newest edition of any gazette, for the examples under the welcome. */
export async function firstActs(
  gazetteStore: GazetteReads,
  tenantId: TenantId,
): Promise<readonly ListedAct[]> {
  const [source] = newestFirst(await gazetteStore.listSources(tenantId));
  if (source?.lastPublishedOn === undefined) return [];
  return (await readEdition(gazetteStore, tenantId, source.slug, source.lastPublishedOn)).acts;
}

function newestFirst(sources: readonly SourceSummary[]): readonly SourceSummary[] {
  return sources
    .filter(({ lastPublishedOn }) => lastPublishedOn !== undefined)
    .sort((a, b) => ((a.lastPublishedOn ?? "") < (b.lastPublishedOn ?? "") ? 1 : -1));
}

async function readEdition(
  gazetteStore: GazetteReads,
  tenantId: TenantId,
  slug: string,
  date: GazetteDate,
): Promise<{ number: string | undefined; acts: readonly ListedAct[]; actCount: number }> {
  const documents = await gazetteStore.listEditions(tenantId, slug, date);
  const acts: ListedAct[] = [];
  for (const { editionId, documentName } of documents.slice(0, MAX_DOCUMENTS)) {
    if (acts.length >= MAX_TITLES) break;
    const listed = await gazetteStore.listActs(tenantId, editionId);
    listed.forEach((act, position) => {
      const title = act.title.trim() || act.issuingBody.trim();
      if (title === "" || acts.length >= MAX_TITLES) return;
      acts.push({
        section: act.section.trim(),
        title,
        page: act.page,
        editionId,
        documentName,
        position,
      });
    });
  }
  return {
    number: documents.find(({ number }) => number !== undefined)?.number,
    acts,
    actCount: documents.reduce((sum, { actCount }) => sum + actCount, 0),
  };
}

function listActs(
  acts: readonly ListedAct[],
  source: string,
  date: GazetteDate,
  language: Language,
  publicUrl: string | undefined,
): readonly (readonly Span[])[] {
  const { today, pageMark } = catalogue(language);
  const sections = new Map<string, (readonly Span[])[]>();
  for (const act of acts) {
    const url = pageUrl(publicUrl, {
      source,
      date,
      page: act.page,
      documentName: act.documentName,
    });
    const line = [
      { text: "• " },
      linked(shorten(act.title, MAX_TITLE_LENGTH), url),
      { text: ` (PDF, ${pageMark} ${act.page})` },
    ];
    const lines = sections.get(act.section);
    if (lines === undefined) sections.set(act.section, [line]);
    else lines.push(line);
  }
  const hasSections = [...sections.keys()].some((section) => section !== "");
  return [...sections].flatMap(([section, lines]) =>
    hasSections
      ? [
          [
            {
              text: shorten(section || today.withoutSection, MAX_TITLE_LENGTH),
              style: "italic" as const,
            },
          ],
          ...lines,
        ]
      : lines,
  );
}
