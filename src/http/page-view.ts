import type { Edition, PlacedLine } from "../core/gazette.ts";
import type { PageDraft, PlacedPassage } from "../core/gazette-store.ts";
import type { Language } from "../core/language.ts";
import { headTags } from "./editions/head-tags.ts";
import { editionPath, imagePath, pagePath, pdfPath } from "./gazette-address.ts";
import { type Html, html } from "./html.ts";
import { pageText } from "./page-text.ts";
import { longDate, SITE_TEXTS, type SiteTexts, say } from "./site-texts.ts";

export interface ShownPage {
  readonly edition: Edition;
  readonly page: PageDraft;
  /** The passage that somebody was led to by a citation. */
  readonly cited: PlacedPassage | undefined;
}

interface PageToShow extends ShownPage {
  readonly language: Language;
  readonly publicUrl: string | undefined;
}

/** As much of the page's text as search engines show of it. */
const DESCRIPTION_CHARACTERS = 180;

/** One page: its image with the cited lines marked, and its text for who can't use the image. */
export function pageView(shown: PageToShow): { title: string; main: Html; links: Html } {
  const { edition, page, cited, language } = shown;
  const texts = SITE_TEXTS[language];
  const passageId = cited?.passage.passageId;
  const previous = page.page > 1 ? pagePath(edition, page.page - 1, passageId) : undefined;
  const next =
    page.page < edition.pageCount ? pagePath(edition, page.page + 1, passageId) : undefined;
  const where = say(texts.page, { n: page.page, count: edition.pageCount });
  const title = `${edition.source.name}, ${longDate(edition.publishedOn, language)}, ${where} · Pregonero`;
  return {
    title,
    links: html`${headTags({
      publicUrl: shown.publicUrl,
      path: pagePath(edition, page.page),
      title,
      description: describe(shown) || title,
      kind: "article",
      imagePath: imagePath(edition, page.page, 1200),
    })}${previous !== undefined && html`<link rel="prev" href="${previous}">`}${next !== undefined && html`<link rel="next" href="${next}">`}`,
    main: html`
<div class="page-head">
<div><p class="kicker"><a href="${editionPath(edition)}">${edition.source.name}${edition.number !== undefined && html` · n.º ${edition.number}`}</a></p>
<h1>${longDate(edition.publishedOn, language)}</h1>
<p class="where">${where}${page.printedPage !== undefined && html` · ${say(texts.printedPage, { n: page.printedPage })}`}</p></div>
<nav class="actions" aria-label="${where}">
${step(previous, "prev", texts.previousPage, "←")}
${step(next, "next", texts.nextPage, "→")}
<a class="button quiet" href="${editionPath(edition)}">${texts.wholeEdition}</a>
<a class="button quiet" href="${pdfPath(edition)}#page=${page.page}">${texts.originalPdf}</a>
</nav></div>
${cited !== undefined && citedView(shown, cited, texts)}
<div class="spread">
${imageView(shown, texts)}
${textView(shown, texts)}
</div>`,
  };
}

/** What is cited, else how the page begins. */
function describe({ page, cited }: PageToShow): string {
  const text = (cited?.passage.text ?? page.text).replace(/\s+/g, " ").trim();
  if (text.length <= DESCRIPTION_CHARACTERS) return text;
  return `${text.slice(0, DESCRIPTION_CHARACTERS).replace(/\s+\S*$/, "")} …`;
}

function step(path: string | undefined, rel: string, label: string, arrow: string): Html {
  return path === undefined
    ? html`<span class="button quiet" aria-disabled="true"><span aria-hidden="true">${arrow}</span><span class="sr"> ${label}</span></span>`
    : html`<a class="button quiet" rel="${rel}" href="${path}" title="${label}"><span aria-hidden="true">${arrow}</span><span class="sr"> ${label}</span></a>`;
}

function citedView(
  { edition, page }: PageToShow,
  { passage, lines }: PlacedPassage,
  texts: SiteTexts,
): Html {
  const isHere = lines.some((line) => line.page === page.page);
  return html`
<aside class="cited" aria-label="${texts.citedHere}">
<h2 class="label">${texts.citedHere}</h2>
${passage.heading !== "" && html`<p class="heading" lang="${edition.source.language}">${passage.heading}</p>`}
<blockquote lang="${edition.source.language}">${passage.text}</blockquote>
${!isHere && html`<p><a href="${pagePath(edition, passage.page, passage.passageId)}">${say(texts.citedElsewhere, { n: passage.page })}</a></p>`}
</aside>`;
}

/** The marks are an SVG over the image: percentages of the page, so that they hold at every size. */
function imageView({ edition, page, cited }: PageToShow, texts: SiteTexts): Html {
  const boxes = (cited?.lines ?? []).filter((line) => line.page === page.page);
  const height = Math.round((1200 * page.height) / page.width);
  return html`
<figure class="sheet">
<img src="${imagePath(edition, page.page, 1200)}" srcset="${imagePath(edition, page.page, 800)} 800w, ${imagePath(edition, page.page, 1200)} 1200w, ${imagePath(edition, page.page, 1800)} 1800w" sizes="(min-width: 64rem) 58vw, 96vw" width="1200" height="${height}" alt="${say(texts.imageOfPage, { n: page.page })}">
<svg class="marks" aria-hidden="true" focusable="false">${boxes.map((box) => markLine(box, page))}</svg>
</figure>`;
}

/** A little air around the letters: boxes end at the baseline's descent and the first stroke. */
const PADDING_POINTS = 1.5;

/** A mark over one line of the page's image. */
export function markLine(line: PlacedLine, page: PageDraft): Html {
  const { x, y, width, height } = markBox(line, page);
  return html`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="2"/>`;
}

/** Where the mark lies, in percentages of the page. */
export function markBox(line: PlacedLine, page: PageDraft) {
  const percent = (value: number, whole: number) => `${((100 * value) / whole).toFixed(3)}%`;
  return {
    x: percent(line.x - PADDING_POINTS, page.width),
    y: percent(line.y - PADDING_POINTS, page.height),
    width: percent(line.width + 2 * PADDING_POINTS, page.width),
    height: percent(line.height + 2 * PADDING_POINTS, page.height),
  };
}

function textView({ edition, page, cited }: PageToShow, texts: SiteTexts): Html {
  return html`
<section class="page-text" aria-labelledby="text-title">
<h2 class="label" id="text-title">${texts.textOfPage}</h2>
${page.origin === "ocr" && html`<p class="note">${texts.textFromOcr}</p>`}
${page.text.trim() === "" ? html`<p class="note">${texts.noText}</p>` : html`<div class="flow" lang="${edition.source.language}">${pageText(page, cited)}</div>`}
</section>`;
}
