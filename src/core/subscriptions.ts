import type { ChannelName, ChannelPart } from "./channel.ts";
import type { GazetteDate } from "./gazette.ts";
import type { BotId, ContactId, ConversationId, EditionId, PassageId, TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { Payer } from "./spending.ts";

/** `alert`: acts that concern a topic, once each. `daily`, `weekly`: a digest, what was published since the last one. */
export const SUBSCRIPTION_KINDS = ["alert", "daily", "weekly"] as const;
export type SubscriptionKind = (typeof SUBSCRIPTION_KINDS)[number];

/** Of one person in one chat. */
export const MAX_SUBSCRIPTIONS = 20;

/**
 * What somebody wants to hear of, in their own words. An act matches when one of `anyOf` is in it whole, nothing of
 * `without` is, and each of the others fits. Plain JSON, stored encrypted.
 */
export interface AlertTopic {
  /** Alternatives, each a list of words and phrases, of which the act has all. Empty: whatever the others let through. */
  readonly anyOf: readonly (readonly string[])[];
  readonly without: readonly string[];
  /** The body that issued the act. */
  readonly body?: string;
  readonly section?: string;
  /** Of a person or company, in whichever order and legal form it stands. */
  readonly name?: string;
  readonly place?: string;
}

/** Minutes after midnight, 0 to 1439; `from` later than `until`: over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly until: number;
}

/** What a person is about to subscribe to, or did. Plain JSON. */
export interface SubscriptionDraft {
  readonly kind: SubscriptionKind;
  /** Of an alert. */
  readonly topic?: AlertTopic;
  /** In which they are told. */
  readonly language: Language;
  /** IANA: in which quiet hours and days are meant. */
  readonly timeZone: string;
  /** Alerts wait until they end. */
  readonly quietHours?: QuietHours;
  /** Of a digest: minutes after midnight. */
  readonly minute?: number;
  /** Of a weekly one: 1, Monday, to 7. */
  readonly weekday?: number;
}

export interface Subscription extends SubscriptionDraft {
  readonly subscriptionId: string;
  readonly state: "active" | "paused";
  readonly createdAt: Date;
}

/** Where somebody is in the middle of subscribing. Plain JSON, kept with the conversation; `askedAt` is ISO 8601. */
export type Subscribing =
  | { readonly step: "kind" | "words"; readonly askedAt: string }
  | { readonly step: "confirm"; readonly askedAt: string; readonly draft: SubscriptionDraft };

export type SubscriptionChange = "pause" | "resume" | "remove";

/** Why an act matched: which of the topic's words, as the person typed them. `meaning`: it says the same in others. */
export interface MatchReason {
  readonly kind: "words" | "meaning" | "body" | "section" | "name" | "place";
  readonly typed: string;
  /** Of `meaning`: how the passage that is about the same begins. */
  readonly quote?: string;
}

/** An edition as an alert names it. */
export interface AlertEdition {
  readonly editionId: EditionId;
  /** Slug. */
  readonly source: string;
  readonly sourceName: string;
  readonly number: string | undefined;
  readonly publishedOn: GazetteDate;
  readonly documentName: string;
}

/** An act that a topic is about, with the place where its words stand. Plain JSON. */
export interface MatchedAct {
  /** Order within the edition, from 0. */
  readonly position: number;
  readonly title: string;
  readonly issuingBody: string;
  /** PDF page, from 1. */
  readonly page: number;
  readonly printedPage?: string;
  readonly passageId: PassageId;
  readonly reasons: readonly MatchReason[];
}

/** What one person is told of one edition, in one message. */
export interface AlertMessage {
  readonly kind: "alert";
  readonly language: Language;
  readonly edition: AlertEdition;
  readonly acts: readonly MatchedAct[];
}

/** One edition of a digest. */
export interface DigestEdition extends AlertEdition {
  /** In the order of the edition; those that the digest has no room for are counted only. */
  readonly acts: readonly {
    readonly section: string;
    readonly title: string;
    readonly page: number;
  }[];
  readonly actCount: number;
}

export interface DigestMessage {
  readonly kind: "daily" | "weekly";
  readonly language: Language;
  /** Newest first; never empty. */
  readonly editions: readonly DigestEdition[];
}

/** A time by the calendar of each gazette's own zone; `week` and `month` end now. Weeks begin on Monday. */
export type PublishedPeriod =
  | "today"
  | "yesterday"
  | "day-before-yesterday"
  | "week"
  | "last-week"
  | "month"
  | "last-month";

/** Makes what a channel sends; with a template, for somebody whom WhatsApp lets no free text reach now. */
export type ComposeNews = (
  message: AlertMessage | DigestMessage,
  channel: ChannelName,
  template?: NewsTemplate,
) => readonly ChannelPart[];

export const NEWS_TEMPLATE_KINDS = ["alert", "digest"] as const;
export type NewsTemplateKind = (typeof NEWS_TEMPLATE_KINDS)[number];

/** What may stand in braces in a template's parameter. */
export const NEWS_PLACES = [
  "count",
  "source",
  "date",
  "title",
  "summary",
  "reason",
  "link",
] as const;
export type NewsPlace = (typeof NEWS_PLACES)[number];

/** A template that Meta approved, by which news go to those who wrote more than a day ago. */
export interface NewsTemplate {
  readonly kind: NewsTemplateKind;
  /** As Meta names it: `es`, `es_MX`, `pt_BR`. */
  readonly language: string;
  readonly name: string;
  /** In the order of the template's; with places. */
  readonly parameters: readonly string[];
}

/** A tenant's templates, each language of each kind once. */
export interface NewsTemplates {
  list(tenantId: TenantId): Promise<readonly NewsTemplate[]>;
  /** All of them at once. Audited. */
  replace(
    tenantId: TenantId,
    templates: readonly NewsTemplate[],
    by: { readonly actor: string; readonly requestId: string },
  ): Promise<void>;
}

/**
 * Keys by which an edition finds a topic: one for each alternative and language, of its rarest word. Stored as keyed
 * hashes.
 */
export type TopicKeys = readonly string[];

/** The key by which an edition finds topics with this text when it is about the same. */
export function meaningKey(text: string): string {
  return `m:${text}`;
}

/** What the conversation asks about subscriptions; changes are effects of the turn. */
export interface SubscriptionDesk {
  /** Topics as they are matched, whatever was typed. */
  list(tenantId: TenantId, conversationId: ConversationId): Promise<readonly Subscription[]>;
  /** IANA: that of the tenant. */
  timeZoneOf(tenantId: TenantId): Promise<string>;
  /** Whether the person asked to be sent nothing, here or elsewhere. */
  isOff(tenantId: TenantId, conversationId: ConversationId): Promise<boolean>;
  isTimeZone(timeZone: string): boolean;
  /** Newest first; at most 40 documents. */
  publishedIn(
    bot: { readonly tenantId: TenantId; readonly botId: BotId },
    period: PublishedPeriod,
    now: Date,
  ): Promise<readonly DigestEdition[]>;
  /** When a digest is due for the first time after `after`. */
  nextDigestAt(draft: SubscriptionDraft, after: Date): Date;
  /** What of a topic is matched, and the words that are not, since they stand everywhere; as they were typed. */
  leaveOutCommonWords(
    topic: AlertTopic,
  ): Promise<{ readonly topic: AlertTopic; readonly leftOut: readonly string[] }>;
  /** Undefined: it has nothing but words that stand everywhere. */
  keysOf(tenantId: TenantId, topic: AlertTopic): Promise<TopicKeys | undefined>;
  /**
   * What it would have told of the last editions that this bot speaks of, newest first, at most `limit` acts. By words
   * alone without a `payer`, on whose account an embedder reads the topic.
   */
  sample(
    bot: { readonly tenantId: TenantId; readonly botId: BotId },
    topic: AlertTopic,
    limit: number,
    payer?: Payer,
  ): Promise<readonly { readonly edition: AlertEdition; readonly act: MatchedAct }[]>;
}

/** An act's words, as an edition has them. */
export interface ActText {
  readonly title: string;
  readonly issuingBody: string;
  readonly section: string;
  readonly page: number;
  /** In the order of the act. */
  readonly passages: readonly {
    readonly passageId: PassageId;
    readonly page: number;
    readonly printedPage: string | undefined;
    readonly text: string;
  }[];
}

export interface EditionText {
  readonly edition: AlertEdition;
  readonly language: Language;
  readonly acts: readonly ActText[];
}

/** The stemmer that retrieval uses. Words are folded: lower case, no accents. */
export interface Stemmer {
  /** Stop words have none. */
  stemsOf(
    language: Language,
    words: Iterable<string>,
  ): Promise<ReadonlyMap<string, string | undefined>>;
  /** In how many passages each stands, of what the tenant may read; absent: in none. */
  frequenciesOf(
    tenantId: TenantId,
    lexemes: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
}

/** Editions, to be matched. */
export interface EditionTexts {
  read(tenantId: TenantId, editionId: EditionId): Promise<EditionText | undefined>;
  /** Another one when more of it was read; undefined: there is no such edition. */
  revisionOf(tenantId: TenantId, editionId: EditionId): Promise<number | undefined>;
  /** The newest that a bot speaks of: all documents of the last dates, as far as `maxPages` reach. */
  listNewest(
    bot: { readonly tenantId: TenantId; readonly botId: BotId },
    maxPages: number,
  ): Promise<readonly EditionId[]>;
}

/** A subscription whose key stands in an edition: it may match. */
export interface AlertCandidate {
  readonly subscriptionId: string;
  readonly topic: AlertTopic;
  readonly language: Language;
  readonly timeZone: string;
  readonly quietHours: QuietHours | undefined;
}

export interface AlertMatch {
  readonly subscriptionId: string;
  /** The act's words, by which the same act is known again in a corrected edition. */
  readonly actKey: string;
  readonly act: MatchedAct;
  /** Not told before. */
  readonly notBefore: Date;
}

/** How far the matching of one edition against a tenant's subscriptions is. Opaque; empty: at the beginning. */
export type MatchCursor = string;

/**
 * The ledger of matching: each edition once against each subscription. A step reads candidates, and commits its matches
 * with the place where the next one begins; whoever dies in between leaves the step undone, and of two processes that
 * take the same step one commits.
 */
export interface AlertLedger {
  /** Tenants with somebody who waits for alerts. */
  listTenants(): Promise<readonly TenantId[]>;
  /**
   * Editions that came in lately and are not matched to the end, oldest first. With an embedder: once all of it has
   * vectors, or has waited for them for some minutes.
   */
  listDue(
    tenantId: TenantId,
    newerThanDays: number,
    embedderId?: string,
  ): Promise<readonly EditionId[]>;
  /** Where to go on; undefined: it is done. */
  begin(tenantId: TenantId, editionId: EditionId): Promise<MatchCursor | undefined>;
  /** The next candidates after `cursor` by any of `keys`; `next` undefined: these are the last. */
  readCandidates(
    tenantId: TenantId,
    editionId: EditionId,
    keys: ReadonlySet<string>,
    cursor: MatchCursor,
  ): Promise<{
    readonly candidates: readonly AlertCandidate[];
    readonly next: MatchCursor | undefined;
  }>;
  /** False: somebody else took this step, and nothing was written. */
  commit(
    tenantId: TenantId,
    editionId: EditionId,
    step: { readonly from: MatchCursor; readonly next: MatchCursor | undefined },
    matches: readonly AlertMatch[],
  ): Promise<boolean>;
}

/** Hands alerts and digests to the outbox, a few seconds ahead of what the bots may send. */
export interface NewsRelease {
  /** Tenants with an alert or a digest that is due. */
  listTenants(): Promise<readonly TenantId[]>;
  /** One step; returns how many messages it queued, and whether more is due at once. */
  releaseAlerts(tenantId: TenantId, compose: ComposeNews): Promise<ReleaseStep>;
  releaseDigests(tenantId: TenantId, compose: ComposeNews): Promise<ReleaseStep>;
}

export interface ReleaseStep {
  readonly queued: number;
  readonly isMore: boolean;
}

/** What staff sees and does. */
export interface SubscriptionAdmin {
  count(tenantId: TenantId): Promise<SubscriptionCounts>;
  /** Of a contact and of those that are part of it; undefined: there is no such contact. */
  listOfContact(
    tenantId: TenantId,
    contactId: ContactId,
  ): Promise<
    | readonly (Subscription & { readonly conversationId: ConversationId; readonly botId: BotId })[]
    | undefined
  >;
  /** False: there is none. Audited. */
  remove(
    tenantId: TenantId,
    subscriptionId: string,
    by: { readonly actor: string; readonly requestId: string },
  ): Promise<boolean>;
}

export interface SubscriptionCounts {
  readonly subscriptions: Readonly<
    Record<SubscriptionKind, { readonly active: number; readonly paused: number }>
  >;
  readonly contacts: number;
  /** Of the last 30 days; `outsideWindow` are those pending that wait until their reader writes to WhatsApp again. */
  readonly alerts: {
    readonly pending: number;
    readonly outsideWindow: number;
    readonly queued: number;
    readonly skipped: number;
  };
  /** Digests that wait for the same. */
  readonly digestsOutsideWindow: number;
}

/** Of a message by which somebody subscribed, so that a turn that is taken again subscribes once. */
export interface SubscribeEffect {
  readonly kind: "subscribe";
  /** UUID, the same when the same message is answered again. */
  readonly subscriptionId: string;
  readonly draft: SubscriptionDraft;
  /** Of an alert; else empty. */
  readonly keys: TopicKeys;
  /** Of a digest: when the first is due. */
  readonly nextAt?: Date;
}

/** A person changed one of their subscriptions; one that is not theirs is left as it is. */
export interface ChangeSubscriptionEffect {
  readonly kind: "change-subscription";
  readonly subscriptionId: string;
  readonly change: SubscriptionChange;
  /** Of a digest that goes on: when the next is due. */
  readonly nextAt?: Date;
}
