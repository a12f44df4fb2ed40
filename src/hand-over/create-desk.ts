import { replyText } from "../conversation/format-reply.ts";
import { deskNotice } from "../conversation/hand-over.ts";
import type { BotRegistry } from "../core/bot-registry.ts";
import {
  type Channel,
  type ChannelName,
  downloadsFiles,
  holdsSessions,
  reconciles,
} from "../core/channel.ts";
import type { Clock } from "../core/clock.ts";
import type { CannedReplies, DeskActor, DeskParts, DeskStore, Reach } from "../core/desk.ts";
import { PregoneroError } from "../core/errors.ts";
import {
  type ConductOf,
  DEFAULT_CONDUCT,
  type DeskNotice,
  type PhoneReplies,
} from "../core/hand-over.ts";
import type { BotId, ConversationId, MessageId, OutboxId, TenantId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { type Reply, textReply } from "../core/message.ts";
import type { WakeUps } from "../core/wake-up.ts";
import { fillCanned } from "./canned-text.ts";
import { checkFile, type GivenFile } from "./check-file.ts";
import { summariseHandOver } from "./summarise.ts";

/** Somebody who went home must not silence the bot until the morning. */
export const DEFAULT_MINUTES = 30;
export const MAX_MINUTES = 480;
/** Who writes from the phone itself does not say when they are done. */
const PHONE_MINUTES = 30;
const MAX_MEDIA_BYTES = 20_000_000;
const MEDIA_TIMEOUT_MS = 20_000;
/** Where nobody can look, an unknown part stays so: nothing is won by waiting longer. */
const RESEND_AFTER_MS = 60_000;

export interface DeskPorts {
  readonly store: DeskStore;
  readonly canned: CannedReplies;
  readonly registry: Pick<BotRegistry, "lookUp" | "get">;
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly conductOf: ConductOf;
  readonly wakeUps: Pick<WakeUps, "wake">;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface GivenReply {
  readonly text: string;
  readonly files: readonly GivenFile[];
}

export type Desk = ReturnType<typeof createDesk>;

/**
 * What people do at the desk: renders what they say for the channel of the conversation, and has it queued by the
 * store together with the hand-over that it needs. Errors are of HTTP's vocabulary, since people read them.
 */
export function createDesk(ports: DeskPorts) {
  const { store, logger } = ports;

  async function reachOf(tenantId: TenantId, conversationId: ConversationId): Promise<Reach> {
    const reach = await store.reach(tenantId, conversationId);
    if (reach === undefined) throw unknownConversation();
    return reach;
  }

  async function channelOf(tenantId: TenantId, botId: BotId) {
    const bot = await ports.registry.lookUp(tenantId, botId);
    const channel = bot && ports.channels.get(bot.channel);
    if (bot === undefined || channel === undefined) throw botAway();
    return { bot, channel };
  }

  async function render(
    tenantId: TenantId,
    reach: Reach,
    replies: readonly Reply[],
    told: Pick<DeskParts, "text" | "files">,
  ): Promise<DeskParts> {
    const { channel } = await channelOf(tenantId, reach.botId);
    const pace = reach.kind === "group" ? channel.pace.groupChat : channel.pace.privateChat;
    return { ...told, parts: replies.flatMap((reply) => channel.render(reply)), pace };
  }

  /** Undefined where nobody is told: in groups, and to who cannot be reached. */
  async function noticeFor(
    tenantId: TenantId,
    reach: Reach,
    notice: DeskNotice,
  ): Promise<DeskParts | undefined> {
    if (reach.kind === "group" || !reach.isReachable) return undefined;
    const reply = deskNotice(notice, reach.language);
    try {
      return await render(tenantId, reach, [reply], { text: replyText(reply), files: [] });
    } catch (error) {
      // A bot that is gone must not keep a hand-over from ending.
      logger.warn("desk-notice-not-rendered", { error });
      return undefined;
    }
  }

  function wake(tenantId: TenantId, botId: BotId): void {
    const bot = ports.registry.get(tenantId, botId);
    const channel = bot && ports.channels.get(bot.channel);
    const isHeld = channel !== undefined && holdsSessions(channel);
    ports.wakeUps.wake(isHeld ? "deliver-held" : "deliver");
    ports.wakeUps.wake("answer");
  }

  async function reply(
    tenantId: TenantId,
    conversationId: ConversationId,
    by: DeskActor,
    given: GivenReply & { readonly id: string },
  ) {
    const reach = await reachOf(tenantId, conversationId);
    const files = given.files.map(checkFile);
    const replies: Reply[] = files.map(({ fileName, mimeType, contentBase64 }, index) => ({
      kind: "document",
      fileName,
      mimeType,
      contentBase64,
      // The words go with the first file, as people send them.
      ...(index === 0 && given.text !== "" ? { caption: given.text } : {}),
    }));
    if (files.length === 0) replies.push(textReply(given.text));
    const parts = await render(tenantId, reach, replies, {
      text: given.text,
      files: files.map(({ fileName, mimeType, sizeBytes }) => ({ fileName, mimeType, sizeBytes })),
    });
    const notice = await noticeFor(tenantId, reach, "taken-over");
    const outcome = await store.reply(tenantId, conversationId, by, {
      ...parts,
      id: given.id,
      minutes: DEFAULT_MINUTES,
      notice,
    });
    if (outcome.kind === "unknown") throw unknownConversation();
    if (outcome.kind === "unreachable") throw unreachable();
    if (outcome.kind === "taken") throw taken();
    wake(tenantId, reach.botId);
    return { id: outcome.id, outboxIds: outcome.outboxIds };
  }

  return {
    store,
    reply,

    async claim(
      tenantId: TenantId,
      conversationId: ConversationId,
      by: DeskActor,
      minutes: number,
    ) {
      const reach = await reachOf(tenantId, conversationId);
      const notice = await noticeFor(tenantId, reach, "taken-over");
      const outcome = await store.claim(tenantId, conversationId, by, { minutes, notice });
      if (outcome.kind === "unknown") throw unknownConversation();
      if (outcome.kind === "taken") throw taken();
      wake(tenantId, reach.botId);
      return outcome.hold;
    },

    async release(
      tenantId: TenantId,
      conversationId: ConversationId,
      by: DeskActor,
      release: { readonly summary?: string | undefined; readonly closes: boolean },
    ): Promise<void> {
      const reach = await reachOf(tenantId, conversationId);
      const summary = summariseHandOver(reach.saidSinceHold, release.summary);
      const notice = await noticeFor(tenantId, reach, "given-back");
      const { closes } = release;
      if (!(await store.release(tenantId, conversationId, by, { notice, summary, closes }))) {
        throw notYours();
      }
      wake(tenantId, reach.botId);
    },

    async resend(
      tenantId: TenantId,
      conversationId: ConversationId,
      outboxId: OutboxId,
      by: DeskActor,
    ): Promise<OutboxId> {
      const outcome = await store.resend(tenantId, conversationId, outboxId, by);
      if (outcome.kind !== "queued") throw notResendable(outcome.kind);
      wake(tenantId, outcome.botId);
      return outcome.outboxId;
    },

    /** Sends what is filled in, and counts that it was used. */
    async fillCanned(
      tenantId: TenantId,
      conversationId: ConversationId,
      name: string,
      agent: string,
    ): Promise<string | undefined> {
      const canned = await ports.canned.find(tenantId, name);
      if (canned === undefined) return undefined;
      const { language, contactName } = await reachOf(tenantId, conversationId);
      const date = new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(
        ports.clock.now(),
      );
      await ports.canned.countUse(tenantId, name);
      return fillCanned(canned, language, { name: contactName, agent, date });
    },

    /** The bytes that the citizen sent; throws 404 when the network has them no longer, or never had. */
    async downloadMedia(
      tenantId: TenantId,
      conversationId: ConversationId,
      messageId: MessageId,
    ): Promise<Uint8Array> {
      const found = await store.findFile(tenantId, conversationId, messageId);
      if (found === undefined) throw noFile();
      const { bot, channel } = await channelOf(tenantId, found.botId);
      if (!downloadsFiles(channel)) throw noFile();
      return channel.downloadFile(bot, found.fileKey, {
        maxBytes: MAX_MEDIA_BYTES,
        signal: AbortSignal.timeout(MEDIA_TIMEOUT_MS),
      });
    },

    /** Ends what nobody prolonged, and sends once more what a tenant wants sent again. Any number may run at once. */
    async sweepOnce(): Promise<void> {
      for (const expired of await store.findExpired()) {
        const { tenantId, conversationId, isByPhone } = expired;
        const reach = await store.reach(tenantId, conversationId);
        if (reach === undefined) continue;
        const summary = summariseHandOver(reach.saidSinceHold, undefined);
        const notice = isByPhone ? undefined : await noticeFor(tenantId, reach, "expired");
        if (await store.expire(expired, { notice, summary })) {
          logger.info("hand-over-expired", { conversationId });
          wake(tenantId, reach.botId);
        }
      }
      const blind = [...ports.channels.values()].filter((channel) => !reconciles(channel));
      const names = blind.map(({ name }) => name);
      for (const part of await store.findResendable(names, RESEND_AFTER_MS)) {
        const conduct = (await ports.conductOf(part.tenantId, part.botId)) ?? DEFAULT_CONDUCT;
        if (!conduct.resendsUnknown) continue;
        const outcome = await store.resend(part.tenantId, undefined, part.outboxId, undefined);
        if (outcome.kind !== "queued") continue;
        logger.info("part-resent", { outboxId: part.outboxId, as: outcome.outboxId });
        wake(part.tenantId, part.botId);
      }
    },
  };
}

/** For channels that see what is written from the account by others than us. */
export function createPhoneReplies(store: Pick<DeskStore, "notePhoneReply">): PhoneReplies {
  return { note: (reply) => store.notePhoneReply(reply, PHONE_MINUTES) };
}

function unknownConversation(): PregoneroError {
  return new PregoneroError("not-found", "There is no such conversation.", { status: 404 });
}

function taken(): PregoneroError {
  const message =
    "Somebody else has this conversation. Ask them to give it back, or wait until their time is over.";
  return new PregoneroError("conversation-taken", message, { status: 409 });
}

function notYours(): PregoneroError {
  const message = "You do not have this conversation: your time was over, or somebody else has it.";
  return new PregoneroError("conversation-not-yours", message, { status: 409 });
}

function unreachable(): PregoneroError {
  const message = "Nobody can be reached there: the person blocked the bot, left, or was erased.";
  return new PregoneroError("contact-unreachable", message, { status: 409 });
}

function botAway(): PregoneroError {
  const message =
    "The bot of this conversation is removed or waits for new credentials: nothing can be sent.";
  return new PregoneroError("bot-away", message, { status: 409 });
}

function noFile(): PregoneroError {
  return new PregoneroError("not-found", "There is no file with this message, or no longer.", {
    status: 404,
  });
}

function notResendable(kind: "again" | "state" | "unknown"): PregoneroError {
  if (kind === "unknown") {
    return new PregoneroError("not-found", "There is no such part in this conversation.", {
      status: 404,
    });
  }
  if (kind === "again") {
    return new PregoneroError("part-resent", "It was sent again already.", { status: 409 });
  }
  const message =
    "Only a part of which nobody knows whether it arrived is sent again, to who can be reached.";
  return new PregoneroError("part-not-unknown", message, { status: 409 });
}
