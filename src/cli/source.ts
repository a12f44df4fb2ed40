import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import type { CollectedSource } from "../core/newsroom.ts";
import { todayIn } from "../newsroom/collection/expected-days.ts";
import type { SourceAdmin } from "../newsroom/collection/source-admin.ts";
import type { CommandContext, Output } from "./ports.ts";
import { readSourceFile } from "./source-file.ts";
import type { AddSourceInput, SourceCommandPorts, SourceRowView } from "./source-ports.ts";
import { table } from "./terminal.ts";

/** Whoever has the command line operates the installation: its sources are public. */
const OWNER = undefined;
const WHO_COLLECTS =
  "The process with the role `scheduler` collects it. See how it stands with: pregonero source calendar";

export function sourceCommands({
  sources,
  clock,
  actor,
}: {
  readonly sources: SourceAdmin;
  readonly clock: Clock;
  readonly actor: string;
}): SourceCommandPorts {
  const by = { actor };
  async function find(slug: string): Promise<CollectedSource> {
    const found = (await sources.list(OWNER)).find(({ source }) => source.slug === slug);
    if (found !== undefined) return found;
    throw new PregoneroError(
      "not-found",
      `There is no source "${slug.slice(0, 64)}". See them with: pregonero source list`,
      { status: 404 },
    );
  }
  return {
    listCollectedSources: async () => (await sources.list(OWNER)).map(viewRow),
    async addSource({ request, preset, url, hosts, since }) {
      if (request !== undefined) return viewRow(await sources.add(OWNER, request, by));
      const settings = {
        ...(url !== undefined && { locator: { kind: "address" as const, url } }),
        ...(hosts !== undefined && { hosts }),
      };
      return viewRow(await sources.add(OWNER, { preset, settings, since }, by));
    },
    async pauseSource({ source: slug, isPaused }) {
      const { source } = await find(slug);
      const pause = { isPaused, reason: undefined };
      return viewRow(await sources.change(OWNER, source.sourceId, { pause }, undefined, by));
    },
    async removeSource({ source: slug }) {
      const { source } = await find(slug);
      await sources.archive(OWNER, source.sourceId, by);
      return { slug };
    },
    async collectSource({ source: slug, date: asked }) {
      const { source } = await find(slug);
      const date = asked ?? todayIn(source.timeZone, clock.now());
      await sources.collectNow(OWNER, source.sourceId, date, by);
      return { date };
    },
    async backfillSource({ source: slug, from, until }) {
      const { source } = await find(slug);
      const { total } = await sources.backfill(OWNER, source.sourceId, { from, until }, by);
      return { days: total };
    },
    async showCalendar({ source: slug, month: asked }) {
      const { source } = await find(slug);
      const month = asked ?? todayIn(source.timeZone, clock.now()).slice(0, 7);
      const days = await sources.calendar(OWNER, source.sourceId, month);
      return {
        month,
        days: days.flatMap(({ date, edition, isExpected }) => {
          if (edition === undefined && !isExpected) return [];
          const state = edition?.state ?? "expected";
          const reason = edition?.reason?.detail ?? null;
          return [{ date, state, attempts: edition?.attempts ?? 0, reason }];
        }),
      };
    },
  };
}

function viewRow({ source, ...collected }: CollectedSource): SourceRowView {
  return {
    slug: source.slug,
    name: source.name,
    isPaused: collected.isPaused,
    pauseReason: collected.pauseReason ?? null,
    since: collected.since,
    lastCollectedOn: collected.lastCollectedOn ?? null,
  };
}

export async function listSourcesCommand(
  ports: Pick<SourceCommandPorts, "listCollectedSources">,
  context: CommandContext,
  out: Output,
): Promise<number> {
  const sources = await ports.listCollectedSources({}, context);
  if (sources.length === 0) {
    out.progress("No source is collected. Add one with: pregonero source add la-gaceta");
    return 0;
  }
  out.result(
    table([
      ["SOURCE", "NAME", "STATE", "SINCE", "NEWEST"],
      ...sources.map((source) => [
        source.slug,
        source.name,
        source.isPaused ? "paused" : "collected",
        source.since,
        source.lastCollectedOn ?? "",
      ]),
    ]),
  );
  return 0;
}

export async function addSourceCommand(
  ports: Pick<SourceCommandPorts, "addSource">,
  { file, ...said }: Omit<AddSourceInput, "request"> & { readonly file?: string | undefined },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const input = file === undefined ? said : { request: await readSourceFile(file) };
  const { slug, isPaused, pauseReason, since } = await ports.addSource(input, context);
  out.result(slug);
  out.progress(
    isPaused
      ? `It is paused. ${pauseReason ?? ""} When its address is right: pregonero source resume ${slug}`
      : `Its editions are expected from ${since} on. ${WHO_COLLECTS} ${slug}`,
  );
  return 0;
}

export async function pauseSourceCommand(
  ports: Pick<SourceCommandPorts, "pauseSource">,
  input: { readonly source: string; readonly isPaused: boolean },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { slug, isPaused } = await ports.pauseSource(input, context);
  out.result(isPaused ? `${slug} is paused.` : `${slug} is collected.`);
  return 0;
}

export async function removeSourceCommand(
  ports: Pick<SourceCommandPorts, "removeSource">,
  input: { readonly source: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { slug } = await ports.removeSource(input, context);
  out.result(`${slug} is collected no more. Its editions stay, and are answered from.`);
  return 0;
}

export async function collectSourceCommand(
  ports: Pick<SourceCommandPorts, "collectSource">,
  input: { readonly source: string; readonly date?: string | undefined },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { date } = await ports.collectSource(input, context);
  out.result(`The edition of ${date} is looked for.`);
  out.progress(`${WHO_COLLECTS} ${input.source}`);
  return 0;
}

export async function backfillSourceCommand(
  ports: Pick<SourceCommandPorts, "backfillSource">,
  input: { readonly source: string; readonly from: string; readonly until: string },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { days } = await ports.backfillSource(input, context);
  out.result(`${days} editions from ${input.from} to ${input.until} are looked for.`);
  out.progress(`${WHO_COLLECTS} ${input.source}`);
  return 0;
}

export async function calendarCommand(
  ports: Pick<SourceCommandPorts, "showCalendar">,
  input: { readonly source: string; readonly month?: string | undefined },
  context: CommandContext,
  out: Output,
): Promise<number> {
  const { month, days } = await ports.showCalendar(input, context);
  if (days.length === 0) {
    out.progress(`No edition is expected in ${month}.`);
    return 0;
  }
  out.result(
    table([
      ["DATE", "STATE", "TRIES", "WHY"],
      ...days.map((day) => [day.date, day.state, String(day.attempts), day.reason ?? ""]),
    ]),
  );
  return 0;
}
