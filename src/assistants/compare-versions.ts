import {
  type Experiment,
  MEASURES,
  type Measure,
  type MeasuredDifference,
  type PeopleShare,
  type VersionResult,
} from "../core/assistant-experiment.ts";

/** Quantile of the normal distribution of a two-sided 95 % interval. */
const Z = 1.959964;

interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * What may be said of a difference. A share is of people and not of questions: people were drawn, and the questions of
 * one person are alike, so that counting each of them would promise more than is known.
 */
export function compareVersions([live, other]: Experiment["results"]): MeasuredDifference[] {
  return MEASURES.map((measure) =>
    compare(measure, countOf(measure, live), countOf(measure, other)),
  );
}

interface Count {
  readonly part: number;
  readonly of: number;
}

function countOf(measure: Measure, result: VersionResult): Count {
  switch (measure) {
    case "abstained":
      return { part: result.peopleAbstained, of: result.people };
    case "handed-over":
      return { part: result.peopleHandedOver, of: result.people };
    case "disliked":
      return { part: result.peopleDisliking, of: result.peopleJudging };
  }
}

function compare(measure: Measure, live: Count, other: Count): MeasuredDifference {
  const shares = { measure, live: toShare(live), other: toShare(other) };
  if (live.of === 0 || other.of === 0) {
    return { ...shares, difference: undefined, verdict: "nobody" };
  }
  const difference = differenceInterval(other, live);
  const verdict = difference.low > 0 ? "higher" : difference.high < 0 ? "lower" : "may-be-chance";
  return { ...shares, difference, verdict };
}

function toShare(count: Count): PeopleShare {
  return { ...count, ...wilsonInterval(count) };
}

/** Score interval of a share (Wilson 1927), 0 to 1 where there is nobody; without continuity correction. */
export function wilsonInterval({ part, of }: Count): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const share = part / of;
  const middle = share + (Z * Z) / (2 * of);
  const half = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const scale = 1 + (Z * Z) / of;
  return {
    low: part === 0 ? 0 : (middle - half) / scale,
    high: part === of ? 1 : (middle + half) / scale,
  };
}

/** Interval of the first share less the second, of Wilson's of each (Newcombe 1998, method 10). Both have somebody. */
export function differenceInterval(first: Count, second: Count): Interval {
  const [p, q] = [first.part / first.of, second.part / second.of];
  const [a, b] = [wilsonInterval(first), wilsonInterval(second)];
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  };
}
