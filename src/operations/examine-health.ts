import type { ChannelHealth } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import type { HealthReport, HealthState, ProviderFigures } from "../core/health.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { BotQueue, Pause } from "../core/operations.ts";
import type { SessionReport, SessionState } from "../core/session.ts";
import type { Switches } from "../core/switches.ts";

/** A bot, and what its network says of it. */
export interface ExaminedBot {
  readonly tenantId: TenantId;
  readonly botId: BotId;
  readonly name: string;
  /** Undefined: this channel cannot be inspected, or is a session. */
  readonly health: ChannelHealth | undefined;
  /** Of a bot that is a session. */
  readonly session:
    | { readonly report: SessionReport | undefined; readonly isAttended: boolean }
    | undefined;
}

export interface ExaminedCheck {
  readonly name: string;
  readonly status: "ok" | "note" | "warning" | "failed";
  readonly evidence: string;
  readonly remedy?: string;
}

export interface HealthPorts {
  readonly bots: (
    tenantId: TenantId | undefined,
    signal: AbortSignal,
  ) => Promise<readonly ExaminedBot[]>;
  readonly queues: (tenantId: TenantId | undefined) => Promise<readonly BotQueue[]>;
  readonly pauses: (tenantId: TenantId | undefined) => Promise<readonly Pause[]>;
  readonly providers: () => Promise<readonly ProviderFigures[]>;
  readonly breakers: () => readonly {
    readonly model: string;
    readonly kind: string;
    readonly since: Date;
    readonly until: Date | undefined;
    readonly failedWith: string | undefined;
  }[];
  readonly switches: Pick<Switches, "level" | "offFor">;
  /** What `doctor` looks at: database, Redis, disk, Chromium, addresses. */
  readonly checks: (signal: AbortSignal) => Promise<readonly ExaminedCheck[]>;
  readonly clock: Clock;
}

type Seen = Omit<HealthReport, "since"> & { readonly since: Date | undefined };

/** As long as nobody is late: what waits longer is felt. */
const LATE_MS = 120_000;
const FAILING_PART = 0.5;
/** What a healthy provider loses too. */
const FLAKY_PART = 0.1;

/**
 * How everything stands, each with its evidence. What cannot be looked at is `unknown`, never `ok`. Since when
 * something is so is remembered by this process, for what does not tell it itself.
 */
export function createHealthExaminer(ports: HealthPorts) {
  const { clock } = ports;
  let remembered = new Map<string, { readonly state: HealthState; readonly since: Date }>();

  function remember(seen: readonly Seen[]): readonly HealthReport[] {
    const now = clock.now();
    const next = new Map(remembered);
    const reports = seen.map((each) => {
      const key = `${each.kind} ${each.id}`;
      const before = remembered.get(key);
      const since = each.since ?? (before?.state === each.state ? before.since : now);
      next.set(key, { state: each.state, since });
      return { ...each, since };
    });
    remembered = next;
    return reports;
  }

  return async (
    tenantId: TenantId | undefined,
    signal: AbortSignal,
  ): Promise<readonly HealthReport[]> => {
    const [bots, queues, pauses, platform] = await Promise.all([
      ports.bots(tenantId, signal),
      ports.queues(tenantId),
      ports.pauses(tenantId),
      tenantId === undefined ? examinePlatform(ports, signal) : [],
    ]);
    const names = new Map(bots.map(({ botId, name }) => [botId, name]));
    return remember([
      ...bots.flatMap(examineBot),
      ...queues.map((queue) => examineQueue(queue, names, clock.now())),
      ...pauses.map(examinePause),
      ...examineSwitches(ports.switches, tenantId),
      ...platform,
    ]);
  };
}

async function examinePlatform(ports: HealthPorts, signal: AbortSignal): Promise<readonly Seen[]> {
  const [figures, checks] = await Promise.all([ports.providers(), ports.checks(signal)]);
  return [...examineProviders(figures, ports.breakers()), ...checks.map(examineCheck)];
}

function examineBot({ botId, name, health, session }: ExaminedBot): Seen[] {
  if (session !== undefined) return [examineSession(botId, name, session)];
  if (health === undefined) {
    const evidence = "Its channel has nothing to ask.";
    return [
      {
        kind: "bot",
        id: botId,
        name,
        state: "unknown",
        since: undefined,
        evidence,
        action: undefined,
      },
    ];
  }
  return [
    {
      kind: "bot",
      id: botId,
      name,
      state: health.isHealthy ? "ok" : "down",
      since: undefined,
      evidence: health.evidence,
      action: health.action,
    },
  ];
}

const OF_SESSION: Readonly<Record<SessionState, HealthState>> = {
  ready: "ok",
  starting: "degraded",
  connecting: "degraded",
  degraded: "degraded",
  "waiting-for-scan": "down",
  conflict: "down",
  restricted: "down",
  "logged-out": "down",
  "needs-adapter": "down",
  parked: "down",
  stopped: "down",
};

/** A session that nobody tells of any more is down, whatever it said last. */
function examineSession(
  id: string,
  name: string,
  { report, isAttended }: NonNullable<ExaminedBot["session"]>,
): Seen {
  const seen = { kind: "session" as const, id, name };
  if (report === undefined || !isAttended) {
    const last = report === undefined ? "none ever did" : `it was last ${report.state}`;
    return {
      ...seen,
      state: "down",
      since: report === undefined ? undefined : new Date(report.checkedAt),
      evidence: `No process tells of this session: ${last}.`,
      action: "Run `pregonero start` with the role whatsapp, and see its log.",
    };
  }
  return {
    ...seen,
    state: OF_SESSION[report.state],
    since: new Date(report.since),
    evidence: `${report.state}: ${report.evidence}`,
    action: report.action,
  };
}

function examineQueue(queue: BotQueue, names: ReadonlyMap<BotId, string>, now: Date): Seen {
  const { inbox, outbox, held, deadLetters, unknown } = queue;
  const waiting = [inbox, outbox.person, outbox.reply];
  const oldest = Math.min(...waiting.map(({ oldestAt }) => oldestAt?.getTime() ?? now.getTime()));
  const isLate = now.getTime() - oldest > LATE_MS;
  const parts = outbox.person.count + outbox.reply.count + outbox.broadcast.count;
  const left = deadLetters + unknown;
  const age = isLate ? `, the oldest for ${Math.round((now.getTime() - oldest) / 1000)} s` : "";
  const why = held.length === 0 ? "" : ` Held: ${held.map(({ kind }) => kind).join(", ")}.`;
  return {
    kind: "queue",
    id: queue.botId,
    name: names.get(queue.botId) ?? queue.botId,
    state: isLate ? "down" : held.length > 0 || left > 0 ? "degraded" : "ok",
    since: isLate ? new Date(oldest) : undefined,
    evidence: `${inbox.count} messages and ${parts} parts wait${age}; ${deadLetters} dead letters, ${unknown} unknown.${why}`,
    action: isLate
      ? "See GET /api/v1/queues for what holds it, and whether a process with the role worker runs."
      : left > 0
        ? "Settle them: GET /api/v1/dead-letters."
        : undefined,
  };
}

function examinePause({
  id,
  reason,
  since,
  stopsAnswers,
  stopsSending,
  botId,
  channel,
}: Pause): Seen {
  const what = [stopsAnswers ? "answers" : "", stopsSending ? "sending" : ""].filter(Boolean);
  return {
    kind: "switch",
    id,
    name: `pause of ${botId ?? channel ?? "everything"}`,
    state: "degraded",
    since,
    evidence: `Paused by hand: ${what.join(" and ")} (${reason}).`,
    action: `When it is over: DELETE /api/v1/pauses/${id}`,
  };
}

function examineSwitches(
  switches: HealthPorts["switches"],
  tenantId: TenantId | undefined,
): readonly Seen[] {
  const off = [...switches.offFor(tenantId)];
  return [
    {
      kind: "switch",
      id: "switches",
      name: "switches and shedding",
      state: off.length === 0 ? "ok" : "degraded",
      since: undefined,
      evidence:
        off.length === 0
          ? "Nothing is switched off."
          : `Shed level ${switches.level}; off: ${off.join(", ")}.`,
      action: off.length === 0 ? undefined : "See GET /api/v1/switches and /api/v1/shedding.",
    },
  ];
}

function examineProviders(
  figures: readonly ProviderFigures[],
  breakers: ReturnType<HealthPorts["breakers"]>,
): readonly Seen[] {
  const providerOf = (model: string) => model.split(":")[0] ?? model;
  const names = new Set([
    ...figures.map(({ provider }) => provider),
    ...breakers.map(({ model }) => providerOf(model)),
  ]);
  return [...names].sort().map((provider): Seen => {
    const found = figures.find((each) => each.provider === provider);
    const resting = breakers.filter(
      ({ model, kind }) => providerOf(model) === provider && kind !== "closed",
    );
    const part =
      found === undefined || found.calls === 0 ? undefined : found.failures / found.calls;
    const state: HealthState =
      resting.some(({ kind }) => kind === "open" || kind === "held") || (part ?? 0) >= FAILING_PART
        ? "down"
        : resting.length > 0 || (part ?? 0) >= FLAKY_PART
          ? "degraded"
          : part === undefined
            ? "unknown"
            : "ok";
    const since = resting.map((each) => each.since.getTime());
    return {
      kind: "provider",
      id: provider,
      name: provider,
      state,
      since: since.length === 0 ? undefined : new Date(Math.min(...since)),
      evidence: describeProvider(found, resting),
      action:
        state === "down"
          ? "See the provider's status page, key and credit; GET /api/v1/breakers shows what rests until when."
          : undefined,
    };
  });
}

function describeProvider(
  found: ProviderFigures | undefined,
  resting: ReturnType<HealthPorts["breakers"]>,
): string {
  const calls =
    found === undefined
      ? "No calls in the last 15 minutes."
      : `${found.failures} of ${found.calls} calls failed in 15 minutes${
          found.mostlyFailedWith === undefined ? "" : `, mostly ${found.mostlyFailedWith}`
        }; last success ${found.lastSuccessAt?.toISOString() ?? "none"}; first token p95 ${
          found.firstTokenMsP95 ?? "–"
        } ms.`;
  const breakers = resting.map(
    ({ model, kind, until, failedWith }) =>
      ` ${model} is ${kind}${until === undefined ? "" : ` until ${until.toISOString()}`}${
        failedWith === undefined ? "" : ` (${failedWith})`
      }.`,
  );
  return calls + breakers.join("");
}

const OF_CHECK: Readonly<Record<ExaminedCheck["status"], HealthState>> = {
  ok: "ok",
  note: "ok",
  warning: "degraded",
  failed: "down",
};

function examineCheck({ name, status, evidence, remedy }: ExaminedCheck): Seen {
  const isUnseen = evidence.startsWith("not looked at");
  return {
    kind: "machine",
    id: name,
    name,
    state: isUnseen ? "unknown" : OF_CHECK[status],
    since: undefined,
    evidence,
    action: remedy,
  };
}
