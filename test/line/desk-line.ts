import { randomUUID } from "node:crypto";
import type { DeskActor, DeskParts } from "../../src/core/desk.ts";
import { asId, type PersonId, type TenantId } from "../../src/core/ids.ts";
import type { DueMessage } from "../../src/core/ledgers.ts";
import type { Database } from "../../src/store/database.ts";
import type { Ledgers } from "./tenant-line.ts";

/** Somebody who works for the tenant, without a way to sign in. */
export async function addPerson(database: Database, tenantId: TenantId): Promise<DeskActor> {
  const id = randomUUID();
  await database.asRegistrar(async (tx) => {
    await tx.query(
      `insert into person (id, email_hash, email, name, password_hash, created_at)
       values ($1::uuid, decode(md5($1::uuid::text), 'hex'), '', '', '', now())`,
      [id],
    );
    await tx.query(
      "insert into membership (tenant_id, person_id, role, created_at) values ($1, $2, 'agent', now())",
      [tenantId, id],
    );
  });
  return { personId: asId<PersonId>(id), actor: `person:${id}`, requestId: "test" };
}

/** What a person writes, as the desk queues it. */
export function deskParts(text: string): DeskParts {
  return { text, files: [], parts: [{ text }], pace: { intervalMs: 1_000, burst: 3 } };
}

/** The first message that is due now, claimed and read. */
export async function nextDue(line: Ledgers): Promise<DueMessage> {
  const { due } = await line.conversations.readDue(await line.conversations.claim("w", 10, 30_000));
  const [first] = due;
  if (first === undefined) throw new Error("Nothing is due.");
  return first;
}
