import type { RetrievedPassage } from "../../core/answer.ts";
import type { Reason } from "../../core/newsroom.ts";
import type { HeldRun, PromptStep, StepOutput } from "../../core/prompt-work.ts";
import type { DroppedStatement, RunStatement } from "../../core/prompts.ts";
import { checkText } from "./check-statements.ts";
import { type PlacedInMaterial, toCitation, toFound } from "./cite-passage.ts";
import { evidenceFor } from "./evidence-for.ts";
import { extractActs, pickBySection } from "./extract-acts.ts";
import { tokensOf } from "./plan-batches.ts";
import { readReply, type WrittenStatement } from "./read-reply.ts";
import { mapRequest, reduceRequest, STATEMENTS_PER_BATCH } from "./write-request.ts";
import { askFor, batchTokens, type PromptWriter } from "./writer.ts";

export type StepResult =
  | { readonly kind: "done"; readonly output: StepOutput }
  | { readonly kind: "junk"; readonly reason: Reason };

export interface StepContext {
  readonly run: HeldRun;
  readonly writer: PromptWriter;
  readonly places: ReadonlyMap<string, PlacedInMaterial>;
  readonly signal: AbortSignal;
}

/** Reads a batch, or makes statements fewer. What a model writes leaves here checked, or not at all. */
export function runStep(step: PromptStep, context: StepContext): Promise<StepResult> {
  return step.input.kind === "map" ? mapStep(step, context) : reduceStep(step, context);
}

async function mapStep(step: PromptStep, context: StepContext): Promise<StepResult> {
  const { run, writer, places, signal } = context;
  if (step.input.kind !== "map") throw new TypeError("not a batch");
  const { parts } = step.input;
  const { settings } = run;
  if (writer.model === undefined) {
    return { kind: "done", output: extractActs(parts, places, settings.language) };
  }
  const shown = parts.flatMap((part): readonly RetrievedPassage[] => {
    const place = places.get(part.passageId);
    return place === undefined ? [] : [toFound(place, part)];
  });
  const request = mapRequest(settings, shown, step);
  const reply = await askFor(writer.model, run.tenantId, step, request, signal);
  const read = readReply(reply, shown.length);
  if (read.kind === "junk") return read;
  const dropped: DroppedStatement[] = [];
  const statements: RunStatement[] = [];
  for (const { text, cites } of read.statements) {
    if (text.trim() === "") continue;
    const cited = pick(shown, cites);
    const checked = checkText(text, cited, settings.language);
    if (checked.standing.length === 0) {
      dropped.push({ text: checked.text, reason: cited.length === 0 ? "uncited" : "unsupported" });
    } else if (statements.length < STATEMENTS_PER_BATCH) {
      statements.push(toStatement(checked.text, checked.standing, context));
    }
  }
  return { kind: "done", output: { statements, dropped, model: reply.model } };
}

async function reduceStep(step: PromptStep, context: StepContext): Promise<StepResult> {
  const { run, writer, places, signal } = context;
  if (step.input.kind !== "reduce") throw new TypeError("not a reduction");
  const { statements: below, limit } = step.input;
  const isQuoted = below.every(({ origin }) => origin === "gazette");
  if (writer.model === undefined || isQuoted) {
    const statements = pickBySection(below, places, limit);
    return { kind: "done", output: { statements, dropped: [], model: undefined } };
  }
  const request = reduceRequest(run.settings, below, limit, step);
  const reply = await askFor(writer.model, run.tenantId, step, request, signal);
  const read = readReply(reply, below.length);
  if (read.kind === "junk") return read;
  const output = reword(read.statements, below, limit, context);
  if (output.statements.length === 0) {
    const detail = "Of what was found, the model kept nothing.";
    return { kind: "junk", reason: { code: "empty-reply", detail } };
  }
  return { kind: "done", output: { ...output, model: reply.model } };
}

/**
 * What was written of statements that stand. Where the new words do not stand, the statements that they were made of
 * take their place: those were checked, and nothing that was found is lost to a slip of the pen.
 */
function reword(
  written: readonly WrittenStatement[],
  below: readonly RunStatement[],
  limit: number,
  context: StepContext,
): Omit<StepOutput, "model"> {
  const used = new Set<RunStatement>();
  const statements: RunStatement[] = [];
  const dropped: DroppedStatement[] = [];
  for (const { text, cites } of written) {
    const sources = pick(below, cites);
    if (text.trim() === "") {
      statements.push(...sources.filter((source) => !used.has(source)));
      for (const source of sources) used.add(source);
      continue;
    }
    const cited = sources.flatMap((source) => evidenceFor(source.citations, context.places));
    const checked = checkText(text, cited, context.run.settings.language);
    if (checked.standing.length > 0) {
      statements.push(toStatement(checked.text, checked.standing, context));
    } else {
      dropped.push({ text: checked.text, reason: cited.length === 0 ? "uncited" : "unsupported" });
      statements.push(...sources.filter((source) => !used.has(source)));
    }
    for (const source of sources) used.add(source);
  }
  return { statements: eachOnce(statements).slice(0, limit), dropped };
}

function toStatement(
  text: string,
  standing: readonly RetrievedPassage[],
  { run }: StepContext,
): RunStatement {
  const byPassage = new Map(standing.map((found) => [found.passage.passageId, found]));
  const citations = [...byPassage.values()].map((found) =>
    toCitation(text, found, run.settings.language),
  );
  return { text, origin: "model", citations, isSupported: true };
}

function eachOnce(statements: readonly RunStatement[]): readonly RunStatement[] {
  return [...new Map(statements.map((statement) => [statement.text, statement])).values()];
}

/** Numbered from 1, each once, those that exist. */
function pick<Entry>(entries: readonly Entry[], numbers: readonly number[]): readonly Entry[] {
  return [...new Set(numbers)].flatMap((number) => {
    const entry = entries[number - 1];
    return entry === undefined ? [] : [entry];
  });
}

/** Statements in groups that fit one call, each to be made at most half as many, so that every level has fewer. */
export function planReduction(
  statements: readonly RunStatement[],
  maxStatements: number,
  writer: PromptWriter,
): readonly { readonly statements: readonly RunStatement[]; readonly limit: number }[] {
  const budget = batchTokens(writer);
  const groups: RunStatement[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const statement of statements) {
    const tokens = tokensOf(statement.text) + 40;
    const last = groups.at(-1);
    // Two at least, whatever they weigh: a group of one would not become fewer.
    if (last === undefined || (used + tokens > budget && last.length >= 2)) {
      groups.push([statement]);
      used = tokens;
    } else {
      last.push(statement);
      used += tokens;
    }
  }
  if (groups.length === 1)
    return groups.map((group) => ({ statements: group, limit: maxStatements }));
  return groups.map((group) => ({
    statements: group,
    limit: Math.max(1, Math.min(maxStatements, Math.floor(group.length / 2))),
  }));
}
