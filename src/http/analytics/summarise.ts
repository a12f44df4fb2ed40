import type { z } from "zod";
import { type AnalyticsDay, type AnalyticsFigures, percentileMs } from "../../core/analytics.ts";
import type { FiguresShape } from "./contract.ts";

export type Grouping = "total" | "day" | "bot" | "bot-day";

export interface Group {
  readonly day: string | undefined;
  readonly botId: string | undefined;
  readonly figures: AnalyticsFigures;
}

/** Sums days into groups, in the order in which they come. */
export function group(days: readonly AnalyticsDay[], by: Grouping): readonly Group[] {
  const groups = new Map<string, AnalyticsDay[]>();
  for (const each of days) {
    const key = `${by.includes("day") ? each.day : ""} ${by.includes("bot") ? each.botId : ""}`;
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [each]);
    else same.push(each);
  }
  return [...groups.values()].map((same) => ({
    day: by.includes("day") ? same[0]?.day : undefined,
    botId: by.includes("bot") ? same[0]?.botId : undefined,
    figures: sum(same),
  }));
}

export function sum(days: readonly AnalyticsFigures[]): AnalyticsFigures {
  const of = (figure: (day: AnalyticsFigures) => number) =>
    days.reduce((total, day) => total + figure(day), 0);
  const classes = Math.max(0, ...days.map(({ answerTimes }) => answerTimes.length));
  return {
    messages: of((day) => day.messages),
    answered: of((day) => day.answered),
    abstained: of((day) => day.abstained),
    handedOver: of((day) => day.handedOver),
    failed: of((day) => day.failed),
    thumbsUp: of((day) => day.thumbsUp),
    thumbsDown: of((day) => day.thumbsDown),
    costMicroUsd: of((day) => day.costMicroUsd),
    answerTimes: Array.from({ length: classes }, (_, at) => of((day) => day.answerTimes[at] ?? 0)),
  };
}

export function toFigures(figures: AnalyticsFigures): z.infer<typeof FiguresShape> {
  const { answerTimes, answered, costMicroUsd } = figures;
  const time = (p: number) => {
    const found = percentileMs(answerTimes, p);
    return found === undefined || !Number.isFinite(found) ? null : found;
  };
  return {
    messages: figures.messages,
    answered,
    abstained: figures.abstained,
    handedOver: figures.handedOver,
    failed: figures.failed,
    thumbsUp: figures.thumbsUp,
    thumbsDown: figures.thumbsDown,
    answerTimeP50Ms: time(0.5),
    answerTimeP95Ms: time(0.95),
    costMicroUsd,
    costPerAnswerMicroUsd: answered === 0 ? null : Math.round(costMicroUsd / answered),
  };
}
