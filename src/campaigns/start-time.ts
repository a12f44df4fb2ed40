import { Temporal } from "temporal-polyfill";
import { PregoneroError } from "../core/errors.ts";

export interface ChosenStart {
  /** Of a wall clock (`2026-12-01T09:00`) in `timeZone`, or an instant (`2026-12-01T15:00:00Z`). */
  readonly startsAt: string;
  /** IANA, such as `America/Costa_Rica`. */
  readonly timeZone: string | undefined;
  /** Which of two, where the clock is set back and shows the time twice. */
  readonly whenTwice: "earlier" | "later" | undefined;
}

/**
 * The instant that is meant. Throws `start-time` (400) for a time that the clock of that zone never shows, shows
 * twice, or that cannot be read: nothing is sent at a time that somebody else guessed.
 */
export function toInstant({ startsAt, timeZone, whenTwice }: ChosenStart): Date {
  if (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(startsAt)) {
    const instant = tryFrom(() => Temporal.Instant.from(startsAt));
    if (instant === undefined) throw unreadable(startsAt);
    if (timeZone !== undefined) requireZone(timeZone);
    return new Date(instant.epochMilliseconds);
  }
  if (timeZone === undefined) {
    throw wrong(
      `startsAt "${startsAt}" has no time zone: name one in timeZone (such as "America/Costa_Rica"), or end it with Z`,
    );
  }
  requireZone(timeZone);
  const wall = tryFrom(() => Temporal.PlainDateTime.from(startsAt, { overflow: "reject" }));
  if (wall === undefined) throw unreadable(startsAt);
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  const later = wall.toZonedDateTime(timeZone, { disambiguation: "later" });
  if (earlier.epochMilliseconds !== later.epochMilliseconds) {
    if (!earlier.toPlainDateTime().equals(wall)) {
      throw wrong(
        `the clocks of ${timeZone} never show ${startsAt}: they are set forward over it. Choose ${later.toPlainDateTime()} or another time`,
      );
    }
    if (whenTwice === undefined) {
      throw wrong(
        `the clocks of ${timeZone} show ${startsAt} twice, at ${earlier.toInstant()} and at ${later.toInstant()}: say in whenTwice which, "earlier" or "later"`,
      );
    }
  }
  return new Date((whenTwice === "later" ? later : earlier).epochMilliseconds);
}

function requireZone(timeZone: string): void {
  const isZone =
    /^[A-Za-z][\w+\-/]{0,60}$/.test(timeZone) &&
    tryFrom(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone));
  if (!isZone) throw wrong(`"${timeZone}" is no time zone of the IANA list, such as Europe/Madrid`);
}

function tryFrom<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function unreadable(startsAt: string): PregoneroError {
  return wrong(
    `startsAt "${startsAt}" is no time such as 2026-12-01T09:00 or 2026-12-01T15:00:00Z`,
  );
}

function wrong(what: string): PregoneroError {
  return new PregoneroError("start-time", `The start cannot be taken: ${what}.`, { status: 400 });
}
