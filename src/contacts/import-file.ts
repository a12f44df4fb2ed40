import type { CountryCode } from "libphonenumber-js/min";
import type { Clock } from "../core/clock.ts";
import type {
  BadLine,
  ContactFiles,
  ImportedContact,
  ImportReport,
} from "../core/contact-import.ts";
import type { ContactActor } from "../core/contacts.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import { type Column, readHeading } from "./read-heading.ts";
import { readLines } from "./read-lines.ts";
import { toContact } from "./to-contact.ts";

const BATCH = 500;
/** The largest file that one act takes: more are several files. */
const MAX_LINES = 200_000;
const MAX_REPORTED = 1_000;
/** What is behind it cannot be skipped, for nobody knows what it is. */
const UNREADABLE: ReadonlySet<string> = new Set(["quote-not-closed"]);

export interface ImportOptions {
  /** Says what would come of it; nothing is written. */
  readonly isDryRun: boolean;
  /** Takes the good lines although there are bad ones. */
  readonly skipsInvalid: boolean;
  readonly country: CountryCode | undefined;
}

export interface ContactImporter {
  /**
   * Reads the file twice: nothing is written before all of it was checked, and nothing at all when a line is bad
   * unless `skipsInvalid`. A crash in the middle leaves whole batches; the same file again completes it. Throws
   * `too-many-lines` (413).
   */
  importFile(
    tenantId: TenantId,
    file: Buffer,
    options: ImportOptions,
    by: ContactActor,
    signal: AbortSignal,
  ): Promise<ImportReport>;
}

interface Checked {
  lines: number;
  badLineCount: number;
  readonly badLines: BadLine[];
  /** By the number of the line. */
  readonly bad: Set<number>;
}

export function createContactImporter(ports: {
  readonly files: Pick<ContactFiles, "findAmbiguous" | "take" | "noteImport">;
  readonly clock: Clock;
}): ContactImporter {
  const { files, clock } = ports;
  return {
    async importFile(tenantId, file, options, by, signal) {
      const rules = { country: options.country, now: clock.now() };
      const checked: Checked = { lines: 0, badLineCount: 0, badLines: [], bad: new Set() };
      const seen = new Map<string, number>();
      for await (const batch of batches(file, rules, checked, signal)) {
        for (const contact of batch) noteRepeated(contact, seen, checked);
        for (const line of await files.findAmbiguous(tenantId, batch)) {
          report(checked, { line, column: undefined, rule: "two-contacts", message: TWO_CONTACTS });
        }
      }
      const report0 = {
        lines: checked.lines,
        badLines: checked.badLines,
        badLineCount: checked.badLineCount,
      };
      const isWhole = !checked.badLines.some(({ rule }) => UNREADABLE.has(rule));
      const isRefused = checked.badLineCount > 0 && !(options.skipsInvalid && isWhole);
      if (options.isDryRun || isRefused) {
        const skipped = checked.bad.size;
        return { ...report0, created: 0, updated: 0, skipped, isDryRun: options.isDryRun };
      }
      const counts = { created: 0, updated: 0, skipped: 0 };
      const again: Checked = { lines: 0, badLineCount: 0, badLines: [], bad: new Set() };
      for await (const batch of batches(file, rules, again, signal)) {
        const good = batch.filter(({ line }) => !checked.bad.has(line));
        if (good.length === 0) continue;
        const taken = await files.take(tenantId, good, by);
        counts.created += taken.created;
        counts.updated += taken.updated;
        counts.skipped += taken.skipped;
      }
      const skipped = counts.skipped + checked.bad.size;
      await files.noteImport(tenantId, { ...counts, skipped }, by);
      return { ...report0, ...counts, skipped, isDryRun: false };
    },
  };
}

const TWO_CONTACTS =
  "Its identifiers are of two contacts: merge them first, or take one identifier out.";

function report(checked: Checked, problem: BadLine): void {
  checked.bad.add(problem.line);
  checked.badLineCount += 1;
  const isKept = checked.badLines.length < MAX_REPORTED || UNREADABLE.has(problem.rule);
  if (isKept) checked.badLines.push(problem);
}

function noteRepeated(
  { line, identifiers }: ImportedContact,
  seen: Map<string, number>,
  checked: Checked,
): void {
  for (const { kind, value } of identifiers) {
    const first = seen.get(`${kind} ${value}`);
    if (first === undefined) seen.set(`${kind} ${value}`, line);
    else {
      const message = `Line ${first} has the same: keep one of them.`;
      report(checked, { line, column: kind, rule: "repeated", message });
    }
  }
}

/** The good lines of a file, at most `BATCH` at once; bad ones are reported. */
async function* batches(
  file: Buffer,
  rules: { readonly country: CountryCode | undefined; readonly now: Date },
  checked: Checked,
  signal: AbortSignal,
): AsyncGenerator<readonly ImportedContact[]> {
  let columns: readonly Column[] | undefined;
  let batch: ImportedContact[] = [];
  for await (const fileLine of readLines(file, signal)) {
    signal.throwIfAborted();
    if (columns === undefined) {
      const heading = readHeading(fileLine.cells ?? []);
      if ("problems" in heading) {
        for (const problem of heading.problems) report(checked, problem);
        return;
      }
      columns = heading.columns;
      continue;
    }
    checked.lines += 1;
    if (checked.lines > MAX_LINES) throw tooManyLines();
    const read = toContact(fileLine, { ...rules, columns });
    if ("line" in read) batch.push(read);
    else for (const problem of read) report(checked, problem);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (columns === undefined) {
    report(checked, {
      line: 1,
      column: undefined,
      rule: "empty",
      message: "The file has no heading.",
    });
  }
  if (batch.length > 0) yield batch;
}

function tooManyLines(): PregoneroError {
  return new PregoneroError(
    "too-many-lines",
    `A file has at most ${MAX_LINES} lines: take it apart.`,
    { status: 413 },
  );
}
