import type { CountryCode } from "libphonenumber-js/min";
import type { Clock } from "../core/clock.ts";
import type {
  ContactFiles,
  ContactImports,
  ImportConflict,
  ImportCounts,
  ImportedContact,
  ImportReport,
} from "../core/contact-import.ts";
import { type ContactActor, MAX_CONTACT_FIELDS } from "../core/contacts.ts";
import { PregoneroError } from "../core/errors.ts";
import type { TenantId } from "../core/ids.ts";
import { createFindings, type Findings } from "./findings.ts";
import { type Column, readHeading } from "./read-heading.ts";
import { readLines } from "./read-lines.ts";
import { createSeenIdentifiers } from "./seen-identifiers.ts";
import { toContact } from "./to-contact.ts";

const BATCH = 500;
/** The largest file that one act takes: more are several files. */
const MAX_LINES = 200_000;

export interface ImportOptions {
  /** Says what would come of it; nothing is written. */
  readonly isDryRun: boolean;
  /** Takes the good lines although there are bad ones. */
  readonly skipsInvalid: boolean;
  readonly country: CountryCode | undefined;
}

export interface ContactImporter {
  /**
   * Reads the file once, as it comes, a batch in memory: each line is checked, and what may be taken is put aside,
   * sealed. Nothing becomes a contact before the last line was checked, and nothing at all when one is bad unless
   * `skipsInvalid`. A crash before that leaves nothing, and one after it is made up for by `finishLeft`; so is a sender
   * who does not wait for the end. Throws `too-many-lines` (413), `import-under-way` (409).
   */
  importFile(
    tenantId: TenantId,
    file: AsyncIterable<Uint8Array>,
    options: ImportOptions,
    by: ContactActor,
    signal: AbortSignal,
  ): Promise<ImportReport>;
  /** Ends what a process left behind: what was decided is taken, what was not is given up. False: there is none. */
  finishLeft(signal: AbortSignal): Promise<boolean>;
}

export interface ContactImporterPorts {
  readonly files: Pick<ContactFiles, "findConflicts">;
  readonly imports: Omit<ContactImports, "list">;
  readonly clock: Clock;
}

export function createContactImporter(ports: ContactImporterPorts): ContactImporter {
  const { imports } = ports;
  return {
    async importFile(tenantId, file, options, by, signal) {
      const { isDryRun } = options;
      const importId = await imports.begin(tenantId, isDryRun, by);
      const read = await readIn(ports, { tenantId, importId, file, options, signal });
      const { lines, findings } = read;
      const report = {
        importId: isDryRun ? undefined : importId,
        lines,
        badLines: findings.badLines,
        badLineCount: findings.problemCount,
        isDryRun,
      };
      if (isDryRun || read.isRefused) {
        return { ...report, created: 0, updated: 0, skipped: findings.badLineCount };
      }
      const counts = await takeAll(imports, tenantId, importId);
      return { ...report, ...counts, skipped: counts.skipped + findings.badLineCount };
    },
    async finishLeft(signal) {
      const left = await imports.findLeft();
      if (left === undefined) return false;
      const { tenantId, importId } = left;
      if (left.state === "taking") await takeAll(imports, tenantId, importId, signal);
      else await imports.close(tenantId, importId, "abandoned", undefined);
      return true;
    },
  };
}

/** Checks all of the file and puts aside what may be taken; at its end it is decided whether it is. */
async function readIn(
  { files, imports, clock }: ContactImporterPorts,
  wanted: {
    readonly tenantId: TenantId;
    readonly importId: string;
    readonly file: AsyncIterable<Uint8Array>;
    readonly options: ImportOptions;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly lines: number; readonly findings: Findings; readonly isRefused: boolean }> {
  const { tenantId, importId, options, signal } = wanted;
  const findings = createFindings();
  const seen = createSeenIdentifiers();
  const rules = { country: options.country, now: clock.now() };
  const isRefused = () => findings.problemCount > 0 && !(options.skipsInvalid && findings.isWhole);
  let lines = 0;
  const progress = () => ({ lines, badLines: findings.badLineCount });
  try {
    for await (const batch of batches(wanted.file, rules, findings, signal)) {
      lines = batch.lines;
      for (const contact of batch.contacts) noteRepeated(contact, seen.firstLine, findings);
      if (batch.contacts.length > 0) {
        for (const { line, rule } of await files.findConflicts(tenantId, batch.contacts)) {
          findings.report({ line, column: undefined, rule, message: CONFLICTS[rule] });
        }
      }
      const good = batch.contacts.filter(({ line }) => !findings.isBad(line));
      findings.nextBatch();
      const isOfUse = !options.isDryRun && !isRefused();
      await imports.putAside(tenantId, importId, isOfUse ? good : [], progress());
    }
    signal.throwIfAborted();
    if (options.isDryRun || isRefused()) {
      await imports.close(tenantId, importId, "refused", progress());
    } else await imports.decide(tenantId, importId, progress());
  } catch (error) {
    // Where even that fails, `finishLeft` does it later.
    await imports.close(tenantId, importId, "abandoned", progress()).catch(() => undefined);
    throw error;
  }
  return { lines, findings, isRefused: isRefused() };
}

/** However long it takes, and whether or not the sender still waits. `signal` ends it between two batches. */
async function takeAll(
  imports: Pick<ContactImports, "takeNext">,
  tenantId: TenantId,
  importId: string,
  signal?: AbortSignal,
): Promise<ImportCounts> {
  for (;;) {
    signal?.throwIfAborted();
    const { isDone, ...counts } = await imports.takeNext(tenantId, importId);
    if (isDone) return counts;
  }
}

const CONFLICTS: Readonly<Record<ImportConflict["rule"], string>> = {
  "two-contacts":
    "Its identifiers are of two contacts: merge them first, or take one identifier out.",
  "too-many-fields": `With the fields that the contact has, there would be more than ${MAX_CONTACT_FIELDS}: take some out.`,
};

function noteRepeated(
  { line, identifiers }: ImportedContact,
  firstLine: (identifier: string, line: number) => number | undefined,
  findings: Findings,
): void {
  for (const { kind, value } of identifiers) {
    const first = firstLine(`${kind} ${value}`, line);
    if (first === undefined) continue;
    const message = `Line ${first} has the same: keep one of them.`;
    findings.report({ line, column: kind, rule: "repeated", message });
  }
}

interface Batch {
  readonly contacts: readonly ImportedContact[];
  /** Read so far. */
  readonly lines: number;
}

/** The good lines among the next `BATCH` of a file; bad ones are reported. */
async function* batches(
  file: AsyncIterable<Uint8Array>,
  rules: { readonly country: CountryCode | undefined; readonly now: Date },
  findings: Findings,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  let columns: readonly Column[] | undefined;
  let contacts: ImportedContact[] = [];
  let lines = 0;
  for await (const fileLine of readLines(file, signal)) {
    if (columns === undefined) {
      const heading = readHeading(fileLine.cells ?? []);
      if ("problems" in heading) {
        for (const problem of heading.problems) findings.report(problem);
        return;
      }
      columns = heading.columns;
      continue;
    }
    lines += 1;
    if (lines > MAX_LINES) throw tooManyLines();
    const read = toContact(fileLine, { ...rules, columns });
    if ("line" in read) contacts.push(read);
    else for (const problem of read) findings.report(problem);
    if (lines % BATCH === 0) {
      yield { contacts, lines };
      contacts = [];
    }
  }
  if (columns === undefined) {
    findings.report({
      line: 1,
      column: undefined,
      rule: "empty",
      message: "The file has no heading.",
    });
  }
  if (lines % BATCH !== 0) yield { contacts, lines };
}

function tooManyLines(): PregoneroError {
  return new PregoneroError(
    "too-many-lines",
    `A file has at most ${MAX_LINES} lines: take it apart.`,
    { status: 413 },
  );
}
