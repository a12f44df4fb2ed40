import type { Answer, Retriever } from "../core/answer.ts";
import {
  type ActiveAssistant,
  type AssistantOf,
  DEFAULT_LARGE_CONTEXT,
  DEFAULT_STYLE,
} from "../core/assistant.ts";
import type { Clock } from "../core/clock.ts";
import type { ActChanges } from "../core/entities.ts";
import type { GazetteStore } from "../core/gazette-store.ts";
import type { Language } from "../core/language.ts";
import type { LanguageModel } from "../core/language-model.ts";
import type { Logger } from "../core/logger.ts";
import type { PublishedNews } from "../core/published-news.ts";
import type { Question, QuestionAnswerer } from "../core/question.ts";
import type { SecurityEvents } from "../core/security-events.ts";
import type { Switches } from "../core/switches.ts";
import type { ConversationSummary } from "../core/turn.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { detectLanguage } from "./detect-language.ts";
import { followChanges } from "./follow-changes.ts";
import { forbiddenTopicOf } from "./forbidden-topic.ts";
import { createKnownSources } from "./known-sources.ts";
import { writeNewsOf } from "./news-of-subject.ts";
import { isWorthModel, planQuestion, type TurnPlan } from "./planner/plan-question.ts";
import { planWithModel } from "./planner/plan-with-model.ts";
import type { NamedSource, PlanByRules, SelectQuote, SelectStretches } from "./ports.ts";
import { type Interest, interestOf } from "./preferences.ts";
import { orTryAgainLater } from "./retrieve-passages.ts";
import { type Retrieved, retrievePlan } from "./retrieve-plan.ts";
import { showFound } from "./show-found.ts";
import { summariseWithModel } from "./summarise-with-model.ts";
import { withinKnowledge } from "./within-knowledge.ts";
import { type Draft, EXTRACTIVE, writeAnswer } from "./write-answer.ts";

/** Characters of a question that are read; security checklist S47. */
export const MAX_QUESTION_LENGTH = 4_000;
/** For planning and writing together: a citizen waits no longer for models; a quotation follows. */
const TURN_MS = 25_000;

export interface QuestionAnswererPorts {
  readonly retriever: Retriever;
  readonly gazetteStore: Pick<GazetteStore, "listSources">;
  readonly planByRules: PlanByRules;
  readonly selectQuote: SelectQuote;
  readonly selectStretches: SelectStretches;
  /** Which chain answers, and in which manner. Absent: `model`, in ours. */
  readonly assistantOf?: AssistantOf | undefined;
  /** What later acts changed of those that are cited. Absent: it is not looked up. */
  readonly actChanges?: ActChanges | undefined;
  /** What is new of a subject in a time. Absent: that is a question as any other. */
  readonly news?: Pick<PublishedNews, "findSubject"> | undefined;
  /** Usually the chain. Undefined: answers are quotations. */
  readonly model?: LanguageModel | undefined;
  /** Without a trailing slash. Undefined: citations hold paths. */
  readonly publicUrl?: string | undefined;
  /** Told of passages that speak to a language model. Absent: nobody is. */
  readonly securityEvents?: SecurityEvents | undefined;
  /** What is spared at this moment. Absent: nothing. */
  readonly switches?: Pick<Switches, "level" | "offFor"> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * plan → retrieve → write. A model that fails, or says what the passages do not, costs the citizen nothing:
 * the answer is then a quotation. Rejects with `retrieval-failed` (retry `backoff`) when the passages cannot
 * be read at all, and with the signal's reason when aborted.
 */
export function createQuestionAnswerer(given: QuestionAnswererPorts): QuestionAnswerer {
  const knownSources = createKnownSources(given.gazetteStore, given.clock);
  return {
    async answer(asked, signal) {
      const question = spare(cutQuestion(asked), given.switches);
      const language = question.language ?? detectLanguage(question.text, undefined);
      const sources = await orTryAgainLater(given.logger, question.messageId, signal, () =>
        knownSources(question.tenantId),
      );
      const assistant = await orTryAgainLater(given.logger, question.messageId, signal, () =>
        findAssistant(given, question),
      );
      const isQuoting = given.switches?.offFor(question.tenantId).has("models") === true;
      const ports = {
        ...given,
        model: isQuoting ? undefined : assistant.model,
        retriever: withinKnowledge(given.retriever, assistant.conduct?.knowledgeSets),
      };
      const common = { language, passport: question.messageId };
      if (isForbidden(question, question.text, assistant)) {
        return { answer: { ...decline(language), ...common } };
      }
      const news = await orTryAgainLater(given.logger, question.messageId, signal, () =>
        writeNewsOf(ports, question, {
          language,
          known: sources,
          knowledgeSets: assistant.conduct?.knowledgeSets,
        }),
      );
      if (news !== undefined) {
        const answer = await followChanges(ports, question, news, { language, assistant });
        return { answer: { ...answer, ...common, ...disclaimerOf(assistant) } };
      }
      const endsAt = performance.now() + TURN_MS;
      const plan = await planTurn(ports, question, language, sources, endsAt, signal);
      if (isCertainFollowUp(plan) && isForbidden(question, plan.question, assistant)) {
        return { answer: { ...decline(language), ...common } };
      }
      const interest = interestOf(question.preferences, sources, language);
      const found = await retrievePlan(ports, question, plan, interest, signal);
      question.onFound?.(showFound(found, { ...ports, language }));
      const during = { assistant, endsAt, signal };
      const draft = await writeAnswer(ports, question, plan, found, during);
      const { hasModelAnswered } = draft;
      const answer = await followChanges(ports, question, draft.answer, { language, assistant });
      const notices = interest === undefined ? [] : tellPreferred(found, interest, language);
      const isQuoted = answer.model === EXTRACTIVE && !answer.abstained;
      if (isQuoted && plan.thread?.asksToExplain) {
        notices.push(catalogue(language).quotation.cannotExplain);
      }
      const summary = await summarise(
        ports.model,
        question,
        // Where no model answered, none is asked for more.
        { language, endsAt, signal, mayAsk: hasModelAnswered },
      );
      return {
        answer: { ...answer, ...common, ...disclaimerOf(assistant) },
        notices,
        summary,
      };
    },
  };
}

function disclaimerOf({ style: { disclaimer } }: ActiveAssistant): Pick<Answer, "disclaimer"> {
  return disclaimer === "" ? {} : { disclaimer };
}

async function findAssistant(
  { assistantOf, model }: QuestionAnswererPorts,
  { tenantId, botId, contactId, note, assistant }: Question,
): Promise<ActiveAssistant> {
  if (assistant !== undefined) {
    const { name, revision } = assistant;
    const version = revision === undefined ? {} : { revision };
    note("planned", { assistant: name, ...version, isTrial: true });
    return assistant;
  }
  if (assistantOf === undefined) {
    const largeContextCharacters = DEFAULT_LARGE_CONTEXT;
    const checksGrounding = false;
    return {
      name: undefined,
      model,
      style: DEFAULT_STYLE,
      largeContextCharacters,
      checksGrounding,
    };
  }
  const found = await assistantOf(tenantId, botId, contactId);
  const { name, revision, experimentId: experiment } = found;
  if (name !== undefined) {
    note("planned", {
      assistant: name,
      ...(revision !== undefined && { revision }),
      ...(experiment !== undefined && { experiment }),
    });
  }
  return found;
}

/** A question that may or may not go on from the last is held against the topics by its own words alone. */
function isCertainFollowUp({ intent, thread }: TurnPlan): boolean {
  return intent === "follow-up" && thread?.kind !== "may-continue";
}

/** By rule, so that no model can be talked into it. The passport tells which topic, by its place in the list. */
function isForbidden(question: Question, text: string, { style }: ActiveAssistant): boolean {
  const topic = forbiddenTopicOf(text, style.forbiddenTopics);
  if (topic === undefined) return false;
  question.note("planned", { refused: "forbidden-topic", topic: topic + 1 });
  return true;
}

function decline(language: Language): Draft["answer"] {
  const text = catalogue(language).forbiddenTopic;
  return { text, citations: [], abstained: true, model: "rules" };
}

function cutQuestion(question: Question): Question {
  if (question.text.length <= MAX_QUESTION_LENGTH) return question;
  const text = question.text.slice(0, MAX_QUESTION_LENGTH).toWellFormed();
  question.note("planned", { questionCutFrom: question.text.length, questionCutTo: text.length });
  return { ...question, text };
}

/** The passport tells what was off when this was answered. */
function spare(question: Question, switches: QuestionAnswererPorts["switches"]): Question {
  const off = switches?.offFor(question.tenantId);
  if (switches === undefined || off === undefined || off.size === 0) return question;
  question.note("planned", { shedLevel: switches.level, off: [...off].sort().join(" ") });
  return off.has("planner") ? { ...question, isBusy: true } : question;
}

/** By rules, and where these see more than a plain question, by the model. */
async function planTurn(
  ports: QuestionAnswererPorts,
  question: Question,
  language: Language,
  known: readonly NamedSource[],
  endsAt: number,
  signal: AbortSignal,
): Promise<TurnPlan> {
  const ruled = planQuestion(ports, question, language, known);
  const { model, clock } = ports;
  const today = clock.now().toISOString().slice(0, 10);
  const isWorthIt = model !== undefined && isWorthModel(ruled);
  const isSpared = isWorthIt && question.isBusy === true;
  const planned =
    !isWorthIt || isSpared
      ? ruled
      : await planWithModel(model, question, ruled, known, { signal, today, endsAt });
  const { planner, intent, dates, sources, searches } = planned;
  question.note("planned", {
    planner,
    ...(isSpared ? { reason: "busy" } : {}),
    intent,
    language,
    searches: searches.length,
    ...(dates === undefined ? {} : { dates }),
    ...(sources === undefined ? {} : { sources }),
  });
  return planned;
}

/** Nothing is made shorter while others wait for a place, or without a model. */
async function summarise(
  model: LanguageModel | undefined,
  question: Question,
  options: Parameters<typeof summariseWithModel>[2] & { readonly mayAsk: boolean },
): Promise<ConversationSummary | undefined> {
  if (model === undefined || question.isBusy === true || !options.mayAsk) {
    return undefined;
  }
  return summariseWithModel(model, question, options);
}

/** That a preference decided what was read, and what it left out. */
function tellPreferred({ preferred }: Retrieved, { name }: Interest, language: Language): string[] {
  const texts = catalogue(language).preferences;
  if (preferred === undefined) return [];
  if (preferred === "only-elsewhere") return [texts.onlyElsewhere(name)];
  return [texts.alsoElsewhere(name, preferred.alsoElsewhere.join(", "))];
}
