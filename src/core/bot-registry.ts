import type { BotAccount, ChannelName } from "./channel.ts";
import type { BotId, TenantId } from "./ids.ts";
import type { WebChatLooks } from "./web-chat-looks.ts";

/** The bots of all tenants, kept in memory and in step with the store, so that a webhook needs no look-up. */
export interface BotRegistry {
  /** The active bot of a webhook address; undefined when unknown or removed. */
  findByKey(botKey: string): BotAccount | undefined;
  get(tenantId: TenantId, botId: BotId): BotAccount | undefined;
  /** As `get`, but asks the store when the bot is not known here yet: another process may just have added it. */
  lookUp(tenantId: TenantId, botId: BotId): Promise<BotAccount | undefined>;
  list(): readonly BotAccount[];
  /** Not in `list`: their network refused their credentials, so that nothing is received or sent for them. */
  listRefused(): readonly BotAccount[];
  /** Calls back when a bot of this process appears, changes or goes; at once for those already there. */
  watch(listener: (change: { kind: "added" | "removed"; bot: BotAccount }) => void): () => void;
}

/** Changes the bots of one tenant. Every change is audited. */
export interface BotAdmin {
  /** Checks the secrets at the network first. Throws `bad-credentials`, or `bot-exists` for an account already added. */
  add(
    tenantId: TenantId,
    bot: {
      channel: ChannelName;
      name: string;
      secrets: Readonly<Record<string, string>>;
      /** What a person chooses, e.g. `{ engine: "dom" }`; what the network says of the account goes before it. */
      settings?: Readonly<Record<string, string>>;
    },
    signal: AbortSignal,
  ): Promise<BotAccount>;
  /** Throws `bot-unknown`. */
  remove(tenantId: TenantId, botId: BotId, signal: AbortSignal): Promise<void>;
  /** As `BotStore.changeWebChat`. */
  changeWebChat(
    tenantId: TenantId,
    botId: BotId,
    change: { readonly name: string; readonly looks: WebChatLooks },
    expectedRevision: number | undefined,
  ): Promise<"changed" | "stale" | "unknown">;
}
