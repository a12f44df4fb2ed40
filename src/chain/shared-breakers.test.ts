import { expect, it } from "vitest";
import { PregoneroError, type Retry } from "../core/errors.ts";
import { createEmbeddedLiveEvents } from "../queue/embedded-live-events.ts";
import { createSharedBreakers } from "./shared-breakers.ts";

const error = (retry: Retry) => new PregoneroError("model-unavailable", "x", { retry });

/** Live events are passed on after the work at hand. */
const heard = () => new Promise(setImmediate);

/** The breakers of one model in three processes. */
function processes() {
  let now = 1_000_000;
  const clock = { now: () => new Date(now) };
  const events = createEmbeddedLiveEvents();
  const of = () => createSharedBreakers(clock, events)("openai:m");
  return {
    events,
    breakers: [of(), of(), of()] as const,
    pass: (ms: number) => (now += ms),
  };
}

it("what one process learns of a provider, the others know", async () => {
  const { breakers, pass } = processes();
  const [one, two, three] = breakers;
  one.enter()?.failed(error({ afterMs: 2_000 }));
  await heard();
  expect([two.enter(), three.enter()]).toEqual([undefined, undefined]);
  pass(2_000);
  two.enter()?.succeeded();
  await heard();
  expect(one.enter()).toBeDefined();
  expect(three.enter()).toBeDefined();
});

it("one probe at a time goes out, whichever process makes it", async () => {
  const { breakers, pass } = processes();
  const [one, two, three] = breakers;
  one.enter()?.failed(error("never"));
  await heard();
  pass(300_000);
  const probe = two.enter();
  await heard();
  expect(probe).toBeDefined();
  expect([one.enter(), two.enter(), three.enter()]).toEqual([undefined, undefined, undefined]);
  probe?.failed(error("never"));
  await heard();
  expect([one.enter(), two.enter(), three.enter()]).toEqual([undefined, undefined, undefined]);
  pass(300_000);
  expect(three.enter()).toBeDefined();
});

it("a probe whose process died is waited for half a minute", async () => {
  const { breakers, pass } = processes();
  const [one, two] = breakers;
  one.enter()?.failed(error("never"));
  await heard();
  pass(300_000);
  one.enter();
  await heard();
  pass(29_999);
  expect(two.enter()).toBeUndefined();
  pass(1);
  expect(two.enter()).toBeDefined();
});

it("two models' breakers know nothing of each other", () => {
  const of = createSharedBreakers({ now: () => new Date(0) }, createEmbeddedLiveEvents());
  of("openai:a").enter()?.failed(error("never"));
  expect(of("openai:b").enter()).toBeDefined();
  expect(of("openai:a").enter()).toBeUndefined();
});

it.each([
  "",
  "{",
  "null",
  '{"from":"x","model":"openai:m"}',
  '{"from":"x","model":"openai:m","news":{"kind":"open","until":"never"}}',
])("what is no news of a breaker changes nothing: %j", async (payload) => {
  const { events, breakers } = processes();
  events.publish("breakers", payload);
  await heard();
  expect(breakers[0].enter()).toBeDefined();
});
