import { randomUUID } from "node:crypto";
import { PregoneroError } from "../core/errors.ts";
import { asId, type PromptId, type PromptRunId, type TenantId } from "../core/ids.ts";
import type { Prompt, PromptRun, PromptRunSummary, PromptSettings } from "../core/prompts.ts";
import type { PromptAdmin } from "../newsroom/prompts/prompt-admin.ts";
import type { PromptRunAdmin } from "../newsroom/prompts/run-admin.ts";
import { formatUsd } from "./budget.ts";
import type { CommandContext, Output } from "./ports.ts";
import type {
  AddPromptInput,
  PromptCommandPorts,
  PromptEstimateView,
  PromptRowView,
  PromptRunRowView,
  PromptRunView,
  RunPromptInput,
} from "./prompt-ports.ts";
import { table } from "./terminal.ts";

const WHO_RUNS =
  "The process with the role `scheduler` runs it. See what came of it with: pregonero prompt show";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LISTED = 30;

export function promptCommands({
  promptFeatures: { prompts, runs },
  tenantId,
  actor,
}: {
  readonly promptFeatures: { readonly prompts: PromptAdmin; readonly runs: PromptRunAdmin };
  readonly tenantId: TenantId;
  readonly actor: string;
}): PromptCommandPorts {
  const by = { actor };
  async function find(name: string): Promise<Prompt> {
    const found = (await prompts.list(tenantId)).find((prompt) => prompt.name === name);
    if (found !== undefined) return found;
    throw new PregoneroError(
      "not-found",
      `There is no prompt "${name.slice(0, 80)}". See them with: pregonero prompt list`,
      { status: 404 },
    );
  }
  return {
    listPrompts: async () => (await prompts.list(tenantId)).map(viewRow),
    async addPrompt(input) {
      const given = { name: input.name, settings: toSettings(input) };
      const promptId = asId<PromptId>(randomUUID());
      return viewRow(await prompts.create(tenantId, promptId, given, by));
    },
    async estimatePrompt(input) {
      const { promptId } = await find(input.prompt);
      const { estimate } = await runs.estimate(tenantId, promptId, toAsked(input));
      const { model, costMicroUsd, ...rest } = estimate;
      return { ...rest, model: model ?? null, costMicroUsd: costMicroUsd ?? null };
    },
    async runPrompt(input) {
      const { promptId } = await find(input.prompt);
      const runId = asId<PromptRunId>(randomUUID());
      const run = await runs.start(tenantId, runId, promptId, toAsked(input), by);
      return { id: run.runId, title: run.title };
    },
    async listPromptRuns({ prompt }) {
      const promptId = prompt === undefined ? undefined : (await find(prompt)).promptId;
      const page = { after: undefined, limit: LISTED };
      return (await runs.list(tenantId, { promptId }, page)).entries.map(viewRunRow);
    },
    showPromptRun: async ({ run }) => viewRun(await runs.find(tenantId, runOf(run))),
    async approvePromptRun({ run, confirmsUnsupported }) {
      const runId = runOf(run);
      return viewRun(await runs.approve(tenantId, runId, confirmsUnsupported, undefined, by));
    },
    rejectPromptRun: async ({ run, reason }) =>
      viewRun(await runs.reject(tenantId, runOf(run), reason, undefined, by)),
    retryPromptRun: async ({ run }) => viewRun(await runs.retry(tenantId, runOf(run), by)),
  };
}

function runOf(id: string): PromptRunId {
  const wanted = id.toLowerCase();
  if (UUID.test(wanted)) return asId<PromptRunId>(wanted);
  throw new PregoneroError(
    "not-found",
    "A run is named by its id. See them with: pregonero prompt runs",
    { status: 404 },
  );
}

function toSettings(input: AddPromptInput): PromptSettings {
  const { title, language, sources, instructions, maxStatements, assistant } = input;
  return {
    kind: "digest",
    title,
    language,
    sources,
    instructions,
    maxStatements,
    ...(assistant === undefined ? {} : { assistant }),
    scope: toScope(input),
    schedule: { kind: input.isManual ? "manual" : "each-edition" },
    reviewPolicy: input.isAutomatic ? "automatic" : "required",
  };
}

function toScope({ sections, about }: AddPromptInput): PromptSettings["scope"] {
  if (about.length > 0) {
    return { kind: "matching", topic: { anyOf: about.map((words) => [words]), without: [] } };
  }
  return sections.length > 0 ? { kind: "sections", sections } : { kind: "whole" };
}

function toAsked({ source, from, until, version }: RunPromptInput) {
  const dates = from === undefined ? undefined : { from, until: until ?? from };
  return { source, version, dates };
}

function viewRow({ name, version, settings, isPaused }: Prompt): PromptRowView {
  return { name, version, sources: settings.sources, schedule: settings.schedule.kind, isPaused };
}

function viewRunRow(run: PromptRun | PromptRunSummary): PromptRunRowView {
  return {
    id: run.runId,
    prompt: run.promptName,
    version: run.version,
    state: run.state,
    title: run.title,
    pagesRead: run.coverage.read,
    pagesWanted: run.coverage.wanted,
    askedAt: run.askedAt.toISOString(),
  };
}

function viewRun(run: PromptRun): PromptRunView {
  const { review } = run;
  return {
    ...viewRunRow(run),
    reason: run.reason === undefined ? null : `${run.reason.code}: ${run.reason.detail}`,
    costMicroUsd: run.spent.costMicroUsd ?? null,
    statements: run.statements.map(({ text, isSupported, citations }) => ({
      text,
      isSupported,
      citations: citations.map(
        ({ sourceName, date, pdfPage, printedPage }) =>
          `${sourceName}, ${date}, p. ${printedPage ?? pdfPage}`,
      ),
    })),
    dropped: run.dropped.length,
    review: review === undefined ? null : `${review.decision} by ${review.by}`,
  };
}

export async function listPromptsCommand(
  ports: Pick<PromptCommandPorts, "listPrompts">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const prompts = await ports.listPrompts({}, context);
  if (prompts.length === 0) {
    out.progress("There is no prompt. Add one with: pregonero prompt add NAME --source SLUG");
    return 0;
  }
  const rows = prompts.map((prompt) => [
    prompt.name,
    String(prompt.version),
    prompt.isPaused ? "paused" : prompt.schedule,
    prompt.sources.join(", "),
  ]);
  out.result(table([["PROMPT", "VERSION", "RUNS", "SOURCES"], ...rows]));
  return 0;
}

export async function addPromptCommand(
  ports: Pick<PromptCommandPorts, "addPrompt">,
  input: AddPromptInput,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { name } = await ports.addPrompt(input, context);
  out.result(name);
  out.progress(
    input.isManual
      ? `Run it with: pregonero prompt run ${name}`
      : "Each new edition of its sources is read from now on.",
  );
  return 0;
}

export async function runPromptCommand(
  ports: Pick<PromptCommandPorts, "estimatePrompt" | "runPrompt">,
  { isEstimate, ...input }: RunPromptInput & { readonly isEstimate: boolean },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const line = describe(await ports.estimatePrompt(input, context));
  if (isEstimate) {
    out.result(line);
    return 0;
  }
  out.progress(line);
  const { id, title } = await ports.runPrompt(input, context);
  out.result(id);
  out.progress(`${title}. ${WHO_RUNS} ${id}`);
  return 0;
}

function describe(estimate: PromptEstimateView): string {
  const { documents, pages, acts, calls, inputTokens, outputTokens } = estimate;
  const what = `${documents} documents, ${pages} pages, ${acts} acts`;
  if (estimate.model === null) return `${what}; no model is asked, acts are quoted`;
  const { costMicroUsd: cost } = estimate;
  const price = cost === null ? "of unknown price" : `about ${formatUsd(cost)}`;
  return `${what}; ${estimate.model}: ${calls} calls, ${inputTokens} tokens in, ${outputTokens} out, ${price}`;
}

export async function listPromptRunsCommand(
  ports: Pick<PromptCommandPorts, "listPromptRuns">,
  input: { readonly prompt?: string | undefined },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const runs = await ports.listPromptRuns(input, context);
  if (runs.length === 0) {
    out.progress("Nothing was run yet.");
    return 0;
  }
  const rows = runs.map((run) => [
    run.id,
    `${run.prompt} v${run.version}`,
    run.state,
    `${run.pagesRead}/${run.pagesWanted}`,
    run.title,
  ]);
  out.result(table([["RUN", "PROMPT", "STATE", "PAGES READ", "TITLE"], ...rows]));
  return 0;
}

/** What was run, or reviewed, in full. */
export async function showPromptRunCommand(
  run: Promise<PromptRunView>,
  out: Output,
): Promise<number> {
  const shown = await run;
  const cost = shown.costMicroUsd === null ? "unknown" : formatUsd(shown.costMicroUsd);
  out.result(
    [
      `${shown.title} (${shown.prompt} v${shown.version})`,
      `${shown.state}${shown.reason === null ? "" : `: ${shown.reason}`}`,
      `pages read ${shown.pagesRead}/${shown.pagesWanted}, cost ${cost}, dropped by the check ${shown.dropped}`,
      ...(shown.review === null ? [] : [shown.review]),
      ...shown.statements.flatMap(({ text, isSupported, citations }, index) => [
        "",
        `${index + 1}. ${isSupported ? "" : "[UNSUPPORTED] "}${text}`,
        ...citations.map((citation) => `   ${citation}`),
      ]),
    ].join("\n"),
  );
  return 0;
}
