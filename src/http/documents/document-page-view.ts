import type { DocumentPage } from "../../core/documents.ts";
import type { Language } from "../../core/language.ts";
import { type Html, html } from "../html.ts";
import { pageText } from "../page-text.ts";
import { markLine } from "../page-view.ts";
import { longDate, SITE_TEXTS, type SiteTexts, say } from "../site-texts.ts";

export const IMAGE_WIDTH = 1_200;

interface DocumentTexts {
  readonly version: string;
  readonly superseded: string;
  readonly section: string;
}

const TEXTS: Readonly<Record<Language, DocumentTexts>> = {
  es: {
    version: "Versión {n}, del {date}",
    superseded: "Hay una versión más reciente de este documento.",
    section: "Sección {n} de {count}",
  },
  pt: {
    version: "Versão {n}, de {date}",
    superseded: "Há uma versão mais recente deste documento.",
    section: "Seção {n} de {count}",
  },
  en: {
    version: "Version {n} of {date}",
    superseded: "There is a later version of this document.",
    section: "Section {n} of {count}",
  },
};

/** One page or section: the image of a PDF's page with the cited lines marked, and its text. */
export function documentPageView(
  shown: DocumentPage,
  language: Language,
): { readonly title: string; readonly main: Html } {
  const { document, page, pageCount, version, section } = shown;
  const texts = SITE_TEXTS[language];
  const own = TEXTS[language];
  const isPaged = shown.format === "pdf";
  const where = say(isPaged ? texts.page : own.section, { n: page.page, count: pageCount });
  const date = longDate(shown.readyOn, language);
  return {
    title: `${document.title}, ${where} · Pregonero`,
    main: html`
<div class="page-head">
<div><p class="kicker">${say(own.version, { n: version, date })}</p>
<h1>${document.title}</h1>
<p class="where">${where}${section !== null && html` · ${section}`}${page.printedPage !== undefined && html` · ${say(texts.printedPage, { n: page.printedPage })}`}</p>
${!shown.isCurrent && html`<p class="note">${own.superseded}</p>`}</div>
<nav class="actions" aria-label="${where}">
${step(shown, page.page - 1, "prev", texts.previousPage, "←")}
${step(shown, page.page + 1, "next", texts.nextPage, "→")}
</nav></div>
<div class="spread">
${isPaged && imageView(shown, texts)}
<section class="page-text" aria-labelledby="text-title">
<h2 class="label" id="text-title">${texts.textOfPage}</h2>
${page.origin === "ocr" && html`<p class="note">${texts.textFromOcr}</p>`}
${page.text.trim() === "" ? html`<p class="note">${texts.noText}</p>` : html`<div class="flow" lang="${document.language}">${isPaged ? pageText(page, shown.cited) : sectionText(shown)}</div>`}
</section>
</div>`,
  };
}

function pathOf({ document, version, cited }: DocumentPage, page: number): string {
  const highlight = cited === undefined ? "" : `?hl=${cited.passage.passageId}`;
  return `/documents/${document.id}/versions/${version}/pages/${page}${highlight}`;
}

function step(shown: DocumentPage, to: number, rel: string, label: string, arrow: string): Html {
  return to < 1 || to > shown.pageCount
    ? html`<span class="button quiet" aria-disabled="true"><span aria-hidden="true">${arrow}</span><span class="sr"> ${label}</span></span>`
    : html`<a class="button quiet" rel="${rel}" href="${pathOf(shown, to)}" title="${label}"><span aria-hidden="true">${arrow}</span><span class="sr"> ${label}</span></a>`;
}

function imageView(shown: DocumentPage, texts: SiteTexts): Html {
  const { page, cited, document, version } = shown;
  const boxes = (cited?.lines ?? []).filter((line) => line.page === page.page);
  const height = Math.round((IMAGE_WIDTH * page.height) / Math.max(1, page.width));
  const source = `/documents/${document.id}/versions/${version}/pages/${page.page}/image.png`;
  return html`
<figure class="sheet">
<img src="${source}" width="${IMAGE_WIDTH}" height="${height}" alt="${say(texts.imageOfPage, { n: page.page })}">
<svg class="marks" aria-hidden="true" focusable="false">${boxes.map((box) => markLine(box, page))}</svg>
</figure>`;
}

/** Paragraphs as the document has them; those of the cited passage marked. */
function sectionText({ page, cited }: DocumentPage): readonly Html[] {
  const quoted = new Set(cited?.passage.page === page.page ? cited.passage.text.split("\n") : []);
  return page.text
    .split("\n\n")
    .map((text) => html`<p>${quoted.has(text) ? html`<mark>${text}</mark>` : text}</p>`);
}
