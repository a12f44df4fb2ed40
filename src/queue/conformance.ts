import { afterEach, describe, expect, it } from "vitest";
import type { LiveEvents, WakeUps } from "../core/wake-up.ts";

/** Longer than any test waits on purpose: a look that comes by the poll is not a look that comes by a wake. */
const NEVER_MS = 60_000;

/** What every implementation of `WakeUps` promises. `create` makes members of one installation. */
export function wakeUpsConformance(
  name: string,
  create: (options: { pollIntervalMs: number; drainMs: number }) => Promise<WakeUps>,
): void {
  describe(`wake-ups, ${name}`, () => {
    const open: WakeUps[] = [];
    async function wakeUps(pollIntervalMs = NEVER_MS, drainMs = 5_000): Promise<WakeUps> {
      const created = await create({ pollIntervalMs, drainMs });
      open.push(created);
      return created;
    }
    afterEach(async () => {
      await Promise.all(open.splice(0).map((member) => member.close()));
    });

    it("looks once at the start, for what was left behind before", async () => {
      const looks = new Looks();
      (await wakeUps()).listen("answer", looks.look);
      await looks.began(1);
    });

    it("looks when woken, for the hop that was woken only", async () => {
      const member = await wakeUps();
      const answer = new Looks();
      const deliver = new Looks();
      member.listen("answer", answer.look);
      member.listen("deliver", deliver.look);
      await Promise.all([answer.began(1), deliver.began(1)]);
      member.wake("deliver");
      await deliver.began(2);
      expect(answer.count).toBe(1);
    });

    it("never looks twice at once, and looks again after a wake that came during a look", async () => {
      const member = await wakeUps();
      const looks = new Looks();
      const held = looks.hold();
      member.listen("answer", looks.look);
      await looks.began(1);
      for (let wake = 0; wake < 50; wake++) member.wake("answer");
      held.release();
      await looks.began(2);
      expect(looks.mostAtOnce).toBe(1);
    });

    it("turns a burst of wakes into few looks", async () => {
      const member = await wakeUps();
      const looks = new Looks();
      member.listen("answer", looks.look);
      await looks.began(1);
      for (let wake = 0; wake < 1_000; wake++) member.wake("answer");
      await looks.began(2);
      await looks.quiet();
      expect(looks.count).toBeLessThanOrEqual(4);
    });

    it("looks again at once while work is left", async () => {
      const member = await wakeUps();
      const looks = new Looks();
      looks.leavesWork = 25;
      member.listen("answer", looks.look);
      await looks.began(26);
    });

    it("looks without a wake after the poll interval", async () => {
      const member = await wakeUps(20);
      const looks = new Looks();
      member.listen("answer", looks.look);
      await looks.began(4);
    });

    it("goes on after a look that failed", async () => {
      const member = await wakeUps(20);
      const looks = new Looks();
      looks.fails = 2;
      member.listen("answer", looks.look);
      await looks.began(4);
    });

    it("waits for the running look when closing, and starts none after", async () => {
      const member = await wakeUps();
      const looks = new Looks();
      const held = looks.hold();
      member.listen("answer", looks.look);
      await looks.began(1);
      let isClosed = false;
      const closing = member.close().then(() => {
        isClosed = true;
      });
      member.wake("answer");
      await looks.quiet();
      expect(isClosed).toBe(false);
      held.release();
      await closing;
      member.wake("answer");
      await looks.quiet();
      expect(looks.count).toBe(1);
    });

    it("aborts the signal of a look that outlasts the drain", async () => {
      const member = await wakeUps(NEVER_MS, 30);
      const began = new Looks();
      member.listen("answer", async (signal) => {
        void began.look();
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        return true;
      });
      await began.began(1);
      await member.close();
      expect(began.count).toBe(1);
    });

    it("closes twice as once, and before anything listened", async () => {
      const member = await wakeUps();
      await Promise.all([member.close(), member.close()]);
      member.wake("answer");
    });
  });
}

/** A look that counts, can be held, left unfinished or made to fail; waiting for it needs no sleep. */
export class Looks {
  count = 0;
  mostAtOnce = 0;
  leavesWork = 0;
  fails = 0;
  #atOnce = 0;
  #held: Promise<void> | undefined;
  #waiters: { readonly count: number; readonly resolve: () => void }[] = [];

  readonly look = async (): Promise<boolean> => {
    this.count += 1;
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    for (const waiter of this.#waiters) if (this.count >= waiter.count) waiter.resolve();
    await this.#held;
    await new Promise((resolve) => setImmediate(resolve));
    this.#atOnce -= 1;
    if (this.fails > 0) {
      this.fails -= 1;
      throw new Error("the look failed, as the test asked");
    }
    if (this.leavesWork === 0) return false;
    this.leavesWork -= 1;
    return true;
  };

  /** Resolves when the look of this number has begun. */
  began(count: number): Promise<void> {
    if (this.count >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ count, resolve }));
  }

  /** Looks that begin from now on do not end before `release`. */
  hold(): { release(): void } {
    let release = () => {};
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return {
      release: () => {
        this.#held = undefined;
        release();
      },
    };
  }

  /** Time enough for a look that should not come: absence cannot be awaited as an event. */
  quiet(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** What every implementation of `LiveEvents` promises within one process. */
export function liveEventsConformance(name: string, create: () => Promise<LiveEvents>): void {
  describe(`live events, ${name}`, () => {
    const open: LiveEvents[] = [];
    async function liveEvents(): Promise<LiveEvents> {
      const created = await create();
      open.push(created);
      return created;
    }
    afterEach(async () => {
      await Promise.all(open.splice(0).map((member) => member.close()));
    });

    it("hands each payload to each listener of the topic once, in order", async () => {
      const events = await liveEvents();
      const heard: string[] = [];
      await new Promise<void>((resolve) => {
        events.subscribe("chat:1", (payload) => {
          heard.push(payload);
          if (payload === "c") resolve();
        });
        events.subscribe("chat:2", () => heard.push("wrong topic"));
        for (const payload of ["a", "b\nñ", "c"]) events.publish("chat:1", payload);
      });
      expect(heard).toEqual(["a", "b\nñ", "c"]);
    });

    it("keeps a subscription apart from another of the same function, and ends one alone", async () => {
      const events = await liveEvents();
      let count = 0;
      const listener = () => {
        count += 1;
      };
      const end = events.subscribe("t", listener);
      events.subscribe("t", listener);
      end();
      end();
      await new Promise<void>((resolve) => {
        events.subscribe("t", () => resolve());
        events.publish("t", "x");
      });
      expect(count).toBe(1);
    });

    it("is silent after close", async () => {
      const events = await liveEvents();
      events.subscribe("t", () => expect.unreachable("closed"));
      await events.close();
      events.publish("t", "x");
      await new Promise((resolve) => setImmediate(resolve));
    });
  });
}
