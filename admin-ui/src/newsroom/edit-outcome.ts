/** What was sent of one statement, and what came back. */
export interface SentStatement {
  readonly text: string;
  readonly cites: readonly string[];
}
interface CameBack {
  readonly text: string;
  readonly isSupported: boolean;
  readonly citations: readonly { readonly passageId: string }[];
}

/**
 * What saving did to a statement that was changed. `supported`: it stands as it was written; `shortened`: words that
 * nothing supports fell, or places that do not say so; `unsupported`: it lost its citations, and is marked.
 */
export interface EditOutcome {
  /** From 1. */
  readonly number: number;
  readonly kind: "supported" | "shortened" | "unsupported";
  readonly text: string;
  readonly citesBefore: number;
  readonly citesAfter: number;
}

/** Of those alone that were changed: `before` is how they stood, each by its text and places. */
export function outcomesOf(
  before: readonly SentStatement[],
  sent: readonly SentStatement[],
  after: readonly CameBack[],
): readonly EditOutcome[] {
  const known = new Set(before.map(asOne));
  return sent.flatMap((given, at): EditOutcome[] => {
    const now = after[at];
    if (now === undefined || known.has(asOne(given))) return [];
    const citesAfter = now.citations.length;
    const isWhole = now.text === given.text && citesAfter >= new Set(given.cites).size;
    const kind = !now.isSupported ? "unsupported" : isWhole ? "supported" : "shortened";
    const { text } = now;
    return [{ number: at + 1, kind, text, citesBefore: given.cites.length, citesAfter }];
  });
}

function asOne({ text, cites }: SentStatement): string {
  return JSON.stringify([text, [...cites].sort()]);
}
