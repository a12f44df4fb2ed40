import { PregoneroError } from "../../core/errors.ts";
import type { TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { isUuid, type LockedContact, lockContacts } from "./contact-rows.ts";

/** Each begins after somebody was waited for, so that more than two are rare. */
const MAX_ATTEMPTS = 5;

/**
 * Locks the contacts, those that they are part of or that are part of them, and the chats of all of these: chats
 * first, as the line does, which holds a conversation when it learns what its contact wants; both in the order of
 * their ids. Whoever needs other chats besides names them here (`chatIds`), for a chat that is locked before these or
 * after them is out of that order. Who became part of them or wrote in another chat while it waited is not held, and
 * to wait for that one now would be to wait in a circle: all is let go and taken anew. Throws `store-contention`.
 */
export async function lockPeople(
  tx: Transaction,
  tenantId: TenantId,
  contactIds: readonly string[],
  chatIds: readonly string[] = [],
): Promise<readonly LockedContact[]> {
  const ids = contactIds.filter(isUuid);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    await tx.query("savepoint people");
    await tx.query(
      `select c.id from conversation c
       where c.tenant_id = $1 and (c.contact_id = any(array(${PEOPLE})) or c.id = any($3::uuid[]))
       order by c.id for no key update of c`,
      [tenantId, ids, chatIds],
    );
    const locked = await lockContacts(tx, tenantId, await listPeople(tx, tenantId, ids));
    const people = await listPeople(tx, tenantId, ids);
    const isWhole = people.every((id) => locked.some((contact) => contact.id === id));
    if (isWhole && (await holdsChats(tx, tenantId, people))) return locked;
    await tx.query("rollback to savepoint people");
  }
  throw new PregoneroError(
    "store-contention",
    "These contacts changed again and again while they were waited for.",
    { retry: "backoff", status: 503 },
  );
}

/** Of the contacts $2. */
const PEOPLE = `select k.id from contact k
   where k.id = any($2::uuid[]) or k.merged_into = any($2::uuid[])
      or k.id in (select o.merged_into from contact o where o.id = any($2::uuid[]))
      or k.merged_into in (select o.merged_into from contact o where o.id = any($2::uuid[]))`;

async function listPeople(
  tx: Transaction,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }>(
    `select p.id from (${PEOPLE}) p join contact k on k.id = p.id where k.tenant_id = $1`,
    [tenantId, ids],
  );
  return rows.map(({ id }) => id);
}

/** Takes what is free, and waits for nobody. */
async function holdsChats(
  tx: Transaction,
  tenantId: TenantId,
  people: readonly string[],
): Promise<boolean> {
  const [row] = await tx.query<{ holds: boolean }>(
    `with held as materialized (
       select c.id from conversation c where c.tenant_id = $1 and c.contact_id = any($2::uuid[])
       order by c.id for no key update of c skip locked
     )
     select (select count(*) from held) =
            (select count(*) from conversation c where c.tenant_id = $1 and c.contact_id = any($2::uuid[])) as holds`,
    [tenantId, people],
  );
  return row?.holds ?? false;
}
