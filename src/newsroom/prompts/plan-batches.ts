import { usageSoFar } from "../../chain/estimate-tokens.ts";
import { SHOWN_LENGTH } from "../../conversation/grounding/evidence.ts";
import type {
  MaterialAct,
  MaterialPassage,
  PagesOfPassage,
  PassagePart,
  PlannedPage,
  PromptMaterial,
} from "../../core/prompt-work.ts";
import { foldWords } from "../../retrieval/words.ts";

/** Fences, place and number of one passage as it is shown. */
const TOKENS_AROUND = 40;

/** Which acts of a document are in scope, by their place in it. */
export type ActsInScope = ReadonlyMap<PromptMaterial, ReadonlySet<number>>;

/**
 * Divides what is in scope into batches of at most `budget` tokens, in order: every part of every passage of every act
 * is in exactly one. An act stays whole where it fits; one that does not is divided between its passages. A passage
 * longer than a model is shown at once is cut at a space.
 */
export function planBatches(
  materials: readonly PromptMaterial[],
  inScope: ActsInScope,
  budget: number,
): readonly (readonly PassagePart[])[] {
  const batches: PassagePart[][] = [];
  let open: PassagePart[] = [];
  let used = 0;
  const close = () => {
    if (open.length > 0) batches.push(open);
    open = [];
    used = 0;
  };
  const add = ({ part, tokens }: WeighedPart) => {
    if (used + tokens > budget) close();
    open.push(part);
    used += tokens;
  };
  for (const material of materials) {
    for (const act of actsOf(material, inScope)) {
      const parts = act.passages.flatMap((passage) => partsOf(material, passage));
      const whole = parts.reduce((sum, { tokens }) => sum + tokens, 0);
      if (used + whole > budget && whole <= budget) close();
      for (const part of parts) add(part);
    }
  }
  close();
  return batches;
}

/**
 * What has to be read of each page. One whose words are all headings is read with what stands under them. Any other
 * that has words and no passage has to be read, and cannot: it stays unread.
 */
export function planPages(
  materials: readonly PromptMaterial[],
  inScope: ActsInScope,
  isWhole: boolean,
): readonly PlannedPage[] {
  return materials.flatMap((material) => {
    const { editionId } = material.edition;
    const passages = new Map<number, number>();
    for (const act of actsOf(material, inScope)) {
      for (const passage of act.passages) {
        for (const page of pagesOf(passage)) passages.set(page, (passages.get(page) ?? 0) + 1);
      }
    }
    const headings = headingWords(material);
    return material.pages.map(({ page, isBlank, looseText = "" }): PlannedPage => {
      const count = passages.get(page) ?? 0;
      const words = foldWords(looseText);
      const isBare = isBlank || (words.length > 0 && words.every(({ word }) => headings.has(word)));
      const idle = isBare ? "blank" : "left-out";
      const mustRead = count > 0 || (isWhole && !isBare);
      return { editionId, page, duty: mustRead ? "read" : idle, passages: count };
    });
  });
}

function headingWords({ acts }: PromptMaterial): ReadonlySet<string> {
  const headings = new Set(
    acts.flatMap(({ title, section, issuingBody, passages }) => [
      title,
      section,
      issuingBody,
      ...passages.map(({ heading }) => heading),
    ]),
  );
  return new Set([...headings].flatMap((heading) => foldWords(heading).map(({ word }) => word)));
}

/** The pages that a batch has read: of a passage that was cut, when its last part was. */
export function pagesRead(
  parts: readonly PassagePart[],
  passageOf: (part: PassagePart) => MaterialPassage | undefined,
): readonly PagesOfPassage[] {
  const counts = new Map<string, PagesOfPassage>();
  for (const part of parts) {
    const passage = passageOf(part);
    if (passage === undefined || part.until < passage.text.length) continue;
    for (const page of pagesOf(passage)) {
      const key = `${part.editionId} ${page}`;
      const known = counts.get(key)?.passages ?? 0;
      counts.set(key, { editionId: part.editionId, page, passages: known + 1 });
    }
  }
  return [...counts.values()];
}

/** About how many tokens a text is, as calls that broke off are booked. */
export function tokensOf(text: string): number {
  const messages = [{ role: "user" as const, text }];
  const request = { messages, maxOutputTokens: 0, temperature: 0, language: "es" as const };
  return usageSoFar(request, "").input;
}

function actsOf(material: PromptMaterial, inScope: ActsInScope): readonly MaterialAct[] {
  const places = inScope.get(material);
  return material.acts.filter((_, place) => places?.has(place) ?? false);
}

function pagesOf({ page, lastPage }: MaterialPassage): readonly number[] {
  return Array.from({ length: Math.max(1, lastPage - page + 1) }, (_, offset) => page + offset);
}

interface WeighedPart {
  readonly part: PassagePart;
  readonly tokens: number;
}

function partsOf(material: PromptMaterial, passage: MaterialPassage): readonly WeighedPart[] {
  const { editionId } = material.edition;
  const { passageId, text, heading } = passage;
  return cutText(text).map(({ from, until }) => ({
    part: { editionId, passageId, from, until },
    tokens: tokensOf(`${heading}\n${text.slice(from, until)}`) + TOKENS_AROUND,
  }));
}

/** Pieces of at most `SHOWN_LENGTH`, one after the other, without a gap; never inside a surrogate pair. */
export function cutText(
  text: string,
): readonly { readonly from: number; readonly until: number }[] {
  const pieces: { readonly from: number; readonly until: number }[] = [];
  let from = 0;
  while (text.length - from > SHOWN_LENGTH) {
    const space = text.lastIndexOf(" ", from + SHOWN_LENGTH - 1);
    const end = space > from + SHOWN_LENGTH / 2 ? space + 1 : from + SHOWN_LENGTH;
    const isHigh = /[\ud800-\udbff]/.test(text.charAt(end - 1));
    const until = isHigh ? end - 1 : end;
    pieces.push({ from, until });
    from = until;
  }
  return [...pieces, { from, until: text.length }];
}
