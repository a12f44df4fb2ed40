import type { Edition } from "../core/gazette.ts";
import type { ActDraft } from "../core/gazette-store.ts";
import type { Language } from "../core/language.ts";
import { pagePath, pdfPath } from "./gazette-address.ts";
import { type Html, html } from "./html.ts";
import { longDate, SITE_TEXTS, say } from "./site-texts.ts";

type Act = Omit<ActDraft, "passages">;
interface DocumentOfDay {
  readonly edition: Edition;
  readonly acts: readonly Act[];
}

/** All documents of a date, each with its acts as an index into the pages. */
export function editionView(
  edition: Edition,
  documents: readonly DocumentOfDay[],
  language: Language,
): Html {
  const texts = SITE_TEXTS[language];
  const isSingle = documents.length === 1;
  return html`
<p class="kicker">${edition.source.name}${edition.number !== undefined && html` · n.º ${edition.number}`}</p>
<h1>${say(texts.editionOf, { date: longDate(edition.publishedOn, language) })}</h1>
${
  !isSingle &&
  html`<nav aria-label="${texts.documents}"><h2 class="label">${texts.documents}</h2><ul class="chips">${documents.map(
    (document, index) =>
      html`<li><a href="#d${index + 1}">${document.edition.documentName}</a></li>`,
  )}</ul></nav>`
}
${documents.map((document, index) => documentView(document, index + 1, language))}`;
}

function documentView({ edition, acts }: DocumentOfDay, number: number, language: Language): Html {
  const texts = SITE_TEXTS[language];
  return html`
<section class="document" id="d${number}" aria-labelledby="d${number}-title" lang="${edition.source.language}">
<h2 id="d${number}-title">${edition.documentName}</h2>
<p class="actions" lang="${language}"><a class="button" href="${pagePath(edition, 1)}">${say(texts.page, { n: 1, count: edition.pageCount })}</a>
<a class="button quiet" href="${pdfPath(edition)}">${texts.originalPdf}</a></p>
${acts.length > 0 && html`<h3 class="label" lang="${language}">${texts.acts}</h3>${sectionsOf(acts).map((section) => sectionView(section, edition, language))}`}
</section>`;
}

interface Section {
  readonly title: string;
  readonly acts: Act[];
}

/** Runs of acts under the same section and body, in the order of the edition. */
function sectionsOf(acts: readonly Act[]): readonly Section[] {
  const sections: Section[] = [];
  for (const act of acts) {
    const title = [act.section, act.issuingBody].filter((part) => part !== "").join(" · ");
    const last = sections.at(-1);
    if (last?.title === title) last.acts.push(act);
    else sections.push({ title, acts: [act] });
  }
  return sections;
}

function sectionView({ title, acts }: Section, edition: Edition, language: Language): Html {
  const texts = SITE_TEXTS[language];
  return html`
${title !== "" && html`<h4>${title}</h4>`}
<ol class="index">${acts.map(
    (act) =>
      html`<li><a href="${pagePath(edition, act.page)}"><span class="act">${act.title === "" ? say(texts.page, { n: act.page, count: edition.pageCount }) : act.title}</span><span class="leader" aria-hidden="true"></span><span class="folio">${act.page}</span></a></li>`,
  )}</ol>`;
}
