import type { Edition, Passage } from "../../core/gazette.ts";
import type { EditionFindings, FoundAct } from "../../core/gazette-archive.ts";
import type { Language } from "../../core/language.ts";
import { editionPath, pagePath } from "../gazette-address.ts";
import { type Html, html } from "../html.ts";
import { SITE_TEXTS, say } from "../site-texts.ts";
import { countOf, EDITION_TEXTS } from "./edition-texts.ts";

export const MAX_QUERY = 200;

/** What a visitor looks for: `?q=`, and which page of results. */
export interface Wanted {
  readonly text: string;
  /** From 1. */
  readonly part: number;
}

export function searchForm(first: Edition, text: string, language: Language): Html {
  const texts = EDITION_TEXTS[language];
  return html`
<form class="search" role="search" action="${editionPath(first)}" method="get">
<label for="q">${texts.searchLabel}</label>
<div class="search-line"><input id="q" name="q" type="search" value="${text}" maxlength="${MAX_QUERY}" autocomplete="off" aria-describedby="q-hint" required>
<button class="button primary" type="submit">${texts.search}</button></div>
<p class="note" id="q-hint">${texts.searchHint}</p>
</form>`;
}

/** Results, each with its quote and a link to its page with the very lines highlighted. */
export function resultsView(shown: {
  readonly first: Edition;
  /** By the passages' edition. */
  readonly editions: ReadonlyMap<Passage["editionId"], Edition>;
  readonly wanted: Wanted;
  readonly findings: EditionFindings;
  readonly pageSize: number;
  readonly language: Language;
}): Html {
  const { first, editions, wanted, findings, language } = shown;
  const texts = EDITION_TEXTS[language];
  const { acts, total, isPartial } = findings;
  const title =
    total === 0
      ? say(texts.foundNothing, { q: wanted.text })
      : say(countOf(texts.found, total, language), { q: wanted.text });
  return html`
<section class="results" aria-labelledby="results-title">
<h2 id="results-title">${title}</h2>
${isPartial && html`<p class="note">${texts.foundPartly}</p>`}
<ol class="found" start="${(wanted.part - 1) * shown.pageSize + 1}">${acts.map((act) => resultView(act, editions.get(act.passage.editionId) ?? first, language))}</ol>
${partsView(shown)}
<p><a href="${editionPath(first)}">← ${texts.clearSearch}</a></p>
</section>`;
}

function resultView({ passage, quote, marks }: FoundAct, edition: Edition, language: Language) {
  const site = SITE_TEXTS[language];
  const path = pagePath(edition, passage.page, passage.passageId);
  const printed = passage.printedPage;
  const where = `${say(site.page, { n: passage.page, count: edition.pageCount })}${printed === undefined ? "" : ` · ${say(site.printedPage, { n: printed })}`}`;
  // Section, body and title, as segmenting joined them: the title leads, the rest says where it stands.
  const heading = passage.heading.split(" · ");
  const title = heading.pop() || edition.documentName;
  const isBegun = passage.text.trimStart().startsWith(quote);
  return html`<li lang="${edition.source.language}">
${heading.length > 0 && html`<p class="context">${heading.join(" · ")}</p>`}
<h3><a href="${path}">${title}</a></h3>
<blockquote cite="${path}">${!isBegun && "… "}${marked(quote, marks)}${!passage.text.trimEnd().endsWith(quote) && " …"}</blockquote>
<p class="note" lang="${language}">${where}</p></li>`;
}

/** The text with the words that were looked for as `<mark>`. */
export function marked(text: string, marks: FoundAct["marks"]): readonly (Html | string)[] {
  const parts: (Html | string)[] = [];
  let at = 0;
  for (const { start, end } of marks) {
    parts.push(text.slice(at, start), html`<mark>${text.slice(start, end)}</mark>`);
    at = end;
  }
  return [...parts, text.slice(at)];
}

function partsView({
  first,
  wanted,
  findings,
  pageSize,
  language,
}: Parameters<typeof resultsView>[0]) {
  const texts = EDITION_TEXTS[language];
  const link = (part: number, rel: string, text: string) =>
    html`<a class="button" rel="${rel}" href="${editionPath(first)}?${new URLSearchParams({ q: wanted.text, part: String(part) }).toString()}">${text}</a>`;
  const hasMore = wanted.part * pageSize < findings.total;
  if (!hasMore && wanted.part === 1) return html``;
  return html`<nav class="actions" aria-label="${texts.moreResults}">${wanted.part > 1 && link(wanted.part - 1, "prev", texts.fewerResults)}${hasMore && link(wanted.part + 1, "next", texts.moreResults)}</nav>`;
}
