import type { BotAccount, ChannelName } from "./channel.ts";
import type { BotId, TenantId } from "./ids.ts";
import type { WebChatLooks } from "./web-chat-looks.ts";

/** Bots at rest: secrets encrypted, found by hashes. */
export interface BotStore {
  /** Active bots of all tenants. */
  listActive(): Promise<readonly BotAccount[]>;
  /** Bots of all tenants whose network refused their credentials, and that were not given others since. */
  listRefused(): Promise<readonly BotAccount[]>;
  /** Changes whenever any bot is added, changed or removed; cheap to ask. */
  version(): Promise<string>;
  /**
   * `accountKey` names the account at the network, so that it is not added twice: throws `bot-exists` (409).
   * The tenant's own account with other secrets or settings than it had, or in need of new ones, is renewed instead.
   */
  insert(
    tenantId: TenantId,
    bot: {
      readonly channel: ChannelName;
      readonly name: string;
      readonly botKey: string;
      readonly accountKey: string;
      readonly secrets: Readonly<Record<string, string>>;
      readonly settings: Readonly<Record<string, string>>;
      /** Its account lives in a session: only the process that holds it sends. Default false. */
      readonly isHeld?: boolean;
    },
    actor: string,
  ): Promise<BotAccount>;
  /** What was still queued for it fails with reason `bot-removed`. False when there is no such bot. */
  remove(tenantId: TenantId, botId: BotId, actor: string): Promise<boolean>;
  /**
   * Name and looks of a web chat. `stale`: its revision is not the expected one (undefined: whichever it is).
   * Throws `bot-exists` (409) for the name of another web chat of the tenant.
   */
  changeWebChat(
    tenantId: TenantId,
    botId: BotId,
    change: { readonly name: string; readonly looks: WebChatLooks },
    options: { readonly expectedRevision: number | undefined; readonly actor: string },
  ): Promise<"changed" | "stale" | "unknown">;
  /**
   * The network refused these secrets: nothing is sent for the bot until a person adds it again. When it has
   * got others meanwhile, nothing happens.
   */
  markNeedsAuth(bot: Pick<BotAccount, "tenantId" | "botId" | "secrets">): Promise<void>;
  /** Takes or prolongs the right to poll for these bots; returns those for which no other process has it. */
  holdPolling(botIds: readonly BotId[], owner: string, forMs: number): Promise<ReadonlySet<BotId>>;
  /** Gives back what is held of these. */
  releasePolling(botIds: readonly BotId[], owner: string): Promise<void>;
}
