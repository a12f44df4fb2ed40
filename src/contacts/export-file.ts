import { type Stringifier, stringify } from "csv-stringify";
import type { ExportedContact } from "../core/contact-import.ts";

/**
 * Contacts as CSV (RFC 4180, UTF-8 with its mark, which spreadsheets need). A cell that a spreadsheet would take for a
 * formula begins with an apostrophe (OWASP, CSV injection); an import takes it away again. `fieldNames`: the
 * tenant's own columns.
 */
export async function* toCsv(
  batches: AsyncIterable<readonly ExportedContact[]>,
  fieldNames: readonly string[],
): AsyncGenerator<string> {
  const stringifier = stringify({
    bom: true,
    header: true,
    columns: [...COLUMNS, ...fieldNames.map((name) => `field:${name}`)],
    escape_formulas: true,
    // A lone carriage return would end the line for some readers, and what follows would begin a cell.
    quoted: true,
    record_delimiter: "windows",
  });
  for await (const batch of batches) {
    for (const contact of batch) stringifier.write(toRecord(contact, fieldNames));
    yield* readWritten(stringifier);
  }
  stringifier.end();
  for await (const rest of stringifier) yield String(rest);
}

const COLUMNS = [
  "id",
  "name",
  "phone",
  "telegram",
  "language",
  "tags",
  "consent",
  "consent_at",
  "consent_evidence",
  "blocked",
  "allowed",
  "source",
  "created_at",
  "last_seen_at",
];

function toRecord(contact: ExportedContact, fieldNames: readonly string[]): readonly string[] {
  return [
    contact.contactId,
    contact.name ?? "",
    contact.phone ?? "",
    contact.telegram ?? "",
    contact.language ?? "",
    contact.tags.join("|"),
    contact.consent,
    contact.consentAt?.toISOString() ?? "",
    contact.consentEvidence ?? "",
    String(contact.isBlocked),
    String(contact.isAllowed),
    contact.source,
    contact.createdAt.toISOString(),
    contact.lastSeenAt?.toISOString() ?? "",
    ...fieldNames.map((name) => contact.fields[name] ?? ""),
  ];
}

function* readWritten(stringifier: Stringifier): Generator<string> {
  for (;;) {
    const chunk: unknown = stringifier.read();
    if (chunk === null) return;
    yield String(chunk);
  }
}
