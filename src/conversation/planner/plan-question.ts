import type { RetrievalQuery } from "../../core/answer.ts";
import type { Clock } from "../../core/clock.ts";
import type { Language } from "../../core/language.ts";
import type { Question } from "../../core/question.ts";
import { contentWords } from "../content-words.ts";
import type { NamedSource, PlanByRules } from "../ports.ts";
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
  /** Whether the first search is only right if it finds what the last answer cited; else `question` alone is. */
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
  const ruled = ports.planByRules(question.text, { clock: ports.clock, sources: known });
  const { date } = question;
  const dates = date === undefined ? ruled.dates : { from: date, to: date };
  const sources = question.sources.length > 0 ? question.sources : (ruled.sources ?? []);
  const filters = {
    ...(dates === undefined ? {} : { dates }),
    ...(sources.length === 0 ? {} : { sources }),
  };
  const base = { planner: "rules", language, ...filters };
  const compared = splitComparison(question.text);
  if (compared !== undefined) {
    const { text } = question;
    return { ...base, intent: "comparison", question: text, searches: compared, thread: undefined };
  }
  const thread = findThread(question, ruled.dates !== undefined || ruled.sources !== undefined);
  const text = thread === undefined ? question.text : `${thread.earlier}\n${question.text}`;
  return {
    ...base,
    intent: thread === undefined ? "question" : "follow-up",
    question: text,
    searches: [text],
    thread: thread?.kind === "may-continue" ? thread : undefined,
  };
}

/** Rules do for a plain question; what leans on earlier turns, compares or tells a story is worth a call. */
export function isWorthModel(plan: TurnPlan): boolean {
  return plan.intent !== "question" || contentWords(plan.question).size > LONG_QUESTION_WORDS;
}
