import type { Clock } from "../../core/clock.ts";
import { isPregoneroError } from "../../core/errors.ts";
import type { FaultPoint } from "../../core/fault-point.ts";
import type { Logger } from "../../core/logger.ts";
import type { Metrics } from "../../core/metrics.ts";
import type { Reason } from "../../core/newsroom.ts";
import type { HeldRun, PromptMaterial, PromptWork, RunLease } from "../../core/prompt-work.ts";
import type { PageCoverage } from "../../core/prompts.ts";
import type { Stemmer } from "../../core/subscriptions.ts";
import { chooseActs } from "./choose-acts.ts";
import { type PlacedInMaterial, placePassages } from "./cite-passage.ts";
import { planRun } from "./estimate.ts";
import { keepLease } from "./keep-lease.ts";
import { pagesRead, planPages } from "./plan-batches.ts";
import { planReduction, runStep } from "./run-step.ts";
import { checkAll, judge } from "./settle-run.ts";
import type { OpenWriter, PromptWriter } from "./writer.ts";

export interface PromptRunnerPorts {
  readonly work: PromptWork;
  readonly stemmer: Stemmer;
  readonly openWriter: OpenWriter;
  /** Names this process in leases. */
  readonly owner: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly faultPoint: FaultPoint;
}

/** A process that dies holds a run no longer than this. */
const LEASE_MS = 120_000;
/** Then the run goes back to the end of the queue: a long edition keeps nobody waiting who has a short one. */
const STEPS_AT_ONCE = 25;
/** Junk of one batch: asked once more, then a person decides. */
const MAX_TRIES = 2;
/** Calls that failed in a row, over two hours and a half. */
const MAX_FAILURES = 8;
const LONGEST_WAIT_MS = 30 * 60_000;
const MAX_LEVELS = 12;
/** What a person can do something about, and then have it go on. */
const HELD_BY = new Set([
  "model-over-budget",
  "model-price-unknown",
  "model-refused",
  "assistant-unknown",
]);

/**
 * Looks for a run that is due and works on it: plans its batches, has each read, makes one text of what was found,
 * checks it, and leaves it to a person. One process at a time; every batch commits by itself, so that a process that
 * dies loses the one that it was at, and none is paid for twice. Resolves with whether there was a run.
 */
export function createPromptRunner(
  ports: PromptRunnerPorts,
): (stop: AbortSignal) => Promise<boolean> {
  const { work, clock, owner, logger } = ports;
  return async (stop) => {
    const lease = await work.claim(owner, clock.now(), LEASE_MS);
    if (lease === undefined) return false;
    const keeper = keepLease(ports, lease, LEASE_MS);
    const signal = AbortSignal.any([stop, keeper.lost]);
    let nextAt = clock.now();
    try {
      const isThere = await workOn(ports, lease, signal);
      nextAt = new Date(clock.now().getTime() + (isThere ? 0 : LONGEST_WAIT_MS));
    } catch (error) {
      if (isPregoneroError(error, "lease-lost") || signal.aborted) {
        logger.info("prompt-run-let-go", { runId: lease.runId, isLost: !stop.aborted });
      } else {
        nextAt = await noteFailure(ports, lease, error);
      }
    } finally {
      await keeper.end();
      await work.release(lease, nextAt);
    }
    return !stop.aborted;
  };
}

/** False: there is no such run any more. */
async function workOn(
  ports: PromptRunnerPorts,
  lease: RunLease,
  signal: AbortSignal,
): Promise<boolean> {
  const { work } = ports;
  const run = await work.read(lease);
  if (run === undefined) return false;
  const writer = await ports.openWriter(run.tenantId, run.settings.assistant);
  const editionIds = run.editions.map(({ id }) => id);
  const materials = await work.materials(run.tenantId, editionIds);
  const at: Place = { run, writer, materials, places: placePassages(materials), lease, signal };
  let { state } = run;
  if (state === "queued") {
    await plan(ports, at);
    state = "mapping";
  }
  if (state === "mapping" || state === "reducing") {
    const isDone = await takeSteps(ports, at);
    if (!isDone) return true;
    state = "checking";
  }
  if (state === "checking") await settle(ports, at);
  return true;
}

interface Place {
  readonly run: HeldRun;
  readonly writer: PromptWriter;
  readonly materials: readonly PromptMaterial[];
  readonly places: ReadonlyMap<string, PlacedInMaterial>;
  readonly lease: RunLease;
  readonly signal: AbortSignal;
}

async function plan({ work, stemmer, clock }: PromptRunnerPorts, at: Place): Promise<void> {
  const { run, materials, writer, lease } = at;
  const inScope = await chooseActs(materials, run.settings.scope, stemmer);
  const { steps, estimate } = planRun(run.settings, materials, inScope, writer);
  const pages = planPages(materials, inScope, run.settings.scope.kind === "whole");
  await work.plan(lease, { steps, pages, estimate }, clock.now());
}

/** Step after step, level after level. False: it is not at its end, or is held. */
async function takeSteps(ports: PromptRunnerPorts, at: Place): Promise<boolean> {
  const { work, clock, faultPoint } = ports;
  const { lease, places, signal } = at;
  for (let count = 0; count < STEPS_AT_ONCE; count += 1) {
    signal.throwIfAborted();
    const step = await work.nextStep(lease);
    if (step === undefined) {
      if (await isReduced(ports, at)) return true;
      continue;
    }
    faultPoint("prompts:asking");
    const result = await runStep(step, at);
    faultPoint("prompts:answered");
    if (result.kind === "junk") {
      ports.metrics.count("prompt_junk_total", { reason: result.reason.code });
      await work.noteJunk(lease, step, clock.now());
      if (step.tries + 1 < MAX_TRIES) continue;
      await finish(ports, at, { state: "held", reason: result.reason });
      return false;
    }
    const parts = step.input.kind === "map" ? step.input.parts : [];
    const pages = pagesRead(parts, ({ passageId }) => places.get(passageId)?.passage);
    await work.commitStep(lease, step, result.output, pages, clock.now());
    faultPoint("prompts:committed");
  }
  return false;
}

/** Plans the next level where what was found is too much for one text; true: it is not. */
async function isReduced({ work, clock }: PromptRunnerPorts, at: Place): Promise<boolean> {
  const { run, writer, lease } = at;
  const { maxStatements } = run.settings;
  const { level, statements } = await work.outputs(lease);
  if (statements.length > maxStatements && level < MAX_LEVELS) {
    const groups = planReduction(statements, maxStatements, writer);
    await work.planReduction(lease, level + 1, groups, clock.now());
    return false;
  }
  await work.startChecking(lease, clock.now());
  return true;
}

async function settle(ports: PromptRunnerPorts, at: Place): Promise<void> {
  const { work } = ports;
  const { run, writer, places, lease, signal } = at;
  const found = await work.outputs(lease);
  const { language, maxStatements, reviewPolicy } = run.settings;
  const checked = await checkAll(found.statements.slice(0, maxStatements), places, {
    language,
    checker: writer.checksGrounding ? writer.model : undefined,
    tenantId: run.tenantId,
    runId: run.runId,
    signal,
  });
  const { statements } = checked;
  const dropped = [...found.dropped, ...checked.dropped];
  const coverage = (await work.read(lease))?.coverage ?? run.coverage;
  const text = { statements, dropped };
  const verdict = judge({ coverage, statements, dropped, mapped: found.mapped });
  switch (verdict.kind) {
    case "idle":
      return finish(ports, at, { state: "cancelled", reason: verdict.reason, text, coverage });
    case "held":
      return finish(ports, at, { state: "held", reason: verdict.reason, text, coverage });
    case "presentable": {
      const isAutomatic = reviewPolicy === "automatic" && verdict.isFlawless;
      const state = isAutomatic ? "approved" : "waiting-for-review";
      return finish(ports, at, { state, reason: undefined, text, coverage });
    }
    default:
      return verdict satisfies never;
  }
}

async function finish(
  { work, clock, logger, metrics }: PromptRunnerPorts,
  { run, lease }: Pick<Place, "run" | "lease">,
  { coverage, ...end }: Parameters<PromptWork["finish"]>[1] & { readonly coverage?: PageCoverage },
): Promise<void> {
  await work.finish(lease, end, clock.now());
  metrics.count("prompt_runs_total", { outcome: end.state });
  const told = {
    runId: run.runId,
    state: end.state,
    reason: end.reason?.code,
    statements: end.text?.statements.length,
    dropped: end.text?.dropped.length,
    pagesWanted: coverage?.wanted,
    pagesRead: coverage?.read,
  };
  if (end.state === "held" || end.state === "failed") logger.warn("prompt-run-ended", told);
  else logger.info("prompt-run-ended", told);
}

/** What may pass is tried again, later and later; the rest ends the run with the reason. Throws where the store is away. */
async function noteFailure(
  ports: PromptRunnerPorts,
  lease: RunLease,
  error: unknown,
): Promise<Date> {
  const { work, clock, logger } = ports;
  logger.warn("prompt-run-failed", { runId: lease.runId, error });
  const run = await work.read(lease);
  if (run === undefined) return clock.now();
  const reason: Reason = isPregoneroError(error)
    ? { code: error.code, detail: error.message }
    : { code: "internal", detail: "Something failed on our side; the log says what." };
  const isLasting = isPregoneroError(error) && error.retry === "never";
  if (isLasting || run.failures + 1 >= MAX_FAILURES) {
    const state = HELD_BY.has(reason.code) ? "held" : "failed";
    await finish(ports, { run, lease }, { state, reason });
    return clock.now();
  }
  await work.noteFailure(lease, reason, clock.now());
  const asked =
    isPregoneroError(error) && typeof error.retry === "object" ? error.retry.afterMs : 0;
  const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(asked, 30_000 * 2 ** run.failures));
  return new Date(clock.now().getTime() + waitMs);
}
