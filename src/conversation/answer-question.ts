import type { Answer, Retrieval, RetrievalQuery, Retriever } from "../core/answer.ts";
import type { Clock } from "../core/clock.ts";
import type { Language } from "../core/language.ts";
import type { LanguageModel } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import type { Question, QuestionAnswerer } from "../core/question.ts";
import type { UsageDebit } from "../core/turn.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { cite } from "./cite.ts";
import { contentWords } from "./content-words.ts";
import { detectLanguage } from "./detect-language.ts";
import { writeExtract } from "./extractive-writer.ts";
import { writeWithModel } from "./model-writer.ts";
import type { PlanByRules, SelectQuote } from "./ports.ts";
import { retrievePassages } from "./retrieve-passages.ts";

/** Characters of a question that are read; security checklist S47. */
export const MAX_QUESTION_LENGTH = 4_000;
/** Passages asked of retrieval. */
const PASSAGES = 8;
/** Pages named when nothing answers. */
const NEAREST = 3;
const QUOTE_LENGTH = 200;

/** The name under which answers without a model appear. */
export const EXTRACTIVE = "extractive";

export interface QuestionAnswererPorts {
  readonly retriever: Retriever;
  readonly planByRules: PlanByRules;
  readonly selectQuote: SelectQuote;
  /** Usually the chain. Undefined: answers are quotations. */
  readonly model?: LanguageModel | undefined;
  /** Without a trailing slash. Undefined: citations hold paths. */
  readonly publicUrl?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * plan → retrieve → write. A model that fails, or says what the passages do not, costs the citizen nothing:
 * the answer is then a quotation. Rejects with `retrieval-failed` (retry `backoff`) when the passages cannot
 * be read at all, and with the signal's reason when aborted.
 */
export function createQuestionAnswerer(ports: QuestionAnswererPorts): QuestionAnswerer {
  const { model, publicUrl, selectQuote } = ports;
  return {
    async answer(asked, signal) {
      const question = cutQuestion(asked);
      const language = question.language ?? detectLanguage(question.text, undefined);
      const query = plan(ports, question, language);
      question.note("planned", toPlanNote(query));
      const retrieval = await retrievePassages(ports, question, query, signal);
      question.note("retrieved", toRetrievalNote(retrieval));
      const finish = (
        parts: Pick<Answer, "text" | "citations" | "abstained" | "model">,
        usage: readonly UsageDebit[],
      ) => ({
        answer: { ...parts, language, passport: question.messageId },
        usage,
      });

      if (!retrieval.isAnswerable || retrieval.passages.length === 0) {
        return finish({ ...abstain(retrieval, query, language, ports), model: EXTRACTIVE }, []);
      }
      const options = { language, publicUrl, selectQuote, signal };
      const outcome =
        model === undefined
          ? ({ kind: "unusable", usage: [] } as const)
          : await writeWithModel(model, question, retrieval.passages, options);
      switch (outcome.kind) {
        case "written":
          return finish(
            { ...outcome.written, abstained: false, model: outcome.model },
            outcome.usage,
          );
        case "no-answer":
          return finish(
            { ...abstain(retrieval, query, language, ports), model: outcome.model },
            outcome.usage,
          );
        case "unusable": {
          const extract = writeExtract(query.question, retrieval.passages, options);
          return finish({ ...extract, abstained: false, model: EXTRACTIVE }, outcome.usage);
        }
        default:
          return outcome satisfies never;
      }
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
): RetrievalQuery {
  const ruled = ports.planByRules(question.text, { language, now: ports.clock.now() });
  const dates =
    question.date === undefined ? ruled.dates : { from: question.date, to: question.date };
  const sources = question.sources.length > 0 ? question.sources : ruled.sources;
  return {
    question: withContext(question),
    language,
    limit: PASSAGES,
    ...(dates === undefined ? {} : { dates }),
    ...(sources === undefined || sources.length === 0 ? {} : { sources }),
  };
}

/** "¿Y quién la firma?" has too few words to search by: the question before it is searched with it. */
function withContext(question: Question): string {
  const isFollowUp =
    /^[¿\s]*(y|e|and)\s/iu.test(question.text) && contentWords(question.text).size <= 3;
  if (!isFollowUp) return question.text;
  const previous = question.history.findLast(
    (turn) => turn.speaker === "citizen" && !turn.text.startsWith("/"),
  );
  return previous === undefined
    ? question.text
    : `${previous.text.slice(0, 400)}\n${question.text}`;
}

/** Says plainly that the gazettes read do not answer, and names the nearest pages. */
function abstain(
  retrieval: Retrieval,
  query: RetrievalQuery,
  language: Language,
  ports: QuestionAnswererPorts,
): Pick<Answer, "text" | "citations" | "abstained"> {
  const { abstention } = catalogue(language);
  const seen = new Set<string>();
  const nearest = retrieval.passages
    .filter(({ passage }) => {
      const page = `${passage.editionId} ${passage.page}`;
      return !seen.has(page) && seen.add(page);
    })
    .slice(0, NEAREST);
  const citations = nearest.map((found, index) =>
    cite(found, {
      number: index + 1,
      quote: ports
        .selectQuote(query.question, found.passage.text, QUOTE_LENGTH)
        .replace(/\s+/g, " "),
      language,
      publicUrl: ports.publicUrl,
    }),
  );
  const marks = citations.map(({ number }) => `[${number}]`).join(" ");
  const text =
    citations.length === 0
      ? [abstention.notFound, abstention.whatToTry]
      : [abstention.notFound, abstention.whatToTry, `${abstention.nearest} ${marks}`];
  return { text: text.join("\n"), citations, abstained: true };
}

function toPlanNote(query: RetrievalQuery): Readonly<Record<string, unknown>> {
  return {
    planner: "rules",
    language: query.language,
    ...(query.dates === undefined ? {} : { dates: query.dates }),
    ...(query.sources === undefined ? {} : { sources: query.sources }),
  };
}

function toRetrievalNote(retrieval: Retrieval): Readonly<Record<string, unknown>> {
  return {
    isAnswerable: retrieval.isAnswerable,
    confidence: Math.round(retrieval.confidence * 1000) / 1000,
    evidence: retrieval.evidence,
    passages: retrieval.passages.map(({ passage, score, ranks }) => ({
      passageId: passage.passageId,
      page: passage.page,
      score: Math.round(score * 1000) / 1000,
      ...ranks,
    })),
  };
}
