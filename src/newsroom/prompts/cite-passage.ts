import { cite } from "../../conversation/cite.ts";
import { disarm } from "../../conversation/injected-text.ts";
import type { RetrievedPassage } from "../../core/answer.ts";
import type { Language } from "../../core/language.ts";
import type {
  MaterialAct,
  MaterialPassage,
  PassagePart,
  PromptMaterial,
} from "../../core/prompt-work.ts";
import type { RunCitation } from "../../core/prompts.ts";
import { selectQuote } from "../../retrieval/select-quote.ts";
import { oneLine } from "./check-statements.ts";

const QUOTE_LENGTH = 300;

/** Where a passage stands in what a run reads. */
export interface PlacedInMaterial {
  readonly material: PromptMaterial;
  readonly act: MaterialAct;
  /** Of the act, from 0. */
  readonly actPosition: number;
  readonly passage: MaterialPassage;
}

/** Every passage of the documents by its id. */
export function placePassages(
  materials: readonly PromptMaterial[],
): ReadonlyMap<string, PlacedInMaterial> {
  const places = new Map<string, PlacedInMaterial>();
  for (const material of materials) {
    for (const [actPosition, act] of material.acts.entries()) {
      for (const passage of act.passages) {
        places.set(passage.passageId, { material, act, actPosition, passage });
      }
    }
  }
  return places;
}

/** A part of a passage as a model is shown it and as it is cited: without what speaks to a model. */
export function toFound(
  { material, actPosition, passage }: PlacedInMaterial,
  { from, until }: Pick<PassagePart, "from" | "until">,
): RetrievedPassage {
  const { edition, facts } = material;
  return disarm({
    passage: {
      passageId: passage.passageId,
      editionId: edition.editionId,
      position: passage.position,
      actPosition,
      heading: passage.heading,
      text: passage.text.slice(from, until),
      page: passage.page,
      lastPage: passage.lastPage,
      printedPage: passage.printedPage,
    },
    source: facts.sourceSlug,
    sourceName: facts.sourceName,
    editionNumber: facts.number,
    documentName: facts.documentName,
    date: facts.date,
    score: 0,
    ranks: {},
  });
}

/** The citation of a passage for a statement: the words of it that fit best, and the path of its page. */
export function toCitation(
  statement: string,
  found: RetrievedPassage,
  language: Language,
): RunCitation {
  const quote = oneLine(selectQuote(statement, found.passage.text, QUOTE_LENGTH));
  const cited = cite(found, { number: 1, quote, language, publicUrl: undefined });
  return {
    passageId: cited.passageId,
    editionId: cited.editionId,
    sourceName: found.sourceName,
    date: cited.date,
    pdfPage: cited.page,
    printedPage: cited.printedPage,
    quote,
    link: cited.url,
  };
}
