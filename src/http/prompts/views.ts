import type { z } from "zod";
import type {
  Prompt,
  PromptRun,
  PromptRunEdition,
  PromptRunSummary,
  PromptSettings,
  PromptVersion,
  RunEstimate,
  RunPage,
  RunStatement,
} from "../../core/prompts.ts";
import type { AlertTopic } from "../../core/subscriptions.ts";
import type { RunComparison } from "../../newsroom/prompts/compare-runs.ts";
import type { GivenPrompt } from "../../newsroom/prompts/prompt-admin.ts";
import type { RunRequest as AskedRun } from "../../newsroom/prompts/run-admin.ts";
import type {
  ComparisonShape,
  EstimateShape,
  PagesShape,
  PromptRequest,
  PromptShape,
  RunRequest,
  RunShape,
  RunSummaryShape,
  VersionsShape,
} from "./contract.ts";

/** What is asked for, as the newsroom takes it. */
export function toGivenPrompt(asked: PromptRequest): GivenPrompt {
  const { name, assistant, scope, schedule, sources, ...rest } = asked;
  return {
    name,
    settings: {
      ...rest,
      ...(assistant === undefined || assistant === null ? {} : { assistant }),
      sources: [...new Set(sources)],
      scope: scope.kind === "matching" ? { kind: "matching", topic: toTopic(scope.topic) } : scope,
      schedule: toSchedule(schedule),
    },
  };
}

type AskedTopic = Extract<PromptRequest["scope"], { kind: "matching" }>["topic"];

/** What is not said is not there: zod leaves it there as undefined. */
function toTopic({ anyOf, without = [], body, section, name, place }: AskedTopic): AlertTopic {
  return {
    anyOf,
    without,
    ...(body === undefined ? {} : { body }),
    ...(section === undefined ? {} : { section }),
    ...(name === undefined ? {} : { name }),
    ...(place === undefined ? {} : { place }),
  };
}

function toSchedule(asked: PromptRequest["schedule"]): PromptSettings["schedule"] {
  if (asked.kind !== "daily" && asked.kind !== "weekly") return asked;
  const { at, ...rest } = asked;
  const [hour = 0, minute = 0] = at.split(":").map(Number);
  return { ...rest, minute: hour * 60 + minute };
}

export function toAskedRun({ source, from, until, version }: RunRequest): AskedRun {
  return {
    source,
    version,
    dates: from === undefined ? undefined : { from, until: until ?? from },
  };
}

export function viewPrompt(prompt: Prompt): z.infer<typeof PromptShape> {
  return {
    id: prompt.promptId,
    name: prompt.name,
    ...viewSettings(prompt.settings),
    version: prompt.version,
    isPaused: prompt.isPaused,
    nextAt: prompt.nextAt?.toISOString() ?? null,
    createdAt: prompt.createdAt.toISOString(),
  };
}

export function viewVersion({
  version,
  settings,
  createdAt,
  createdBy,
}: PromptVersion): z.infer<typeof VersionsShape>["versions"][number] {
  return { version, ...viewSettings(settings), createdAt: createdAt.toISOString(), createdBy };
}

function viewSettings(settings: PromptSettings) {
  const { schedule } = settings;
  const isByHour = schedule.kind === "daily" || schedule.kind === "weekly";
  const { minute, ...plain } = isByHour ? schedule : { ...schedule, minute: 0 };
  return {
    kind: settings.kind,
    title: settings.title,
    language: settings.language,
    assistant: settings.assistant ?? null,
    sources: [...settings.sources],
    scope: { ...settings.scope },
    schedule: isByHour ? { ...plain, at: clockOf(minute) } : plain,
    instructions: settings.instructions,
    maxStatements: settings.maxStatements,
    reviewPolicy: settings.reviewPolicy,
  };
}

function clockOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

export function viewEstimate(found: {
  readonly estimate: RunEstimate;
  readonly editions: readonly PromptRunEdition[];
}): z.infer<typeof EstimateShape> {
  return { estimate: estimateOf(found.estimate), editions: found.editions.map(editionOf) };
}

function estimateOf(estimate: RunEstimate) {
  return {
    ...estimate,
    model: estimate.model ?? null,
    costMicroUsd: estimate.costMicroUsd ?? null,
  };
}

function editionOf(edition: PromptRunEdition) {
  return {
    id: edition.id,
    source: edition.sourceSlug,
    sourceName: edition.sourceName,
    date: edition.date,
    number: edition.number ?? null,
    documentName: edition.documentName,
    pageCount: edition.pageCount,
  };
}

function viewCommon(run: PromptRun | PromptRunSummary) {
  const { review } = run;
  return {
    id: run.runId,
    promptId: run.promptId,
    promptName: run.promptName,
    version: run.version,
    trigger: run.trigger,
    state: run.state,
    reason: run.reason === undefined ? null : { code: run.reason.code, detail: run.reason.detail },
    title: run.title,
    editions: run.editions.map(editionOf),
    coverage: { ...run.coverage },
    isOutdated: run.isOutdated,
    steps: { ...run.steps },
    estimate: run.estimate === undefined ? null : estimateOf(run.estimate),
    askedBy: run.askedBy,
    askedAt: run.askedAt.toISOString(),
    changedAt: run.changedAt.toISOString(),
    review:
      review === undefined
        ? null
        : {
            decision: review.decision,
            by: review.by,
            at: review.at.toISOString(),
            reason: review.reason ?? null,
          },
  };
}

export function viewSummary(run: PromptRunSummary): z.infer<typeof RunSummaryShape> {
  const { statementCount, droppedCount } = run;
  return { ...viewCommon(run), statementCount, droppedCount };
}

export function viewRun(run: PromptRun): z.infer<typeof RunShape> {
  return {
    ...viewCommon(run),
    language: run.settings.language,
    spent: { calls: run.spent.calls, costMicroUsd: run.spent.costMicroUsd ?? null },
    statements: run.statements.map(statementOf),
    dropped: run.dropped.map(({ text, reason }) => ({ text, reason })),
  };
}

function statementOf({ text, origin, citations, isSupported }: RunStatement) {
  return {
    text,
    origin,
    isSupported,
    citations: citations.map((citation) => ({
      ...citation,
      printedPage: citation.printedPage ?? null,
    })),
  };
}

export function viewPages(pages: readonly RunPage[]): z.infer<typeof PagesShape> {
  return { pages: pages.map((page) => ({ ...page })) };
}

export function viewComparison(compared: RunComparison): z.infer<typeof ComparisonShape> {
  return {
    left: viewRun(compared.left),
    right: viewRun(compared.right),
    hasSameEditions: compared.hasSameEditions,
    same: compared.same.map(statementOf),
    reworded: compared.reworded.map(({ left, right }) => ({
      left: statementOf(left),
      right: statementOf(right),
    })),
    onlyLeft: compared.onlyLeft.map(statementOf),
    onlyRight: compared.onlyRight.map(statementOf),
  };
}
