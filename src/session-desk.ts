import { setTimeout as pause } from "node:timers/promises";
import type { Audit } from "./core/audit.ts";
import type { BotAccount } from "./core/channel.ts";
import type { Clock } from "./core/clock.ts";
import { PregoneroError } from "./core/errors.ts";
import type {
  LinkCode,
  SessionAnswer,
  SessionReport,
  SessionRequest,
  SessionStore,
} from "./core/session.ts";
import type { SessionLinks } from "./session-links.ts";

/** What a person sees of a session, and asks of it, from whichever process they came to. */
export interface SessionDesk {
  /** Throws `session-none` for a bot whose channel has no session. */
  read(bot: BotAccount): Promise<SeenSession>;
  /** The code that links the account now, if one is shown. Whoever has it can link: never log it. */
  readCode(bot: BotAccount): Promise<LinkCode | undefined>;
  /**
   * Audited, then handed to the process that holds the session; resolves with what it did. Throws
   * `session-unattended` when no process has answered in time.
   */
  ask(
    bot: BotAccount,
    request: SessionRequest,
    options: { readonly actor: string; readonly signal: AbortSignal },
  ): Promise<SessionAnswer>;
  /** Makes the short-lived address of the page that shows the code. Audited. */
  link(
    bot: BotAccount,
    actor: string,
  ): Promise<{ readonly path: string; readonly expiresAt: string }>;
}

export interface SeenSession {
  /** Undefined: no process has taken the session up yet. */
  readonly report: SessionReport | undefined;
  /** Its process has told of it lately. A session that is parked or stopped has nothing to tell. */
  readonly isAttended: boolean;
}

/** A start of the browser may take 90 s in silence; what is older was told by a process that is gone. */
const STARTS_WITHIN_MS = 120_000;
/**
 * In every other state the page is looked at, and told of every 15 s; one that hangs is given up after 20 s. What was
 * seen before that says nothing of now.
 */
const SILENT_AFTER_MS = 45_000;
const QUIET: readonly string[] = ["parked", "stopped", "logged-out"];

/** As long as `SessionStore` keeps a request for its process: what it did not take by then, nobody takes. */
const ANSWER_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

export function createSessionDesk(ports: {
  readonly sessions: Pick<SessionStore, "readReport" | "readCode" | "ask" | "readAnswer">;
  readonly links: SessionLinks;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly answerWithinMs?: number;
}): SessionDesk {
  const { sessions, links, audit, clock, answerWithinMs = ANSWER_WITHIN_MS } = ports;
  return {
    async read(bot) {
      requireSession(bot);
      const report = await sessions.readReport(bot.tenantId, bot.botId);
      const silentMs =
        report === undefined ? Infinity : clock.now().getTime() - Date.parse(report.checkedAt);
      const isQuiet = report !== undefined && QUIET.includes(report.state);
      const mostMs = report?.state === "starting" ? STARTS_WITHIN_MS : SILENT_AFTER_MS;
      return { report, isAttended: isQuiet || silentMs < mostMs };
    },
    async readCode(bot) {
      requireSession(bot);
      return sessions.readCode(bot.tenantId, bot.botId);
    },
    async ask(bot, request, { actor, signal }) {
      requireSession(bot);
      const { tenantId, botId } = bot;
      const action = `session-${request.kind}-asked`;
      const detail = request.kind === "screenshot" ? { isRedacted: request.isRedacted } : {};
      await audit.note(tenantId, { actor, action, subject: botId, detail });
      const requestId = await sessions.ask(tenantId, botId, request);
      const deadline = performance.now() + answerWithinMs;
      while (performance.now() < deadline) {
        await pause(LOOK_EVERY_MS, undefined, { signal });
        const answer = await sessions.readAnswer(tenantId, botId, requestId);
        if (answer !== undefined) return answer;
      }
      throw unattended(bot.name, answerWithinMs / 1_000);
    },
    async link(bot, actor) {
      requireSession(bot);
      const { tenantId, botId } = bot;
      await audit.note(tenantId, { actor, action: "session-link-made", subject: botId });
      const { token, expiresAt } = links.make(tenantId, botId);
      return { path: `/sessions/${token}`, expiresAt: expiresAt.toISOString() };
    },
  };
}

/** Channels whose account one process of ours holds. */
export function hasSession({ channel }: Pick<BotAccount, "channel">): boolean {
  return channel === "whatsapp-web";
}

function requireSession(bot: BotAccount): void {
  if (hasSession(bot)) return;
  throw new PregoneroError(
    "session-none",
    `"${bot.name}" is a ${bot.channel} bot, which has no session: only whatsapp-web bots have one.`,
    { status: 409 },
  );
}

function unattended(name: string, seconds: number): PregoneroError {
  return new PregoneroError(
    "session-unattended",
    `No process took the request for "${name}" within ${seconds} s. Check that \`pregonero start\` runs with the role whatsapp, and its log.`,
    { status: 409, retry: "backoff" },
  );
}
