import { useState } from "react";
import type { SentStatement } from "./edit-outcome.ts";
import type { Citation, Statement } from "./queries.ts";

const MAX_CITES = 10;

/** A statement that is being written. */
export interface StatementDraft {
  readonly key: number;
  readonly text: string;
  readonly citations: readonly Citation[];
}

/** The statements of a text while they are written anew: moved, changed, taken away, added. */
export function useStatementDrafts(statements: readonly Statement[]) {
  const [drafts, setDrafts] = useState<readonly StatementDraft[]>(() =>
    statements.map(({ text, citations }, key) => ({ key, text, citations })),
  );
  const change = (key: number, part: Partial<StatementDraft>) =>
    setDrafts(drafts.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
  return {
    drafts,
    change,
    cite(key: number, citation: Citation) {
      const citations = drafts.find((draft) => draft.key === key)?.citations ?? [];
      if (citations.length < MAX_CITES) change(key, { citations: [...citations, citation] });
    },
    move(from: number, to: number) {
      const draft = drafts[from];
      if (draft === undefined || to < 0 || to >= drafts.length) return;
      const others = drafts.filter((each) => each !== draft);
      setDrafts([...others.slice(0, to), draft, ...others.slice(to)]);
    },
    remove: (key: number) => setDrafts(drafts.filter((draft) => draft.key !== key)),
    /** Returns the key of the one that was added. */
    add(): number {
      const key = Math.max(-1, ...drafts.map((draft) => draft.key)) + 1;
      setDrafts([...drafts, { key, text: "", citations: [] }]);
      return key;
    },
  };
}

/** As the server takes statements. */
export function sentOf(
  drafts: readonly Pick<StatementDraft, "text" | "citations">[],
): readonly SentStatement[] {
  return drafts.map(({ text, citations }) => ({
    text: text.trim(),
    cites: citations.map(({ passageId }) => passageId),
  }));
}
