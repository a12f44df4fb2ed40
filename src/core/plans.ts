import type { ChannelName } from "./channel.ts";
import type { BotId, ContactId, ConversationId, MessageId, TenantId } from "./ids.ts";
import type { Requester } from "./tenants.ts";

/** Undefined: as many as they ask. */
export interface PlanLimits {
  /** Of all people of a tenant together, on one day of the tenant's own calendar. */
  readonly questionsPerDay: number | undefined;
  /** Of one person. */
  readonly questionsPerContactDay: number | undefined;
}

export interface Plan extends PlanLimits {
  /** `basic`: lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly revision: number;
  /** Tenants that have it. */
  readonly tenants: number;
}

/** What a tenant sees of its plan. */
export interface TenantPlan extends PlanLimits {
  readonly plan: string;
}

export interface QuestionsToday {
  /** ISO date, by the tenant's calendar. */
  readonly day: string;
  readonly endsAt: Date;
  /** Counted. */
  readonly questions: number;
  readonly refused: number;
}

/** Plans of the installation, and who has which. Every change is audited. */
export interface Plans {
  /** By name. */
  list(): Promise<readonly Plan[]>;
  find(name: string): Promise<Plan | undefined>;
  /**
   * Makes or changes it, for all tenants that have it at once. `revision` undefined: whichever it is, or none; "new":
   * there is none yet. Throws `stale` (412).
   */
  set(
    name: string,
    limits: PlanLimits,
    revision: number | "new" | undefined,
    by: Requester,
  ): Promise<Plan>;
  /** False: there is none. Throws `plan-in-use` (409). */
  remove(name: string, by: Requester): Promise<boolean>;
  /** Undefined takes it away: nothing is limited, nothing counted. Throws `plan-unknown` (404). */
  assign(tenantId: TenantId, name: string | undefined, by: Requester): Promise<void>;
  planOf(tenantId: TenantId): Promise<TenantPlan | undefined>;
  /** Undefined: it has no plan, and nothing is counted. */
  today(tenantId: TenantId): Promise<QuestionsToday | undefined>;
}

/** Somebody asks something. */
export interface AskedNow {
  readonly tenantId: TenantId;
  /** By which a question is counted once, however often it is asked about. */
  readonly messageId: MessageId;
  /** Undefined: a program, which is counted among all of the tenant alone. */
  readonly who?:
    | {
        readonly botId: BotId;
        readonly channel: ChannelName;
        /** In a private chat. */
        readonly contactId: ContactId | undefined;
        readonly senderKey: string;
        readonly conversationId: ConversationId;
      }
    | undefined;
}

export type Admission =
  | { readonly kind: "admitted" }
  | {
      readonly kind: "refused";
      /** `contact-day`: the person's own limit; `day`: that of all together. */
      readonly by: "day" | "contact-day";
      readonly limit: number;
      /** ISO date, by the tenant's calendar. */
      readonly day: string;
      readonly endsAt: Date;
    };

/** Counts questions against the tenant's plan, before they are answered. */
export interface QuestionLimits {
  /**
   * Committed before it resolves: of any number of questions at once no more are let through than the plan allows. The
   * same message gets the same answer again.
   */
  admit(asked: AskedNow): Promise<Admission>;
}
