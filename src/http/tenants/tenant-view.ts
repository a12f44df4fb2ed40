import type { z } from "zod";
import type { TenantEntry, TenantView } from "../../core/tenants.ts";
import type { TenantEntryShape, TenantShape } from "./contract.ts";

export function toEntry(entry: TenantEntry): z.infer<typeof TenantEntryShape> {
  return {
    id: entry.tenantId,
    slug: entry.slug,
    name: entry.name,
    state: entry.state,
    stateSince: entry.stateSince.toISOString(),
    deletionDueAt: entry.deletionDueAt?.toISOString() ?? null,
    createdAt: entry.createdAt.toISOString(),
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
