import type {
  ConsentChange,
  ContactActor,
  ContactQuery,
  ContactView,
  Identifier,
} from "./contacts.ts";
import type { TenantId } from "./ids.ts";
import type { Language } from "./language.ts";

/** One line of a file that holds what it must. */
export interface ImportedContact {
  /** Of the file, from 1; the heading is the first. */
  readonly line: number;
  readonly identifiers: readonly Identifier[];
  readonly name: string | undefined;
  readonly language: Language | undefined;
  readonly tags: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  /** Undefined: the file says that nothing is known. */
  readonly consent: ConsentChange | undefined;
}

/** Why a line is not taken. Never holds what stands in it. */
export interface BadLine {
  readonly line: number;
  /** As the heading names it; undefined: the line as a whole. */
  readonly column: string | undefined;
  /** Stable kebab-case name. */
  readonly rule: string;
  /** What would be right, with an example. */
  readonly message: string;
}

export interface ImportReport {
  readonly lines: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly isDryRun: boolean;
  /** The first 1,000. */
  readonly badLines: readonly BadLine[];
  readonly badLineCount: number;
}

/** A contact as a file has it. */
export interface ExportedContact extends ContactView {
  readonly phone: string | undefined;
  readonly telegram: string | undefined;
  readonly language: Language | undefined;
  readonly fields: Readonly<Record<string, string>>;
  readonly consentAt: Date | undefined;
  readonly consentEvidence: string | undefined;
}

/** What moves many contacts at once. */
export interface ContactFiles {
  /** Identifiers of one line that are of two contacts: lines by which they cannot be taken. At most 500 at once. */
  findAmbiguous(
    tenantId: TenantId,
    contacts: readonly ImportedContact[],
  ): Promise<readonly number[]>;
  /**
   * Creates whom nobody knows, adds to the others what the file says; a tag or a field that it does not name stays.
   * One transaction, at most 500. Ambiguous ones are left out.
   */
  take(
    tenantId: TenantId,
    contacts: readonly ImportedContact[],
    by: ContactActor,
  ): Promise<{ readonly created: number; readonly updated: number; readonly skipped: number }>;
  /** Notes in the audit that a file was exported. */
  noteExport(tenantId: TenantId, by: ContactActor): Promise<void>;
  /** Notes in the audit that a file was imported, and tells who follows. */
  noteImport(
    tenantId: TenantId,
    counts: { readonly created: number; readonly updated: number; readonly skipped: number },
    by: ContactActor,
  ): Promise<void>;
  /** Batches of at most 500, oldest first. */
  readAll(
    tenantId: TenantId,
    query: ContactQuery,
    signal: AbortSignal,
  ): AsyncIterable<readonly ExportedContact[]>;
}
