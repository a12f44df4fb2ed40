import { createContactImporter } from "./contacts/import-file.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import { createCitizenRights } from "./store/contacts/citizen-rights.ts";
import { createContactFiles } from "./store/contacts/contact-files.ts";
import { createContacts } from "./store/contacts/contacts.ts";
import { createSegments } from "./store/contacts/segments.ts";
import { createStrangers } from "./store/contacts/strangers.ts";
import type { Database } from "./store/database.ts";

/** Whom the bots of an installation talk to, and whom they answer. */
export function createContactFeatures(ports: {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly clock: Clock;
}) {
  const { database, cipher, clock } = ports;
  const files = createContactFiles(database, cipher);
  return {
    contacts: createContacts(database, cipher),
    segments: createSegments(database, cipher),
    strangers: createStrangers(database, cipher),
    citizenRights: createCitizenRights(database, cipher),
    contactFiles: files,
    contactImporter: createContactImporter({ files, clock }),
  };
}
