import type { Conduct } from "./hand-over.ts";
import type { AssistantId, BotId, ContactId, TenantId } from "./ids.ts";
import type { LanguageModel } from "./language-model.ts";
import type { MicroUsd } from "./spending.ts";

/** For whom it is written: `easy` (short words, one thought a sentence), `plain`, `professional` (terms as printed). */
export const READING_LEVELS = ["easy", "plain", "professional"] as const;
export type ReadingLevel = (typeof READING_LEVELS)[number];

/** How a tenant wants answers to be written. It can change manner only: what is cited and verified stays. */
export interface AnswerStyle {
  /** As whom it speaks. Empty: nobody in particular. */
  readonly persona: string;
  /** Empty: plain and friendly. */
  readonly tone: string;
  readonly readingLevel: ReadingLevel;
  /** 1 to 12. */
  readonly maxSentences: number;
  /** 0 to 1. */
  readonly temperature: number;
  /** A question about one of these gets a polite refusal, and no model is asked. */
  readonly forbiddenTopics: readonly string[];
  /** Given once per conversation, besides our own. Empty: none. */
  readonly disclaimer: string;
}

export const DEFAULT_STYLE: AnswerStyle = {
  persona: "",
  tone: "",
  readingLevel: "plain",
  maxSentences: 4,
  temperature: 0.1,
  forbiddenTopics: [],
  disclaimer: "",
};

/** Where a link of the tenant's own is reached. One object, saved as one: a key never goes to another address. */
export interface Endpoint {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

export interface AssistantLink {
  /** One of the installation's providers. */
  readonly provider: string;
  readonly model: string;
  /** The model is not on the price list, and the tenant knows. */
  readonly isUnlisted: boolean;
  /** Undefined: the installation's own address and key. `unreadable`: saved under a SECRET_KEY that is gone. */
  readonly endpoint: Endpoint | "unreadable" | undefined;
}

export const ROUTES = ["usual", "large"] as const;
export type Route = (typeof ROUTES)[number];

export interface AssistantSettings extends AnswerStyle {
  /** Tried in this order. Empty: the installation's chain. */
  readonly usual: readonly AssistantLink[];
  /** For comparisons, long questions and long contexts. Empty: these go to `usual` too. */
  readonly large: readonly AssistantLink[];
  /** Characters of the passages shown from which on a context is long. */
  readonly largeContextCharacters: number;
  /** No model is asked, whatever the chains name: answers are quotations. Absent: no. */
  readonly quotesOnly?: boolean;
  /** Whether a model looks at each sentence once more. Absent: as the installation says (MODEL_CHECK). */
  readonly checksGrounding?: boolean;
  /** How it meets people. Absent: as ours does. */
  readonly conduct?: Conduct;
}

/** 6 passages of 1,800 characters are shown at most. */
export const DEFAULT_LARGE_CONTEXT = 6_000;

/** That another version of an assistant answers a share of those who write, for now. */
export interface AssistantComparison {
  readonly experimentId: string;
  /** Of a hundred people, 1 to 99. */
  readonly share: number;
  readonly revision: number;
  /** Its links are without keys. */
  readonly settings: AssistantSettings;
}

export interface Assistant {
  readonly assistantId: AssistantId;
  /** Unique in the tenant: letters, digits and hyphens. */
  readonly name: string;
  /** Answers for bots that name none, and for the API. */
  readonly isDefault: boolean;
  /** Grows with each change. From 1. */
  readonly revision: number;
  readonly settings: AssistantSettings;
  /** Absent: it answers everybody. */
  readonly comparison?: AssistantComparison;
}

export interface TenantAssistants {
  /** Grows with each change of any assistant, or of what a bot uses. 0: there never was one. */
  readonly revision: number;
  readonly assistants: readonly Assistant[];
  readonly byBot: ReadonlyMap<BotId, AssistantId>;
}

/** What an assistant was at one of its revisions. Keys are not kept: one that was taken back is gone everywhere. */
export interface AssistantVersion {
  readonly revision: number;
  /** As in the audit. */
  readonly savedBy: string;
  readonly savedAt: Date;
  /** The revision that it repeats. Undefined: it was written anew. */
  readonly restoredFrom: number | undefined;
}

/** Assistants at rest: addresses and keys encrypted. Every change is audited. */
export interface AssistantStore {
  load(tenantId: TenantId): Promise<TenantAssistants>;
  /** As in `TenantAssistants`; cheap to ask. */
  revision(tenantId: TenantId): Promise<number>;
  /**
   * Makes or replaces. Throws `assistant-changed` (409) when its revision is not `expectedRevision` (0: there is
   * none yet), and `experiment-running` (409) while two of its versions are compared. A new default takes the place
   * of the old one.
   */
  save(
    tenantId: TenantId,
    assistant: Pick<Assistant, "name" | "isDefault" | "settings">,
    expectedRevision: number,
    actor: string,
    /** The revision that these settings repeat; absent: they were written anew. */
    restoredFrom?: number,
  ): Promise<void>;
  /** The newest 100, newest first. Throws `assistant-unknown` (404). */
  versions(tenantId: TenantId, name: string): Promise<readonly AssistantVersion[]>;
  /** Its links are without keys. Throws `assistant-unknown` or `assistant-version-unknown` (404). */
  version(tenantId: TenantId, name: string, revision: number): Promise<AssistantSettings>;
  /** Throws `assistant-unknown` (404), or `assistant-in-use` (409) while a bot names it. */
  remove(tenantId: TenantId, name: string, actor: string): Promise<void>;
  /** Undefined: the bot goes back to the default. Throws `bot-unknown` or `assistant-unknown` (404). */
  use(tenantId: TenantId, botId: BotId, name: string | undefined, actor: string): Promise<void>;
}

/** What answers one question. */
export interface ActiveAssistant {
  /** Undefined: the tenant has none, and the installation's chain answers. */
  readonly name: string | undefined;
  /** Of the assistant as it was saved. Absent: it is tried as it is being edited, or there is none. */
  readonly revision?: number;
  /** The experiment that this answer counts for. Absent: none runs, or it is not known who asks. */
  readonly experimentId?: string;
  /** Undefined: no link can be called, and answers are quotations. */
  readonly model: LanguageModel | undefined;
  readonly style: AnswerStyle;
  readonly largeContextCharacters: number;
  /** After the check by words, a model is asked whether each sentence is supported. */
  readonly checksGrounding: boolean;
  /** How it meets people. Absent: as ours does. */
  readonly conduct?: Conduct;
}

/** `contactId`: who asks. It tells which of two versions answers while they are compared; absent: the live one. */
export type AssistantOf = (
  tenantId: TenantId,
  botId: BotId | undefined,
  contactId?: ContactId | undefined,
) => Promise<ActiveAssistant>;

/** A link as it is given to be saved. */
export interface LinkDraft {
  readonly provider: string;
  readonly model: string;
  /** Absent: the provider's own address, or the installation's. */
  readonly baseUrl?: string | undefined;
  /** Absent: the key saved with the same provider and address in this assistant is kept; null: it is dropped. */
  readonly apiKey?: string | null | undefined;
  readonly unlisted?: boolean | undefined;
}

type Optional<Fields> = { readonly [Name in keyof Fields]?: Fields[Name] | undefined };

/**
 * A whole assistant as it is given to be saved: what is absent takes its default. `isDefault` absent: as it was, and
 * the tenant's first one is the default. `revision`: as it was read before, refused with 409 when it has changed
 * since; absent: whatever it is now.
 */
export type AssistantDraft = Optional<
  AnswerStyle & {
    readonly chain: readonly LinkDraft[];
    readonly large: readonly LinkDraft[];
    readonly largeContextCharacters: number;
    readonly quotesOnly: boolean;
    /** Null: as the installation says. */
    readonly checksGrounding: boolean | null;
    readonly isDefault: boolean;
    readonly revision: number;
    readonly handOver: Optional<Conduct["handOver"]>;
  } & Omit<Conduct, "handOver">
>;

/** Plain JSON. No key is ever in it. */
export interface LinkView {
  readonly provider: string;
  readonly model: string;
  /** Null: the installation's. */
  readonly baseUrl: string | null;
  /** Whether a key of the tenant's own is saved with it. */
  readonly hasKey: boolean;
  readonly unlisted: boolean;
}

export interface AssistantView extends AnswerStyle, Conduct {
  readonly name: string;
  readonly isDefault: boolean;
  readonly revision: number;
  readonly chain: readonly LinkView[];
  readonly large: readonly LinkView[];
  readonly largeContextCharacters: number;
  readonly quotesOnly: boolean;
  /** Null: as the installation says. */
  readonly checksGrounding: boolean | null;
  /** Bots that name it. */
  readonly bots: readonly string[];
}

/**
 * `ok`; `needs-key`: skipped until somebody gives one; `resting`: its breaker is open; `too-dear`: a budget or the
 * balance has too little left for one usual call; `price-unknown`: not on the price list, and the tenant has limits.
 */
export type ModelStateKind = "ok" | "needs-key" | "resting" | "too-dear" | "price-unknown";

/** One link of a chain, as it stands. Plain JSON. */
export interface ModelState {
  /** Null: the installation's chain, which answers where the tenant has no assistant. */
  readonly assistant: string | null;
  readonly route: Route;
  /** From 1. */
  readonly position: number;
  /** `provider:model`, as it was saved. */
  readonly link: string;
  /** `provider:model`, as it is booked and as the passport shows it. */
  readonly model: string;
  readonly state: ModelStateKind;
  /** ISO 8601; of `resting` only. */
  readonly restingUntil: string | null;
  /** Of the running month, of all links of that model. */
  readonly calls: number;
  readonly costMicroUsd: MicroUsd;
  /** Median and 95th percentile in milliseconds from the call to the first piece of text; null: none was answered. */
  readonly firstTokenMs: { readonly p50: number; readonly p95: number } | null;
}

/** Reads and changes the assistants of one tenant. */
export interface AssistantAdmin {
  list(tenantId: TenantId): Promise<readonly AssistantView[]>;
  /** Throws `assistant-invalid` (400) in one sentence, or `assistant-changed` (409). */
  save(
    tenantId: TenantId,
    name: string,
    draft: AssistantDraft,
    actor: string,
  ): Promise<AssistantView>;
  /**
   * To be tried: as it was saved, or as this draft would have it answer; nothing is kept. Throws `assistant-unknown`
   * (404) for one that was never saved and has no draft, or `assistant-invalid` (400).
   */
  open(
    tenantId: TenantId,
    name: string,
    draft: AssistantDraft | undefined,
  ): Promise<ActiveAssistant>;
  /** As of the store. */
  versions(tenantId: TenantId, name: string): Promise<readonly AssistantVersion[]>;
  /** As it was; `hasKey` tells whether it would have one if it were restored now. Throws as the store does. */
  version(tenantId: TenantId, name: string, revision: number): Promise<AssistantView>;
  /**
   * Saves what it was as its next revision, after the same checks as of a draft. Throws as `save` and `version` do;
   * `expectedRevision` undefined: whatever it is now.
   */
  restore(
    tenantId: TenantId,
    name: string,
    revision: number,
    expectedRevision: number | undefined,
    actor: string,
  ): Promise<AssistantView>;
  remove(tenantId: TenantId, name: string, actor: string): Promise<void>;
  use(tenantId: TenantId, botId: BotId, name: string | undefined, actor: string): Promise<void>;
  listModels(tenantId: TenantId): Promise<readonly ModelState[]>;
}
