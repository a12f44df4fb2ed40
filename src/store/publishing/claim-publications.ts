import { asId, type TenantId } from "../../core/ids.ts";
import type { ClaimedPublication } from "../../core/publishing-work.ts";
import type { Transaction } from "../database.ts";

/**
 * Leases what is due, one of each target that is active and free. The targets are locked first; what is due of them is
 * read by a second statement, which sees what others committed meanwhile.
 */
export async function claimPublications(
  tx: Transaction,
  limit: number,
  leaseMs: number,
): Promise<readonly ClaimedPublication[]> {
  const targets = await tx.query<{ id: string }>(
    {
      name: "publishing-targets-due",
      text: `select t.id from publishing_target t
             where t.state = 'active' and t.busy_until <= now() and exists (
               select 1 from publication p where p.target_id = t.id and p.tenant_id = t.tenant_id
                 and p.state in ('scheduled', 'publishing') and p.next_at <= now())
             order by t.busy_until limit $1 for update of t skip locked`,
    },
    [limit],
  );
  if (targets.length === 0) return [];
  const claimed = await tx.query<{
    tenant_id: string;
    id: string;
    target_id: string;
    claims: number;
  }>(
    {
      name: "publishing-claim",
      text: `with due as materialized (
               select distinct on (p.target_id) p.id from publication p
               where p.target_id = any($1::uuid[]) and p.state in ('scheduled', 'publishing')
                 and p.next_at <= now()
               order by p.target_id, p.state = 'publishing' desc, p.next_at, p.id
             )
             update publication p
             set state = 'publishing', claims = p.claims + 1,
                 next_at = now() + $2 * interval '1 millisecond'
             from due where p.id = due.id and p.state in ('scheduled', 'publishing') and p.next_at <= now()
             returning p.tenant_id, p.id, p.target_id, p.claims`,
    },
    [targets.map(({ id }) => id), leaseMs],
  );
  await tx.query(
    `update publishing_target set busy_until = now() + $2 * interval '1 millisecond'
     where id = any($1::uuid[])`,
    [claimed.map((row) => row.target_id), leaseMs],
  );
  return claimed.map((row) => ({
    tenantId: asId<TenantId>(row.tenant_id),
    publicationId: row.id,
    targetId: row.target_id,
    claim: row.claims,
  }));
}
