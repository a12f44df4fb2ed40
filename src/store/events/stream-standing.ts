import type { EventReader, StreamHolder, StreamStanding } from "../../core/events.ts";
import type { Database } from "../database.ts";

/** Two statements for all streams of a process, however many sessions and keys hold them. */
export function createStreamStanding(database: Database): StreamStanding {
  return {
    async rolesOf(holders, now) {
      const [people, keys] = [
        await rolesOfSessions(database, holders, now),
        await openKeys(database, holders, now),
      ];
      return holders.map((holder) => {
        if (holder.kind === "person") return people.get(keyOf(holder.sessionId, holder.tenantId));
        return keys.has(holder.keyId) ? ["owner"] : undefined;
      });
    },
  };
}

const keyOf = (sessionId: string, tenantId: string) => `${sessionId} ${tenantId}`;

async function rolesOfSessions(database: Database, holders: readonly StreamHolder[], now: Date) {
  const found = new Map<string, readonly EventReader[]>();
  const people = holders.flatMap((holder) => (holder.kind === "person" ? [holder] : []));
  if (people.length === 0) return found;
  const rows = await database.asRegistrar((tx) =>
    tx.query<{ session_id: string; tenant_id: string; roles: EventReader[] }>(
      {
        name: "streams-roles",
        text: `select h.session_id, h.tenant_id,
                      array_remove(array[m.role, p.platform_role], null) as roles
               from unnest($1::uuid[], $2::uuid[]) as h (session_id, tenant_id)
               join person_session s on s.id = h.session_id
                and s.ended_at is null and s.expires_at > $3 and s.idle_at > $3
               join person p on p.id = s.person_id and p.disabled_at is null
               left join membership m on m.person_id = p.id and m.tenant_id = h.tenant_id
                and m.disabled_at is null`,
      },
      [people.map(({ sessionId }) => sessionId), people.map(({ tenantId }) => tenantId), now],
    ),
  );
  for (const { session_id, tenant_id, roles } of rows) {
    if (roles.length > 0) found.set(keyOf(session_id, tenant_id), roles);
  }
  return found;
}

async function openKeys(database: Database, holders: readonly StreamHolder[], now: Date) {
  const ids = holders.flatMap((holder) => (holder.kind === "key" ? [holder.keyId] : []));
  if (ids.length === 0) return new Set<string>();
  const rows = await database.asDispatcher((tx) =>
    tx.query<{ id: string }>(
      {
        name: "streams-keys",
        text: `select id from api_key where id = any($1::uuid[]) and revoked_at is null
                 and (expires_at is null or expires_at > $2)`,
      },
      [ids, now],
    ),
  );
  return new Set(rows.map(({ id }) => id));
}
