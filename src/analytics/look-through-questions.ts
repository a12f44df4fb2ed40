import type { AskedQuestion, QuestionRuns } from "../core/analytics.ts";
import type { Logger } from "../core/logger.ts";
import { groupQuestions } from "./group-questions.ts";

/** The newest questions of a tenant that are compared with each other: some 40 MB while it lasts. */
const MAX_QUESTIONS = 50_000;

/** Groups the questions of one tenant that is due. False: none is. Rejects with the signal's reason when aborted. */
export async function lookThroughQuestions(
  { runs, logger }: { readonly runs: QuestionRuns; readonly logger: Logger },
  signal: AbortSignal,
): Promise<boolean> {
  const run = await runs.claim();
  if (run === undefined) return false;
  const questions: AskedQuestion[] = [];
  for await (const page of runs.read(run, MAX_QUESTIONS)) {
    signal.throwIfAborted();
    questions.push(...page);
  }
  const groups = await groupQuestions(questions, signal);
  const isWritten = await runs.finish(run, groups);
  logger.debug("questions-grouped", {
    tenantId: run.tenantId,
    questions: questions.length,
    groups: groups.length,
    isWritten,
  });
  return true;
}
