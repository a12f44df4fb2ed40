/** Where the chain over the audit ends. */
export interface AuditHead {
  /** Of the last seal, from 1; 0: there is none. */
  readonly position: number;
  /** 64 hexadecimal digits; empty when there is none. */
  readonly seal: string;
}

/** What does not fit, by the row's id where one is concerned. Plain JSON. */
export interface AuditFinding {
  readonly kind: "changed" | "deleted" | "not-sealed" | "seal-missing" | "cut-off";
  readonly auditId: number | undefined;
  /** One English sentence that names the row. */
  readonly what: string;
}

export interface AuditVerdict {
  readonly rows: number;
  readonly head: AuditHead;
  readonly findings: readonly AuditFinding[];
}

/**
 * The chain over the audit log: each seal is an HMAC of its row and of the seal before, under a key that the database
 * does not have. Rows are sealed soon after they are written, in the order in which they are found.
 */
export interface AuditSeals {
  /** Seals what is not sealed yet. The new head; undefined: there was nothing, or another process does it. */
  seal(): Promise<AuditHead | undefined>;
  /** Reads everything. `known`: a head noted earlier, which must still be part of the chain. */
  verify(known: AuditHead | undefined, signal: AbortSignal): Promise<AuditVerdict>;
}
