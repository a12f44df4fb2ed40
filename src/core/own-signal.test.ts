import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { withOwnSignal } from "./own-signal.ts";

describe("withOwnSignal", () => {
  it("leaves no listener behind, and ends what still listens", async () => {
    const parent = new AbortController();
    let own: AbortSignal | undefined;
    const result = await withOwnSignal(parent.signal, async (signal) => {
      own = signal;
      expect(signal.aborted).toBe(false);
      return 7;
    });
    expect(result).toBe(7);
    expect(own?.aborted).toBe(true);
    expect(getEventListeners(parent.signal, "abort")).toEqual([]);
  });

  it("follows its signal, reason included", async () => {
    const parent = new AbortController();
    const reason = new Error("enough");
    const outcome = withOwnSignal(
      parent.signal,
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        }),
    );
    parent.abort(reason);
    await expect(outcome).rejects.toBe(reason);
  });

  it("does not call when it is too late", async () => {
    let calls = 0;
    const reason = new Error("too late");
    const outcome = withOwnSignal(AbortSignal.abort(reason), async () => {
      calls += 1;
    });
    await expect(outcome).rejects.toBe(reason);
    expect(calls).toBe(0);
  });
});
