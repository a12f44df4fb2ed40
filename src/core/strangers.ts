import type { ChannelName } from "./channel.ts";
import type { ContactActor } from "./contacts.ts";
import type { BotId, ContactId, MessageId, TenantId } from "./ids.ts";

/**
 * Whom a bot answers: `open` everybody; `allowlist` those that staff allowed; `pairing` these, and whoever sends a
 * code that staff made; `blocked` nobody. A blocked contact is answered by none.
 */
export const STRANGER_POLICIES = ["open", "allowlist", "pairing", "blocked"] as const;
export type StrangerPolicy = (typeof STRANGER_POLICIES)[number];

export interface StrangerRules {
  readonly policy: StrangerPolicy;
  /** Whoever is refused is told so once a day in one sentence, or hears nothing. */
  readonly answers: "sentence" | "silence";
  /** Undefined: ours, in the person's language. */
  readonly sentence: string | undefined;
  /** 0: nobody set any. */
  readonly revision: number;
}

export interface PairingCodeView {
  readonly codeId: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly redeemedAt: Date | undefined;
  readonly redeemedBy: ContactId | undefined;
}

/** How somebody who writes stands with the bot that they write to. */
export interface Standing extends Omit<StrangerRules, "revision"> {
  /** Undefined: nobody that is known. */
  readonly contactId: ContactId | undefined;
  readonly isBlocked: boolean;
  readonly isAllowed: boolean;
}

/** What the line asks before it answers. */
export interface Admissions {
  standing(
    tenantId: TenantId,
    bot: { readonly botId: BotId; readonly channel: ChannelName },
    who: { readonly contactId: ContactId | undefined; readonly senderKey: string },
  ): Promise<Standing>;
  /** True: they are to be told now; false: they were, within a day. The same message gets the same answer again. */
  mayTell(tenantId: TenantId, contactId: ContactId, messageId: MessageId): Promise<boolean>;
  /**
   * Whoever sends a code that counts is allowed from now on; the same contact may send it again. `paused`: too many
   * wrong ones, nothing was looked at.
   */
  redeem(
    tenantId: TenantId,
    botId: BotId,
    contactId: ContactId,
    code: string,
  ): Promise<"redeemed" | "wrong" | "paused">;
}

/** What staff sets. Every change is audited. */
export interface Strangers extends Admissions {
  /** Undefined: there is no such bot. */
  findRules(tenantId: TenantId, botId: BotId): Promise<StrangerRules | undefined>;
  /** Undefined: there is no such bot. Throws `stale` (412). */
  setRules(
    tenantId: TenantId,
    botId: BotId,
    rules: Omit<StrangerRules, "revision">,
    revision: number | undefined,
    by: ContactActor,
  ): Promise<StrangerRules | undefined>;
  /** Newest first, at most 100; undefined: there is no such bot. */
  listCodes(tenantId: TenantId, botId: BotId): Promise<readonly PairingCodeView[] | undefined>;
  /** Shown this once. Undefined: there is no such bot. */
  makeCode(
    tenantId: TenantId,
    botId: BotId,
    expiresAt: Date,
    by: ContactActor,
  ): Promise<{ readonly code: string; readonly view: PairingCodeView } | undefined>;
  /** False: there is no such code. */
  withdrawCode(
    tenantId: TenantId,
    botId: BotId,
    codeId: string,
    by: ContactActor,
  ): Promise<boolean>;
}
