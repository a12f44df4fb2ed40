import type { TenantId } from "../../core/ids.ts";
import type { DueMessage } from "../../core/ledgers.ts";
import type { Transaction } from "../database.ts";
import { findWhole } from "./contact-rows.ts";
import { heed } from "./write-contact.ts";

/** What a person just said of broadcasts in one chat is their last word: a refusal counts in all of their chats. */
export async function noteConsentSaid(
  tx: Transaction,
  tenantId: TenantId,
  { contactId }: Pick<DueMessage, "contactId">,
  isTaken: boolean,
): Promise<void> {
  const wholeId = contactId && (await findWhole(tx, tenantId, contactId));
  if (wholeId === undefined) return;
  const state = isTaken ? "granted" : "refused";
  await tx.query(
    `insert into contact_consent (tenant_id, contact_id, state, how, channel, actor, given_at)
     select $1, k.id, $3, 'message', null, 'citizen', clock_timestamp() from contact k
     where k.id = $2 and not exists (
       select 1 from (select state from contact_consent where contact_id = k.id
                      order by given_at desc, id desc limit 1) last
       where last.state = $3)`,
    [tenantId, wholeId, state],
  );
  await heed(tx, tenantId, wholeId);
}
