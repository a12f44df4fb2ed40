import type { BotAccount } from "../../../src/core/channel.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type { SessionReport, SessionStore } from "../../../src/core/session.ts";
import type { Engine } from "./engine.ts";
import type { SessionModel } from "./session-model.ts";

const AT_LEAST_EVERY_MS = 15_000;

/** What the session adds to its model when it reports. */
export interface Observed {
  readonly checkedAt: Date;
  readonly engine: Engine["name"];
  readonly pack?: string | undefined;
  readonly lastInboundAt?: Date | undefined;
  readonly lastAcknowledgedAt?: Date | undefined;
  readonly oldestPendingAt?: Date | undefined;
  readonly browserPid?: number | undefined;
  readonly memoryMegabytes?: number | undefined;
}

/** Writes a report when something of weight changed, and every 15 s as a sign of life. */
export function createReporting(ports: {
  readonly bot: BotAccount;
  readonly sessions: SessionStore;
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  const { bot, sessions, clock, logger } = ports;
  let written = "";
  let writtenAtMs = 0;
  let loggedState = "";

  return {
    isDue: () => clock.now().getTime() - writtenAtMs >= AT_LEAST_EVERY_MS,
    /** A store that is away is no reason for the session to stop: the next report tells. */
    async write(model: SessionModel, observed: Observed): Promise<void> {
      const report = toReport(model, observed);
      const { checkedAt: _checkedAt, memoryMegabytes: _memory, ...weighty } = report;
      const digest = JSON.stringify(weighty);
      const nowMs = clock.now().getTime();
      if (digest === written && nowMs - writtenAtMs < AT_LEAST_EVERY_MS) return;
      if (report.state !== loggedState) {
        loggedState = report.state;
        const fields = { botId: bot.botId, state: report.state, evidence: report.evidence };
        if (report.action === undefined) logger.info("session-state-changed", fields);
        else logger.warn("session-state-changed", { ...fields, action: report.action });
      }
      try {
        await sessions.report(bot.tenantId, bot.botId, report);
        written = digest;
        writtenAtMs = nowMs;
      } catch (error) {
        logger.warn("session-report-not-stored", { botId: bot.botId, error });
      }
    },
  };
}

function toReport(model: SessionModel, observed: Observed): SessionReport {
  const optional = {
    action: model.action,
    pack: observed.pack,
    lastInboundAt: observed.lastInboundAt?.toISOString(),
    lastAcknowledgedSendAt: observed.lastAcknowledgedAt?.toISOString(),
    oldestPendingSendAt: observed.oldestPendingAt?.toISOString(),
    browserPid: observed.browserPid,
    memoryMegabytes: observed.memoryMegabytes,
  };
  const known = Object.entries(optional).filter(([, value]) => value !== undefined);
  return {
    state: model.state,
    since: new Date(model.sinceMs).toISOString(),
    checkedAt: observed.checkedAt.toISOString(),
    evidence: model.evidence,
    engine: observed.engine,
    restarts: Math.max(0, model.starts.length - 1),
    ...(Object.fromEntries(known) as Partial<SessionReport>),
  };
}
