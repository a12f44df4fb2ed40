import type { TenantId } from "./ids.ts";

/** One row of the audit, as people read it. */
export interface AuditRow {
  /** Its number: rows are numbered in the order in which they were written. */
  readonly id: number;
  readonly tenantId: TenantId | undefined;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly requestId?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

export interface AuditPage {
  readonly entries: readonly AuditRow[];
  /** The number of the last entry, when there are more behind it. */
  readonly next: number | undefined;
}

/** Reads the audit, newest first. */
export interface AuditLog {
  /** Without a tenant: everything. With one: its rows, in which the ids of other tenants are blacked out. */
  list(
    tenantId: TenantId | undefined,
    filter: AuditFilter,
    page: { readonly before: number | undefined; readonly limit: number },
  ): Promise<AuditPage>;
}
