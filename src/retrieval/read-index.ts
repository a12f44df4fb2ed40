import type { Passage } from "../core/gazette.ts";
import type { EditionId, PassageId } from "../core/ids.ts";
import type { Language } from "../core/language.ts";
import type { Transaction } from "../store/database.ts";
import {
  type CorpusStatistic,
  type IndexedEdition,
  type NearLexeme,
  type Posting,
  readIndexedEditions,
  readNearLexemes,
  readPassages,
  readPostings,
  readWordStems,
  type WordStem,
} from "../store/passage-search.ts";
import type { ByteBoundedCache } from "./byte-bounded-cache.ts";
import type { TenantCorpora } from "./known-corpora.ts";

export interface Lexeme {
  readonly lexeme: string;
  readonly language: Language;
}

/** The index as one tenant sees it now. What is not in memory is read in the transaction it was opened in. */
export interface IndexView {
  readonly corpora: readonly CorpusStatistic[];
  /** By word; empty for a stop word. */
  stems(words: readonly string[]): Promise<readonly (readonly WordStem[])[]>;
  nearLexemes(stems: readonly Lexeme[]): Promise<readonly (readonly NearLexeme[])[]>;
  /** In the order asked; at most `EDITION_LIMIT` editions each. */
  postings(lexemes: readonly Lexeme[]): Promise<readonly (readonly Posting[])[]>;
  postingsWithin(
    lexemes: readonly Lexeme[],
    editionIds: readonly EditionId[],
  ): Promise<readonly Posting[]>;
  editions(ids: readonly EditionId[]): Promise<ReadonlyMap<EditionId, IndexedEdition>>;
  passages(ids: readonly PassageId[]): Promise<ReadonlyMap<PassageId, Passage>>;
  /** What else follows from the index alone: read once, and kept until the index changes. */
  keep<Value extends object>(
    kind: string,
    key: string,
    read: () => Promise<Value>,
    bytesOf: (value: Value) => number,
  ): Promise<Value>;
}

/** A lexeme that is in more editions than this decides nothing; reading on would only cost time. */
const EDITION_LIMIT = 5_000;

/**
 * Opens the index for one transaction. Every key carries the generation of the corpora that the tenant
 * may read, so an entry made before an ingest is never met after it; and the tenant's id when it has
 * documents of its own, so that nobody else meets them.
 */
export function openIndex(
  tx: Transaction,
  corpora: TenantCorpora,
  cache: ByteBoundedCache,
): IndexView {
  const { prefix, languages } = corpora;

  /** Reads what is missing in one statement and keeps it; results in the order of `keys`. */
  async function readThrough<Item, Value>(
    kind: string,
    items: readonly Item[],
    keyOf: (item: Item) => string,
    read: (missing: readonly Item[]) => Promise<ReadonlyMap<string, Value>>,
    none: Value,
    bytesOf: (value: Value) => number,
  ): Promise<readonly Value[]> {
    const keys = items.map((item) => `${prefix}:${kind}:${keyOf(item)}`);
    const found = keys.map((key) => cache.get(key) as Value | undefined);
    const missing = items.filter((_, index) => found[index] === undefined);
    if (missing.length === 0) return found as readonly Value[];
    const fresh = await read(missing);
    return items.map((item, index) => {
      const held = found[index];
      if (held !== undefined) return held;
      const value = fresh.get(keyOf(item)) ?? none;
      cache.set(keys[index] as string, value, bytesOf(value));
      return value;
    });
  }

  const lexemeKey = (item: Lexeme) => `${item.language} ${item.lexeme}`;

  return {
    corpora: corpora.statistics,
    async keep(kind, key, read, bytesOf) {
      const whole = `${prefix}:${kind}:${key}`;
      const held = cache.get(whole) as Awaited<ReturnType<typeof read>> | undefined;
      if (held !== undefined) return held;
      const value = await read();
      cache.set(whole, value, bytesOf(value));
      return value;
    },
    stems: (words) =>
      readThrough(
        "stem",
        words,
        (word) => word,
        async (missing) =>
          groupBy(await readWordStems(tx, missing, languages), (stem) => stem.word),
        [],
        (stems) => 150 * stems.length,
      ),
    nearLexemes: (stems) =>
      readThrough(
        "near",
        stems,
        lexemeKey,
        async (missing) =>
          groupBy(
            await readNearLexemes(
              tx,
              missing.map((item) => ({ stem: item.lexeme, language: item.language })),
            ),
            (near) => `${near.language} ${near.stem}`,
          ),
        [],
        (near) => 150 * near.length,
      ),
    postings: (lexemes) =>
      readThrough(
        "posting",
        lexemes,
        lexemeKey,
        async (missing) =>
          groupBy(await readPostings(tx, missing, { editionLimit: EDITION_LIMIT }), lexemeKey),
        [],
        bytesOfPostings,
      ),
    async postingsWithin(lexemes, editionIds) {
      const lists = await readThrough(
        `posting-in:${editionIds.join()}`,
        lexemes,
        lexemeKey,
        async (missing) =>
          groupBy(
            await readPostings(tx, missing, { editionLimit: EDITION_LIMIT, editionIds }),
            lexemeKey,
          ),
        [],
        bytesOfPostings,
      );
      return lists.flat();
    },
    async editions(ids) {
      const rows = await readThrough<EditionId, readonly IndexedEdition[]>(
        "edition",
        ids,
        (id) => id,
        async (missing) =>
          groupBy(await readIndexedEditions(tx, missing), (edition) => edition.editionId),
        [],
        ([edition]) => 500 + 60 * (edition?.passageIds.length ?? 0),
      );
      return new Map(rows.flat().map((edition) => [edition.editionId, edition]));
    },
    async passages(ids) {
      const rows = await readThrough<PassageId, readonly Passage[]>(
        "passage",
        ids,
        (id) => id,
        async (missing) => groupBy(await readPassages(tx, missing), (passage) => passage.passageId),
        [],
        ([passage]) => 300 + 2 * ((passage?.text.length ?? 0) + (passage?.heading.length ?? 0)),
      );
      return new Map(rows.flat().map((passage) => [passage.passageId, passage]));
    },
  };
}

function bytesOfPostings(postings: readonly Posting[]): number {
  return postings.reduce((sum, posting) => sum + 250 + 24 * posting.ordinals.length, 0);
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
