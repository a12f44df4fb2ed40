/** Values that may be logged. Never message text, phone numbers, names or tokens: ids and figures. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One object per event: `log.info("message-accepted", { messageId })`. Event names are noun-past kebab-case. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields & { error?: unknown } & Record<string, unknown>): void;
  error(event: string, fields?: LogFields & { error?: unknown } & Record<string, unknown>): void;
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
