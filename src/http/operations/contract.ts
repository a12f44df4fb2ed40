import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { SEVERITIES } from "../../core/announcements.ts";
import { CHANNELS } from "../../core/channel.ts";
import { HEALTH_CODES, HEALTH_KINDS, HEALTH_STATES } from "../../core/health.ts";
import { LETTER_KINDS } from "../../core/operations.ts";
import { SECURITY_EVENT_KINDS } from "../../core/security-events.ts";
import { FEATURES } from "../../core/switches.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";

extendZodWithOpenApi(z);

/** The outside contract of what operators see and do. */

const time = z.string().openapi({ format: "date-time" });
const nullableTime = time.nullable();
const id = z.uuid();
const reason = z.string().trim().min(3).max(500).openapi({
  description: "For whoever wonders, and for the audit.",
  example: "Maintenance of the network until 04:00",
});
const count = z.number().int();
const level = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
const instant = z.iso.datetime({ offset: true }).openapi({ example: "2026-11-21T03:00:00Z" });

export const PauseRequest = z
  .strictObject({
    botId: id.optional(),
    channel: z.enum(CHANNELS).optional(),
    stops: z
      .enum(["answers", "sending", "both"])
      .openapi({ description: "`answers` alone drains: what is answered is still sent." }),
    reason,
  })
  .refine(({ botId, channel }) => botId === undefined || channel === undefined, {
    message: "name a bot or a channel, not both",
    path: ["channel"],
  })
  .openapi("PauseRequest");

export const PauseShape = z
  .object({
    id,
    tenantId: id.nullable(),
    botId: id.nullable(),
    channel: z.enum(CHANNELS).nullable(),
    stops: z.enum(["answers", "sending", "both"]),
    isPlatforms: z.boolean(),
    reason: z.string(),
    actor: z.string(),
    since: time,
  })
  .openapi("Pause");
export const PausesShape = z.object({ pauses: z.array(PauseShape) });

const backlog = z.object({ count, oldestAt: nullableTime });
export const QueuesShape = z.object({
  queues: z.array(
    z
      .object({
        tenantId: id,
        botId: id,
        name: z.string(),
        channel: z.enum(CHANNELS),
        inbox: backlog,
        answering: count,
        outbox: z.object({ person: backlog, reply: backlog, broadcast: backlog }),
        sending: count,
        unknown: count,
        deadLetters: count,
        perMinute: z.object({ received: z.number(), answered: z.number(), sent: z.number() }),
        held: z.array(z.looseObject({ kind: z.string() })),
      })
      .openapi("Queue"),
  ),
});

export const LettersQuery = KeysetQuery.extend({
  kind: z.enum(LETTER_KINDS).optional(),
  botId: id.optional(),
  reason: z.string().max(100).optional(),
});
export const LetterShape = z
  .object({
    kind: z.enum(LETTER_KINDS),
    id,
    tenantId: id,
    botId: id,
    channel: z.enum(CHANNELS),
    conversationId: id,
    state: z.enum(["dead", "unknown"]),
    reason: z.string(),
    attempts: count,
    at: time,
    passportId: z.string(),
  })
  .openapi("DeadLetter");
export const LettersShape = z.object({ deadLetters: z.array(LetterShape), next: nextShape });
export const LetterTextShape = z.object({ text: z.string().nullable(), isEditable: z.boolean() });
export const EditLetterRequest = z.strictObject({
  text: z.string().trim().min(1).max(4_000).openapi({ example: "La Gaceta n.º 220, p. 21." }),
});
export const SkipLetterRequest = z.strictObject({ reason });

export const HealthShape = z.object({
  state: z.enum(HEALTH_STATES).openapi({ description: "The worst of all." }),
  checkedAt: time,
  components: z.array(
    z
      .object({
        kind: z.enum(HEALTH_KINDS),
        id: z.string(),
        name: z.string(),
        state: z.enum(HEALTH_STATES),
        since: time,
        code: z.enum(HEALTH_CODES).openapi({
          description: "What `evidence` comes to, for programs that say it in another language.",
        }),
        values: z.record(z.string(), z.union([z.string(), z.number()])).openapi({
          description: "What the code's sentence names; of several words a list by commas.",
        }),
        evidence: z.string(),
        action: z.string().nullable().openapi({ description: "What a person does about it." }),
      })
      .openapi("HealthComponent"),
  ),
});

export const BreakersShape = z.object({
  breakers: z.array(
    z
      .object({
        model: z.string(),
        state: z.enum(["closed", "half-open", "open", "held"]),
        since: time,
        until: nullableTime,
        failures: count,
        succeededAt: nullableTime,
        failedWith: z.string().nullable(),
        order: z
          .object({ until: nullableTime, reason: z.string(), actor: z.string(), at: time })
          .nullable(),
      })
      .openapi("Breaker"),
  ),
});
export const BreakerOrderRequest = z
  .discriminatedUnion("order", [
    z.strictObject({
      order: z.literal("trip"),
      model: z.string().min(3).max(200),
      minutes: z.int().min(1).max(1_440).default(60),
      reason,
    }),
    z.strictObject({
      order: z.literal("reset"),
      model: z.string().min(3).max(200),
      reason,
    }),
  ])
  .openapi("BreakerOrderRequest");

export const SwitchRequest = z
  .strictObject({
    isOn: z.boolean().nullable().openapi({ description: "null: as usual again." }),
    reason,
  })
  .openapi("SwitchRequest");
export const SwitchesShape = z.object({
  level,
  off: z.array(z.enum(FEATURES)),
  switches: z.array(
    z
      .object({
        feature: z.enum(FEATURES),
        tenantId: id.nullable(),
        isOn: z.boolean(),
        reason: z.string(),
        actor: z.string(),
        since: time,
      })
      .openapi("Switch"),
  ),
});

const threshold = z.strictObject({
  waitSeconds: z.int().min(1).max(86_400),
  waiting: z.int().min(1).max(10_000_000),
});
const thresholds = z.tuple([threshold, threshold, threshold]);
export const SheddingRequest = z
  .strictObject({
    isAutomatic: z.boolean(),
    level: level.default(0).openapi({ description: "Where it stands, or begins." }),
    thresholds: thresholds
      .refine(
        ([one, two, three]) =>
          one.waitSeconds <= two.waitSeconds &&
          two.waitSeconds <= three.waitSeconds &&
          one.waiting <= two.waiting &&
          two.waiting <= three.waiting,
        { message: "must not fall from level to level" },
      )
      .optional(),
    reason,
  })
  .openapi("SheddingRequest");
export const SheddingShape = z
  .object({
    isAutomatic: z.boolean(),
    level,
    pressure: level,
    thresholds,
    reason: z.string(),
    actor: z.string(),
    since: time,
    sheds: z.array(z.enum(FEATURES)),
    waiting: count,
    waitSeconds: z.number(),
  })
  .openapi("Shedding");

export const SecurityEventsQuery = KeysetQuery.extend({
  kind: z.enum(SECURITY_EVENT_KINDS).optional(),
  source: z.string().max(200).optional(),
  from: instant.optional(),
  until: instant.optional(),
});
export const SecurityEventsShape = z.object({
  securityEvents: z.array(
    z
      .object({
        id,
        kind: z.enum(SECURITY_EVENT_KINDS),
        tenantId: id.nullable(),
        source: z.string(),
        subject: z.string(),
        count,
        firstAt: time,
        lastAt: time,
      })
      .openapi("SecurityEvent"),
  ),
  next: nextShape,
});

const auditFilter = {
  actor: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  subject: z.string().max(200).optional(),
  requestId: z.uuid().optional(),
  from: instant.optional(),
  until: instant.optional(),
};
export const AuditQuery = z.strictObject({
  ...auditFilter,
  cursor: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().openapi({
    description: "`next` of the page before; absent: the newest.",
  }),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const AuditExportQuery = z.strictObject({
  ...auditFilter,
  format: z.enum(["ndjson", "csv"]).default("ndjson"),
});
export const AuditShape = z.object({
  entries: z.array(
    z
      .object({
        id: count,
        tenantId: id.nullable(),
        actor: z.string(),
        action: z.string(),
        subject: z.string(),
        detail: z.looseObject({}),
        at: time,
      })
      .openapi("AuditEntry"),
  ),
  next: z.string().nullable(),
});
const head = z.object({ position: count, seal: z.string() });
export const VerificationRequest = z.strictObject({
  head: z
    .strictObject({ position: z.int().min(1), seal: z.string().regex(/^[0-9a-f]{64}$/) })
    .optional()
    .openapi({ description: "As an earlier verification gave it." }),
});
export const VerificationShape = z.object({
  isWhole: z.boolean(),
  rows: count,
  head,
  findings: z.array(z.object({ kind: z.string(), auditId: count.nullable(), what: z.string() })),
});

const text = z.strictObject({
  title: z.string().trim().min(1).max(200),
  body: z.string().trim().min(1).max(5_000),
});
export const AnnouncementRequest = z
  .strictObject({
    texts: z
      .strictObject({ es: text.optional(), pt: text.optional(), en: text.optional() })
      .refine((texts) => Object.values(texts).some((each) => each !== undefined), {
        message: "needs a text in one language at least",
      }),
    severity: z.enum(SEVERITIES),
    from: instant.optional().openapi({ description: "Absent: from now on." }),
    until: instant.nullable().default(null),
    tenants: z
      .array(id)
      .min(1)
      .max(1_000)
      .nullable()
      .default(null)
      .openapi({ description: "null: all." }),
  })
  .openapi("AnnouncementRequest");
const texts = z.record(z.string(), z.object({ title: z.string(), body: z.string() }));
export const AnnouncementShape = z
  .object({
    id,
    texts,
    severity: z.enum(SEVERITIES),
    from: time,
    until: nullableTime,
    tenants: z.array(id).nullable(),
    revision: count,
    createdAt: time,
    withdrawnAt: nullableTime,
    readBy: count,
  })
  .openapi("Announcement");
export const AnnouncementsShape = z.object({
  announcements: z.array(AnnouncementShape),
  next: nextShape,
});
export const ShownAnnouncementsShape = z.object({
  announcements: z.array(
    z
      .object({
        id,
        texts,
        severity: z.enum(SEVERITIES),
        from: time,
        until: nullableTime,
        readAt: nullableTime,
      })
      .openapi("ShownAnnouncement"),
  ),
});
