import type { Retry } from "./errors.ts";

/** `retry-after-ms`, else `retry-after` in seconds or as an HTTP date (RFC 9110 §10.2.3) by the server's own clock. */
export function readRetryAfter(
  headers: { get(name: string): string | null } | undefined,
): Exclude<Retry, string> | undefined {
  const inMs = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(inMs) && inMs >= 0) return { afterMs: inMs };
  const value = headers?.get("retry-after") ?? "";
  if (value === "") return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return { afterMs: Math.max(0, seconds * 1000) };
  const untilMs = Date.parse(value) - Date.parse(headers?.get("date") ?? "");
  return Number.isFinite(untilMs) ? { afterMs: Math.max(0, untilMs) } : undefined;
}
