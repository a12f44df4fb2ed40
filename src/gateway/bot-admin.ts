import { randomBytes } from "node:crypto";
import type { BotAdmin } from "../core/bot-registry.ts";
import type { BotStore } from "../core/bot-store.ts";
import { type Channel, type ChannelName, connects, holdsSessions } from "../core/channel.ts";
import { PregoneroError } from "../core/errors.ts";

/** 144 random bits: the webhook address cannot be guessed, and the token is not part of it. */
const BOT_KEY_BYTES = 18;
/** Telegram's secret_token allows up to 256 of [A-Za-z0-9_-]; 256 random bits suffice. */
const WEBHOOK_SECRET_BYTES = 32;

/** Adds and removes bots while everything runs; each process notices at its registry's next refresh. */
export function createBotAdmin(ports: {
  readonly store: BotStore;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  /** Called after every change, so that this process notices at once. */
  readonly refresh: () => Promise<void>;
  /** Who makes the change, for the audit log. */
  readonly actor: string;
}): BotAdmin {
  return {
    async add(tenantId, { channel: channelName, name, secrets, settings: chosen }, signal) {
      const channel = ports.channels.get(channelName);
      if (channel === undefined) {
        throw new PregoneroError("channel-unknown", `There is no channel "${channelName}".`, {
          status: 400,
        });
      }
      const told = connects(channel) ? await channel.identify(secrets, signal, chosen) : {};
      const settings = { ...chosen, ...told };
      const botKey = randomBytes(BOT_KEY_BYTES).toString("base64url");
      const bot = await ports.store.insert(
        tenantId,
        {
          channel: channelName,
          name: name || told.username || channelName,
          botKey,
          // A channel without accounts of its own has one bot of a name per tenant.
          accountKey: told.networkId ?? `${tenantId} ${name}`,
          secrets: {
            ...secrets,
            webhookSecret: randomBytes(WEBHOOK_SECRET_BYTES).toString("base64url"),
          },
          settings,
          isHeld: holdsSessions(channel),
        },
        ports.actor,
      );
      await ports.refresh();
      return bot;
    },
    async remove(tenantId, botId, _signal) {
      if (!(await ports.store.remove(tenantId, botId, ports.actor))) {
        throw new PregoneroError(
          "bot-unknown",
          `There is no bot ${botId} in this tenant. List them with: pregonero bot list`,
          {
            status: 404,
          },
        );
      }
      // The processes that serve it disconnect it from the network when they notice.
      await ports.refresh();
    },
    async changeWebChat(tenantId, botId, change, expectedRevision) {
      const { actor } = ports;
      const options = { expectedRevision, actor };
      const outcome = await ports.store.changeWebChat(tenantId, botId, change, options);
      await ports.refresh();
      return outcome;
    },
  };
}
