import type { z } from "zod";
import type { Edition } from "../../core/gazette.ts";
import type { ListedAct, PageFacts } from "../../core/gazette-archive.ts";
import type { PageDraft, PlacedPassage } from "../../core/gazette-store.ts";
import type { EditionReadingShape, PageReadingShape } from "./contract.ts";

export function viewEdition(
  edition: Edition,
  pages: readonly PageFacts[],
  acts: readonly ListedAct[],
): z.infer<typeof EditionReadingShape> {
  const { source } = edition;
  return {
    id: edition.editionId,
    source: {
      id: source.sourceId,
      slug: source.slug,
      name: source.name,
      language: source.language,
      isPublic: source.tenantId === undefined,
    },
    date: edition.publishedOn,
    number: edition.number ?? null,
    documentName: edition.documentName,
    pages: pages.map((page) => ({
      page: page.page,
      printedPage: page.printedPage ?? null,
      origin: page.origin,
      confidence: page.confidence ?? null,
      givenUp: viewGivenUp(page),
    })),
    coverage: {
      pages: pages.length,
      read: pages.filter(({ givenUp }) => givenUp === undefined).length,
    },
    acts: acts.map(({ section, issuingBody, title, page, lastPage }) => ({
      section,
      issuingBody,
      title,
      page,
      lastPage,
    })),
  };
}

export function viewPage(
  page: PageDraft,
  passages: readonly PlacedPassage[],
): z.infer<typeof PageReadingShape> {
  return {
    page: page.page,
    printedPage: page.printedPage ?? null,
    width: page.width,
    height: page.height,
    origin: page.origin,
    confidence: page.confidence ?? null,
    givenUp: viewGivenUp(page),
    text: page.text,
    passages: passages.map((placed) => ({
      id: placed.passage.passageId,
      act: placed.passage.actPosition,
      heading: placed.passage.heading,
      lines: linesOn(page.page, placed),
    })),
  };
}

/** A passage may begin on the page before, or end on the next. */
function linesOn(page: number, { passage, lines }: PlacedPassage) {
  return lines.flatMap((line, index) => {
    if (line.page !== page) return [];
    const end = lines[index + 1]?.textStart ?? passage.text.length;
    const text = passage.text.slice(line.textStart, end);
    return [{ text, x: line.x, y: line.y, width: line.width, height: line.height }];
  });
}

function viewGivenUp({ givenUp }: PageFacts): z.infer<typeof PageReadingShape>["givenUp"] {
  if (givenUp === undefined) return null;
  const { reason, tries, nextTryAt } = givenUp;
  return { reason, tries, nextTryAt: nextTryAt?.toISOString() ?? null };
}
