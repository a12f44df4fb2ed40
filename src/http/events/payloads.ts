import { z } from "zod";
import { CAMPAIGN_STATES, RECIPIENT_STATES } from "../../core/campaigns.ts";
import { CHANNELS } from "../../core/channel.ts";
import { VERSION_STATES } from "../../core/documents.ts";
import type { EventKind } from "../../core/events.ts";
import { EDITION_STATES } from "../../core/newsroom.ts";
import { PROMPT_RUN_STATES } from "../../core/prompts.ts";
import { PUBLICATION_STATES, TARGET_KINDS, TARGET_STATES } from "../../core/publishing.ts";
import { SECURITY_EVENT_KINDS } from "../../core/security-events.ts";
import { SESSION_STATES } from "../../core/session.ts";
import { FEATURES } from "../../core/switches.ts";
import "../contract.ts";

const id = z.uuid();
const count = z.number().int().min(0);
const conversation = { conversationId: id };
const message = { ...conversation, botId: id, messageId: id };
const edition = {
  sourceId: id,
  publishedOn: z.string(),
  state: z.enum(EDITION_STATES),
  reason: z.string().optional(),
};

const publication = { publicationId: id, targetId: id, runId: id };

/** What each kind tells besides tenant and time: ids, states and counts, by which a reader asks for more. */
export const EVENT_PAYLOADS = {
  "message-received": z.strictObject(message),
  "message-answered": z.strictObject(message),
  "message-failed": z.strictObject({ ...message, reason: z.string() }),
  "delivery-changed": z.strictObject({
    ...conversation,
    outboxId: id,
    messageId: id.optional(),
    state: z.enum(["sent", "failed", "unknown", "delivered", "read"]),
  }),
  "feedback-given": z.strictObject({
    ...conversation,
    messageId: id,
    vote: z.enum(["up", "down", "none"]),
  }),
  "conversation-handed-over": z.strictObject({
    ...conversation,
    state: z.enum(["asked", "claimed", "extended", "released", "expired"]),
    personId: id.optional(),
  }),
  "conversation-changed": z.strictObject({
    ...conversation,
    change: z.enum([
      "reply",
      "resend",
      "closed",
      "reopened",
      "assigned",
      "tagged",
      "note-added",
      "note-removed",
      "person-not-needed",
    ]),
    personId: id.optional(),
  }),
  "contact-changed": z.strictObject({
    contactId: id,
    change: z.enum([
      "created",
      "changed",
      "merged",
      "merge-undone",
      "blocked",
      "unblocked",
      "allowed",
      "opted-in",
      "opted-out",
      "erased",
    ]),
  }),
  "contacts-imported": z.strictObject({ created: count, updated: count, skipped: count }),
  "campaign-changed": z.strictObject({
    campaignId: id,
    state: z.enum([...CAMPAIGN_STATES, "removed"]),
    change: z.string().optional(),
    counts: z.partialRecord(z.enum(RECIPIENT_STATES), count).optional(),
  }),
  "document-changed": z.strictObject({
    documentId: id,
    state: z.enum(["created", "changed", "removed", ...VERSION_STATES]),
    progress: z.number().min(0).max(1).optional(),
  }),
  "source-changed": z.strictObject({
    sourceId: id,
    change: z.enum([
      "added",
      "changed",
      "paused",
      "resumed",
      "archived",
      "backfill-asked",
      "backfill-cancelled",
    ]),
  }),
  "edition-changed": z.strictObject(edition),
  "edition-alert": z.strictObject(edition),
  "prompt-changed": z.strictObject({
    promptId: id,
    change: z.enum(["created", "changed", "paused", "resumed", "removed"]),
  }),
  "prompt-run-changed": z.strictObject({
    runId: id,
    promptId: id,
    state: z.enum(PROMPT_RUN_STATES),
    reason: z.string().optional(),
  }),
  "publication-changed": z.strictObject({
    ...publication,
    state: z.enum(PUBLICATION_STATES),
    reason: z.string().optional(),
  }),
  "publication-published": z.strictObject({ ...publication, target: z.enum(TARGET_KINDS) }),
  "publishing-target-changed": z.strictObject({
    targetId: id,
    state: z.enum([...TARGET_STATES, "added", "removed"]),
  }),
  "knowledge-set-changed": z.strictObject({
    knowledgeSetId: id,
    change: z.enum(["saved", "removed"]),
  }),
  "assistant-changed": z.strictObject({ assistantId: id, change: z.enum(["saved", "removed"]) }),
  "bot-changed": z.strictObject({
    botId: id,
    state: z.enum(["active", "needs-auth", "removed", "assistant-chosen"]),
  }),
  "session-changed": z.strictObject({ botId: id, state: z.enum(SESSION_STATES) }),
  "queue-changed": z.strictObject({
    pauseId: id,
    botId: id.optional(),
    channel: z.enum(CHANNELS).optional(),
    state: z.enum(["paused", "draining", "resumed"]),
  }),
  "dead-letter-changed": z.strictObject({
    letterId: id,
    change: z.enum(["retried", "dropped", "edited"]),
  }),
  "breaker-changed": z.strictObject({
    model: z.string(),
    state: z.enum(["open", "probing", "closed", "tripped", "reset"]),
  }),
  "switch-changed": z.strictObject({
    feature: z.enum(FEATURES),
    state: z.enum(["on", "off", "as-usual"]),
  }),
  "shedding-changed": z.strictObject({ level: count, isAutomatic: z.boolean() }),
  "security-event": z.strictObject({ name: z.enum(SECURITY_EVENT_KINDS) }),
  "announcement-changed": z.strictObject({
    announcementId: id,
    change: z.enum(["published", "changed", "withdrawn"]),
  }),
  "member-changed": z.strictObject({
    personId: id.optional(),
    invitationId: id.optional(),
    change: z.enum(["joined", "changed", "disabled", "enabled", "invited", "invitation-withdrawn"]),
  }),
  "signed-in": z.strictObject({ personId: id, sessionId: id }),
  "api-key-changed": z.strictObject({
    apiKeyId: id,
    change: z.enum(["added", "revoked", "refused"]),
  }),
  "tenant-changed": z.strictObject({
    change: z.enum(["created", "changed", "suspended", "opened", "deletion-asked"]),
  }),
  "balance-changed": z.strictObject({ state: z.enum(["topped-up", "low", "exhausted"]) }),
  "export-ready": z.strictObject({ exportId: id }),
  "webhook-changed": z.strictObject({
    endpointId: id,
    state: z.enum(["active", "disabled", "failing", "removed"]),
    reason: z.string().optional(),
  }),
} satisfies Readonly<Record<EventKind, z.ZodObject>>;

/** `data` of each event on the stream and of each outgoing webhook. */
export const EventPayloads = z
  .object(
    Object.fromEntries(
      Object.entries(EVENT_PAYLOADS).map(([kind, payload]) => [
        kind,
        payload.extend({ tenantId: id.nullable(), at: z.iso.datetime() }).optional(),
      ]),
    ),
  )
  .openapi("EventPayloads", { description: "Kind of an event → its `data`, as JSON." });
