import type { RetrievalQuery } from "../../core/answer.ts";
import type { Clock } from "../../core/clock.ts";
import type { Language } from "../../core/language.ts";
import type { Question } from "../../core/question.ts";
import { contentWords } from "../content-words.ts";
import type { NamedSource, PlanByRules, QuestionPlan } from "../ports.ts";
import { splitComparison } from "./comparison.ts";
import { findThread, type Thread } from "./follow-up.ts";

/** What is asked, and what to search for it. */
export interface TurnPlan extends Pick<RetrievalQuery, "dates" | "sources"> {
  /** `rules`, or the model that planned. */
  readonly planner: string;
  readonly intent: "question" | "follow-up" | "comparison";
  readonly language: Language;
  /** Understandable by itself: what the passages are held against. */
  readonly question: string;
  /** One to three, each searched by itself; the first is the most important. */
  readonly searches: readonly string[];
  /** What the question goes on from; `may-continue`: only if the search finds what the last answer cited. */
  readonly thread: Thread | undefined;
}

/** More words than these about a matter are several matters, or a story: a model plans better. */
const LONG_QUESTION_WORDS = 25;

/** The plan without a model: names, dates and words as they stand. */
export function planQuestion(
  ports: { readonly planByRules: PlanByRules; readonly clock: Clock },
  question: Question,
  language: Language,
  known: readonly NamedSource[],
): TurnPlan {
  const { text } = question;
  const ruleOn = (asked: string) =>
    ports.planByRules(asked, { clock: ports.clock, sources: known });
  const ruled = ruleOn(text);
  const namesDate = (asked: string) => {
    const { dates, sources } = asked === text ? ruled : ruleOn(asked);
    return dates !== undefined || sources !== undefined;
  };
  const base = { planner: "rules", language } as const;
  const compared = splitComparison(text);
  if (compared !== undefined) {
    const searches = compared;
    const filters = filtersOf(question, ruled);
    return {
      ...base,
      ...filters,
      intent: "comparison",
      question: text,
      searches,
      thread: undefined,
    };
  }
  const thread = findThread(question, namesDate);
  if (thread === undefined) {
    const filters = filtersOf(question, ruled);
    return { ...base, ...filters, intent: "question", question: text, searches: [text], thread };
  }
  // "¿Qué dice la gaceta de ayer sobre X?" and then "¿y quién lo firma?" is still about yesterday's.
  const earlier = thread.kind === "may-continue" ? {} : ruleOn(thread.topic);
  return {
    ...base,
    ...filtersOf(question, { ...earlier, ...ruled }),
    intent: "follow-up",
    question: thread.search,
    searches:
      thread.aspect === undefined
        ? [thread.search]
        : [thread.topic, `${thread.topic}\n${thread.aspect.searchedBy}`],
    thread,
  };
}

/** What the caller asks for goes before what the words say. */
function filtersOf(
  { date, sources: given }: Question,
  ruled: QuestionPlan,
): Pick<TurnPlan, "dates" | "sources"> {
  const dates = date === undefined ? ruled.dates : { from: date, to: date };
  const sources = given.length > 0 ? given : (ruled.sources ?? []);
  return {
    ...(dates === undefined ? {} : { dates }),
    ...(sources.length === 0 ? {} : { sources }),
  };
}

/**
 * Rules do for a plain question, and for who signs an act or since when it holds; what else leans on earlier turns,
 * compares or tells a story is worth a call.
 */
export function isWorthModel(plan: TurnPlan): boolean {
  if (plan.thread?.aspect !== undefined) return false;
  return plan.intent !== "question" || contentWords(plan.question).size > LONG_QUESTION_WORDS;
}
