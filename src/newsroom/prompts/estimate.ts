import type { PassagePart, PromptMaterial } from "../../core/prompt-work.ts";
import type { PromptSettings, RunEstimate } from "../../core/prompts.ts";
import { placePassages } from "./cite-passage.ts";
import { type ActsInScope, planBatches, tokensOf } from "./plan-batches.ts";
import { mapRequest, STATEMENTS_PER_BATCH } from "./write-request.ts";
import { batchTokens, type PromptWriter } from "./writer.ts";

/** Of one statement as a model writes it, with its place in JSON. */
const TOKENS_PER_STATEMENT = 70;
/** Batches write fewer statements than they may: of trademarks there is little to say. */
const SHARE_WRITTEN = 0.6;
/** Of a statement that is read again, with its fence. */
const TOKENS_PER_NOTE = 90;

export interface PlannedRun {
  readonly steps: readonly (readonly PassagePart[])[];
  readonly estimate: RunEstimate;
}

/** The batches of a run, and what they will probably take: tokens × the price list. */
export function planRun(
  settings: PromptSettings,
  materials: readonly PromptMaterial[],
  inScope: ActsInScope,
  writer: PromptWriter,
): PlannedRun {
  const steps = planBatches(materials, inScope, batchTokens(writer));
  const documents = materials.length;
  const pages = materials.reduce((sum, material) => sum + material.pages.length, 0);
  const acts = [...inScope.values()].reduce((sum, places) => sum + places.size, 0);
  const facts = { documents, pages, acts };
  if (writer.model === undefined) {
    const nothing = { calls: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
    return { steps, estimate: { model: undefined, ...facts, ...nothing } };
  }
  const usage = estimateUsage(settings, materials, steps, writer);
  const { calls, ...tokens } = usage;
  const costMicroUsd = writer.priceOf({
    input: tokens.inputTokens,
    cachedInput: 0,
    output: tokens.outputTokens,
  });
  return { steps, estimate: { model: writer.name, ...facts, calls, ...tokens, costMicroUsd } };
}

function estimateUsage(
  settings: PromptSettings,
  materials: readonly PromptMaterial[],
  steps: PlannedRun["steps"],
  writer: PromptWriter,
) {
  const places = placePassages(materials);
  const rules = mapRequest(settings, [], { tries: 0, round: 0 }).messages;
  const ruleTokens = rules.reduce((sum, { text }) => sum + tokensOf(text), 0);
  let inputTokens = 0;
  let notes = 0;
  for (const parts of steps) {
    inputTokens += ruleTokens;
    for (const { passageId, from, until } of parts) {
      const passage = places.get(passageId)?.passage;
      inputTokens += tokensOf(`${passage?.heading ?? ""}${passage?.text.slice(from, until) ?? ""}`);
    }
    const most = Math.min(STATEMENTS_PER_BATCH, settings.maxStatements, parts.length);
    notes += Math.ceil(most * SHARE_WRITTEN);
  }
  let calls = steps.length;
  let outputTokens = notes * TOKENS_PER_STATEMENT;
  // Each level of reductions leaves half at most, until one call reads all that is left.
  const perCall = Math.max(2, Math.floor(batchTokens(writer) / TOKENS_PER_NOTE));
  let left = notes;
  while (left > settings.maxStatements) {
    const groups = Math.ceil(left / perCall);
    calls += groups;
    inputTokens += groups * ruleTokens + left * TOKENS_PER_NOTE;
    left = groups === 1 ? settings.maxStatements : Math.floor(left / 2);
    outputTokens += left * TOKENS_PER_STATEMENT;
  }
  return { calls, inputTokens, outputTokens };
}
