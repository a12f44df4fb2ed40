import type { Cipher } from "../../core/cipher.ts";
import { asId, type TenantId } from "../../core/ids.ts";
import type { NewsRelease } from "../../core/subscriptions.ts";
import type { Database } from "../database.ts";
import { settledUntil } from "../edition-dates.ts";
import { releaseAlerts } from "./release-alerts.ts";
import { releaseDigests } from "./release-digests.ts";

/** Alerts and digests go to the outbox in transactions; a crash anywhere leaves one undone, which the next look does again. */
export function createNewsRelease(
  database: Database,
  cipher: Cipher,
  /** What was published longer ago when it came in is in no digest. */
  newerThanDays: number,
): NewsRelease {
  return {
    async listTenants() {
      const rows = await database.asDispatcher((tx) =>
        tx.query<{ id: string }>({
          name: "news-tenants-due",
          text: `select t.id from tenant t where t.state = 'active' and (
                   exists (select 1 from alert a where a.tenant_id = t.id and a.state = 'pending'
                             and a.not_before <= now())
                   or exists (select 1 from subscription s where s.tenant_id = t.id and s.state = 'active'
                             and s.next_at <= now())
                   or exists (select 1 from subscription s where s.tenant_id = t.id and s.state = 'active'
                             and s.tell_at <= now()))`,
        }),
      );
      return rows.map(({ id }) => asId<TenantId>(id));
    },
    releaseAlerts: (tenantId, compose) =>
      database.asTenant(tenantId, (tx) => releaseAlerts(tx, cipher, tenantId, compose)),
    async releaseDigests(tenantId, compose) {
      const settled = await database.asTenant(tenantId, settledUntil);
      return database.asTenant(tenantId, (tx) =>
        releaseDigests(tx, cipher, { tenantId, newerThanDays, settled }, compose),
      );
    },
  };
}
