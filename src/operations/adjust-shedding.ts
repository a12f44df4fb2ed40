import type { LinePressure } from "../core/operations.ts";
import {
  SHED_LEVELS,
  type Shedding,
  type ShedLevel,
  type ShedThreshold,
} from "../core/switches.ts";

/** A level ends when the line has been below half of what began it for so long; then the next may. */
const CALM_MS = 60_000;
const CALM_PART = 0.5;

/**
 * What the shedding should be under this pressure; undefined: as it is. It rises at once, as far as the thresholds say,
 * and falls one level a minute, so that it does not swing: what made the line short may be that so much is shed.
 */
export function adjustShedding(
  shedding: Shedding,
  { waiting, waitSeconds }: LinePressure,
  now: Date,
): Shedding | undefined {
  const { level, isAutomatic, thresholds } = shedding;
  const reaches = (threshold: ShedThreshold, part: number) =>
    waitSeconds >= threshold.waitSeconds * part || waiting >= threshold.waiting * part;
  const highest = (part: number) =>
    SHED_LEVELS.findLast((each) => each === 0 || reaches(thresholds[each - 1] ?? NEVER, part)) ?? 0;
  const pressure = highest(1);
  const told = { ...shedding, pressure };
  const why = `${waiting} conversations wait, the first for ${Math.round(waitSeconds)} s`;
  if (!isAutomatic) return changed(shedding, { ...told, calmSince: undefined });
  if (pressure > level) return moved(told, pressure, why, now, undefined);
  if (level === 0 || highest(CALM_PART) >= level) {
    return changed(shedding, { ...told, calmSince: undefined });
  }
  const calmSince = shedding.calmSince ?? now;
  if (now.getTime() - calmSince.getTime() < CALM_MS) {
    return changed(shedding, { ...told, calmSince });
  }
  return moved(told, (level - 1) as ShedLevel, why, now, now);
}

const NEVER: ShedThreshold = {
  waitSeconds: Number.POSITIVE_INFINITY,
  waiting: Number.POSITIVE_INFINITY,
};

function moved(
  shedding: Shedding,
  level: ShedLevel,
  reason: string,
  since: Date,
  calmSince: Date | undefined,
): Shedding {
  return { ...shedding, level, reason, actor: "automatic", since, calmSince };
}

function changed(before: Shedding, after: Shedding): Shedding | undefined {
  const isSame =
    before.pressure === after.pressure &&
    before.calmSince?.getTime() === after.calmSince?.getTime();
  return isSame ? undefined : after;
}
