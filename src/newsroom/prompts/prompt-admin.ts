import type { AssistantAdmin } from "../../core/assistant.ts";
import type { Clock } from "../../core/clock.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { GazetteStore } from "../../core/gazette-store.ts";
import type { PromptId, TenantId } from "../../core/ids.ts";
import type { Author } from "../../core/operations.ts";
import type { Prompt, PromptSettings, PromptStore, PromptVersion } from "../../core/prompts.ts";
import { isTimeZone } from "../alerts/news-times.ts";
import { readTopic } from "../alerts/topic-terms.ts";
import { nextRunAt } from "./next-run.ts";

const MAX_STATEMENTS = 40;

export interface PromptAdminPorts {
  readonly store: PromptStore;
  readonly gazetteStore: Pick<GazetteStore, "findSource">;
  readonly assistants: Pick<AssistantAdmin, "list">;
  readonly clock: Clock;
}

export interface GivenPrompt {
  readonly name: string;
  readonly settings: PromptSettings;
}

/** Prompts as people keep them. Throws `not-found` (404) for what is not of the tenant, `prompt-invalid` (400). */
export interface PromptAdmin {
  list(tenantId: TenantId): Promise<readonly Prompt[]>;
  find(tenantId: TenantId, promptId: PromptId): Promise<Prompt>;
  versions(tenantId: TenantId, promptId: PromptId): Promise<readonly PromptVersion[]>;
  create(tenantId: TenantId, promptId: PromptId, given: GivenPrompt, by: Author): Promise<Prompt>;
  change(
    tenantId: TenantId,
    promptId: PromptId,
    given: GivenPrompt,
    revision: number | undefined,
    by: Author,
  ): Promise<Prompt>;
  pause(tenantId: TenantId, promptId: PromptId, isPaused: boolean, by: Author): Promise<Prompt>;
  remove(tenantId: TenantId, promptId: PromptId, by: Author): Promise<void>;
}

export function createPromptAdmin(ports: PromptAdminPorts): PromptAdmin {
  const { store, clock } = ports;
  const nextAt = (settings: PromptSettings) => nextRunAt(settings, clock.now());

  async function find(tenantId: TenantId, promptId: PromptId): Promise<Prompt> {
    const found = await store.find(tenantId, promptId);
    if (found === undefined) throw noPrompt();
    return found;
  }

  return {
    list: (tenantId) => store.list(tenantId),
    find,
    async versions(tenantId, promptId) {
      await find(tenantId, promptId);
      return store.versions(tenantId, promptId);
    },
    async create(tenantId, promptId, given, by) {
      await check(ports, tenantId, given.settings);
      await store.create(tenantId, promptId, given, nextAt(given.settings), by);
      return find(tenantId, promptId);
    },
    async change(tenantId, promptId, given, revision, by) {
      await find(tenantId, promptId);
      await check(ports, tenantId, given.settings);
      await store.change(tenantId, promptId, given, nextAt(given.settings), revision, by);
      return find(tenantId, promptId);
    },
    async pause(tenantId, promptId, isPaused, by) {
      const { settings } = await find(tenantId, promptId);
      await store.pause(tenantId, promptId, isPaused, nextAt(settings), by);
      return find(tenantId, promptId);
    },
    async remove(tenantId, promptId, by) {
      if (!(await store.remove(tenantId, promptId, by))) throw noPrompt();
    },
  };
}

/** What a schema cannot know: that what is named is there. */
async function check(
  { gazetteStore, assistants }: PromptAdminPorts,
  tenantId: TenantId,
  { sources, assistant, schedule, scope, maxStatements }: PromptSettings,
): Promise<void> {
  if (!Number.isInteger(maxStatements) || maxStatements < 1 || maxStatements > MAX_STATEMENTS) {
    throw invalid(`A prompt writes 1 to ${MAX_STATEMENTS} statements.`);
  }
  for (const slug of sources) {
    if ((await gazetteStore.findSource(tenantId, slug)) === undefined) {
      throw invalid(
        `There is no source "${slug}": see those that there are with GET /api/v1/sources.`,
      );
    }
  }
  if (assistant !== undefined) {
    const known = await assistants.list(tenantId);
    if (!known.some(({ name }) => name === assistant)) {
      throw invalid(`There is no assistant "${assistant}".`);
    }
  }
  const isByHour = schedule.kind === "daily" || schedule.kind === "weekly";
  if (isByHour && !isTimeZone(schedule.timeZone)) {
    throw invalid(`"${schedule.timeZone}" is no time zone: name one such as America/Costa_Rica.`);
  }
  if (scope.kind === "matching") {
    const { anyOf, body, section, name, place } = readTopic(scope.topic);
    if (anyOf.length === 0 && [body, section, name, place].every((term) => term === undefined)) {
      throw invalid("The topic has no words: say what an act must have to be read.");
    }
  }
}

function invalid(message: string): PregoneroError {
  return new PregoneroError("prompt-invalid", message, { status: 400 });
}

function noPrompt(): PregoneroError {
  return new PregoneroError("not-found", "There is no such prompt.", { status: 404 });
}
