import type { NamedBot, TroubleGroup } from "../../store/line-troubles.ts";
import { type Check, failed, note, ok, warning } from "./check.ts";
import type { DoctorPorts } from "./ports.ts";

/** As many are named; a report that nobody reads to its end names nothing. */
const NAMED_AT_MOST = 20;
/** Telegram's usual pauses are of seconds and pass by themselves; a longer one is felt by people. */
const FELT_PAUSE_MS = 60_000;

/** What waits for a person, named: bot by bot, since when. */
export const troubleChecks: readonly Check<DoctorPorts>[] = [
  {
    name: "bot-credentials",
    remedy:
      "Get a new token for each bot named (Telegram: @BotFather, /mybots, API Token), then run `pregonero bot add CHANNEL` with it: the bot keeps its id and conversations, and what waits is sent. Do not remove the bot first: what waits would be given up.",
    async examine({ troubles }) {
      const { refusedBots } = await troubles();
      if (refusedBots.length === 0) return ok("no network refuses a bot");
      return failed(
        `refused by their network: ${list(
          refusedBots.map(({ bot, since }) => `${nameOf(bot)} since ${minute(since)}`),
        )}`,
      );
    },
  },
  {
    name: "bot-pauses",
    remedy:
      "Sending goes on by itself at the time named; until then replies wait. If it comes back: the bot sends more than its network allows (broadcasts, large groups), or another program sends with the same token.",
    async examine({ troubles, clock }) {
      const { pausedBots } = await troubles();
      if (pausedBots.length === 0) return ok("no network asks for a pause");
      const text = `sending paused by the network: ${list(
        pausedBots.map(({ bot, until }) => `${nameOf(bot)} until ${minute(until)}`),
      )}`;
      const longest = Math.max(...pausedBots.map(({ until }) => until.getTime()));
      return longest - clock.now().getTime() > FELT_PAUSE_MS ? warning(text) : note(text);
    },
  },
  {
    name: "dead-letters",
    remedy:
      "See what happened to one with `pregonero passport ID`, and the log's message-dead-lettered for the error. These people got an apology, not an answer. Settle each: `pregonero dead-letter retry ID` answers it after all, `pregonero dead-letter drop ID` lets it be.",
    async examine({ troubles }) {
      const { deadLetters } = await troubles();
      if (deadLetters.length === 0) return ok("none");
      return warning(`${total(deadLetters, "message")} given up: ${describe(deadLetters)}`);
    },
  },
  {
    name: "unknown-sends",
    remedy:
      "Nobody knows whether these arrived, and they are not sent again by themselves: see one with `pregonero passport ID`, and docs/operating.md, “Replies are unknown”.",
    async examine({ troubles }) {
      const { unknownSends } = await troubles();
      if (unknownSends.length === 0) return ok("none");
      return warning(
        `${total(unknownSends, "part")} of replies that may or may not have arrived: ${describe(unknownSends)}`,
      );
    },
  },
  {
    name: "pauses",
    remedy: "When it is over: DELETE /api/v1/pauses/ID, or see docs/operating.md.",
    async examine({ pauses }) {
      const all = await pauses();
      if (all.length === 0) return ok("nothing is paused by hand");
      const text = all.map(
        ({ id, tenantId, botId, channel, reason, since }) =>
          `${botId ?? channel ?? tenantId ?? "everything"} since ${minute(since)} (${reason}; ${id})`,
      );
      return warning(`paused by hand: ${list(text)}`);
    },
  },
  {
    name: "webhooks",
    remedy:
      "The tenant's program was away for days, or said that it is gone; its people see why at GET /api/v1/webhooks, and switch it on again with PATCH (docs/webhooks.md). What happened meanwhile can be posted again.",
    async examine({ disabledWebhooks }) {
      const all = await disabledWebhooks();
      if (all.length === 0) return ok("none was switched off by itself");
      const text = all.map(
        ({ tenantId, endpointId, failingSince }) =>
          `${endpointId} of tenant ${tenantId}, failing since ${minute(failingSince)}`,
      );
      return warning(`switched off by themselves: ${list(text)}`);
    },
  },
  {
    name: "switches",
    remedy: "See GET /api/v1/switches and /api/v1/shedding, and docs/operating.md, “Shedding”.",
    async examine({ switchBoard }) {
      const { shedding, switches } = await switchBoard();
      const mode = shedding.isAutomatic ? "automatic" : "by hand";
      const level = `shed level ${shedding.level}, ${mode}`;
      if (shedding.level === 0 && switches.length === 0) return ok(`${level}; no switch is set`);
      const set = switches.map(
        ({ feature, tenantId, isOn, reason }) =>
          `${feature} ${isOn ? "on" : "off"}${tenantId === undefined ? "" : ` for ${tenantId}`} (${reason})`,
      );
      const text = set.length === 0 ? level : `${level}; ${list(set)}`;
      return shedding.level > 0 || switches.some(({ isOn }) => !isOn) ? warning(text) : note(text);
    },
  },
];

function describe(groups: readonly TroubleGroup[]): string {
  return list(
    groups.map(
      ({ bot, reason, count, since, exampleId }) =>
        `${nameOf(bot)} ${count} (${reason}) since ${minute(since)}, the latest ${exampleId}`,
    ),
  );
}

function total(groups: readonly TroubleGroup[], what: string): string {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** `tenant/name (channel, id)`: a name need not be unique, an id is. */
function nameOf({ tenant, name, channel, botId }: NamedBot): string {
  return `${tenant}/${name} (${channel}, ${botId})`;
}

/** UTC, to the minute: `2026-11-21 03:04Z`. */
function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")}Z`;
}

function list(items: readonly string[]): string {
  const named = items.slice(0, NAMED_AT_MOST).join("; ");
  const rest = items.length - NAMED_AT_MOST;
  return rest > 0 ? `${named}; and ${rest} more` : named;
}
