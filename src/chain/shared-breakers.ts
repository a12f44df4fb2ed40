import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import { type Metrics, noMetrics } from "../core/metrics.ts";
import type { BreakerOrder } from "../core/switches.ts";
import type { LiveEvents } from "../core/wake-up.ts";
import { type Breaker, type BreakerNews, type BreakerState, createBreaker } from "./breaker.ts";
import { providerOf } from "./provider-of.ts";

const TOPIC = "breakers";

const until = z.number();
const told = z.object({
  from: z.string(),
  model: z.string(),
  news: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("open"), until }),
    z.object({ kind: z.literal("closed") }),
    z.object({ kind: z.literal("probing"), until }),
  ]),
});

/** Undefined for what another version, or whoever else writes to that Redis, may say: it must end no process. */
function readTold(payload: string): z.output<typeof told> | undefined {
  try {
    return told.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}

/** As the gauge shows it: the higher, the worse. */
const STATES: Readonly<Record<BreakerNews["kind"], number>> = { closed: 0, probing: 1, open: 2 };

export interface SharedBreakers {
  (model: string): Breaker;
  /** Those that were asked for in this process. */
  list(): readonly (BreakerState & { readonly model: string })[];
  /**
   * What people ordered, of whatever process: each is carried out once. An order that is gone, or over, holds
   * nothing any more.
   */
  obey(orders: readonly BreakerOrder[]): void;
}

/**
 * One breaker per model, whose state all processes share by live events: what one learns of a provider spares
 * the others the same failure. Events lost (Redis away) cost each process its own experience, nothing else.
 * `provider:model#mark` is the model at a tenant's own address or key: apart from the others, and in no gauge.
 */
export function createSharedBreakers(
  clock: Clock,
  events: Pick<LiveEvents, "publish" | "subscribe">,
  metrics: Metrics = noMetrics,
  /** Told of what calls came to in this process; not of a tenant's own addresses and keys. */
  onNews: (model: string, kind: BreakerNews["kind"]) => void = () => {},
): SharedBreakers {
  const breakers = new Map<string, Breaker>();
  const states = new Map<string, number>();
  const self = randomUUID();
  const show = (model: string, kind: BreakerNews["kind"]) => {
    // A tenant's own address or key fails for reasons of its own, and there may be any number of them.
    if (model.includes("#")) return;
    states.set(model, STATES[kind]);
    const provider = providerOf(model);
    const ofProvider = [...states].filter(([name]) => providerOf(name) === provider);
    const worst = Math.max(...ofProvider.map(([, state]) => state));
    metrics.gauge("breaker_state", worst, { provider });
  };
  events.subscribe(TOPIC, (payload) => {
    const told = readTold(payload);
    if (told === undefined) return;
    const { from, model, news } = told;
    const breaker = breakers.get(model);
    if (from === self || breaker === undefined) return;
    breaker.hear(news);
    show(model, news.kind);
  });
  const orders = new Map<string, BreakerOrder>();
  const breakerOf = (model: string) => {
    const known = breakers.get(model);
    if (known !== undefined) return known;
    const made = createBreaker(clock, (news) => {
      show(model, news.kind);
      if (!model.includes("#")) onNews(model, news.kind);
      events.publish(TOPIC, JSON.stringify({ from: self, model, news }));
    });
    breakers.set(model, made);
    show(model, "closed");
    const order = orders.get(model);
    if (order?.until !== undefined) made.hold(order.until);
    return made;
  };
  return Object.assign(breakerOf, {
    list: () => [...breakers].map(([model, breaker]) => ({ model, ...breaker.state() })),
    obey(given: readonly BreakerOrder[]) {
      for (const order of given) {
        const known = orders.get(order.model);
        if (known !== undefined && known.at.getTime() >= order.at.getTime()) continue;
        orders.set(order.model, order);
        const breaker = breakers.get(order.model);
        if (order.until !== undefined) breaker?.hold(order.until);
        else breaker?.reset();
        if (breaker !== undefined) show(order.model, order.until === undefined ? "closed" : "open");
      }
    },
  });
}
