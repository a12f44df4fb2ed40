/** Values that may be logged. Never message text, phone numbers, names or tokens: ids and figures. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** `error` may be anything that was thrown; the logger prints its name, code and stack, redacted. */
export type FailureFields = { readonly error?: unknown; readonly [name: string]: unknown };

/** One object per event: `log.info("message-accepted", { messageId })`. Event names are noun-past kebab-case. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: FailureFields): void;
  error(event: string, fields?: FailureFields): void;
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
