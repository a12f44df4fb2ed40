import type {
  ConsentChange,
  ContactActor,
  ContactQuery,
  ContactView,
  Identifier,
} from "./contacts.ts";
import type { TenantId } from "./ids.ts";
import type { Language } from "./language.ts";
import type { KeysetPage, KeysetRequest } from "./page.ts";

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
  /** Undefined of a dry run, which leaves nothing behind. */
  readonly importId: string | undefined;
  readonly lines: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly isDryRun: boolean;
  /** The first 1,000. */
  readonly badLines: readonly BadLine[];
  readonly badLineCount: number;
}

/** How far the reading of a file is. */
export interface ImportProgress {
  /** Lines that were read, without the heading. */
  readonly lines: number;
  /** Lines that cannot be taken. */
  readonly badLines: number;
}

export interface ImportCounts {
  readonly created: number;
  readonly updated: number;
  /** Lines that were good when they were read, and are of two contacts since. */
  readonly skipped: number;
}

/**
 * `reading`: lines are checked, and what may be taken is put aside. `taking`: every line was checked; what was put aside
 * becomes contacts, whatever happens to the process. `refused`, `abandoned`: nothing was taken.
 */
export const IMPORT_STATES = ["reading", "taking", "done", "refused", "abandoned"] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export interface ContactImport extends ImportProgress, ImportCounts {
  readonly importId: string;
  readonly state: ImportState;
  readonly isDryRun: boolean;
  readonly startedBy: string;
  readonly startedAt: Date;
  /** Undefined while it is under way. */
  readonly finishedAt: Date | undefined;
}

/** Files that are being taken in, and what became of those before. */
export interface ContactImports {
  /** Throws `import-under-way` (409) when the tenant has one already that is no dry run. */
  begin(tenantId: TenantId, isDryRun: boolean, by: ContactActor): Promise<string>;
  /** Puts lines aside, none or at most 500, and says how far it is. Throws `import-lost` when it was given up meanwhile. */
  putAside(
    tenantId: TenantId,
    importId: string,
    contacts: readonly ImportedContact[],
    progress: ImportProgress,
  ): Promise<void>;
  /** From here on it is taken, whole. Throws `import-lost`. */
  decide(tenantId: TenantId, importId: string, progress: ImportProgress): Promise<void>;
  /** Nothing is taken, and what was put aside is gone. A dry run leaves nothing behind at all. */
  close(
    tenantId: TenantId,
    importId: string,
    state: "refused" | "abandoned",
    progress: ImportProgress | undefined,
  ): Promise<void>;
  /**
   * Makes contacts of one batch that was put aside, or ends the import when none is left: the audit notes it, and who
   * follows is told. Each is one transaction, and happens once however many do it at the same time.
   */
  takeNext(
    tenantId: TenantId,
    importId: string,
  ): Promise<ImportCounts & { readonly isDone: boolean }>;
  /** One that nobody has worked on for two minutes. */
  findLeft(): Promise<
    | {
        readonly tenantId: TenantId;
        readonly importId: string;
        readonly state: "reading" | "taking";
      }
    | undefined
  >;
  /** Newest first. */
  list(tenantId: TenantId, request: KeysetRequest): Promise<KeysetPage<ContactImport>>;
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
export interface ImportConflict {
  readonly line: number;
  /** `two-contacts`: its identifiers are of two. `too-many-fields`: with those that the contact has, they are. */
  readonly rule: "two-contacts" | "too-many-fields";
}

export interface ContactFiles {
  /** Why lines cannot be taken that are good by themselves, because of whom is known already. At most 500 at once. */
  findConflicts(
    tenantId: TenantId,
    contacts: readonly ImportedContact[],
  ): Promise<readonly ImportConflict[]>;
  /** Notes in the audit that a file was exported. */
  noteExport(tenantId: TenantId, by: ContactActor): Promise<void>;
  /** Batches of at most 500, oldest first. */
  readAll(
    tenantId: TenantId,
    query: ContactQuery,
    signal: AbortSignal,
  ): AsyncIterable<readonly ExportedContact[]>;
}
