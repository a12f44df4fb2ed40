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
/** Of one section, when there are several. */
const MAX_PER_SECTION = 2;
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
  const byTitle = new Map<string, ListedAct>();
  for (const { editionId, documentName } of documents.slice(0, MAX_DOCUMENTS)) {
    const listed = await gazetteStore.listActs(tenantId, editionId);
    listed.forEach((act, position) => {
      const title = act.title.trim() || act.issuingBody.trim();
      // A summary and the document itself tell of the same act.
      if (title === "" || byTitle.has(title)) return;
      const section = act.section.trim();
      byTitle.set(title, { section, title, page: act.page, editionId, documentName, position });
    });
  }
  const unread = documents.slice(MAX_DOCUMENTS).reduce((sum, { actCount }) => sum + actCount, 0);
  return {
    number: documents.find(({ number }) => number !== undefined)?.number,
    acts: chooseActs([...byTitle.values()]),
    actCount: byTitle.size + unread,
  };
}

/** The first few of each section, then the first of what is left, while there is room; sections stay together. */
function chooseActs(acts: readonly ListedAct[]): readonly ListedAct[] {
  const perSection = new Map<string, number>();
  const first = acts.filter(({ section }) => {
    const count = perSection.get(section) ?? 0;
    perSection.set(section, count + 1);
    return count < MAX_PER_SECTION;
  });
  const chosen = new Set(first.slice(0, MAX_TITLES));
  for (const act of acts) if (chosen.size < MAX_TITLES) chosen.add(act);
  return acts.filter((act) => chosen.has(act));
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
