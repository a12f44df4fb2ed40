import type { Acceptor } from "../core/acceptor.ts";
import type { BotRegistry } from "../core/bot-registry.ts";
import type { BotStore } from "../core/bot-store.ts";
import {
  type BotAccount,
  type Channel,
  type ChannelName,
  connects,
  holdsSessions,
  type Polls,
  polls,
} from "../core/channel.ts";
import { isPregoneroError } from "../core/errors.ts";
import type { ReactionNoter } from "../core/feedback.ts";
import type { BotId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { webhookPath } from "../core/webhook-address.ts";
import { createGate } from "./gate.ts";
import { createPollingRights } from "./polling-rights.ts";

const CONNECT_TIMEOUT_MS = 30_000;
const RETRY_CONNECT_MS = 15_000;
const POLL_LEASE_MS = 30_000;
/** A citizen waits for a session to be taken over, and its browser takes a while to start. */
const SESSION_LEASE_MS = 12_000;
/** Bots connected at the same time: a thousand at once would take the memory of a thousand calls. */
const CONNECTING_AT_ONCE = 16;

/**
 * Keeps every bot of its channels reachable: registers its webhook when there is a public URL, else polls for it,
 * in exactly one process. A session that one process holds is always polled. Follows the registry as bots come and go.
 */
export function createBotConnections(ports: {
  readonly owner: string;
  readonly registry: BotRegistry;
  readonly store: BotStore;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /** Which of the channels are served here. */
  readonly serves: (channel: Channel) => boolean;
  readonly acceptor: Acceptor;
  /** Absent: no channel that is served here tells of reactions. */
  readonly feedback?: ReactionNoter;
  /** Where the networks reach us, without a trailing slash; undefined: nowhere, so we poll. */
  readonly publicUrl: string | undefined;
  readonly logger: Logger;
}) {
  const connecting = createGate(CONNECTING_AT_ONCE);
  const pollingRights = createPollingRights({ ...ports, leaseMs: POLL_LEASE_MS });
  const sessionRights = createPollingRights({ ...ports, leaseMs: SESSION_LEASE_MS });
  const running = new Map<BotId, { stop: AbortController; ended: Promise<void> }>();
  /** Whose sessions this process holds. */
  const held = new Set<BotId>();
  /** Bots on their way out: one that comes back with other secrets begins after its former self has ended. */
  const leaving = new Map<BotId, Promise<void>>();

  function channelOf(bot: BotAccount): Channel | undefined {
    const channel = ports.channels.get(bot.channel);
    return channel !== undefined && ports.serves(channel) ? channel : undefined;
  }

  function start(bot: BotAccount): void {
    const channel = channelOf(bot);
    if (channel === undefined || !connects(channel)) return;
    const stop = new AbortController();
    running.set(bot.botId, { stop, ended: serve(bot, channel, stop.signal) });
  }

  function leave(bot: BotAccount): void {
    const channel = channelOf(bot);
    const served = running.get(bot.botId);
    served?.stop.abort();
    running.delete(bot.botId);
    if (channel === undefined || !connects(channel)) return;
    // What ends with a session is its profile: by whoever holds it, and not when a setting changed.
    const isChanged = ports.registry.get(bot.tenantId, bot.botId) !== undefined;
    if (holdsSessions(channel) && (isChanged || !held.has(bot.botId))) {
      leaving.set(bot.botId, served?.ended ?? Promise.resolve());
      return;
    }
    const left = (served?.ended ?? Promise.resolve())
      .then(() => channel.disconnect(bot, AbortSignal.timeout(CONNECT_TIMEOUT_MS)))
      .catch((error: unknown) => {
        ports.logger.warn("bot-disconnect-failed", { ...named(bot), error });
      })
      .finally(() => {
        if (leaving.get(bot.botId) === left) leaving.delete(bot.botId);
      });
    leaving.set(bot.botId, left);
  }

  async function serve(bot: BotAccount, channel: Channel, signal: AbortSignal): Promise<void> {
    await leaving.get(bot.botId);
    while (!signal.aborted) {
      try {
        await connectAndPoll(bot, channel, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (isPregoneroError(error, "bad-credentials")) return await giveUp(bot);
        ports.logger.warn("bot-connection-failed", { ...named(bot), error });
        await pause(RETRY_CONNECT_MS, signal);
      }
    }
  }

  /** Trying again with refused credentials only annoys the network: a person must bring new ones. */
  async function giveUp(bot: BotAccount): Promise<void> {
    ports.logger.error("bot-needs-auth", named(bot));
    await ports.store.markNeedsAuth(bot).catch((error: unknown) => {
      ports.logger.error("bot-state-not-stored", { ...named(bot), error });
    });
  }

  async function connectAndPoll(
    bot: BotAccount,
    channel: Channel,
    signal: AbortSignal,
  ): Promise<void> {
    const isHeld = holdsSessions(channel);
    if (ports.publicUrl !== undefined && !isHeld) {
      await connect(bot, channel, `${ports.publicUrl}${webhookPath(bot)}`, signal);
      ports.logger.info("bot-webhook-set", named(bot));
      return;
    }
    if (!polls(channel)) return;
    const rights = isHeld ? sessionRights : pollingRights;
    let right = await rights.take(bot.botId);
    while (right === undefined) {
      await pause(isHeld ? SESSION_LEASE_MS / 6 : POLL_LEASE_MS / 3, signal);
      if (signal.aborted) return;
      right = await rights.take(bot.botId);
    }
    if (isHeld) held.add(bot.botId);
    try {
      await connect(bot, channel, undefined, signal);
      await poll(bot, channel, signal, right.lost);
    } finally {
      held.delete(bot.botId);
      await right.release();
    }
  }

  function connect(
    bot: BotAccount,
    channel: Channel,
    webhookUrl: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    return connecting(async () => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]);
      if (connects(channel)) await channel.connect(bot, webhookUrl, limit);
    });
  }

  async function poll(
    bot: BotAccount,
    channel: Channel & Polls,
    signal: AbortSignal,
    lost: AbortSignal,
  ): Promise<void> {
    ports.logger.info("bot-polling-started", named(bot));
    await channel.poll(
      bot,
      async (messages, reactions = []) => {
        if (messages.length > 0) await ports.acceptor.accept(bot, messages);
        if (reactions.length > 0) await ports.feedback?.noteReactions(bot, reactions);
      },
      AbortSignal.any([signal, lost]),
    );
    if (lost.aborted && !signal.aborted) throw new Error("another process polls for this bot");
  }

  let unwatch = () => {};
  return {
    start(): void {
      unwatch = ports.registry.watch(({ kind, bot }) => {
        if (kind === "added") start(bot);
        else leave(bot);
      });
    },
    async close(): Promise<void> {
      unwatch();
      for (const { stop } of running.values()) stop.abort();
      await Promise.all([...[...running.values()].map(({ ended }) => ended), ...leaving.values()]);
    },
  };
}

/** A bot in the log: by the name that its owners gave it, too. */
function named({ botId, channel, name }: BotAccount) {
  return { botId, channel, bot: name };
}

/** Resolves after `ms` milliseconds, or at once when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    if (signal.aborted) done();
    else signal.addEventListener("abort", done);
  });
}
