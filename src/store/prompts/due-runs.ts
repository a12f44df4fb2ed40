import { randomUUID } from "node:crypto";
import { asId, type PromptId, type PromptRunId, type TenantId } from "../../core/ids.ts";
import type { DuePrompt, DueRuns } from "../../core/prompt-work.ts";
import type { PromptRunEdition, PromptSettings } from "../../core/prompts.ts";
import type { Database, Transaction } from "../database.ts";
import { insertRun } from "./insert-run.ts";
import { EDITION_FACTS, type EditionFacts, toRunEdition } from "./prompt-rows.ts";

/** An edition that came in while no scheduler ran is read all the same, for so long. */
const LOOK_BACK_DAYS = 14;
const MAX_DOCUMENTS = 2_000;

export interface DueRunOptions {
  /** Editions published longer ago than this many days when they come in start nothing: somebody fills in an archive. */
  readonly newerThanDays: number;
  /** Of one date documents come one after the other: they are read once the last has been there for so long. */
  readonly settledAfterMs: number;
}

type How = Parameters<DueRuns["make"]>[2];

export function createDueRuns(database: Database, options: DueRunOptions): DueRuns {
  return {
    listPrompts: (now) =>
      database.asDispatcher(async (tx) => {
        const rows = await tx.query<{ tenant_id: string; id: string }>(
          {
            name: "prompts-due",
            text: `select p.tenant_id, p.id from prompt p join tenant t on t.id = p.tenant_id
                   where t.state = 'active' and p.removed_at is null and not p.is_paused and p.is_scheduled
                     and (p.next_at is null or p.next_at <= $1)
                   order by p.next_at nulls last, p.id`,
          },
          [now],
        );
        return rows.map((row) => ({
          tenantId: asId<TenantId>(row.tenant_id),
          promptId: asId<PromptId>(row.id),
        }));
      }),
    make: (due, now, how) =>
      database.asTenant(due.tenantId, (tx) => make(tx, due, { now, how, options })),
  };
}

interface Look {
  readonly now: Date;
  readonly how: How;
  readonly options: DueRunOptions;
}

interface DueRow {
  readonly version: number;
  readonly settings: PromptSettings;
}

async function make(tx: Transaction, due: DuePrompt, look: Look): Promise<number> {
  const seen = await readDue(tx, due, look.now, "");
  if (seen === undefined) return 0;
  const isByHour = look.how.nextAt(seen.settings, look.now) !== undefined;
  // A look that finds nothing writes nothing.
  if (!isByHour && (await readGroups(tx, due, seen.settings, look)).length === 0) return 0;
  // Of several processes that look, one makes the runs: the others find them made.
  const prompt = await readDue(tx, due, look.now, "for update of p");
  if (prompt === undefined) return 0;
  const nextAt = look.how.nextAt(prompt.settings, look.now);
  const groups = await readGroups(tx, due, prompt.settings, look);
  for (const editions of groups) {
    await insertRun(tx, {
      ...due,
      runId: asId<PromptRunId>(randomUUID()),
      version: prompt.version,
      trigger: nextAt === undefined ? "edition" : "schedule",
      title: look.how.title(prompt.settings, editions),
      editionIds: editions.map(({ id }) => id),
      estimate: undefined,
      askedBy: "automatic",
    });
  }
  if (nextAt !== undefined) {
    await tx.query("update prompt set next_at = $2 where id = $1", [due.promptId, nextAt]);
  }
  return groups.length;
}

async function readDue(
  tx: Transaction,
  { promptId }: DuePrompt,
  now: Date,
  lock: "" | "for update of p",
): Promise<DueRow | undefined> {
  const [row] = await tx.query<DueRow>(
    `select p.version, v.settings from prompt p
       join prompt_version v on v.prompt_id = p.id and v.version = p.version
      where p.id = $1 and p.removed_at is null and not p.is_paused and p.is_scheduled
        and (p.next_at is null or p.next_at <= $2) ${lock}`,
    [promptId, now],
  );
  return row;
}

/** Documents that came in and that no run of the prompt has had: of one gazette and date together, or all at its hour. */
async function readGroups(
  tx: Transaction,
  { promptId }: DuePrompt,
  settings: PromptSettings,
  { now, options }: Look,
): Promise<readonly (readonly PromptRunEdition[])[]> {
  const isEach = settings.schedule.kind === "each-edition";
  const rows = await tx.query<EditionFacts & { ingested_at: Date; is_collecting: boolean }>(
    {
      name: "prompt-editions-due",
      text: `select ${EDITION_FACTS}, e.ingested_at, exists (
                      select 1 from edition_expectation x
                       where x.source_id = e.source_id and x.published_on = e.published_on
                         and x.state = 'collecting') as is_collecting
               from edition e join source g on g.id = e.source_id join prompt p on p.id = $1
              where g.kind = 'gazette' and g.slug = any($2) and e.superseded_by is null
                and e.ingested_at > greatest(p.active_since, now() - ${LOOK_BACK_DAYS} * interval '1 day')
                and e.published_on > (e.ingested_at - $3 * interval '1 day')::date
                and not exists (select 1 from prompt_run_edition r
                                 where r.prompt_id = p.id and r.edition_id = e.id and r.is_triggered)
              order by g.slug, e.published_on, e.document_name limit ${MAX_DOCUMENTS}`,
    },
    [promptId, settings.sources, options.newerThanDays],
  );
  if (!isEach) return rows.length === 0 ? [] : [rows.map(toRunEdition)];
  const groups = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = `${row.slug} ${row.published_on}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const settledBefore = now.getTime() - options.settledAfterMs;
  return [...groups.values()]
    .filter((group) =>
      group.every((row) => !row.is_collecting && row.ingested_at.getTime() <= settledBefore),
    )
    .map((group) => group.map(toRunEdition));
}
