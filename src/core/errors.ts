/** When the same call may be made again: never, after a growing pause, or not before `afterMs` milliseconds. */
export type Retry = "never" | "backoff" | { readonly afterMs: number };

/**
 * The only error that crosses a folder boundary. Callers branch on `code` and `retry`, never on
 * `message`, which is for people: what failed, with which value, and what to do about it.
 */
export class PregoneroError extends Error {
  /** Stable kebab-case name, e.g. `lease-lost`. */
  readonly code: string;
  readonly retry: Retry;
  /** HTTP status that says the same to a web client, when one does. */
  readonly status: number | undefined;

  constructor(
    code: string,
    message: string,
    options: { retry?: Retry; status?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "PregoneroError";
    this.code = code;
    this.retry = options.retry ?? "never";
    this.status = options.status;
  }
}

export function isPregoneroError(error: unknown, code?: string): error is PregoneroError {
  return error instanceof PregoneroError && (code === undefined || error.code === code);
}
