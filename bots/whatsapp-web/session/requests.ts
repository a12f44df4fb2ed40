import type { BotAccount } from "../../../src/core/channel.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type {
  SessionAnswer,
  SessionRequest,
  SessionState,
  SessionStore,
} from "../../../src/core/session.ts";
import { askForPairingCode, logOut } from "./linking.ts";
import type { LivePage } from "./live-page.ts";
import { withTimeout } from "./with-timeout.ts";

/** Below the minute within which the one who asks expects an answer. */
const REQUEST_TIMEOUT_MS = 50_000;
const SCREENSHOT_TIMEOUT_MS = 15_000;

type Asked = "restart" | "resume" | "stop" | "use-here" | "logged-out";

export interface RequestPorts {
  readonly live: LivePage | undefined;
  readonly state: () => SessionState;
  /** Tells the state machine and performs what follows. */
  readonly ask: (asked: Asked) => Promise<void>;
  readonly signal: AbortSignal;
}

/** None while the store is away: the next look asks again. */
export async function takeRequests(ports: {
  readonly bot: BotAccount;
  readonly sessions: SessionStore;
  readonly logger: Logger;
}): Promise<Awaited<ReturnType<SessionStore["takeRequests"]>>> {
  const { bot, sessions, logger } = ports;
  try {
    return await sessions.takeRequests(bot.tenantId, bot.botId);
  } catch (error) {
    logger.warn("session-requests-not-read", { botId: bot.botId, error });
    return [];
  }
}

/** Does what a person asked, and says in one sentence what came of it. Never rejects. */
export async function answerRequest(
  request: SessionRequest,
  ports: RequestPorts,
): Promise<Omit<SessionAnswer, "requestId">> {
  try {
    return await withTimeout(perform(request, ports), REQUEST_TIMEOUT_MS);
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return {
      outcome: isLate ? "The page did not do it in time." : "The page did not do it.",
      isDone: false,
    };
  }
}

async function perform(
  request: SessionRequest,
  ports: RequestPorts,
): Promise<Omit<SessionAnswer, "requestId">> {
  const { live, state, ask, signal } = ports;
  switch (request.kind) {
    case "stop":
      await ask("stop");
      return done("The browser is closed; the session stays stopped until it is resumed.");
    case "restart":
      await ask("restart");
      return done("The browser is closed and starts again.");
    case "resume":
      if (live !== undefined) return { outcome: "The session is running.", isDone: true };
      await ask("resume");
      return done("The session starts.");
    case "use-here":
      if (state() !== "conflict") return failed("No other window has taken the account over.");
      await ask("use-here");
      return done("The account was taken back; the other window shows it.");
    case "log-out":
      if (live === undefined) return failed("The session is not running: resume it first.");
      if (!(await logOut(live.reader, signal)))
        return failed("The page did not confirm the logout.");
      await ask("logged-out");
      return done("The account is logged out here; resume the session to link it again.");
    case "pairing-code": {
      if (live === undefined) return failed("The session is not running: resume it first.");
      const trouble = await askForPairingCode(live.reader, request.phone, signal);
      return trouble === undefined ? done("The pairing code is shown.") : failed(trouble);
    }
    case "screenshot":
      return live === undefined
        ? failed("The session has no browser now.")
        : await takeScreenshot(live, request.isRedacted);
    default:
      return request satisfies never;
  }
}

async function takeScreenshot(
  { page, reader }: LivePage,
  isRedacted: boolean,
): Promise<Omit<SessionAnswer, "requestId">> {
  const png = await page.screenshot({
    timeout: SCREENSHOT_TIMEOUT_MS,
    ...(isRedacted && { style: reader.blackOut() }),
  });
  return { ...done("The page as it is now."), png };
}

function done(outcome: string): Omit<SessionAnswer, "requestId"> {
  return { outcome, isDone: true };
}

function failed(outcome: string): Omit<SessionAnswer, "requestId"> {
  return { outcome, isDone: false };
}
