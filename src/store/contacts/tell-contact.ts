import type { EventDetails } from "../../core/events.ts";
import { asId, type ContactId, type TenantId } from "../../core/ids.ts";
import type { Transaction } from "../database.ts";
import { appendEvents } from "../events/append-events.ts";

/** Who follows is told, in the transaction of the change. */
export async function tellContact(
  tx: Transaction,
  tenantId: TenantId,
  id: string,
  ...changes: readonly EventDetails["contact-changed"]["change"][]
): Promise<void> {
  const contactId = asId<ContactId>(id);
  await appendEvents(
    tx,
    tenantId,
    changes.map((change) => ({ kind: "contact-changed", detail: { contactId, change } })),
  );
}
