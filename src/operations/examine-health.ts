import type { ChannelHealth } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import { isPregoneroError } from "../core/errors.ts";
import type {
  HealthCode,
  HealthReport,
  HealthState,
  ProviderFigures,
  UndatedReport,
} from "../core/health.ts";
import type { BotId, TenantId } from "../core/ids.ts";
import type { BotQueue, Pause } from "../core/operations.ts";
import type { SessionReport, SessionState } from "../core/session.ts";
import type { Switches } from "../core/switches.ts";
import { examineProviders, type SeenBreaker } from "./examine-providers.ts";

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
  /** Why what its session last said could not be read. */
  readonly unread?: string;
  /** Its network does not take its credentials any more. */
  readonly isRefused?: boolean;
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
  readonly breakers: () => readonly SeenBreaker[];
  readonly switches: Pick<Switches, "level" | "offFor">;
  /** What `doctor` looks at: database, Redis, disk, Chromium, addresses. */
  readonly checks: (signal: AbortSignal) => Promise<readonly ExaminedCheck[]>;
  readonly clock: Clock;
}

/** As long as nobody is late: what waits longer is felt. */
const LATE_MS = 120_000;

/**
 * How everything stands, each with its evidence. What cannot be looked at is `unknown`, never `ok`, and keeps nobody
 * from hearing of the rest. Since when something is so is remembered by this process, for what does not tell it itself.
 */
export function createHealthExaminer(ports: HealthPorts) {
  const { clock } = ports;
  let remembered = new Map<string, { readonly state: HealthState; readonly since: Date }>();

  function remember(seen: readonly UndatedReport[]): readonly HealthReport[] {
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
    const unread: UndatedReport[] = [];
    const read = <Found>(name: string, asked: Promise<readonly Found[]>) =>
      asked.catch((error: unknown): readonly Found[] => {
        unread.push(notRead(name, error));
        return [];
      });
    const [bots, queues, pauses, platform] = await Promise.all([
      read("bots", ports.bots(tenantId, signal)),
      read("queues", ports.queues(tenantId)),
      read("pauses", ports.pauses(tenantId)),
      tenantId === undefined ? examinePlatform(ports, read, signal) : [],
    ]);
    const names = new Map(bots.map(({ botId, name }) => [botId, name]));
    return remember([
      ...bots.map(examineBot),
      ...queues.map((queue) => examineQueue(queue, names, clock.now())),
      ...pauses.map((pause) => examinePause(pause, names)),
      ...examineSwitches(ports.switches, tenantId),
      ...platform,
      ...unread,
    ]);
  };
}

async function examinePlatform(
  ports: HealthPorts,
  read: <Found>(name: string, asked: Promise<readonly Found[]>) => Promise<readonly Found[]>,
  signal: AbortSignal,
): Promise<readonly UndatedReport[]> {
  const [figures, checks] = await Promise.all([
    read("providers", ports.providers()),
    read("checks", ports.checks(signal)),
  ]);
  return [...examineProviders(figures, ports.breakers()), ...checks.map(examineCheck)];
}

/** One source of this page is away; most often the database, which the checks then name. */
function notRead(name: string, error: unknown): UndatedReport {
  const evidence = isPregoneroError(error) ? error.message : "Asking for it failed: see the log.";
  return {
    kind: "machine",
    id: name,
    name,
    state: "unknown",
    since: undefined,
    code: "check-unseen",
    values: {},
    evidence,
    action: "See what is down first.",
  };
}

function examineBot(bot: ExaminedBot): UndatedReport {
  const { botId, name, health, session, unread } = bot;
  if (session !== undefined) return examineSession(botId, name, session);
  const seen = { kind: "bot" as const, id: botId, name, since: undefined, values: {} };
  if (bot.isRefused === true) {
    return {
      ...seen,
      state: "down",
      code: "bot-credentials-refused",
      evidence: "Its network refused its credentials: nothing is received or sent for it.",
      action: "Ask for new credentials and add it again with them, without removing it before.",
    };
  }
  if (health === undefined) {
    const evidence = unread ?? "Its channel has nothing to ask.";
    return { ...seen, state: "unknown", code: "bot-unasked", evidence, action: undefined };
  }
  const { isHealthy, evidence, action } = health;
  const code: HealthCode =
    health.code === undefined ? (isHealthy ? "bot-well" : "bot-in-trouble") : `bot-${health.code}`;
  return { ...seen, state: isHealthy ? "ok" : "down", code, evidence, action };
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
): UndatedReport {
  const seen = { kind: "session" as const, id, name };
  if (report === undefined || !isAttended) {
    const last = report === undefined ? "none ever did" : `it was last ${report.state}`;
    return {
      ...seen,
      state: "down",
      since: report === undefined ? undefined : new Date(report.checkedAt),
      code: report === undefined ? "session-untold" : "session-unattended",
      values: report === undefined ? {} : { state: report.state },
      evidence: `No process tells of this session: ${last}.`,
      action: "Run `pregonero start` with the role whatsapp, and see its log.",
    };
  }
  return {
    ...seen,
    state: OF_SESSION[report.state],
    since: new Date(report.since),
    code: `session-${report.state}`,
    values: {},
    evidence: `${report.state}: ${report.evidence}`,
    action: report.action,
  };
}

function examineQueue(
  queue: BotQueue,
  names: ReadonlyMap<BotId, string>,
  now: Date,
): UndatedReport {
  const { inbox, outbox, held, deadLetters, unknown } = queue;
  const waiting = [inbox, outbox.person, outbox.reply];
  const oldest = Math.min(...waiting.map(({ oldestAt }) => oldestAt?.getTime() ?? now.getTime()));
  const isLate = now.getTime() - oldest > LATE_MS;
  const parts = outbox.person.count + outbox.reply.count + outbox.broadcast.count;
  const left = deadLetters + unknown;
  const seconds = Math.round((now.getTime() - oldest) / 1000);
  const age = isLate ? `, the oldest for ${seconds} s` : "";
  const holds = held.map(({ kind }) => kind);
  const why = held.length === 0 ? "" : ` Held: ${holds.join(", ")}.`;
  return {
    kind: "queue",
    id: queue.botId,
    name: names.get(queue.botId) ?? queue.botId,
    state: isLate ? "down" : held.length > 0 || left > 0 ? "degraded" : "ok",
    since: isLate ? new Date(oldest) : undefined,
    code: isLate
      ? "queue-late"
      : held.length > 0
        ? "queue-held"
        : left > 0
          ? "queue-undecided"
          : "queue-moving",
    values: { messages: inbox.count, parts, seconds, left, held: holds.join(",") },
    evidence: `${inbox.count} messages and ${parts} parts wait${age}; ${deadLetters} dead letters, ${unknown} unknown.${why}`,
    action: isLate
      ? "See GET /api/v1/queues for what holds it, and whether a process with the role worker runs."
      : left > 0
        ? "Settle them: GET /api/v1/dead-letters."
        : undefined,
  };
}

function examinePause(pause: Pause, names: ReadonlyMap<BotId, string>): UndatedReport {
  const { id, tenantId, botId, channel, stopsAnswers, stopsSending, reason, since } = pause;
  const what = [stopsAnswers ? "answers" : "", stopsSending ? "sending" : ""].filter(Boolean);
  const bot = botId === undefined ? undefined : (names.get(botId) ?? botId);
  return {
    kind: "switch",
    id,
    name: `pause of ${bot ?? channel ?? "everything"}`,
    state: "degraded",
    since,
    code: "paused",
    values: {
      bot: bot ?? "",
      channel: channel ?? "",
      isTenants: tenantId === undefined ? 0 : 1,
      stops: what.length === 2 ? "both" : what.join(""),
      reason,
    },
    evidence: `Paused by hand: ${what.join(" and ")} (${reason}).`,
    action: `When it is over: DELETE /api/v1/pauses/${id}`,
  };
}

function examineSwitches(
  switches: HealthPorts["switches"],
  tenantId: TenantId | undefined,
): readonly UndatedReport[] {
  const off = [...switches.offFor(tenantId)];
  return [
    {
      kind: "switch",
      id: "switches",
      name: "switches and shedding",
      state: off.length === 0 ? "ok" : "degraded",
      since: undefined,
      code: off.length === 0 ? "nothing-off" : "switched-off",
      values: { level: switches.level, off: off.join(",") },
      evidence:
        off.length === 0
          ? "Nothing is switched off."
          : `Shed level ${switches.level}; off: ${off.join(", ")}.`,
      action: off.length === 0 ? undefined : "See GET /api/v1/switches and /api/v1/shedding.",
    },
  ];
}

const OF_CHECK: Readonly<Record<ExaminedCheck["status"], HealthState>> = {
  ok: "ok",
  note: "ok",
  warning: "degraded",
  failed: "down",
};
const CODE_OF_CHECK: Readonly<Record<ExaminedCheck["status"], HealthCode>> = {
  ok: "check-passed",
  note: "check-passed",
  warning: "check-warned",
  failed: "check-failed",
};

function examineCheck({ name, status, evidence, remedy }: ExaminedCheck): UndatedReport {
  const isUnseen = evidence.startsWith("not looked at");
  return {
    kind: "machine",
    id: name,
    name,
    state: isUnseen ? "unknown" : OF_CHECK[status],
    since: undefined,
    code: isUnseen ? "check-unseen" : CODE_OF_CHECK[status],
    values: {},
    evidence,
    action: remedy,
  };
}
