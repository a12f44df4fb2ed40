import { LANGUAGES } from "../core/language.ts";
import type { ConversationSummary, RememberedQuestion, Turn } from "../core/turn.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { shorten } from "./format-reply.ts";
import { findThread, isQuestion } from "./planner/follow-up.ts";
import { inert } from "./prompt-data.ts";

/** `TurnInput.history` holds so many. */
const HISTORY_TURNS = 10;
/** About 600 tokens, of four characters each, beside the passages that an answer is written from. */
const MAX_CHARACTERS = 2_400;
const MAX_QUESTION_LENGTH = 200;
const MAX_CITED = 3;

/**
 * The summary with the questions that `added` more turns push out of the history: what was asked and what was
 * cited, by rules. What no longer fits is forgotten, oldest first.
 */
export function rememberOlderTurns(
  summary: ConversationSummary | undefined,
  history: readonly Turn[],
  added: number,
): ConversationSummary | undefined {
  const leaving = history.slice(0, Math.max(0, history.length + added - HISTORY_TURNS));
  let remembered = summary;
  for (const [at, turn] of leaving.entries()) {
    if (turn.speaker !== "citizen" || !isQuestion(turn.text)) continue;
    remembered = withinBounds(add(remembered, turn, history[at + 1]));
  }
  return remembered;
}

/** A follow-up is of no use without what it goes on from: what it cited is added to that. */
function add(
  summary: ConversationSummary | undefined,
  asked: Turn,
  reply: Turn | undefined,
): ConversationSummary {
  const [newest, ...older] = summary?.questions ?? [];
  const thread = findThread({ text: asked.text, history: [], summary }, () => false);
  const next = toRemembered(thread?.kind === "switches" ? thread.search : asked.text, reply);
  if (newest === undefined || thread?.kind !== "continues") {
    return { ...summary, questions: [next, ...(summary?.questions ?? [])] };
  }
  const cited = [...new Set([...newest.cited, ...next.cited])].slice(0, MAX_CITED);
  return { ...summary, questions: [{ ...newest, cited }, ...older] };
}

function toRemembered(asked: string, reply: Turn | undefined): RememberedQuestion {
  const question = shorten(asked, MAX_QUESTION_LENGTH);
  if (reply?.speaker !== "assistant" || saysNotFound(reply.text)) return { question, cited: [] };
  const places = reply.citations.map(
    ({ edition, date, printedPage, page }) => `${edition}, ${date}, p. ${printedPage ?? page}`,
  );
  return { question, cited: [...new Set(places)].slice(0, MAX_CITED) };
}

/** Its citations are the nearest pages then, and answer nothing. */
function saysNotFound(text: string): boolean {
  return LANGUAGES.some((language) => text.startsWith(catalogue(language).abstention.notFound));
}

function withinBounds(summary: ConversationSummary): ConversationSummary {
  let left = MAX_CHARACTERS - (summary.text?.length ?? 0);
  const questions = summary.questions.filter(({ question, cited }) => {
    left -= question.length + cited.join().length;
    return left >= 0;
  });
  return { ...summary, questions };
}

/** The summary as data between a prompt's fences; undefined when there is nothing to tell. */
export function summaryAsData(summary: ConversationSummary | undefined): string | undefined {
  if (summary === undefined) return undefined;
  const questions = summary.questions.map(
    ({ question, cited }) => `- ${question}${cited.length === 0 ? "" : ` (${cited.join("; ")})`}`,
  );
  const lines = [...questions, ...(summary.text === undefined ? [] : [summary.text])];
  return lines.length === 0 ? undefined : `<earlier>\n${inert(lines.join("\n"))}\n</earlier>`;
}
