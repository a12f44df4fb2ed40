import type { z } from "zod";
import type { TenantEntry, TenantExport, TenantView } from "../../core/tenants.ts";
import type { ExportShape, TenantEntryShape, TenantShape } from "./contract.ts";

export function toEntry(entry: TenantEntry): z.infer<typeof TenantEntryShape> {
  return {
    id: entry.tenantId,
    slug: entry.slug,
    name: entry.name,
    state: entry.state,
    stateSince: entry.stateSince.toISOString(),
    deletionDueAt: entry.deletionDueAt?.toISOString() ?? null,
    createdAt: entry.createdAt.toISOString(),
    mayPublishOnEditions: entry.mayPublishOnEditions,
  };
}

export function toTenant(view: TenantView): z.infer<typeof TenantShape> {
  return {
    ...toEntry(view),
    languages: [...view.languages],
    timeZone: view.timeZone,
    retentionDays: view.retentionDays ?? null,
    defaultAssistant: view.defaultAssistant ?? null,
  };
}

export function toExport(each: TenantExport): z.infer<typeof ExportShape> {
  return {
    id: each.exportId,
    state: each.state,
    askedBy: each.askedBy,
    askedAt: each.askedAt.toISOString(),
    finishedAt: each.finishedAt?.toISOString() ?? null,
    expiresAt: each.expiresAt?.toISOString() ?? null,
    bytes: each.bytes ?? null,
    reason: each.reason ?? null,
  };
}
