import { setTimeout as pause } from "node:timers/promises";
import type { Api } from "grammy";
import type { BotAccount, Polls } from "../../src/core/channel.ts";
import type { Clock } from "../../src/core/clock.ts";
import { isPregoneroError } from "../../src/core/errors.ts";
import type { Logger } from "../../src/core/logger.ts";
import type { IncomingMessage } from "../../src/core/message.ts";
import { readFailure, type TelegramFailure, toPregoneroError } from "./map-error.ts";
import { toGrammySignal } from "./signals.ts";
import { toIncoming } from "./to-incoming.ts";
import { toReactions } from "./to-reactions.ts";
import { ALLOWED_UPDATES } from "./update-schema.ts";

/** Seconds that Telegram holds an empty getUpdates open. */
const LONG_POLL_SECONDS = 30;
/** Bot API, getUpdates.limit: 1-100. */
const BATCH = 100;

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Asks for updates until `signal` aborts. `offset`, which acknowledges, is sent once after `accept` resolved
 * and then left out: update ids start anew at random after a quiet week, perhaps lower.
 * A token that Telegram no longer takes rejects with `bad-credentials`; everything else is waited out.
 */
export async function pollUpdates(
  ports: {
    readonly api: Api["raw"];
    readonly bot: BotAccount;
    readonly logger: Logger;
    readonly clock: Clock;
  },
  accept: Parameters<Polls["poll"]>[1],
  signal: AbortSignal,
): Promise<void> {
  const { bot, logger } = ports;
  const outage = watchOutage(ports);
  let offset: number | undefined;
  let pauseMs = 0;
  while (!signal.aborted) {
    if (pauseMs > 0) await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const seconds = outage.isUnanswered ? 0 : LONG_POLL_SECONDS;
    const asked = await ask(ports, { offset, seconds }, signal);
    if (asked.kind === "failed") {
      pauseMs = asked.retryAfterMs ?? nextPause(pauseMs);
      outage.note(pauseMs, asked.failure);
      continue;
    }
    outage.end();
    const { updates } = asked;
    offset = undefined;
    const last = updates.at(-1);
    if (last === undefined) {
      pauseMs = 0;
      continue;
    }
    try {
      const messages = updates.flatMap((update) => readOrSkip(ports, update));
      const reactions = updates.flatMap(toReactions);
      if (messages.length + reactions.length > 0) await accept(messages, reactions);
      offset = last.update_id + 1;
      pauseMs = 0;
    } catch (error) {
      const code = isPregoneroError(error) ? error.code : "unexpected-error";
      pauseMs = nextPause(pauseMs);
      logger.warn("updates-not-accepted", {
        ...named(bot),
        code,
        pauseMs,
        updates: updates.length,
      });
    }
  }
}

type Asked =
  | { readonly kind: "got"; readonly updates: readonly { readonly update_id: number }[] }
  | {
      readonly kind: "failed";
      readonly retryAfterMs: number | undefined;
      /** Undefined: we gave up ourselves. */
      readonly failure: TelegramFailure | undefined;
    };

async function ask(
  { api }: { readonly api: Api["raw"] },
  { offset, seconds }: { readonly offset: number | undefined; readonly seconds: number },
  signal: AbortSignal,
): Promise<Asked> {
  try {
    const updates = await api.getUpdates(
      {
        ...(offset !== undefined && { offset }),
        limit: BATCH,
        timeout: seconds,
        allowed_updates: ALLOWED_UPDATES,
      },
      toGrammySignal(signal),
    );
    return { kind: "got", updates };
  } catch (error) {
    if (signal.aborted) return { kind: "failed", retryAfterMs: 0, failure: undefined };
    const failure = readFailure(error);
    const mapped = toPregoneroError(failure, "getUpdates");
    if (mapped.code === "bad-credentials") throw mapped;
    const retryAfterMs = typeof mapped.retry === "object" ? mapped.retry.afterMs : undefined;
    return { kind: "failed", retryAfterMs, failure };
  }
}

/** One unreadable update must not stop the bot for all others: it is skipped, loudly. */
function readOrSkip(
  { bot, clock, logger }: { bot: BotAccount; clock: Clock; logger: Logger },
  update: { readonly update_id: number },
): readonly IncomingMessage[] {
  try {
    return toIncoming(bot, update, clock);
  } catch (error) {
    const reason = isPregoneroError(error) ? error.message : "unexpected error";
    logger.error("update-unreadable", { ...named(bot), updateId: update.update_id, reason });
    return [];
  }
}

function nextPause(pauseMs: number): number {
  return pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
}

/** Tells of failures one after the other, and of the first call that went well again. */
function watchOutage({ bot, logger, clock }: { bot: BotAccount; logger: Logger; clock: Clock }) {
  let since: Date | undefined;
  let failures = 0;
  let isUnanswered = false;
  return {
    /** Nobody answered the last call: the next one asks for no wait, so that the end is known when it comes. */
    get isUnanswered() {
      return isUnanswered;
    },
    note(pauseMs: number, failure: TelegramFailure | undefined): void {
      if (failure === undefined) return;
      since ??= clock.now();
      failures += 1;
      isUnanswered = failure.kind === "no-answer";
      logFailure(logger, bot, failure, pauseMs);
    },
    end(): void {
      if (since === undefined) return;
      const seconds = Math.round((clock.now().getTime() - since.getTime()) / 1_000);
      logger.info("polling-resumed", { ...named(bot), failures, seconds });
      since = undefined;
      failures = 0;
      isUnanswered = false;
    },
  };
}

/** A bot in the log: by the name that its owners gave it, too. */
function named({ botId, name }: BotAccount) {
  return { botId, bot: name };
}

function logFailure(
  logger: Logger,
  bot: BotAccount,
  failure: TelegramFailure,
  pauseMs: number,
): void {
  if (failure.kind === "no-answer") {
    logger.warn("polling-failed", { ...named(bot), reason: failure.reason, pauseMs });
  } else if (failure.status === 409) {
    const isWebhook = failure.description.includes("webhook");
    logger.error("polling-conflict", {
      ...named(bot),
      reason: failure.description,
      action: isWebhook
        ? "A webhook is set for this bot elsewhere: remove it there, or give this bot a token of its own"
        : "Another program asks for this bot's updates: stop it, or give this bot a token of its own",
    });
  } else {
    logger.warn("polling-failed", {
      ...named(bot),
      status: failure.status,
      reason: failure.description,
      pauseMs,
    });
  }
}
