import { Temporal } from "temporal-polyfill";
import { makeEdition } from "../stand-ins/gazette-site/gazette-site.ts";
import type { MonthPlan, PlannedDay } from "./month-days.ts";
import { type Crash, type Deed, dueAt, SOURCES } from "./month-plan.ts";
import { BY, type Newsroom, siteOf } from "./newsroom.ts";

const MINUTE_MS = 60_000;
export const STEP_MS = 30 * MINUTE_MS;
const USUAL_ROBOTS = "User-agent: *\nDisallow: /privado/\n";

export interface RunRecord {
  /** Deaths and freezes, in order, with the time at which they were ordered. */
  readonly crashes: readonly CrashRecord[];
  /** What a person could not do. */
  readonly troubles: readonly string[];
  /** While nobody ran. */
  readonly stops: readonly { readonly from: Date; readonly until: Date }[];
  readonly steps: number;
}

export interface CrashRecord {
  readonly at: Date;
  readonly crash: Crash;
  /** Undefined: the place was never come by. */
  reachedAt: Date | undefined;
}

interface Run {
  readonly newsroom: Newsroom;
  readonly crashes: CrashRecord[];
  readonly troubles: string[];
  readonly stops: { from: Date; until: Date }[];
  isStopped: boolean;
}

/** Half an hour of simulated time after the other. Two processes look each time: first all collect, then all tell. */
export async function runMonth(
  newsroom: Newsroom,
  plan: MonthPlan,
  onDate: (date: string) => void,
): Promise<RunRecord> {
  const run: Run = { newsroom, crashes: [], troubles: [], stops: [], isStopped: false };
  const script = scriptOf(run, plan);
  let steps = 0;
  let date = "";
  for (let time = plan.from.getTime(); time <= plan.until.getTime(); time += STEP_MS) {
    const now = new Date(time);
    await newsroom.setNow(now);
    while (script[0] !== undefined && script[0].at <= now) await script.shift()?.act();
    steps += 1;
    if (date !== now.toISOString().slice(0, 10)) {
      date = now.toISOString().slice(0, 10);
      onDate(date);
    }
    if (run.isStopped) continue;
    await look(run, "collect");
    await look(run, "news");
    await takeFromOutbox(newsroom);
  }
  return { crashes: run.crashes, troubles: run.troubles, stops: run.stops, steps };
}

interface Act {
  readonly at: Date;
  act(): Promise<void> | void;
}

function scriptOf(run: Run, plan: MonthPlan): Act[] {
  const { newsroom } = run;
  const added = SOURCES.map((source): Act => {
    const midnight = Temporal.PlainDate.from(plan.firstDate).toZonedDateTime(source.timeZone);
    const at = new Date(Math.max(plan.from.getTime(), midnight.epochMilliseconds));
    return { at, act: () => newsroom.addSource(source) };
  });
  const deeds = plan.days.flatMap((day) =>
    day.scenario.deeds.map(([minutes, deed]): Act => {
      const at = new Date(dueAt(day.source, day.date).getTime() + minutes * MINUTE_MS);
      return { at, act: () => carryOut(run, day, deed) };
    }),
  );
  const crashes = plan.crashes.map(
    ([at, crash]): Act => ({ at, act: () => void order(run, crash) }),
  );
  return [...added, ...deeds, ...crashes].sort((a, b) => a.at.getTime() - b.at.getTime());
}

async function carryOut(run: Run, day: PlannedDay, deed: Deed): Promise<void> {
  const { newsroom } = run;
  const { source, date } = day;
  const site = siteOf(newsroom.sites, source);
  switch (deed.kind) {
    case "fault":
      return site.setFault(date, deed.fault);
    case "robots":
      if (deed.robots === "unavailable") return site.setRobots(undefined);
      return site.setRobots(
        deed.robots === "usual" ? USUAL_ROBOTS : "User-agent: *\nDisallow: /\n",
      );
    case "correct":
      return site.correct(date);
    case "wrong-date": {
      const other = Temporal.PlainDate.from(date).subtract({ days: 2 }).toString();
      return site.setPdf(date, makeEdition(other, { isCorrected: true, name: "OTRA" }));
    }
    case "decide":
    case "change-settings":
    case "backfill":
      return asPerson(run, day, deed.kind === "decide" ? deed.decision : deed.kind);
    case "stop":
      run.isStopped = true;
      return void run.stops.push({ from: newsroom.now(), until: newsroom.now() });
    case "start": {
      run.isStopped = false;
      const last = run.stops.at(-1);
      if (last !== undefined) last.until = newsroom.now();
      return;
    }
    case "thaw":
      for (const replica of newsroom.replicas) await replica.thaw();
      return;
    case "crash":
      return order(run, deed);
  }
  deed satisfies never;
}

async function asPerson(
  { newsroom, troubles }: Run,
  { source, date }: PlannedDay,
  what: "accept" | "reject" | "change-settings" | "backfill",
): Promise<void> {
  const sourceId = newsroom.sourceIds.get(source.slug);
  if (sourceId === undefined) return void troubles.push(`${source.slug} was never added`);
  const { sources } = newsroom;
  try {
    if (what === "backfill") {
      await sources.backfill(undefined, sourceId, { from: date, until: date }, BY);
    } else if (what === "change-settings") {
      const settings = { pauseSeconds: 0.6 };
      await sources.change(undefined, sourceId, { settings }, undefined, BY);
    } else {
      await sources.decide(undefined, sourceId, date, what, BY);
    }
  } catch (error) {
    troubles.push(
      `${source.slug} ${date}, ${what}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function order({ newsroom, crashes }: Run, crash: Crash): void {
  crashes.push({ at: newsroom.now(), crash, reachedAt: undefined });
}

/** Who is to die looks first, so that it comes by the place; the others look when it is dead. */
async function look({ newsroom, crashes }: Run, phase: Crash["phase"]): Promise<void> {
  const now = newsroom.now();
  const [first, ...others] = newsroom.replicas.filter(({ isFrozen }) => !isFrozen);
  const ordered = crashes.find(
    ({ crash, reachedAt }) => crash.phase === phase && reachedAt === undefined,
  );
  const usual = { phase, now: now.getTime() };
  if (first === undefined) throw new Error("Every process stands still.");
  if (ordered === undefined) {
    await Promise.all([first, ...others].map((replica) => replica.look(usual)));
    return;
  }
  const outcome = await first.look({ ...usual, crash: ordered.crash });
  if (outcome.reached !== undefined) ordered.reachedAt = now;
  await Promise.all(others.map((replica) => replica.look(usual)));
}

/** The line delivers (`npm run verify:journey` tells how); here its place is made free. */
async function takeFromOutbox({ database, now }: Newsroom): Promise<void> {
  await database.query("update outbox set state = 'sent', settled_at = $1 where state = 'queued'", [
    now(),
  ]);
}
