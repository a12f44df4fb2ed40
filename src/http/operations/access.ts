import type { Access } from "../access/access-table.ts";

/** Operators see no message text: what shows some is for the tenant's own staff alone. */
const platform = ["platform-admin", "operator"] as const;
const business = ["owner", "editor"] as const;
const staff = ["owner", "editor", "agent"] as const;
const seen = {
  kind: "tenant",
  roles: ["owner", "editor", "agent", "viewer"],
  platform,
  scope: "operate",
  spans: true,
} as const;
const decided = { kind: "tenant", roles: staff, platform, spans: true } as const;
const texts = { kind: "tenant", roles: ["owner", "agent"] } as const;
const operated = { kind: "tenant", roles: business, platform, spans: true } as const;
const owned = { kind: "tenant", roles: ["owner"], platform, spans: true } as const;
const ours = { kind: "platform", roles: platform } as const;

export const OPERATIONS_ACCESS = {
  "GET /api/v1/queues": seen,
  "GET /api/v1/pauses": seen,
  "POST /api/v1/pauses": operated,
  "DELETE /api/v1/pauses/:pauseId": operated,
  "GET /api/v1/dead-letters": decided,
  "GET /api/v1/dead-letters/:letterId": decided,
  "GET /api/v1/dead-letters/:letterId/text": texts,
  "PUT /api/v1/dead-letters/:letterId/text": texts,
  "POST /api/v1/dead-letters/:letterId/replay": decided,
  "POST /api/v1/dead-letters/:letterId/skip": decided,
  "GET /api/v1/health": { ...operated, scope: "operate" },
  "GET /api/v1/breakers": ours,
  "POST /api/v1/breakers/orders": ours,
  "GET /api/v1/switches": operated,
  "PUT /api/v1/switches/:feature": operated,
  "GET /api/v1/shedding": ours,
  "PUT /api/v1/shedding": ours,
  "GET /api/v1/security-events": owned,
  "GET /api/v1/audit": owned,
  "GET /api/v1/audit/export": { ...owned, needsProof: true },
  "POST /api/v1/audit/verification": ours,
  "GET /api/v1/announcements": { kind: "person" },
  "PUT /api/v1/announcements/:announcementId/reading": { kind: "person" },
  "GET /api/v1/platform/announcements": ours,
  "POST /api/v1/platform/announcements": ours,
  "GET /api/v1/platform/announcements/:announcementId": ours,
  "PUT /api/v1/platform/announcements/:announcementId": ours,
  "DELETE /api/v1/platform/announcements/:announcementId": ours,
} as const satisfies Readonly<Record<string, Access>>;
