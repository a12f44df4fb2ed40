const FOREIGN_KEY_VIOLATION = "23503";

/** Whether a statement named a row that is not there. */
export function isForeignKeyViolation(error: unknown): boolean {
  return (error as { readonly code?: unknown } | undefined)?.code === FOREIGN_KEY_VIOLATION;
}
