import { contentWords, stem } from "../../conversation/content-words.ts";
import type { PromptRun, RunStatement } from "../../core/prompts.ts";

export interface RunComparison {
  readonly left: PromptRun;
  readonly right: PromptRun;
  /** Whether both read the same documents. */
  readonly hasSameEditions: boolean;
  /** In both, word for word. */
  readonly same: readonly RunStatement[];
  /** Of the same passages, in other words. */
  readonly reworded: readonly { readonly left: RunStatement; readonly right: RunStatement }[];
  readonly onlyLeft: readonly RunStatement[];
  readonly onlyRight: readonly RunStatement[];
}

/** Share of the words of the shorter from which two statements of one passage say the same. */
const SAME_WORDS = 0.5;

/** Two runs side by side: what both say, what each says in its own words, what one alone says. */
export function compareRuns(left: PromptRun, right: PromptRun): RunComparison {
  const rest = new Set(right.statements);
  const take = (fits: (other: RunStatement) => boolean): RunStatement | undefined => {
    for (const other of rest) {
      if (!fits(other)) continue;
      rest.delete(other);
      return other;
    }
    return undefined;
  };
  const same: RunStatement[] = [];
  const others: RunStatement[] = [];
  for (const statement of left.statements) {
    const twin = take(({ text }) => text === statement.text);
    (twin === undefined ? others : same).push(statement);
  }
  const reworded: { left: RunStatement; right: RunStatement }[] = [];
  const onlyLeft: RunStatement[] = [];
  for (const statement of others) {
    const other = take((each) => saysTheSame(statement, each));
    if (other === undefined) onlyLeft.push(statement);
    else reworded.push({ left: statement, right: other });
  }
  const [leftIds, rightIds] = [left, right].map(({ editions }) =>
    editions
      .map(({ id }) => id)
      .sort()
      .join(" "),
  );
  return {
    left,
    right,
    hasSameEditions: leftIds === rightIds,
    same,
    reworded,
    onlyLeft,
    onlyRight: [...rest],
  };
}

function saysTheSame(one: RunStatement, other: RunStatement): boolean {
  const cited = new Set(one.citations.map(({ passageId }) => passageId));
  if (!other.citations.some(({ passageId }) => cited.has(passageId))) return false;
  const [words, otherWords] = [one, other].map(
    ({ text }) => new Set([...contentWords(text)].map(stem)),
  );
  if (words === undefined || otherWords === undefined) return false;
  const shared = [...words].filter((word) => otherWords.has(word)).length;
  return shared >= Math.min(words.size, otherWords.size) * SAME_WORDS;
}
