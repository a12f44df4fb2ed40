import type { Source } from "../../core/gazette.ts";
import type { ArchivedDay, ArchivedMonth } from "../../core/gazette-archive.ts";
import type { GazetteStore } from "../../core/gazette-store.ts";
import type { Language } from "../../core/language.ts";
import { editionPath } from "../gazette-address.ts";
import { type Html, html } from "../html.ts";
import { longDate, SITE_TEXTS, say } from "../site-texts.ts";
import { dayFacts } from "./day-facts.ts";
import { countOf, EDITION_TEXTS, monthName, weekday } from "./edition-texts.ts";
import { GAZETTES_PATH, sourcePath } from "./paths.ts";

type ListedSource = Awaited<ReturnType<GazetteStore["listSources"]>>[number];

/** All gazettes that have an edition. */
export function gazettesView(sources: readonly ListedSource[], language: Language): Html {
  const texts = EDITION_TEXTS[language];
  const site = SITE_TEXTS[language];
  const countries = new Intl.DisplayNames(language, { type: "region", fallback: "code" });
  const read = sources.filter((source) => source.lastPublishedOn !== undefined);
  return html`
<h1>${texts.gazettes}</h1>
<p class="standfirst">${texts.gazettesAbout}</p>
${read.length === 0 && html`<p>${site.noEditions}</p>`}
<ul class="cards">${read.map(
    (source) =>
      html`<li><a href="${sourcePath(source)}"><strong lang="${source.language}">${source.name}</strong><span>${countryName(countries, source.country)}</span><span>${say(site.latest, { date: longDate(source.lastPublishedOn ?? "", language) })}</span></a></li>`,
  )}</ul>`;
}

/** A code that is none is shown as it is. */
function countryName(countries: Intl.DisplayNames, code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code;
}

/** The editions of one gazette: the newest, or those of a month; the months by year beside them. */
export function sourceView(shown: {
  readonly source: Source;
  readonly month: string | undefined;
  readonly days: readonly ArchivedDay[];
  readonly months: readonly ArchivedMonth[];
  readonly language: Language;
}): Html {
  const { source, month, days, language } = shown;
  const texts = EDITION_TEXTS[language];
  const site = SITE_TEXTS[language];
  return html`
<p class="kicker"><a href="${GAZETTES_PATH}">${texts.gazettes}</a></p>
<h1 lang="${source.language}">${source.name}</h1>
<section aria-labelledby="days-title">
<h2 class="label" id="days-title">${month === undefined ? texts.latestEditions : monthName(month, language)}</h2>
${days.length === 0 && html`<p>${site.noEditions}</p>`}
<ul class="cards">${days.map((day) => dayCard(source, day, language))}</ul>
${month !== undefined && html`<p><a href="${sourcePath(source)}">← ${texts.latestEditions}</a></p>`}
</section>
${monthsView(shown)}`;
}

function dayCard(source: Source, day: ArchivedDay, language: Language): Html {
  const { publishedOn, number } = day;
  return html`<li><a href="${editionPath({ source, publishedOn })}"><strong><time datetime="${publishedOn}">${weekday(publishedOn, language)}</time> ${publishedOn.slice(0, 4)}</strong><span>${number !== undefined && `n.º ${number} · `}${dayFacts(day, language)}</span></a></li>`;
}

function monthsView({ source, month, months, language }: Parameters<typeof sourceView>[0]): Html {
  const texts = EDITION_TEXTS[language];
  const years = [...new Set(months.map((one) => one.month.slice(0, 4)))];
  const short = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  return html`
<nav aria-labelledby="months-title"><h2 class="label" id="months-title">${texts.byMonth}</h2>
${years.map(
  (year) =>
    html`<h3 class="year">${year}</h3><ul class="chips">${months
      .filter((one) => one.month.startsWith(year))
      .map(
        (one) =>
          html`<li><a href="${sourcePath(source, one.month)}"${one.month === month && html` aria-current="page"`} title="${countOf(texts.days, one.dayCount, language)}">${short.format(new Date(`${one.month}-01T00:00:00Z`))} <span class="folio">${one.dayCount}</span></a></li>`,
      )}</ul>`,
)}</nav>`;
}

/** For an address without an edition: what is near it. `source` undefined: there is no such gazette either. */
export function missingView(missing: {
  readonly source: Source | undefined;
  readonly date: string | undefined;
  readonly nearest: readonly string[];
  readonly sources: readonly ListedSource[];
  readonly language: Language;
}): Html {
  const { source, date, nearest, sources, language } = missing;
  const texts = EDITION_TEXTS[language];
  if (source === undefined) {
    return html`<h1>${texts.missingSource}</h1>${gazettesList(sources)}`;
  }
  return html`
<p class="kicker"><a href="${sourcePath(source)}" lang="${source.language}">${source.name}</a></p>
<h1>${texts.missingTitle}</h1>
${date !== undefined && html`<p class="standfirst">${say(texts.missingDay, { source: source.name, date: longDate(date, language) })}</p>`}
${
  nearest.length > 0 &&
  html`<h2 class="label">${texts.nearest}</h2><ul class="cards">${nearest.map(
    (near) =>
      html`<li><a href="${editionPath({ source, publishedOn: near })}"><strong>${longDate(near, language)}</strong></a></li>`,
  )}</ul>`
}
<p><a href="${sourcePath(source)}">${texts.allEditions}</a></p>`;
}

function gazettesList(sources: readonly ListedSource[]): Html {
  const read = sources.filter((source) => source.lastPublishedOn !== undefined);
  return html`<ul class="cards">${read.map(
    (source) =>
      html`<li><a href="${sourcePath(source)}"><strong lang="${source.language}">${source.name}</strong></a></li>`,
  )}</ul>`;
}
