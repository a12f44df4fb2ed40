import { z } from "zod";
import { getSupportedCountries } from "../../contacts/countries.ts";
import { TAG } from "../../contacts/to-contact.ts";
import { CHANNELS } from "../../core/channel.ts";
import { IMPORT_STATES } from "../../core/contact-import.ts";
import { CONSENT_STATES, type ContactFilter, MAX_CONTACT_FIELDS } from "../../core/contacts.ts";
import { LANGUAGES } from "../../core/language.ts";
import { STRANGER_POLICIES } from "../../core/strangers.ts";
import "../contract.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";

const date = z.string().openapi({ format: "date-time" });
const at = z.iso.datetime({ offset: true });
const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const tag = z.string().trim().regex(TAG).openapi({ example: "prensa" });
const fieldName = z.string().trim().min(1).max(60);

/** A filter is no deeper and no larger than a person makes one. */
const MAX_DEPTH = 4;
const MAX_CONDITIONS = 50;

const leaf = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("tag"), tag }),
  z.strictObject({ kind: z.literal("channel"), channel: z.enum(CHANNELS) }),
  z.strictObject({ kind: z.literal("bot"), botId: z.uuid() }),
  z.strictObject({ kind: z.literal("consent"), consent: z.enum(CONSENT_STATES) }),
  z.strictObject({ kind: z.enum(["blocked", "allowed"]), is: z.boolean() }),
  z.strictObject({
    kind: z.enum(["seen-after", "seen-before", "created-after", "created-before"]),
    at,
  }),
  z.strictObject({ kind: z.literal("in-list"), segmentId: z.uuid() }),
]);

function nested(depth: number): z.ZodType<ContactFilter> {
  if (depth === 0) return leaf;
  const inner = nested(depth - 1);
  return z.union([
    leaf,
    z.strictObject({
      kind: z.enum(["all", "any"]),
      of: z.array(inner).min(1).max(MAX_CONDITIONS),
    }),
    z.strictObject({ kind: z.literal("not"), of: inner }),
  ]);
}

export const FilterShape = nested(MAX_DEPTH)
  .refine((filter) => countConditions(filter) <= MAX_CONDITIONS, {
    message: `has more than ${MAX_CONDITIONS} conditions`,
  })
  .openapi("ContactFilter", {
    type: "object",
    description:
      "A condition (tag, channel, bot, consent, blocked, allowed, seen-after, seen-before, created-after, created-before, in-list), or `all`, `any`, `not` of others.",
    example: { kind: "all", of: [{ kind: "tag", tag: "prensa" }] },
  });

function countConditions(filter: ContactFilter): number {
  if (filter.kind === "not") return countConditions(filter.of);
  if (filter.kind !== "all" && filter.kind !== "any") return 1;
  return filter.of.reduce((sum, inner) => sum + countConditions(inner), 0);
}

export const ContactsQuery = KeysetQuery.extend({
  tag: tag.optional(),
  channel: z.enum(CHANNELS).optional(),
  botId: z.uuid().optional(),
  consent: z.enum(CONSENT_STATES).optional(),
  blocked: flag.optional(),
  allowed: flag.optional(),
  seenAfter: at.optional(),
  seenBefore: at.optional(),
  createdAfter: at.optional(),
  createdBefore: at.optional(),
  list: z.uuid().optional().openapi({ description: "A segment that is a list." }),
});

export const SearchRequest = KeysetQuery.extend({
  search: z.string().trim().min(1).max(200).openapi({
    description: "Words of a name, or an identifier in any written form.",
    example: "+506 8888 7777",
  }),
  filter: FilterShape.optional(),
}).openapi("ContactSearch");

const identifier = z.strictObject({
  kind: z.enum(["phone", "telegram"]),
  value: z.string().trim().min(4).max(40).openapi({ example: "+506 8888 7777" }),
});
const consent = z.strictObject({
  state: z.enum(["granted", "refused"]),
  evidence: z.string().trim().min(1).max(500).openapi({ example: "form 12 of 2026-03-01" }),
  givenAt: at.openapi({ example: "2026-03-01T15:30:00Z" }),
});

const change = {
  name: z.string().trim().min(1).max(200).nullable().optional(),
  language: z.enum(LANGUAGES).nullable().optional(),
  fields: z
    .record(fieldName, z.string().max(1000).nullable())
    .refine((fields) => Object.keys(fields).length <= MAX_CONTACT_FIELDS, {
      message: `has more than ${MAX_CONTACT_FIELDS} names`,
    })
    .optional()
    .openapi({
      description: `Merged into what is there, at most ${MAX_CONTACT_FIELDS} in all; null takes one away.`,
    }),
  tags: z.array(tag).max(20).optional().openapi({ description: "Replaces all." }),
  isAllowed: z.boolean().optional(),
  identifiers: z.array(identifier).max(10).optional(),
  consent: consent.optional(),
};
export const ChangeContactRequest = z.strictObject(change).openapi("ChangeContactRequest");
export const CreateContactRequest = z
  .strictObject({ ...change, identifiers: z.array(identifier).min(1).max(10) })
  .openapi("CreateContactRequest");
export const BlockRequest = z
  .strictObject({ reason: z.string().trim().min(1).max(500).optional() })
  .openapi("BlockRequest");
export const MergeRequest = z
  .strictObject({
    from: z.uuid().openapi({ description: "Becomes part of the contact of the address." }),
  })
  .openapi("MergeRequest");

export const ImportQuery = z.strictObject({
  dryRun: flag.default(false),
  skipInvalid: flag.default(false),
  country: z
    .string()
    .refine((code) => getSupportedCountries().has(code), { message: "is no ISO 3166-1 code" })
    .optional()
    .openapi({
      description: "Of phone numbers that are written without their country's code.",
      example: "CR",
    }),
});

export const ContactShape = z
  .object({
    id: z.uuid(),
    name: z.string().nullable(),
    tags: z.array(z.string()),
    consent: z.enum(CONSENT_STATES),
    isBlocked: z.boolean(),
    isAllowed: z.boolean(),
    source: z.string(),
    createdAt: date,
    lastSeenAt: date.nullable(),
  })
  .openapi("Contact");
export const ContactDetailShape = ContactShape.extend({
  networkName: z.string().nullable(),
  language: z.enum(LANGUAGES).nullable(),
  fields: z.record(z.string(), z.string()),
  blockReason: z.string().nullable(),
  aliases: z.array(
    z.object({
      channel: z.string(),
      kind: z.string(),
      value: z.string().nullable(),
      addedBy: z.string(),
      since: date,
    }),
  ),
  consents: z.array(
    z.object({
      state: z.string(),
      how: z.string(),
      channel: z.string().nullable(),
      evidence: z.string().nullable(),
      actor: z.string(),
      givenAt: date,
    }),
  ),
  chats: z.array(
    z.object({
      conversationId: z.uuid(),
      botId: z.uuid(),
      channel: z.string(),
      botName: z.string(),
      lastSeenAt: date.nullable(),
      isReachable: z.boolean(),
      takesBroadcasts: z.boolean(),
    }),
  ),
  parts: z.array(z.uuid()).openapi({ description: "Contacts that were merged into this one." }),
  probablySame: z.array(z.uuid()),
  noteCount: z.number().int(),
}).openapi("ContactDetail");
export const ContactsShape = z.object({ contacts: z.array(ContactShape), next: nextShape });
export const MergeShape = z
  .object({
    id: z.uuid(),
    from: z.uuid(),
    into: z.uuid(),
    mergedAt: date,
    mergedBy: z.string(),
    undoneAt: date.nullable(),
  })
  .openapi("ContactMerge");
export const ImportReportShape = z
  .object({
    id: z.uuid().nullable().openapi({ description: "Among the imports; null of a dry run." }),
    lines: z.number().int(),
    created: z.number().int(),
    updated: z.number().int(),
    skipped: z.number().int(),
    isDryRun: z.boolean(),
    badLineCount: z.number().int(),
    badLines: z.array(
      z.object({
        line: z.number().int(),
        column: z.string().nullable(),
        rule: z.string(),
        message: z.string(),
      }),
    ),
  })
  .openapi("ImportReport");

export const ImportShape = z
  .object({
    id: z.uuid(),
    state: z.enum(IMPORT_STATES).openapi({
      description:
        "`reading`: lines are checked. `taking`: all were, and what is good becomes contacts, whatever happens to the connection. `refused`, `abandoned`: nothing was taken.",
    }),
    isDryRun: z.boolean(),
    lines: z.number().int().openapi({ description: "Read so far." }),
    badLines: z.number().int().openapi({ description: "Of those, lines that cannot be taken." }),
    created: z.number().int(),
    updated: z.number().int(),
    skipped: z.number().int(),
    startedBy: z.string(),
    startedAt: date,
    finishedAt: date.nullable(),
  })
  .openapi("ContactImport");
export const ImportsShape = z.object({ imports: z.array(ImportShape), next: nextShape });

const segmentName = z.string().trim().min(1).max(100).openapi({ example: "Prensa" });
export const SegmentRequest = z
  .strictObject({
    name: segmentName,
    filter: FilterShape.optional().openapi({ description: "Absent: a list." }),
  })
  .openapi("SegmentRequest");
export const MembersRequest = z
  .strictObject({
    add: z.array(z.uuid()).max(1000).default([]),
    remove: z.array(z.uuid()).max(1000).default([]),
  })
  .openapi("SegmentMembersRequest");
export const PreviewRequest = z
  .strictObject({ filter: FilterShape })
  .openapi("SegmentPreviewRequest");
export const SegmentShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(["filter", "list"]),
    filter: FilterShape.nullable(),
    updatedAt: date,
  })
  .openapi("Segment");
export const SegmentsShape = z.object({ segments: z.array(SegmentShape), next: nextShape });
export const PreviewShape = z.object({
  count: z.number().int(),
  contacts: z.array(ContactShape),
});
export const ChangedShape = z.object({ changed: z.number().int() });

export const StrangersRequest = z
  .strictObject({
    policy: z.enum(STRANGER_POLICIES),
    answers: z.enum(["sentence", "silence"]).default("sentence"),
    sentence: z.string().trim().min(1).max(500).nullable().default(null).openapi({
      description: "What whoever is refused is told, once a day. Null: ours, in their language.",
      example: "Este canal es de la Municipalidad.",
    }),
  })
  .openapi("StrangersRequest");
export const StrangersShape = z
  .object({
    policy: z.enum(STRANGER_POLICIES),
    answers: z.enum(["sentence", "silence"]),
    sentence: z.string().nullable(),
  })
  .openapi("Strangers");
export const CodeRequest = z
  .strictObject({ validForHours: z.number().int().min(1).max(720).default(72) })
  .openapi("PairingCodeRequest");
export const CodeShape = z
  .object({
    id: z.uuid(),
    madeBy: z.string(),
    madeAt: date,
    expiresAt: date,
    redeemedAt: date.nullable(),
    redeemedBy: z.uuid().nullable(),
  })
  .openapi("PairingCode");
export const MadeCodeShape = CodeShape.extend({
  code: z.string().openapi({ description: "Shown this once." }),
}).openapi("MadePairingCode");
export const CodesShape = z.object({ codes: z.array(CodeShape) });
