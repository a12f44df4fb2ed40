import type { Edition, GazetteDate } from "../../core/gazette.ts";
import type { Language } from "../../core/language.ts";
import { editionPath, pagePath, pdfPath } from "../gazette-address.ts";
import { type Html, html } from "../html.ts";
import { longDate, SITE_TEXTS, say } from "../site-texts.ts";
import { countKinds, KIND_NAMES } from "./act-kinds.ts";
import { countOf, EDITION_TEXTS } from "./edition-texts.ts";
import type { AskedEntity } from "./entity-view.ts";
import {
  type Body,
  busiestBodies,
  countBodies,
  type DocumentOfDay,
  type PlacedAct,
  type Section,
} from "./group-acts.ts";
import { GAZETTES_PATH, sourcePath } from "./paths.ts";

/** All documents of one date, read as one edition. */
export interface Day {
  readonly first: Edition;
  readonly documents: readonly DocumentOfDay[];
  readonly sections: readonly Section[];
  /** The acts are those that speak of it; absent: all of the date. */
  readonly entity?: (AskedEntity & { readonly name: string }) | undefined;
  readonly earlier: GazetteDate | undefined;
  readonly later: GazetteDate | undefined;
}

/** More acts than this, and each section shows its first ones; the others have a page of the section. */
const ACTS_ON_ONE_PAGE = 600;
const FIRST_ACTS = 25;
const BUSIEST = 6;
const KINDS = 6;

export function dayHead(day: Day, language: Language): Html {
  const { first, earlier, later } = day;
  const texts = EDITION_TEXTS[language];
  const step = (date: GazetteDate | undefined, rel: string, label: string, arrow: string) =>
    date !== undefined &&
    html`<a rel="${rel}" href="${editionPath({ source: first.source, publishedOn: date })}"><span aria-hidden="true">${rel === "prev" && `${arrow} `}</span><span><small>${label}</small> ${longDate(date, language)}</span><span aria-hidden="true">${rel === "next" && ` ${arrow}`}</span></a>`;
  return html`
<header class="masthead-of-day">
<p class="kicker"><a href="${GAZETTES_PATH}">${texts.gazettes}</a> › <a href="${sourcePath(first.source)}"><span itemprop="isPartOf" itemscope itemtype="https://schema.org/Periodical"><span itemprop="name" lang="${first.source.language}">${first.source.name}</span></span></a>${first.number !== undefined && html` · n.º <span itemprop="issueNumber">${first.number}</span>`}</p>
<h1 itemprop="name">${say(SITE_TEXTS[language].editionOf, { date: longDate(first.publishedOn, language) })}</h1>
<meta itemprop="datePublished" content="${first.publishedOn}">
<p class="standfirst">${factsOf(day, language)}.</p>
<nav class="steps-of-day" aria-label="${texts.allEditions}">${step(earlier, "prev", texts.earlier, "←")}<a href="${sourcePath(first.source, first.publishedOn.slice(0, 7))}">${texts.allEditions}</a>${step(later, "next", texts.later, "→")}</nav>
</header>`;
}

/** `132 actos de 14 organismos en 5 secciones, 240 páginas`. */
export function factsOf({ documents, sections }: Day, language: Language): string {
  const texts = EDITION_TEXTS[language];
  const acts = sections.reduce((sum, { actCount }) => sum + actCount, 0);
  const named = sections.filter(({ name }) => name !== "").length;
  const bodies = countBodies(sections);
  const pages = documents.reduce((sum, { edition }) => sum + edition.pageCount, 0);
  return [
    ...(acts > 0 ? [countOf(texts.acts, acts, language)] : []),
    ...(named > 1 ? [countOf(texts.sections, named, language)] : []),
    ...(bodies > 1 ? [countOf(texts.bodies, bodies, language)] : []),
    countOf(texts.pages, pages, language),
  ].join(" · ");
}

/** What the edition holds, in three lists of figures. */
export function glanceView({ sections, first }: Day, language: Language): Html {
  const texts = EDITION_TEXTS[language];
  const kinds = countKinds(allActs(sections));
  const shown = kinds.filter(({ kind }) => kind !== undefined).slice(0, KINDS);
  const bodies = busiestBodies(sections, BUSIEST);
  // Of one section with acts of no known kind and body there is nothing to compare: the box would be empty.
  if (sections.length <= 1 && shown.length === 0 && bodies.length === 0) return html``;
  return html`
<section class="glance" aria-labelledby="glance-title">
<h2 class="sr" id="glance-title">${texts.atAGlance}</h2>
${
  sections.length > 1 &&
  figures(
    texts.bySection,
    sections.map(({ id, name, actCount }) => ({
      name: name || texts.otherActs,
      actCount,
      href: `#${id}`,
    })),
    { language, of: first.source.language },
  )
}
${
  shown.length > 0 &&
  figures(
    texts.byKind,
    shown.map(({ kind, actCount }) => ({
      name: kind === undefined ? texts.otherKinds : KIND_NAMES[language][kind],
      actCount,
    })),
    { language, of: language },
  )
}
${bodies.length > 0 && figures(texts.byBody, bodies, { language, of: first.source.language })}
</section>`;
}

function figures(
  title: string,
  rows: readonly { readonly name: string; readonly actCount: number; readonly href?: string }[],
  { language, of }: { readonly language: Language; readonly of: Language },
): Html {
  const number = new Intl.NumberFormat(language);
  return html`
<div><h3 class="label">${title}</h3><ul class="figures" lang="${of}">${rows.map(
    ({ name, actCount, href }) =>
      html`<li>${href === undefined ? html`<span>${name}</span>` : html`<a href="${href}">${name}</a>`}<span class="folio">${number.format(actCount)}</span></li>`,
  )}</ul></div>`;
}

/** The index: `only` is the section whose page this is. */
export function indexView(
  { sections, first }: Day,
  only: Section | undefined,
  language: Language,
): Html {
  const texts = EDITION_TEXTS[language];
  const isWhole = only !== undefined || allActs(sections).length <= ACTS_ON_ONE_PAGE;
  const shown = only === undefined ? sections : [only];
  if (sections.length === 0) return html``;
  return html`
<section class="contents" aria-labelledby="index-title">
<h2 id="index-title" class="label">${texts.index}</h2>
${only !== undefined && html`<p><a href="${editionPath(first)}">← ${texts.allSections}</a></p>`}
${shown.map((section) => sectionView(section, isWhole ? undefined : FIRST_ACTS, { first, language }))}
</section>`;
}

function sectionView(
  section: Section,
  limit: number | undefined,
  { first, language }: { readonly first: Edition; readonly language: Language },
): Html {
  const texts = EDITION_TEXTS[language];
  const { bodies, isCut } = firstActs(section, limit);
  return html`
<section class="section" id="${section.id}" aria-labelledby="${section.id}-title">
<h3 id="${section.id}-title"><span lang="${first.source.language}">${section.name || texts.otherActs}</span> <span class="count">${countOf(texts.acts, section.actCount, language)}</span></h3>
${bodies.map((body) => bodyView(body, language))}
${isCut && html`<p><a href="${editionPath(first)}?section=${section.id}">${say(texts.wholeSection, { n: section.actCount })}</a></p>`}
</section>`;
}

function firstActs(
  { bodies, actCount }: Section,
  limit: number | undefined,
): { readonly bodies: readonly Body[]; readonly isCut: boolean } {
  if (limit === undefined || actCount <= limit) return { bodies, isCut: false };
  let left = limit;
  const shown: Body[] = [];
  for (const { name, acts } of bodies) {
    if (left <= 0) break;
    shown.push({ name, acts: acts.slice(0, left) });
    left -= acts.length;
  }
  return { bodies: shown, isCut: true };
}

function bodyView({ name, acts }: Body, language: Language): Html {
  const own = acts[0]?.edition.source.language ?? language;
  return html`
${name !== "" && html`<h4 lang="${own}">${name}</h4>`}
<ol class="index" lang="${own}">${acts.map((act) => actView(act, language))}</ol>`;
}

function actView(act: PlacedAct, language: Language): Html {
  const { edition, page, title } = act;
  const shown = title || say(SITE_TEXTS[language].page, { n: page, count: edition.pageCount });
  return html`<li itemprop="hasPart" itemscope itemtype="https://schema.org/Article"><a itemprop="url" href="${pagePath(edition, page)}"><span class="act" itemprop="headline">${shown}</span><span class="leader" aria-hidden="true"></span><span class="folio" itemprop="pageStart">${page}</span></a></li>`;
}

/** The files as they were published. */
export function filesView({ documents }: Day, language: Language): Html {
  const texts = EDITION_TEXTS[language];
  const site = SITE_TEXTS[language];
  return html`
<section class="files" aria-labelledby="files-title">
<h2 id="files-title" class="label">${texts.filesOfDay}</h2>
<ul class="plain">${documents.map(
    ({ edition }) =>
      html`<li><strong>${edition.documentName}</strong> <span class="note">${countOf(texts.pages, edition.pageCount, language)}</span><br><a href="${pagePath(edition, 1)}">${texts.readFirst}</a> · <a href="${pdfPath(edition)}">${site.originalPdf}</a></li>`,
  )}</ul></section>`;
}

function allActs(sections: readonly Section[]): readonly PlacedAct[] {
  return sections.flatMap(({ bodies }) => bodies.flatMap(({ acts }) => acts));
}
