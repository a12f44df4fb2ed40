import type { Answer, Retrieval, RetrievalQuery, Retriever } from "../core/answer.ts";
import type { Clock } from "../core/clock.ts";
import type { GazetteStore } from "../core/gazette-store.ts";
import type { Language } from "../core/language.ts";
import type { LanguageModel } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import type { Question, QuestionAnswerer } from "../core/question.ts";
import type { UsageDebit } from "../core/turn.ts";
import { writeAbstention } from "./abstention-writer.ts";
import { contentWords } from "./content-words.ts";
import { detectLanguage } from "./detect-language.ts";
import { writeExtract } from "./extractive-writer.ts";
import { createKnownSources } from "./known-sources.ts";
import { writeWithModel } from "./model-writer.ts";
import type { NamedSource, PlanByRules, SelectQuote, SelectStretches } from "./ports.ts";
import { orTryAgainLater, retrievePassages } from "./retrieve-passages.ts";

/** Characters of a question that are read; security checklist S47. */
export const MAX_QUESTION_LENGTH = 4_000;
/** Passages asked of retrieval. */
const PASSAGES = 8;
/** The name under which answers without a model appear. */
const EXTRACTIVE = "extractive";

export interface QuestionAnswererPorts {
  readonly retriever: Retriever;
  readonly gazetteStore: Pick<GazetteStore, "listSources">;
  readonly planByRules: PlanByRules;
  readonly selectQuote: SelectQuote;
  readonly selectStretches: SelectStretches;
  /** Usually the chain. Undefined: answers are quotations. */
  readonly model?: LanguageModel | undefined;
  /** Without a trailing slash. Undefined: citations hold paths. */
  readonly publicUrl?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An answer, but for what all answers to a question have in common. */
interface Draft {
  readonly answer: Pick<Answer, "text" | "citations" | "abstained" | "model">;
  readonly usage: readonly UsageDebit[];
}

/**
 * plan → retrieve → write. A model that fails, or says what the passages do not, costs the citizen nothing:
 * the answer is then a quotation. Rejects with `retrieval-failed` (retry `backoff`) when the passages cannot
 * be read at all, and with the signal's reason when aborted.
 */
export function createQuestionAnswerer(ports: QuestionAnswererPorts): QuestionAnswerer {
  const knownSources = createKnownSources(ports.gazetteStore, ports.clock);
  return {
    async answer(asked, signal) {
      const question = cutQuestion(asked);
      const language = question.language ?? detectLanguage(question.text, undefined);
      const sources = await orTryAgainLater(ports.logger, question.messageId, signal, () =>
        knownSources(question.tenantId),
      );
      const query = plan(ports, question, language, sources);
      const retrieval = await retrieve(ports, question, query, signal);
      const { answer, usage } = await write(ports, question, query, retrieval, signal);
      return { answer: { ...answer, language, passport: question.messageId }, usage };
    },
  };
}

function cutQuestion(question: Question): Question {
  if (question.text.length <= MAX_QUESTION_LENGTH) return question;
  const text = question.text.slice(0, MAX_QUESTION_LENGTH).toWellFormed();
  question.note("planned", { questionCutFrom: question.text.length, questionCutTo: text.length });
  return { ...question, text };
}

function plan(
  ports: QuestionAnswererPorts,
  question: Question,
  language: Language,
  known: readonly NamedSource[],
): RetrievalQuery {
  const ruled = ports.planByRules(question.text, { clock: ports.clock, sources: known });
  const { date } = question;
  const dates = date === undefined ? ruled.dates : { from: date, to: date };
  const sources = question.sources.length > 0 ? question.sources : (ruled.sources ?? []);
  const filters = {
    ...(dates === undefined ? {} : { dates }),
    ...(sources.length === 0 ? {} : { sources }),
  };
  question.note("planned", { planner: "rules", language, ...filters });
  return { question: withContext(question), language, limit: PASSAGES, ...filters };
}

/** "¿Y quién la firma?" has too few words to search by: the question before it is searched with it. */
function withContext(question: Question): string {
  const isFollowUp =
    /^[¿\s]*(y|e|and)\s/iu.test(question.text) && contentWords(question.text).size <= 3;
  if (!isFollowUp) return question.text;
  const previous = question.history.findLast(
    ({ speaker, text }) => speaker === "citizen" && !text.startsWith("/") && text !== question.text,
  );
  return previous === undefined
    ? question.text
    : `${previous.text.slice(0, 400)}\n${question.text}`;
}

/** When a date or gazette that was asked for has nothing, the rest is searched, to name the nearest pages only. */
async function retrieve(
  ports: QuestionAnswererPorts,
  question: Question,
  query: RetrievalQuery,
  signal: AbortSignal,
): Promise<Retrieval> {
  const found = await retrievePassages(ports, question, query, signal);
  question.note("retrieved", toRetrievalNote(found));
  const isFiltered = query.dates !== undefined || query.sources !== undefined;
  if (found.passages.length > 0 || !isFiltered) return found;
  const { question: text, language, limit } = query;
  const anywhere = await retrievePassages(
    ports,
    question,
    { question: text, language, limit },
    signal,
  );
  return { ...anywhere, isAnswerable: false };
}

/** By the model where there is one and it succeeds, else by quoting; or says that the passages do not answer. */
async function write(
  ports: QuestionAnswererPorts,
  question: Question,
  query: RetrievalQuery,
  retrieval: Retrieval,
  signal: AbortSignal,
): Promise<Draft> {
  const { model, publicUrl, selectQuote, selectStretches } = ports;
  const { passages } = retrieval;
  const options = { language: query.language, publicUrl, selectQuote, selectStretches, signal };
  const abstain = () => ({
    ...writeAbstention(query.question, passages, options),
    abstained: true,
  });
  if (!retrieval.isAnswerable || passages.length === 0) {
    return { answer: { ...abstain(), model: EXTRACTIVE }, usage: [] };
  }
  const quote = () => ({
    ...writeExtract(query.question, passages, options),
    abstained: false,
    model: EXTRACTIVE,
  });
  if (model === undefined) return { answer: quote(), usage: [] };

  const outcome = await writeWithModel(model, question, passages, options);
  const { usage } = outcome;
  switch (outcome.kind) {
    case "written":
      return { answer: { ...outcome.written, abstained: false, model: outcome.model }, usage };
    case "no-answer":
      return { answer: { ...abstain(), model: outcome.model }, usage };
    case "unusable":
      return { answer: quote(), usage };
    default:
      return outcome satisfies never;
  }
}

function toRetrievalNote(retrieval: Retrieval): Readonly<Record<string, unknown>> {
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return {
    isAnswerable: retrieval.isAnswerable,
    confidence: round(retrieval.confidence),
    evidence: retrieval.evidence,
    passages: retrieval.passages.map(({ passage, score, ranks }) => ({
      passageId: passage.passageId,
      page: passage.page,
      score: round(score),
      ...ranks,
    })),
  };
}
