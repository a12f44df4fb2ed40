import type { BotRegistry } from "../core/bot-registry.ts";
import type {
  Campaign,
  CampaignActor,
  CampaignContent,
  CampaignStore,
  Compose,
  Judgement,
  RecipientView,
  SkipReason,
} from "../core/campaigns.ts";
import type { Channel, ChannelName } from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import { PregoneroError } from "../core/errors.ts";
import { asId, type ContactId, type TenantId } from "../core/ids.ts";
import type { Segments } from "../core/segments.ts";
import { toShownPart } from "./compose.ts";
import { type CsvProblem, csvProblem } from "./csv-problem.ts";
import { placesNeeded } from "./places.ts";
import { type CsvLine, readCsv } from "./read-csv.ts";
import { type ChosenStart, toInstant } from "./start-time.ts";

export interface CampaignAdminPorts {
  readonly store: CampaignStore;
  readonly segments: Pick<Segments, "resolve" | "find">;
  readonly registry: Pick<BotRegistry, "get">;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly compose: Compose;
  readonly clock: Clock;
}

/** One contact or line, and why it gets nothing. */
export interface DryRunEntry {
  readonly contactId: ContactId | undefined;
  readonly line: number | undefined;
}

export interface DryRun {
  readonly total: number;
  /** `get`, and each reason for which somebody gets nothing. */
  readonly outcomes: ReadonlyMap<
    "get" | SkipReason,
    { readonly contacts: number; readonly page: readonly DryRunEntry[] }
  >;
  /** Of those who get it, by channel: contacts, and messages that these are. */
  readonly channels: ReadonlyMap<
    ChannelName,
    { readonly contacts: number; readonly messages: number; readonly templates: number }
  >;
}

export interface Preview {
  readonly channel: ChannelName;
  readonly botId: string;
  /** Undefined: a place has no value. */
  readonly parts: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** What WhatsApp Cloud gets 24 hours after they last wrote. */
  readonly template: readonly Readonly<Record<string, unknown>>[] | undefined;
}

export type CampaignAdmin = ReturnType<typeof createCampaignAdmin>;

/** Contacts that are judged in one transaction of a dry run. */
const BATCH = 500;
/** Above these nobody counts by hand; a dry run of a larger segment says that it stopped. */
const MAX_DRY_RUN = 250_000;

export function createCampaignAdmin(ports: CampaignAdminPorts) {
  const { store, compose } = ports;

  async function find(tenantId: TenantId, campaignId: string): Promise<Campaign> {
    const campaign = await store.find(tenantId, campaignId);
    if (campaign !== undefined) return campaign;
    throw new PregoneroError("campaign-unknown", "There is no such campaign.", { status: 404 });
  }

  /** Everybody on the list with what would become of them now, in batches. */
  async function* judgeAll(campaign: Campaign, signal: AbortSignal) {
    if (campaign.audience?.kind === "segment" && !campaign.audience.isListed) {
      yield* judgeSegment(campaign, campaign.audience.segmentId ?? "", signal);
      return;
    }
    let after: Parameters<CampaignStore["judgePage"]>[1]["after"];
    do {
      signal.throwIfAborted();
      const page = await store.judgePage(campaign, { after, limit: BATCH });
      yield page.entries.map(({ entry, judgement }) => ({ ...toEntry(entry), judgement }));
      after = page.next;
    } while (after !== undefined);
  }

  async function* judgeSegment(campaign: Campaign, segmentId: string, signal: AbortSignal) {
    for await (const contactIds of listSegment(ports.segments, campaign, segmentId, signal)) {
      const judged = await store.judgeContacts(campaign, contactIds);
      yield judged.map((one) => ({ ...one, line: undefined }));
    }
  }

  async function count(campaign: Campaign, signal: AbortSignal): Promise<number> {
    if (campaign.audience?.kind !== "segment") return campaign.counts.pending;
    let contacts = 0;
    const segmentId = campaign.audience.segmentId ?? "";
    for await (const some of listSegment(ports.segments, campaign, segmentId, signal)) {
      contacts += some.length;
    }
    return contacts;
  }

  return {
    store,
    find,
    preview: (tenantId: TenantId, campaignId: string, values: Readonly<Record<string, string>>) =>
      find(tenantId, campaignId).then((campaign) => previewOf(ports, campaign, values)),

    async dryRun(tenantId: TenantId, campaignId: string, pageLimit: number, signal: AbortSignal) {
      const campaign = await find(tenantId, campaignId);
      const tally = createTally(pageLimit);
      for await (const batch of judgeAll(campaign, signal)) {
        for (const { judgement, ...entry } of batch) {
          tally.add(entry, judgement, composeIfReached(compose, campaign, judgement));
        }
        if (tally.total() >= MAX_DRY_RUN) break;
      }
      return tally.result();
    },

    /** Reads a CSV and finds whose its lines are. With problems nothing is written, unless they are to be skipped. */
    async setCsv(
      tenantId: TenantId,
      campaignId: string,
      given: { readonly text: string; readonly skipsProblems: boolean },
      revision: number | undefined,
      by: CampaignActor,
    ): Promise<{ readonly problems: readonly CsvProblem[]; readonly isSet: boolean }> {
      const { lines, problems } = readCsv(given.text);
      const matched = await matchLines(store, tenantId, lines);
      const all = [...problems, ...matched.problems].sort((a, b) => a.line - b.line);
      const isSet = matched.entries.length > 0 && (all.length === 0 || given.skipsProblems);
      if (isSet) {
        const audience = { kind: "csv", entries: matched.entries } as const;
        await store.setAudience(tenantId, campaignId, audience, revision, by);
      }
      return { problems: all, isSet };
    },

    async setSegment(
      tenantId: TenantId,
      campaignId: string,
      segmentId: string,
      revision: number | undefined,
      by: CampaignActor,
    ): Promise<void> {
      if ((await ports.segments.find(tenantId, segmentId)) === undefined) {
        throw new PregoneroError("segment-unknown", "There is no such segment.", { status: 404 });
      }
      await store.setAudience(tenantId, campaignId, { kind: "segment", segmentId }, revision, by);
    },

    /** `start` undefined: now. */
    async schedule(
      tenantId: TenantId,
      campaignId: string,
      start: ChosenStart | undefined,
      revision: number | undefined,
      { by, signal }: { readonly by: CampaignActor; readonly signal: AbortSignal },
    ): Promise<void> {
      const now = ports.clock.now();
      const startsAt = start === undefined ? now : toInstant(start);
      if (startsAt.getTime() < now.getTime() - 60_000) {
        throw new PregoneroError(
          "start-time",
          `The start cannot be taken: ${startsAt.toISOString()} is past. Leave startsAt out to begin now.`,
          { status: 400 },
        );
      }
      const campaign = await find(tenantId, campaignId);
      const size = await count(campaign, signal);
      if (campaign.state === "draft" && campaign.audience !== undefined && size === 0) {
        throw new PregoneroError("campaign-empty", "Nobody is in the campaign's audience.", {
          status: 409,
        });
      }
      const step = { kind: "schedule", startsAt, timeZone: start?.timeZone, size } as const;
      await store.take(tenantId, campaignId, step, revision ?? campaign.revision, by);
    },
  };
}

/** Contacts of a segment in batches, each contact once. */
export async function* listSegment(
  segments: Pick<Segments, "resolve">,
  { tenantId, bots }: Pick<Campaign, "tenantId" | "bots">,
  segmentId: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ContactId[]> {
  const [first] = bots;
  if (first === undefined) return;
  const list = { kind: "segment", segmentId } as const;
  for await (const batch of segments.resolve(tenantId, first, list, signal)) {
    yield batch.flatMap((one) => (one.kind === "recipient" ? [one.contactId] : []));
  }
}

function toEntry({ contactId, line }: RecipientView): DryRunEntry {
  return { contactId, line };
}

function composeIfReached(compose: Compose, content: CampaignContent, judgement: Judgement) {
  if (judgement.kind === "skip") return undefined;
  const needsTemplate = judgement.kind === "open" || judgement.needsTemplate;
  return compose(content, { ...judgement, needsTemplate });
}

function createTally(pageLimit: number) {
  const outcomes = new Map<"get" | SkipReason, { contacts: number; page: DryRunEntry[] }>();
  const channels = new Map<
    ChannelName,
    { contacts: number; messages: number; templates: number }
  >();
  let total = 0;
  return {
    total: () => total,
    add(entry: DryRunEntry, judgement: Judgement, parts: ReturnType<Compose>): void {
      total += 1;
      const isMissing = judgement.kind !== "skip" && parts === undefined;
      const outcome =
        judgement.kind === "skip" ? judgement.reason : isMissing ? "missing-value" : "get";
      const counted = outcomes.get(outcome) ?? { contacts: 0, page: [] };
      counted.contacts += 1;
      if (counted.page.length < pageLimit) counted.page.push(entry);
      outcomes.set(outcome, counted);
      if (judgement.kind === "skip" || parts === undefined) return;
      const sent = channels.get(judgement.channel) ?? { contacts: 0, messages: 0, templates: 0 };
      sent.contacts += 1;
      sent.messages += parts.length;
      sent.templates += judgement.kind === "open" || judgement.needsTemplate ? 1 : 0;
      channels.set(judgement.channel, sent);
    },
    result: (): DryRun => ({ total, outcomes, channels }),
  };
}

/** Once for each channel of its bots. */
function previewOf(
  { registry, compose }: CampaignAdminPorts,
  campaign: Campaign,
  values: Readonly<Record<string, string>>,
): { readonly placesNeeded: readonly string[]; readonly previews: readonly Preview[] } {
  const shown = new Map<ChannelName, Preview>();
  for (const botId of campaign.bots) {
    const channel = registry.get(campaign.tenantId, botId)?.channel;
    if (channel === undefined || shown.has(channel)) continue;
    const to = { channel, values };
    const render = (needsTemplate: boolean) =>
      compose(campaign, { ...to, needsTemplate })?.map(toShownPart);
    const hasTemplate = channel === "whatsapp-cloud" && campaign.template !== undefined;
    const template = hasTemplate ? render(true) : undefined;
    shown.set(channel, { channel, botId, parts: render(false), template });
  }
  const texts = [campaign.text, ...(campaign.template?.parameters ?? [])];
  return { placesNeeded: placesNeeded(...texts), previews: [...shown.values()] };
}

async function matchLines(store: CampaignStore, tenantId: TenantId, lines: readonly CsvLine[]) {
  const problems: CsvProblem[] = [];
  const entries: {
    contactId: ContactId | undefined;
    line: number;
    variables: CsvLine["variables"];
  }[] = [];
  for (let start = 0; start < lines.length; start += BATCH) {
    const batch = lines.slice(start, start + BATCH);
    const identifiers = batch.flatMap(({ contact }) =>
      contact.kind === "identifier" ? [contact.identifier] : [],
    );
    const matched = [...(await store.matchIdentifiers(tenantId, identifiers))];
    for (const { line, contact, variables } of batch) {
      const contactId =
        contact.kind === "contact" ? asId<ContactId>(contact.contactId) : matched.shift();
      if (contactId === "malformed") {
        problems.push(csvProblem(line, "number-malformed"));
      } else entries.push({ contactId, line, variables });
    }
  }
  return { problems, entries };
}
