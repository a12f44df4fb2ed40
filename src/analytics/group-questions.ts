import { setImmediate as breathe } from "node:timers/promises";
import {
  type AskedQuestion,
  MIN_ASKERS,
  MIN_WORD_ASKERS,
  type QuestionGroup,
} from "../core/analytics.ts";
import type { MessageId } from "../core/ids.ts";
import { questionStems } from "./question-words.ts";
import { writeLabel } from "./write-label.ts";

/** Two questions are alike when they share half of the stems that either has (Jaccard 1901). */
const ALIKE = 0.5;
/** A question of more stems tells a story: it is grouped by its first ones. */
const MAX_STEMS = 12;
/** Formulations between two pauses for whatever else the process does. */
const BATCH = 200;

/** Questions with the very same stems. */
interface Formulation {
  readonly key: string;
  readonly stems: readonly string[];
  readonly questions: AskedQuestion[];
}

interface Group {
  readonly leader: Formulation;
  readonly formulations: Formulation[];
}

/**
 * Groups questions by meaning, without a model: the commonest formulation leads, and others that are like it join the
 * one that they are most like. The same questions give the same groups, in whatever order they come. Groups that fewer
 * than `MIN_ASKERS` people asked are left out.
 */
export async function groupQuestions(
  questions: readonly AskedQuestion[],
  signal: AbortSignal,
): Promise<readonly QuestionGroup[]> {
  const formulations = await formulate(questions, signal);
  const groups: Group[] = [];
  /** Groups by the stems of their leaders. */
  const byStem = new Map<string, Group[]>();
  for (const [index, formulation] of formulations.entries()) {
    if (index % BATCH === 0) await pauseFor(signal);
    const nearest = findNearest(formulation, byStem);
    if (nearest !== undefined) {
      nearest.formulations.push(formulation);
      continue;
    }
    const group = { leader: formulation, formulations: [formulation] };
    groups.push(group);
    for (const stem of formulation.stems) {
      const same = byStem.get(stem);
      if (same === undefined) byStem.set(stem, [group]);
      else same.push(group);
    }
  }
  return groups.flatMap(toQuestionGroup);
}

/** The commonest first; of two as common, by their stems. */
async function formulate(
  questions: readonly AskedQuestion[],
  signal: AbortSignal,
): Promise<readonly Formulation[]> {
  const found = new Map<string, Formulation>();
  for (const [index, question] of questions.entries()) {
    if (index % BATCH === 0) await pauseFor(signal);
    const stems = [...questionStems(question.text).slice(0, MAX_STEMS)].sort();
    if (stems.length === 0) continue;
    const key = stems.join(" ");
    const same = found.get(key);
    if (same === undefined) found.set(key, { key, stems, questions: [question] });
    else same.questions.push(question);
  }
  return [...found.values()].sort(
    (one, other) =>
      askersOf(other.questions).size - askersOf(one.questions).size ||
      other.questions.length - one.questions.length ||
      (one.key < other.key ? -1 : 1),
  );
}

function findNearest(
  { stems }: Formulation,
  byStem: ReadonlyMap<string, readonly Group[]>,
): Group | undefined {
  const shared = new Map<Group, number>();
  for (const stem of stems) {
    for (const group of byStem.get(stem) ?? []) shared.set(group, (shared.get(group) ?? 0) + 1);
  }
  let nearest: Group | undefined;
  let likeness = 0;
  // Groups come in the order in which they were begun: of two as near, the commoner one.
  for (const [group, count] of shared) {
    const own = count / (stems.length + group.leader.stems.length - count);
    if (own >= ALIKE && own > likeness) [nearest, likeness] = [group, own];
  }
  return nearest;
}

function toQuestionGroup({ formulations }: Group): readonly QuestionGroup[] {
  const questions = formulations.flatMap((each) => each.questions);
  if (askersOf(questions).size < MIN_ASKERS) return [];
  const label = writeLabel(questions, MIN_WORD_ASKERS);
  if (label === undefined) return [];
  return [{ label, messageIds: questions.map(({ messageId }): MessageId => messageId).sort() }];
}

function askersOf(questions: readonly AskedQuestion[]): ReadonlySet<string> {
  return new Set(questions.map(({ asker }) => asker));
}

async function pauseFor(signal: AbortSignal): Promise<void> {
  await breathe();
  signal.throwIfAborted();
}
