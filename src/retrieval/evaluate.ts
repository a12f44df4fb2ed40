import { z } from "zod";
import type { Retrieval, RetrievedPassage, Retriever } from "../core/answer.ts";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type MessageId, type TenantId } from "../core/ids.ts";
import { LANGUAGES, type Language } from "../core/language.ts";
import type { QuestionAnswerer } from "../core/question.ts";
import { planByRules } from "./plan-by-rules.ts";
import type { PlannedSource } from "./question-sources.ts";
import { fold, foldWords } from "./words.ts";

const place = z.object({ file: z.string(), pages: z.array(z.number().int().positive()) });
const goldQuestion = z.object({
  id: z.string(),
  lang: z.enum(LANGUAGES),
  question: z.string().min(1),
  /** Null: nothing answers it. */
  file: z.string().nullish(),
  pages: z.array(z.number().int().positive()).nullish(),
  pages_need: z.enum(["any", "all"]).nullish(),
  alt_sources: z.array(place).nullish(),
  /** What a right answer says, in any case and accents; of an array, one. */
  answer_must_contain: z.array(z.union([z.string(), z.array(z.string())])).nullish(),
});
export type GoldQuestion = z.infer<typeof goldQuestion>;

/** One JSON object a line. Throws `gold-invalid`, naming the line. */
export function parseGold(text: string): readonly GoldQuestion[] {
  return text
    .split("\n")
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }) => {
      try {
        return goldQuestion.parse(JSON.parse(line));
      } catch (error) {
        const message = `Line ${number} of the gold file is no gold question: see eval/README.md.`;
        throw new PregoneroError("gold-invalid", message, { cause: error });
      }
    });
}

/** Shares are 0 to 1, over the questions of the row; undefined when there is none of the kind. */
export interface EvalRow {
  readonly label: string;
  readonly answerable: number;
  readonly unanswerable: number;
  readonly hitAt1: number | undefined;
  readonly hitAt5: number | undefined;
  readonly mrrAt10: number | undefined;
  /** Of the questions that need several pages: all of them in the top 5. */
  readonly allPagesAt5: number | undefined;
  readonly answered: number | undefined;
  readonly refused: number | undefined;
  /** Of the answerable questions that say what an answer must hold: it was given and holds all of it. */
  readonly facts: number | undefined;
}

export interface EvalReport {
  readonly rows: readonly EvalRow[];
  /** What each verdict rested on: the figures that the refusal is fitted to. */
  readonly judged: readonly {
    readonly id: string;
    readonly isAnswerable: boolean;
    readonly evidence: Retrieval["evidence"];
  }[];
  /** Answered without what the answer must hold. */
  readonly withoutFacts: readonly string[];
  readonly misses: readonly { readonly id: string; readonly rank: number | undefined }[];
  readonly wrongVerdicts: readonly { readonly id: string; readonly confidence: number }[];
  /** Process CPU and wall time for each question, the second time it is asked. */
  readonly cpuMsPerQuestion: number;
  readonly wallMsPerQuestion: number;
}

interface Outcome {
  readonly gold: GoldQuestion;
  /** From 1, within the first ten. */
  readonly rank: number | undefined;
  readonly hasAllPages: boolean;
  readonly isAnswerable: boolean;
  readonly confidence: number;
  readonly evidence: Retrieval["evidence"];
  /** Undefined: the question does not say what an answer must hold. */
  readonly hasFacts: boolean | undefined;
}

/** Asks every gold question as the conversation does: rules first, then the retriever. */
export async function evaluate(
  ports: {
    readonly retriever: Retriever;
    readonly clock: Clock;
    readonly answerer: QuestionAnswerer;
  },
  asked: {
    readonly gold: readonly GoldQuestion[];
    readonly tenantId: TenantId;
    readonly sources: readonly PlannedSource[];
  },
  signal: AbortSignal,
): Promise<EvalReport> {
  const outcomes: Outcome[] = [];
  for (const gold of asked.gold) {
    outcomes.push({ ...(await ask(gold)), hasFacts: await holdsFacts(gold) });
  }
  const startedAt = { cpu: process.cpuUsage(), wall: process.hrtime.bigint() };
  for (const gold of asked.gold) await ask(gold);
  const cpu = process.cpuUsage(startedAt.cpu);
  const count = Math.max(1, asked.gold.length);

  async function holdsFacts(gold: GoldQuestion): Promise<boolean | undefined> {
    const facts = gold.answer_must_contain ?? [];
    if (!isAnswerableGold(gold) || facts.length === 0) return undefined;
    const { answer } = await ports.answerer.answer(
      {
        tenantId: asked.tenantId,
        messageId: asId<MessageId>(gold.id),
        text: gold.question,
        language: gold.lang,
        sources: [],
        date: undefined,
        history: [],
        note: () => {},
      },
      signal,
    );
    return !answer.abstained && facts.every((fact) => says(fold(answer.text), fact));
  }

  async function ask(gold: GoldQuestion): Promise<Omit<Outcome, "hasFacts">> {
    const plan = planByRules(gold.question, { clock: ports.clock, sources: asked.sources });
    const query = { ...plan, language: gold.lang, limit: 10 };
    const found = await ports.retriever.retrieve(asked.tenantId, query, signal);
    const rank = found.passages.findIndex((passage) => isHit(passage, gold));
    return {
      gold,
      rank: rank < 0 ? undefined : rank + 1,
      hasAllPages: hasAllPages(found.passages.slice(0, 5), gold),
      isAnswerable: found.isAnswerable,
      confidence: found.confidence,
      evidence: found.evidence,
    };
  }

  const languages = [...new Set(outcomes.map(({ gold }) => gold.lang))].sort();
  return {
    rows: [
      toRow("all", outcomes),
      ...languages.map((language: Language) =>
        toRow(
          language,
          outcomes.filter(({ gold }) => gold.lang === language),
        ),
      ),
    ],
    judged: outcomes.map(({ gold, evidence }) => ({
      id: gold.id,
      isAnswerable: isAnswerableGold(gold),
      evidence,
    })),
    misses: outcomes
      .filter(({ gold, rank }) => isAnswerableGold(gold) && rank !== 1)
      .map(({ gold, rank }) => ({ id: gold.id, rank })),
    wrongVerdicts: outcomes
      .filter(({ gold, isAnswerable }) => isAnswerable !== isAnswerableGold(gold))
      .map(({ gold, confidence }) => ({ id: gold.id, confidence })),
    withoutFacts: outcomes
      .filter(({ hasFacts, isAnswerable }) => hasFacts === false && isAnswerable)
      .map(({ gold }) => gold.id),
    cpuMsPerQuestion: (cpu.user + cpu.system) / 1_000 / count,
    wallMsPerQuestion: Number(process.hrtime.bigint() - startedAt.wall) / 1e6 / count,
  };
}

function isAnswerableGold(gold: GoldQuestion): boolean {
  return gold.file !== null && gold.file !== undefined;
}

/** Numbers of up to three digits as whole words: `5` is not in `15`. */
function says(answer: string, fact: string | readonly string[]): boolean {
  if (typeof fact !== "string") return fact.some((each) => says(answer, each));
  const folded = fold(fact);
  return /^\d{1,3}$/.test(folded)
    ? foldWords(answer).some(({ word }) => word === folded)
    : answer.replace(/\s+/g, " ").includes(folded);
}

/** Right document and one of the pages; a passage that spans pages stands on each of them. */
function isHit(found: RetrievedPassage, gold: GoldQuestion): boolean {
  const places = [{ file: gold.file, pages: gold.pages ?? [] }, ...(gold.alt_sources ?? [])];
  return places.some(
    ({ file, pages }) => file === found.documentName && pages.some((page) => standsOn(found, page)),
  );
}

function hasAllPages(top: readonly RetrievedPassage[], gold: GoldQuestion): boolean {
  return (gold.pages ?? []).every((page) =>
    top.some((found) => isHit(found, { ...gold, pages: [page] }) && standsOn(found, page)),
  );
}

function standsOn({ passage }: RetrievedPassage, page: number): boolean {
  return page >= passage.page && page <= passage.lastPage;
}

function toRow(label: string, outcomes: readonly Outcome[]): EvalRow {
  const answerable = outcomes.filter(({ gold }) => isAnswerableGold(gold));
  const unanswerable = outcomes.filter(({ gold }) => !isAnswerableGold(gold));
  const several = answerable.filter(
    ({ gold }) => gold.pages_need === "all" && (gold.pages ?? []).length > 1,
  );
  return {
    label,
    answerable: answerable.length,
    unanswerable: unanswerable.length,
    hitAt1: mean(answerable, ({ rank }) => (rank === 1 ? 1 : 0)),
    hitAt5: mean(answerable, ({ rank }) => (rank !== undefined && rank <= 5 ? 1 : 0)),
    mrrAt10: mean(answerable, ({ rank }) => (rank === undefined ? 0 : 1 / rank)),
    allPagesAt5: mean(several, (outcome) => (outcome.hasAllPages ? 1 : 0)),
    answered: mean(answerable, ({ isAnswerable }) => (isAnswerable ? 1 : 0)),
    facts: mean(
      outcomes.filter(({ hasFacts }) => hasFacts !== undefined),
      ({ hasFacts }) => (hasFacts ? 1 : 0),
    ),
    refused: mean(unanswerable, ({ isAnswerable }) => (isAnswerable ? 0 : 1)),
  };
}

function mean<Item>(items: readonly Item[], worthOf: (item: Item) => number): number | undefined {
  if (items.length === 0) return undefined;
  return items.reduce((sum, item) => sum + worthOf(item), 0) / items.length;
}
