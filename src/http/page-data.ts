import type { Language } from "../core/language.ts";
import { imagePath, pagePath, pdfPath } from "./gazette-address.ts";
import { pageParagraphs } from "./page-text.ts";
import { markBox, type ShownPage } from "./page-view.ts";
import { longDate, SITE_TEXTS, say } from "./site-texts.ts";

const WIDTHS = [800, 1200, 1800] as const;

/**
 * A page as the web chat shows it beside the conversation: plain data, of which it builds elements. Everything in it
 * may come from a hostile PDF but the addresses, which are paths of ours.
 */
export function pageData({ edition, page, cited, language }: ShownPage & { language: Language }) {
  const texts = SITE_TEXTS[language];
  const passageId = cited?.passage.passageId;
  const number = edition.number === undefined ? "" : ` · n.º ${edition.number}`;
  const lines = (cited?.lines ?? []).filter((line) => line.page === page.page);
  const to = (other: number) =>
    other < 1 || other > edition.pageCount ? null : pagePath(edition, other, passageId);
  return {
    gazette: `${edition.source.name}${number}`,
    date: longDate(edition.publishedOn, language),
    where: say(texts.page, { n: page.page, count: edition.pageCount }),
    printedPage:
      page.printedPage === undefined ? null : say(texts.printedPage, { n: page.printedPage }),
    language: edition.source.language,
    path: pagePath(edition, page.page, passageId),
    pdfPath: `${pdfPath(edition)}#page=${page.page}`,
    previousPath: to(page.page - 1),
    nextPath: to(page.page + 1),
    image: {
      width: 1200,
      height: Math.round((1200 * page.height) / page.width),
      alternative: say(texts.imageOfPage, { n: page.page }),
      sources: WIDTHS.map((width) => ({ width, path: imagePath(edition, page.page, width) })),
    },
    marks: lines.map((line) => markBox(line, page)),
    cited:
      cited === undefined
        ? null
        : {
            heading: cited.passage.heading,
            text: cited.passage.text,
            path: lines.length > 0 ? null : pagePath(edition, cited.passage.page, passageId),
          },
    isFromOcr: page.origin === "ocr",
    paragraphs: page.text.trim() === "" ? [] : pageParagraphs(page, cited),
  };
}
