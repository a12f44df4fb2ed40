import type { RetrievedPassage } from "../../core/answer.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { PassageId } from "../../core/ids.ts";
import type { PromptRun, RunStatement } from "../../core/prompts.ts";
import { checkText } from "./check-statements.ts";
import { toCitation } from "./cite-passage.ts";
import { evidenceOf } from "./evidence-for.ts";
import { stands } from "./settle-run.ts";

/** A statement as a person gives it. */
export interface GivenStatement {
  readonly text: string;
  /** Passages of the run's editions; empty: it cites nothing, and nothing supports it. */
  readonly cites: readonly PassageId[];
}

/**
 * What becomes of a person's edits: what is as it was stays as it was checked; anything else is held against what it
 * cites. What nothing supports loses its citations, which would speak for it, and is marked.
 */
export function takeEdits(
  run: PromptRun,
  given: readonly GivenStatement[],
  passages: readonly RetrievedPassage[],
): readonly RunStatement[] {
  const byId = new Map(passages.map((found) => [found.passage.passageId, found]));
  return given.map(({ text, cites }): RunStatement => {
    const known = run.statements.find(
      (statement) => statement.text === text && hasCites(statement, cites),
    );
    if (known !== undefined) return known;
    const cited = cites.map((id) => {
      const found = byId.get(id);
      if (found === undefined) throw unknownPassage(id);
      return found;
    });
    const { language } = run.settings;
    const checked = checkText(text, evidenceOf(cited), language);
    const standing = new Map(checked.standing.map((found) => [found.passage.passageId, found]));
    return {
      text: checked.text === "" ? text : checked.text,
      origin: "person",
      citations: [...standing.values()].map((found) => toCitation(checked.text, found, language)),
      isSupported: standing.size > 0,
    };
  });
}

/**
 * The statements as they stand at this moment. Only a person's own may be unsupported: of any other words that do not
 * stand any more (the edition may have been withdrawn) nothing is approved, and `run-not-so` (409) says so.
 */
export function recheck(
  run: PromptRun,
  passages: readonly RetrievedPassage[],
): readonly RunStatement[] {
  const byId = new Map(passages.map((found) => [found.passage.passageId, found]));
  return run.statements.map((statement) => {
    const cited = statement.citations.flatMap(({ passageId }) => byId.get(passageId) ?? []);
    const isSupported =
      cited.length === statement.citations.length &&
      stands(statement, evidenceOf(cited), run.settings.language);
    if (!isSupported && statement.origin !== "person") {
      throw new PregoneroError(
        "run-not-so",
        "A statement is not supported any more by what it cites: the edition may have been corrected. Edit it, or run the prompt again.",
        { status: 409 },
      );
    }
    return isSupported
      ? { ...statement, isSupported }
      : { ...statement, citations: [], isSupported };
  });
}

function hasCites({ citations }: RunStatement, cites: readonly PassageId[]): boolean {
  const own = new Set(citations.map(({ passageId }) => passageId));
  return own.size === new Set(cites).size && cites.every((id) => own.has(id));
}

function unknownPassage(id: PassageId): PregoneroError {
  return new PregoneroError(
    "run-invalid",
    `Passage ${String(id).slice(0, 20)} is in none of the editions of this run.`,
    { status: 400 },
  );
}
