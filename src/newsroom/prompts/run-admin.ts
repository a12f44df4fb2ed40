import type { Clock } from "../../core/clock.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { GazetteDate } from "../../core/gazette.ts";
import type { PassageId, PromptId, PromptRunId, TenantId } from "../../core/ids.ts";
import type { Author } from "../../core/operations.ts";
import type { KeysetPage, KeysetRequest } from "../../core/page.ts";
import type { FindEditions, PromptWork, ReadPassages } from "../../core/prompt-work.ts";
import type {
  Prompt,
  PromptRun,
  PromptRunEdition,
  PromptRunStore,
  PromptRunSummary,
  PromptSettings,
  PromptStore,
  RunEstimate,
  RunFilter,
  RunPage,
} from "../../core/prompts.ts";
import type { Stemmer } from "../../core/subscriptions.ts";
import { chooseActs } from "./choose-acts.ts";
import { compareRuns, type RunComparison } from "./compare-runs.ts";
import { planRun } from "./estimate.ts";
import { type GivenStatement, recheck, takeEdits } from "./review-statements.ts";
import { titleOf } from "./title.ts";
import type { OpenWriter } from "./writer.ts";

export interface RunAdminPorts {
  readonly prompts: Pick<PromptStore, "find" | "versions">;
  readonly runs: PromptRunStore;
  readonly findEditions: FindEditions;
  readonly readPassages: ReadPassages;
  readonly materials: PromptWork["materials"];
  readonly stemmer: Stemmer;
  readonly openWriter: OpenWriter;
  readonly clock: Clock;
}

/** Which editions, and which version. */
export interface RunRequest {
  /** Slug, of the prompt's own; undefined: all of them. */
  readonly source?: string | undefined;
  /** Inclusive, at most 31 days. Undefined: the newest date that there is. */
  readonly dates?: { readonly from: GazetteDate; readonly until: GazetteDate } | undefined;
  /** Undefined: the newest. */
  readonly version?: number | undefined;
}

/** A month of the BOE has some 8,000 documents: that is no digest any more. */
const MAX_DOCUMENTS = 2_000;
const MAX_DAYS = 31;

/** Runs as people start, see and review them. Throws `not-found` (404) for what is not of the tenant. */
export interface PromptRunAdmin {
  estimate(
    tenantId: TenantId,
    promptId: PromptId,
    asked: RunRequest,
  ): Promise<{ readonly estimate: RunEstimate; readonly editions: readonly PromptRunEdition[] }>;
  start(
    tenantId: TenantId,
    runId: PromptRunId,
    promptId: PromptId,
    asked: RunRequest,
    by: Author,
  ): Promise<PromptRun>;
  list(
    tenantId: TenantId,
    filter: RunFilter,
    page: KeysetRequest,
  ): Promise<KeysetPage<PromptRunSummary>>;
  find(tenantId: TenantId, runId: PromptRunId): Promise<PromptRun>;
  pages(tenantId: TenantId, runId: PromptRunId): Promise<readonly RunPage[]>;
  /** Each statement is checked again; what is not supported is marked. */
  edit(
    tenantId: TenantId,
    runId: PromptRunId,
    statements: readonly GivenStatement[],
    revision: number | undefined,
    by: Author,
  ): Promise<PromptRun>;
  /** Throws `unsupported-statements` (409) where a person's own are not supported and nobody confirms them. */
  approve(
    tenantId: TenantId,
    runId: PromptRunId,
    confirmsUnsupported: boolean,
    revision: number | undefined,
    by: Author,
  ): Promise<PromptRun>;
  reject(
    tenantId: TenantId,
    runId: PromptRunId,
    reason: string,
    revision: number | undefined,
    by: Author,
  ): Promise<PromptRun>;
  cancel(tenantId: TenantId, runId: PromptRunId, by: Author): Promise<PromptRun>;
  retry(tenantId: TenantId, runId: PromptRunId, by: Author): Promise<PromptRun>;
  compare(tenantId: TenantId, left: PromptRunId, right: PromptRunId): Promise<RunComparison>;
}

export function createPromptRunAdmin(ports: RunAdminPorts): PromptRunAdmin {
  const { runs, clock } = ports;

  async function find(tenantId: TenantId, runId: PromptRunId): Promise<PromptRun> {
    const found = await runs.find(tenantId, runId);
    if (found === undefined) throw noRun();
    return found;
  }
  const take = async (
    tenantId: TenantId,
    runId: PromptRunId,
    step: Parameters<PromptRunStore["take"]>[2],
    revision: number | undefined,
    by: Author,
  ) => {
    await runs.take(tenantId, runId, step, revision, clock.now(), by);
    return find(tenantId, runId);
  };
  const evidenceOfRun = (run: PromptRun, passageIds: readonly PassageId[]) =>
    readOwn(ports.readPassages, run, passageIds);

  return {
    async estimate(tenantId, promptId, asked) {
      const { estimate, editions } = await prepare(ports, tenantId, promptId, asked);
      return { estimate, editions };
    },
    async start(tenantId, runId, promptId, asked, by) {
      const ready = await prepare(ports, tenantId, promptId, asked);
      const { version, settings, editions, estimate } = ready;
      const title = titleOf(settings, editions);
      const editionIds = editions.map(({ id }) => id);
      await runs.create(tenantId, { runId, promptId, version, title, editionIds, estimate }, by);
      return find(tenantId, runId);
    },
    list: (tenantId, filter, page) => runs.list(tenantId, filter, page),
    find,
    async pages(tenantId, runId) {
      await find(tenantId, runId);
      return runs.pages(tenantId, runId);
    },
    async edit(tenantId, runId, given, revision, by) {
      const run = await find(tenantId, runId);
      const passages = await evidenceOfRun(
        run,
        given.flatMap(({ cites }) => cites),
      );
      const statements = takeEdits(run, given, passages);
      return take(tenantId, runId, { kind: "edit", statements }, revision, by);
    },
    async approve(tenantId, runId, confirmsUnsupported, revision, by) {
      const run = await find(tenantId, runId);
      if (revision !== undefined && revision !== run.revision) throw stale();
      const cited = run.statements.flatMap(({ citations }) =>
        citations.map(({ passageId }) => passageId),
      );
      const statements = recheck(run, await evidenceOfRun(run, cited));
      const unsupported = statements.filter(({ isSupported }) => !isSupported);
      if (unsupported.length > 0 && !confirmsUnsupported) {
        throw new PregoneroError(
          "unsupported-statements",
          `${unsupported.length} of the statements say what the gazette does not: change them, or approve with confirmUnsupported, which the audit notes.`,
          { status: 409 },
        );
      }
      // What was read is what is approved: an edit in between makes it stale.
      const expected = revision ?? run.revision;
      return take(tenantId, runId, { kind: "approve", statements }, expected, by);
    },
    reject: (tenantId, runId, reason, revision, by) =>
      take(tenantId, runId, { kind: "reject", reason }, revision, by),
    cancel: (tenantId, runId, by) => take(tenantId, runId, { kind: "cancel" }, undefined, by),
    retry: (tenantId, runId, by) => take(tenantId, runId, { kind: "retry" }, undefined, by),
    async compare(tenantId, left, right) {
      return compareRuns(await find(tenantId, left), await find(tenantId, right));
    },
  };
}

/** Passages of the run's own editions: what another edition says supports nothing of this one. */
async function readOwn(
  readPassages: ReadPassages,
  { tenantId, editions }: PromptRun,
  passageIds: readonly PassageId[],
) {
  const own = new Set(editions.map(({ id }) => id));
  const found = await readPassages(tenantId, [...new Set(passageIds)]);
  return found.filter(({ passage }) => own.has(passage.editionId));
}

async function prepare(
  ports: RunAdminPorts,
  tenantId: TenantId,
  promptId: PromptId,
  asked: RunRequest,
) {
  const prompt = await ports.prompts.find(tenantId, promptId);
  if (prompt === undefined) {
    throw new PregoneroError("not-found", "There is no such prompt.", { status: 404 });
  }
  const { version, settings } = await chooseVersion(ports, prompt, asked.version);
  const { source, dates } = asked;
  if (source !== undefined && !settings.sources.includes(source)) {
    throw refused(`The prompt does not read "${source}": it reads ${settings.sources.join(", ")}.`);
  }
  if (dates !== undefined) checkDates(dates);
  const sources = source === undefined ? settings.sources : [source];
  const editions = await ports.findEditions(tenantId, { sources, dates });
  if (editions.length === 0) throw refused("There is no edition of these dates.");
  if (editions.length > MAX_DOCUMENTS) {
    throw refused(
      `These are ${editions.length} documents: at most ${MAX_DOCUMENTS} are read at once.`,
    );
  }
  const writer = await ports.openWriter(tenantId, settings.assistant);
  const editionIds = editions.map(({ id }) => id);
  const materials = await ports.materials(tenantId, editionIds);
  const inScope = await chooseActs(materials, settings.scope, ports.stemmer);
  const { estimate } = planRun(settings, materials, inScope, writer);
  return { version, settings, editions, estimate };
}

async function chooseVersion(
  { prompts }: RunAdminPorts,
  prompt: Prompt,
  wanted: number | undefined,
): Promise<{ readonly version: number; readonly settings: PromptSettings }> {
  if (wanted === undefined || wanted === prompt.version) return prompt;
  const versions = await prompts.versions(prompt.tenantId, prompt.promptId);
  const found = versions.find(({ version }) => version === wanted);
  if (found === undefined) throw refused(`The prompt has no version ${wanted}.`);
  return found;
}

function checkDates({ from, until }: { readonly from: GazetteDate; readonly until: GazetteDate }) {
  const days = (Date.parse(until) - Date.parse(from)) / 86_400_000 + 1;
  if (Number.isNaN(days) || days < 1) throw refused("`from` must be a date not after `until`.");
  if (days > MAX_DAYS) throw refused(`At most ${MAX_DAYS} days are read at once.`);
}

function refused(message: string): PregoneroError {
  return new PregoneroError("run-invalid", message, { status: 400 });
}

function stale(): PregoneroError {
  return new PregoneroError(
    "stale",
    "Somebody changed it since you read it. Read it again, and review what is there now.",
    { status: 412 },
  );
}

function noRun(): PregoneroError {
  return new PregoneroError("not-found", "There is no such run.", { status: 404 });
}
