import type { EditionId } from "../core/ids.ts";
import type { Term } from "./analyze-question.ts";
import type { IndexView } from "./read-index.ts";
import { type ScoredPassage, scorePassages, type TermPostings } from "./score-passages.ts";

/** Occurrences read for one question, rarest words first: what bounds its cost in a large corpus. */
const POSTING_BUDGET = 8_000;
/** With a filter down to this many editions, postings are read for them alone. */
const FEW_EDITIONS = 50;

/** The lexical leg: OR of the question's words, those that fit the budget, best first. */
export async function searchByWords(
  terms: readonly Term[],
  editionIds: ReadonlySet<EditionId> | undefined,
  index: IndexView,
): Promise<readonly ScoredPassage[]> {
  const isNarrow = editionIds !== undefined && editionIds.size <= FEW_EDITIONS;
  const affordable = isNarrow ? terms : withinBudget(terms);
  const searched = isNarrow
    ? await readWithin(affordable, [...editionIds], index)
    : await readAll(affordable, editionIds, index);
  const ids = new Set<EditionId>();
  for (const postings of searched.values())
    for (const posting of postings) ids.add(posting.editionId);
  const editions = await index.editions([...ids]);
  return scorePassages(
    terms.map((term) => ({ term, postings: searched.get(term) ?? [] })),
    editions,
    index.corpora,
  );
}

type PostingsByTerm = ReadonlyMap<Term, TermPostings["postings"]>;

async function readWithin(
  terms: readonly Term[],
  editionIds: readonly EditionId[],
  index: IndexView,
): Promise<PostingsByTerm> {
  const lexemes = terms.flatMap((term) => term.lexemes);
  const postings = await index.postingsWithin(lexemes, editionIds);
  return new Map(
    terms.map((term) => [
      term,
      postings.filter((posting) =>
        term.lexemes.some(
          (item) => item.lexeme === posting.lexeme && item.language === posting.language,
        ),
      ),
    ]),
  );
}

async function readAll(
  terms: readonly Term[],
  editionIds: ReadonlySet<EditionId> | undefined,
  index: IndexView,
): Promise<PostingsByTerm> {
  const lists = await index.postings(terms.flatMap((term) => term.lexemes));
  let at = 0;
  return new Map(
    terms.map((term) => {
      const postings = lists.slice(at, at + term.lexemes.length).flat();
      at += term.lexemes.length;
      const kept =
        editionIds === undefined
          ? postings
          : postings.filter((posting) => editionIds.has(posting.editionId));
      return [term, kept];
    }),
  );
}

/** Rarest first; at least one, however common. */
function withinBudget(terms: readonly Term[]): readonly Term[] {
  const known = terms.filter((term) => term.passageCount > 0);
  const rarestFirst = [...known].sort((a, b) => a.passageCount - b.passageCount);
  let spent = 0;
  return rarestFirst.filter((term, rank) => {
    spent += term.passageCount;
    return rank === 0 || spent <= POSTING_BUDGET;
  });
}
