import type { Answer } from "../core/answer.ts";
import type { ActiveAssistant } from "../core/assistant.ts";
import type { LanguageModel } from "../core/language-model.ts";
import type { Question } from "../core/question.ts";
import { writeAbstention } from "./abstention-writer.ts";
import { writeExtract } from "./extractive-writer.ts";
import { writeWithModel } from "./model-writer.ts";
import type { TurnPlan } from "./planner/plan-question.ts";
import type { SelectQuote, SelectStretches } from "./ports.ts";
import type { Retrieved } from "./retrieve-plan.ts";

/** Characters of a quotation for whom long texts are hard: a few lines on a telephone each. */
const SHORT_QUOTATION = 420;
/** The name under which answers without a model appear. */
export const EXTRACTIVE = "extractive";

interface WriterPorts {
  readonly selectQuote: SelectQuote;
  readonly selectStretches: SelectStretches;
  readonly model?: LanguageModel | undefined;
  readonly publicUrl?: string | undefined;
}

/** An answer, but for what all answers to a question have in common. */
export interface Draft {
  readonly answer: Pick<Answer, "text" | "citations" | "abstained" | "model">;
  readonly hasModelAnswered: boolean;
}

/** By the model where there is one and it succeeds, else by quoting; or says that the passages do not answer. */
export async function writeAnswer(
  ports: WriterPorts,
  question: Question,
  plan: TurnPlan,
  { searched, retrieval, quoted = retrieval.passages }: Retrieved,
  during: {
    readonly assistant: ActiveAssistant;
    readonly endsAt: number;
    readonly signal: AbortSignal;
  },
): Promise<Draft> {
  const { model, publicUrl, selectQuote, selectStretches } = ports;
  const { passages } = retrieval;
  const { language, intent } = plan;
  const options = { language, intent, publicUrl, selectQuote, selectStretches, ...during };
  const abstain = () => ({
    ...writeAbstention(searched, passages, options),
    abstained: true,
  });
  if (!retrieval.isAnswerable || passages.length === 0) {
    return { answer: { ...abstain(), model: EXTRACTIVE }, hasModelAnswered: false };
  }
  const isSimple = question.preferences?.readingLevel === "simple";
  const quote = () => ({
    ...(isSimple
      ? writeShortExtract(searched, quoted, options)
      : writeExtract(searched, quoted, options)),
    abstained: false,
    model: EXTRACTIVE,
  });
  if (model === undefined) return { answer: quote(), hasModelAnswered: false };

  const outcome = await writeWithModel(model, question, passages, options);
  switch (outcome.kind) {
    case "written":
      return {
        answer: { ...outcome.written, abstained: false, model: outcome.model },
        hasModelAnswered: true,
      };
    case "no-answer":
      // Rules saw the very words that were asked for: "firma" stands in no signature, and a model may miss it.
      if (quoted !== passages) return { answer: quote(), hasModelAnswered: true };
      return { answer: { ...abstain(), model: outcome.model }, hasModelAnswered: true };
    case "unusable":
      return { answer: quote(), hasModelAnswered: outcome.hasAnswered };
    default:
      return outcome satisfies never;
  }
}

/** For whom long texts are hard: what the best two passages say in a few lines. */
function writeShortExtract(...[searched, passages, options]: Parameters<typeof writeExtract>) {
  const { selectStretches } = options;
  return writeExtract(searched, passages.slice(0, 2), {
    ...options,
    selectStretches: (asked, passage, maxLength, among) =>
      selectStretches(asked, passage, Math.min(maxLength, SHORT_QUOTATION), among),
  });
}
