import { describe, expect, it } from "vitest";
import { createPageLock } from "./page-lock.ts";

const { signal } = new AbortController();

/** Uses that end when they are told to, in the order in which they began. */
function scene() {
  let nowMs = 0;
  const lock = createPageLock(() => nowMs);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    pass: (ms: number) => {
      nowMs += ms;
    },
    use(name: string, isUrgent: boolean) {
      return lock.run(
        () => {
          begun.push(name);
          return new Promise<void>((resolve) => ends.set(name, resolve));
        },
        { signal, isUrgent },
      );
    },
    async end(name: string, use: Promise<void>) {
      ends.get(name)?.();
      await use;
    },
  };
}

describe("the page lock", () => {
  it("gives the holder of a long work the page back after those who waited", async () => {
    const lock = createPageLock();
    const begun: string[] = [];
    const walk = lock.run(
      async () => {
        begun.push("walk");
        const read = lock.run(async () => void begun.push("read"), { signal });
        await lock.giveWay(signal);
        begun.push("walk on");
        await read;
        void lock.run(async () => void begun.push("after"), { signal });
        begun.push("walked");
      },
      { signal },
    );
    await walk;
    expect(begun.slice(0, 4)).toEqual(["walk", "read", "walk on", "walked"]);
  });

  it("keeps the holder of a long work out while others use the page one time after the other", async () => {
    const lock = createPageLock();
    const begun: string[] = [];
    const use = (name: string) => lock.run(async () => void begun.push(name), { signal });
    await lock.run(
      async () => {
        const both = use("look").then(() => use("read"));
        await lock.giveWay(signal, both);
        begun.push("walk on");
      },
      { signal },
    );
    await use("after");
    expect(begun).toEqual(["look", "read", "walk on", "after"]);
  });

  it("keeps the page for a holder that was told to stop while it gave way", async () => {
    const lock = createPageLock();
    const stop = new AbortController();
    const uses: number[] = [];
    let inUse = 0;
    const use = async (work: () => Promise<void>) => {
      inUse += 1;
      uses.push(inUse);
      await work().finally(() => {
        inUse -= 1;
      });
    };
    const walk = lock.run(
      () =>
        use(async () => {
          void lock.run(async () => stop.abort(), { signal });
          void lock.run(() => use(() => Promise.resolve()), { signal });
          inUse -= 1;
          await lock.giveWay(stop.signal).finally(() => {
            inUse += 1;
          });
        }),
      { signal },
    );
    await expect(walk).rejects.toThrow();
    await lock.run(() => use(() => Promise.resolve()), { signal });
    expect(Math.max(...uses)).toBe(1);
  });

  it("lets what is urgent go first, in the order of asking", async () => {
    const { use, end, begun } = scene();
    const first = use("first", false);
    void use("read", false);
    const send = use("send", true);
    void use("send too", true);
    await end("first", first);
    await end("send", send);
    expect(begun).toEqual(["first", "send", "send too"]);
  });

  it("does not let answers without end keep it from hearing: who has waited for 5 s is next", async () => {
    const { use, end, begun, pass } = scene();
    const first = use("first", true);
    void use("read", false);
    const send = use("send", true);
    void use("send too", true);
    pass(4_999);
    await end("first", first);
    pass(1);
    await end("send", send);
    expect(begun).toEqual(["first", "send", "read"]);
  });
});
