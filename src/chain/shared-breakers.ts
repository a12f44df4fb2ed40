import { randomUUID } from "node:crypto";
import type { Clock } from "../core/clock.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import { type Breaker, type BreakerNews, createBreaker } from "./breaker.ts";

const TOPIC = "breakers";

/**
 * One breaker per model, whose state all processes share by live events: what one learns of a provider spares
 * the others the same failure. Events lost (Redis away) cost each process its own experience, nothing else.
 */
export function createSharedBreakers(
  clock: Clock,
  events: Pick<LiveEvents, "publish" | "subscribe">,
): (model: string) => Breaker {
  const breakers = new Map<string, Breaker>();
  const self = randomUUID();
  events.subscribe(TOPIC, (payload) => {
    const { from, model, news } = JSON.parse(payload) as {
      readonly from: string;
      readonly model: string;
      readonly news: BreakerNews;
    };
    if (from !== self) breakers.get(model)?.hear(news);
  });
  return (model) => {
    const known = breakers.get(model);
    if (known !== undefined) return known;
    const made = createBreaker(clock, (news) => {
      events.publish(TOPIC, JSON.stringify({ from: self, model, news }));
    });
    breakers.set(model, made);
    return made;
  };
}
