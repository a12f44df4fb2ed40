import type { Cipher } from "../../core/cipher.ts";
import type { CitizenRights } from "../../core/citizen-data.ts";
import { exportCitizen } from "../citizen-data.ts";
import type { Database } from "../database.ts";
import { findWhole, listParts } from "./contact-rows.ts";
import { eraseCitizen } from "./erase-citizen.ts";
import { lockPeople } from "./lock-people.ts";
import { auditContact } from "./write-contact.ts";

/** What a citizen may ask for by `/exportar` and `/borrar`, for staff. */
export function createCitizenRights(database: Database, cipher: Cipher): CitizenRights {
  return {
    exportContact: (tenantId, contactId, by) =>
      database.asTenant(tenantId, async (tx) => {
        const whole = await findWhole(tx, tenantId, contactId);
        if (whole === undefined) return undefined;
        await auditContact(tx, tenantId, by, "contact-exported", whole);
        return exportCitizen(tx, cipher, tenantId, {
          conversationId: undefined,
          contacts: await listParts(tx, whole),
        });
      }),
    eraseContact: (tenantId, contactId, { actor }) =>
      database.asTenant(tenantId, async (tx) => {
        const whole = await findWhole(tx, tenantId, contactId);
        if (whole === undefined) return false;
        await lockPeople(tx, tenantId, [whole]);
        await eraseCitizen(tx, cipher, tenantId, { contactId: whole, request: undefined, actor });
        return true;
      }),
  };
}
