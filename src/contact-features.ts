import { createContactImporter } from "./contacts/import-file.ts";
import type { Cipher } from "./core/cipher.ts";
import type { Clock } from "./core/clock.ts";
import type { Installation } from "./installation.ts";
import { every } from "./line.ts";
import { createCitizenRights } from "./store/contacts/citizen-rights.ts";
import { createContactFiles } from "./store/contacts/contact-files.ts";
import { createContactImports } from "./store/contacts/contact-imports.ts";
import { createContacts } from "./store/contacts/contacts.ts";
import { createSegments } from "./store/contacts/segments.ts";
import { createStrangers } from "./store/contacts/strangers.ts";
import type { Database } from "./store/database.ts";

/** A file that a process left half taken goes on this long after it was found to be left. */
const LOOK_FOR_IMPORTS_EVERY_MS = 10_000;

/** Whom the bots of an installation talk to, and whom they answer. */
export function createContactFeatures(ports: {
  readonly database: Database;
  readonly cipher: Cipher;
  readonly clock: Clock;
}) {
  const { database, cipher, clock } = ports;
  const files = createContactFiles(database, cipher);
  const imports = createContactImports(database, cipher);
  return {
    contacts: createContacts(database, cipher),
    segments: createSegments(database, cipher),
    strangers: createStrangers(database, cipher),
    citizenRights: createCitizenRights(database, cipher),
    contactFiles: files,
    contactImports: imports,
    contactImporter: createContactImporter({ files, imports, clock }),
  };
}

/** The scheduler's part: files that were being taken in when a process died. */
export function startImports({ contactFeatures, logger }: Installation): {
  close(): Promise<void>;
} {
  const stop = new AbortController();
  const rounds = every(LOOK_FOR_IMPORTS_EVERY_MS, async () => {
    try {
      while (!stop.signal.aborted) {
        if (!(await contactFeatures.contactImporter.finishLeft(stop.signal))) break;
      }
    } catch (error) {
      if (!stop.signal.aborted) logger.warn("imports-not-finished", { error });
    }
  });
  return {
    close() {
      stop.abort();
      return rounds.close();
    },
  };
}
