import type { TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { Stemmer } from "../../core/subscriptions.ts";
import type { Database } from "../database.ts";

/** Words per statement. */
const BATCH = 5_000;
/** Of one language in memory; a gazette has some ten thousand. */
const REMEMBERED_WORDS = 300_000;

const DICTIONARIES = {
  es: "spanish_stem",
  pt: "portuguese_stem",
  en: "english_stem",
} as const satisfies Record<Language, string>;

/**
 * SQL for a word without its plural. Without accents the stemmer takes some nouns for verbs: "minimos" as if it were
 * "vinimos", so that it would not meet "minimo".
 */
const A_OR_O = String.raw`case when length(word) > 4 then regexp_replace(word, '([ao])s$', '\1') else word end`;
const SINGULAR: Readonly<Record<Language, string>> = { es: A_OR_O, pt: A_OR_O, en: "word" };

/** The database's own Snowball stemmers, as the passage index uses them; what was asked once is remembered. */
export function createStemmer(database: Database): Stemmer {
  const known = new Map<Language, Map<string, string | undefined>>();
  return {
    async stemsOf(language, words) {
      let remembered = known.get(language);
      if (remembered === undefined || remembered.size > REMEMBERED_WORDS) {
        // Whoever reads the full one goes on reading it.
        remembered = new Map();
        known.set(language, remembered);
      }
      const missing: string[] = [];
      for (const word of words) if (!remembered.has(word)) missing.push(word);
      for (let start = 0; start < missing.length; start += BATCH) {
        const batch = missing.slice(start, start + BATCH);
        for (const [word, stem] of await askStems(database, language, batch)) {
          remembered.set(word, stem);
        }
      }
      return remembered;
    },
    async frequenciesOf(tenantId: TenantId, lexemes) {
      const rows = await database.asTenant(tenantId, (tx) =>
        tx.query<{ lexeme: string; passages: number }>(
          `select lexeme, sum(passage_count)::float8 as passages from lexeme
           where lexeme = any($1::text[]) group by lexeme`,
          [lexemes],
        ),
      );
      return new Map(rows.map((row) => [row.lexeme, row.passages]));
    },
  };
}

async function askStems(
  database: Database,
  language: Language,
  words: readonly string[],
): Promise<readonly (readonly [string, string | undefined])[]> {
  const dictionary = `pg_catalog.${DICTIONARIES[language]}`;
  const rows = await database.asDispatcher((tx) =>
    tx.query<{ word: string; stem: string | null }>(
      `select word, case when own.stem = '{}' then null
                         else coalesce((ts_lexize('${dictionary}', ${SINGULAR[language]}))[1], own.stem[1]) end as stem
       from unnest($1::text[]) as w (word)
       cross join lateral (select ts_lexize('${dictionary}', word) as stem) own`,
      [words],
    ),
  );
  return rows.map(({ word, stem }) => [word, stem ?? undefined]);
}
