import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHOWN_LENGTH } from "../../conversation/grounding/evidence.ts";
import { asId, type EditionId, type PassageId } from "../../core/ids.ts";
import type { MaterialPassage, PassagePart, PromptMaterial } from "../../core/prompt-work.ts";
import { cutText, pagesRead, planBatches, planPages, tokensOf } from "./plan-batches.ts";

/** An edition of acts, each a list of passages of so many characters; the pages go on one passage after the other. */
function material(acts: readonly (readonly number[])[]): PromptMaterial {
  const editionId = asId<EditionId>("e");
  let position = 0;
  const facts = {
    id: editionId,
    sourceSlug: "g",
    sourceName: "La Gaceta",
    date: "2026-11-20",
    number: undefined,
    documentName: "a.pdf",
    pageCount: 0,
  };
  const read = acts.map((lengths, act) => ({
    title: `Act ${act}`,
    issuingBody: "",
    section: act % 2 === 0 ? "Even" : "Odd",
    page: 1,
    passages: lengths.map((length): MaterialPassage => {
      position += 1;
      return {
        passageId: asId<PassageId>(String(position)),
        position,
        heading: `Act ${act}`,
        text: "palabra 😀 ".repeat(Math.ceil(length / 11)).slice(0, length),
        page: position,
        // Every third goes on over the next page.
        lastPage: position + (position % 3 === 0 ? 1 : 0),
        printedPage: undefined,
      };
    }),
  }));
  return {
    facts,
    edition: {
      editionId,
      source: "g",
      sourceName: "La Gaceta",
      number: undefined,
      publishedOn: "2026-11-20",
      documentName: "a.pdf",
    },
    language: "es",
    acts: read,
    pages: Array.from({ length: position + 2 }, (_, page) => ({
      page: page + 1,
      isBlank: page > position,
      looseText: undefined,
    })),
  };
}

const all = (of: PromptMaterial) => new Map([[of, new Set(of.acts.keys())]]);
const passagesOf = (of: PromptMaterial) => of.acts.flatMap(({ passages }) => passages);

const lengths = fc.array(
  fc.array(fc.integer({ min: 1, max: 2 * SHOWN_LENGTH + 50 }), { maxLength: 12 }),
  { maxLength: 15 },
);

describe("the batches of an edition", () => {
  it("have every character of every passage exactly once, in order, within the budget", () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 700, max: 8_000 }), (acts, budget) => {
        const edition = material(acts);
        const batches = planBatches([edition], all(edition), budget);
        const parts = batches.flat();
        const texts = new Map(passagesOf(edition).map((each) => [each.passageId, each.text]));
        for (const [id, text] of texts) {
          const own = parts.filter(({ passageId }) => passageId === id);
          expect(own.map(({ from, until }) => text.slice(from, until)).join("")).toBe(text);
          for (const { from, until } of own) expect(until - from).toBeLessThanOrEqual(SHOWN_LENGTH);
        }
        const order = parts.map(({ passageId }) => Number(passageId));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        for (const batch of batches) {
          const tokens = batch.reduce((sum, part) => {
            const text = texts.get(part.passageId) ?? "";
            return sum + tokensOf(text.slice(part.from, part.until));
          }, 0);
          expect(batch.length === 1 || tokens <= budget).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("leave an act whole that fits into one", () => {
    const edition = material([[900, 900], [900, 900], [900]]);
    const batches = planBatches([edition], all(edition), 1_000);
    expect(batches.map((batch) => batch.map(({ passageId }) => passageId))).toEqual([
      ["1", "2"],
      ["3", "4"],
      ["5"],
    ]);
  });

  it("read every page that is in scope, and no other, once all of them are committed", () => {
    fc.assert(
      fc.property(lengths, fc.boolean(), (acts, isWhole) => {
        const edition = material(acts);
        const some = new Set([...edition.acts.keys()].filter((act) => isWhole || act % 2 === 0));
        const inScope = new Map([[edition, some]]);
        const pages = planPages([edition], inScope, isWhole);
        const read = new Map<number, number>();
        const passageOf = ({ passageId }: PassagePart) =>
          passagesOf(edition).find((each) => each.passageId === passageId);
        for (const batch of planBatches([edition], inScope, 1_500)) {
          for (const { page, passages } of pagesRead(batch, passageOf)) {
            read.set(page, (read.get(page) ?? 0) + passages);
          }
        }
        for (const { page, passages } of pages) expect(read.get(page) ?? 0).toBe(passages);
        expect(pages.map(({ page }) => page)).toEqual(edition.pages.map(({ page }) => page));
      }),
      { numRuns: 40 },
    );
  });

  it("owe a page that has words and no passage, and can never have read it", () => {
    const texts = [undefined, "Nobody gave these words a passage.", "ACT 0"];
    const pages = texts.map((looseText, at) => ({ page: at + 1, isBlank: false, looseText }));
    const edition = { ...material([[100]]), pages };
    // The last has the heading of an act alone, which is shown with the act.
    expect(planPages([edition], all(edition), true)).toMatchObject([
      { page: 1, duty: "read", passages: 1 },
      { page: 2, duty: "read", passages: 0 },
      { page: 3, duty: "blank", passages: 0 },
    ]);
  });

  it("never cut a passage inside a character", () => {
    const text = `${"a".repeat(SHOWN_LENGTH - 1)}😀${"b".repeat(SHOWN_LENGTH)}`;
    for (const { from, until } of cutText(text)) {
      expect(text.slice(from, until).isWellFormed()).toBe(true);
    }
  });
});
