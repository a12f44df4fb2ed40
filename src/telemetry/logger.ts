import pino from "pino";
import type { FailureFields, LogFields, Logger } from "../core/logger.ts";
import { redactFields, redactText } from "./redact.ts";
import { formatForPeople } from "./text-format.ts";

/** Where lines go; `write` receives one line with its newline. */
export interface LogDestination {
  write(line: string): void;
}

/**
 * A logger that writes one redacted object per event: `time` (ISO 8601, UTC), `level`, `event`, then the
 * fields. With `format` `text`, the same for people's eyes. Default destination: standard output.
 */
export function createLogger(options: {
  readonly level: "debug" | "info" | "warn" | "error" | "silent";
  /** `auto`: `text` on a terminal, else `json`. */
  readonly format: "auto" | "json" | "text";
  readonly destination?: LogDestination;
}): Logger {
  const out = options.destination ?? process.stdout;
  const isText =
    options.format === "text" ||
    (options.format === "auto" && options.destination === undefined && process.stdout.isTTY);
  const hasColour = isText && options.destination === undefined && process.stdout.isTTY;
  const sink = isText
    ? { write: (line: string) => void out.write(formatForPeople(line, hasColour)) }
    : { write: (line: string) => void out.write(line) };
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  const log = (level: "debug" | "info" | "warn" | "error") => {
    return (event: string, fields: LogFields | FailureFields = {}) => {
      if (!logger.isLevelEnabled(level)) return;
      logger[level]({ event: redactText(event), ...redactFields(fields) });
    };
  };
  return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}
