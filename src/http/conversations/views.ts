import type { z } from "zod";
import type {
  CannedReply,
  ConversationEntry,
  HistoryEntry,
  HoldView,
  PartView,
} from "../../core/desk.ts";
import type { PersonId } from "../../core/ids.ts";
import type { Passport } from "../../core/passport-reader.ts";
import type {
  CannedShape,
  ConversationShape,
  HistoryEntryShape,
  HoldShape,
  PassportShape,
} from "./contract.ts";

/** Undefined: no longer a member. */
export type NameOf = (personId: PersonId) => string | undefined;

const iso = (date: Date | undefined) => date?.toISOString() ?? null;

function personOf(personId: PersonId | undefined, nameOf: NameOf) {
  return personId === undefined ? null : { personId, name: nameOf(personId) ?? null };
}

export function viewHold(hold: HoldView, nameOf: NameOf): z.infer<typeof HoldShape> {
  return {
    by: personOf(hold.personId, nameOf),
    since: hold.since.toISOString(),
    until: hold.until.toISOString(),
  };
}

/** Field by field: what is not named here is shown to nobody. */
export function viewConversation(
  entry: ConversationEntry,
  nameOf: NameOf,
): z.infer<typeof ConversationShape> {
  const { contactId, hold, askedAt } = entry;
  return {
    conversationId: entry.conversationId,
    bot: { botId: entry.botId, name: entry.botName, channel: entry.channel },
    kind: entry.kind,
    contact: contactId === undefined ? null : { contactId, name: entry.contactName ?? null },
    state: entry.state,
    hold: hold === undefined ? null : viewHold(hold, nameOf),
    assignee: personOf(entry.assignee, nameOf),
    asked:
      askedAt === undefined
        ? null
        : { at: askedAt.toISOString(), why: entry.askedWhy ?? "command" },
    tags: [...entry.tags],
    unread: entry.unread,
    hasTrouble: entry.hasTrouble,
    isReachable: entry.isReachable,
    createdAt: entry.createdAt.toISOString(),
    lastMessageAt: entry.lastMessageAt.toISOString(),
    excerpt: entry.excerpt ?? null,
  };
}

export function viewHistoryEntry(
  entry: HistoryEntry,
  nameOf: NameOf,
): z.infer<typeof HistoryEntryShape> {
  const nothing = {
    messageId: null,
    author: null,
    content: null,
    edits: null,
    media: null,
    state: null,
    senderName: null,
    citations: [],
    judgements: [],
    files: [],
    parts: [],
  };
  const shared = { ...nothing, id: entry.id, at: entry.at.toISOString() };
  switch (entry.kind) {
    case "heard":
      return {
        ...shared,
        kind: entry.kind,
        messageId: entry.messageId,
        text: entry.text ?? null,
        content: entry.content,
        edits: entry.edits ?? null,
        media:
          entry.media === undefined
            ? null
            : {
                kind: entry.media.kind,
                mediaType: entry.media.mediaType ?? null,
                sizeBytes: entry.media.sizeBytes ?? null,
              },
        state: entry.state,
        senderName: entry.senderName ?? null,
      };
    case "answered":
      return {
        ...shared,
        kind: entry.kind,
        messageId: entry.messageId,
        text: entry.text,
        citations: entry.citations.map((cited) => ({
          number: cited.number,
          source: cited.source,
          edition: cited.edition,
          date: cited.date,
          page: cited.page,
          printedPage: cited.printedPage ?? null,
          quote: cited.quote,
          url: cited.url,
        })),
        judgements: entry.judgements.map(({ vote, comment, judgedAt }) => ({
          vote,
          comment: comment ?? null,
          judgedAt: judgedAt.toISOString(),
        })),
        parts: entry.parts.map(viewPart),
      };
    case "note":
      return {
        ...shared,
        kind: entry.kind,
        text: entry.text,
        author: personOf(entry.author, nameOf),
      };
    default:
      return {
        ...shared,
        kind: entry.kind,
        text: entry.text,
        author: personOf(entry.author, nameOf),
        files: entry.files.map(({ fileName, mimeType, sizeBytes }) => ({
          fileName,
          mimeType,
          sizeBytes,
        })),
        parts: entry.parts.map(viewPart),
      };
  }
}

function viewPart(part: PartView) {
  return {
    outboxId: part.outboxId,
    state: part.state,
    delivery: part.delivery ?? null,
    reason: part.reason ?? null,
    createdAt: part.createdAt.toISOString(),
    settledAt: iso(part.settledAt),
    deliveredAt: iso(part.deliveredAt),
    readAt: iso(part.readAt),
    resentAs: part.resentAs ?? null,
  };
}

export function viewPassport(passport: Passport): z.infer<typeof PassportShape> {
  return {
    messageId: passport.messageId,
    state: passport.state ?? null,
    deadReason: passport.deadReason ?? null,
    events: passport.events.map(({ kind, at, detail }) => ({
      kind,
      at: at.toISOString(),
      detail: { ...detail },
    })),
    parts: passport.parts.map((part) => ({
      outboxId: part.outboxId,
      state: part.state,
      attempts: part.attempts,
      networkMessageId: part.networkMessageId ?? null,
      reason: part.reason ?? null,
    })),
  };
}

export function viewCanned(reply: CannedReply): z.infer<typeof CannedShape> {
  const { name, texts, revision, used } = reply;
  return { name, texts: { ...texts }, revision, used, usedAt: iso(reply.usedAt) };
}
