import type { TenantId } from "../core/ids.ts";

/** Splits what was claimed over all tenants into what one tenant's transaction may touch. Keeps the order. */
export function byTenant<Item>(
  items: readonly Item[],
  tenantOf: (item: Item) => TenantId,
): ReadonlyMap<TenantId, readonly Item[]> {
  const groups = new Map<TenantId, Item[]>();
  for (const item of items) {
    const group = groups.get(tenantOf(item));
    if (group === undefined) groups.set(tenantOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
