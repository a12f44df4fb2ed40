import type { RetrievedPassage } from "../../core/answer.ts";
import { asId, type MessageId, type PromptRunId, type TenantId } from "../../core/ids.ts";
import type { Language } from "../../core/language.ts";
import type { LanguageModel } from "../../core/language-model.ts";
import type { Reason } from "../../core/newsroom.ts";
import type { DroppedStatement, PageCoverage, RunStatement } from "../../core/prompts.ts";
import { checkText, isQuotation, standsForModel } from "./check-statements.ts";
import type { PlacedInMaterial } from "./cite-passage.ts";
import { evidenceFor } from "./evidence-for.ts";

/** A run of whose statements the check took away more than this share is not worth its rest. */
const MOST_DROPPED = 0.5;

/** Whether what a statement cites says so, as it stands now. */
export function stands(
  { text, origin }: Pick<RunStatement, "text" | "origin">,
  evidence: readonly RetrievedPassage[],
  language: Language,
): boolean {
  if (origin === "gazette") return evidence.some((found) => isQuotation(text, found));
  return checkText(text, evidence, language).standing.length > 0;
}

/** The last check of what goes to a person, of each statement, whatever was checked before. */
export async function checkAll(
  statements: readonly RunStatement[],
  places: ReadonlyMap<string, PlacedInMaterial>,
  how: {
    readonly language: Language;
    /** Undefined: words alone are checked. */
    readonly checker: LanguageModel | undefined;
    readonly tenantId: TenantId;
    /** On whose account the checker is asked, as a message is. */
    readonly runId: PromptRunId;
    readonly signal: AbortSignal;
  },
): Promise<{
  readonly statements: readonly RunStatement[];
  readonly dropped: readonly DroppedStatement[];
}> {
  const kept: RunStatement[] = [];
  const dropped: DroppedStatement[] = [];
  for (const statement of statements) {
    const evidence = evidenceFor(statement.citations, places);
    const isStanding =
      stands(statement, evidence, how.language) &&
      (how.checker === undefined ||
        statement.origin === "gazette" ||
        (await standsForModel(statement.text, evidence, how.checker, {
          language: how.language,
          signal: how.signal,
          payer: { tenantId: how.tenantId, messageId: asId<MessageId>(how.runId) },
        })));
    if (isStanding) kept.push(statement);
    else dropped.push({ text: statement.text, reason: "unsupported" });
  }
  return { statements: kept, dropped };
}

export type Verdict =
  | { readonly kind: "presentable"; readonly isFlawless: boolean }
  /** Nothing of the editions is in scope: there was nothing to do. */
  | { readonly kind: "idle"; readonly reason: Reason }
  | { readonly kind: "held"; readonly reason: Reason };

/** Whether what came of a run may be shown to a person to be approved at all. */
export function judge({
  coverage,
  statements,
  mapped,
  dropped,
}: {
  readonly coverage: PageCoverage;
  readonly statements: readonly RunStatement[];
  /** Statements that stood after the batches were read. */
  readonly mapped: number;
  readonly dropped: readonly DroppedStatement[];
}): Verdict {
  const held = (code: string, detail: string): Verdict => ({
    kind: "held",
    reason: { code, detail },
  });
  if (coverage.read < coverage.wanted) {
    const missing = coverage.wanted - coverage.read;
    return held(
      "coverage-missing",
      `${missing} of the ${coverage.wanted} pages that had to be read were not: see the page ledger.`,
    );
  }
  if (coverage.wanted === 0) {
    const detail = "No act of these editions is in the scope of the prompt.";
    return { kind: "idle", reason: { code: "nothing-in-scope", detail } };
  }
  if (statements.length === 0) {
    return held(
      "nothing-found",
      "Nothing was found that the prompt asks for and the gazette supports.",
    );
  }
  const all = mapped + dropped.length;
  if (dropped.length > all * MOST_DROPPED) {
    return held(
      "too-little-left",
      `Of ${all} statements ${dropped.length} are not supported by what they cite: the rest is not to be trusted.`,
    );
  }
  const isFlawless = dropped.length === 0 && statements.every(({ isSupported }) => isSupported);
  return { kind: "presentable", isFlawless };
}
