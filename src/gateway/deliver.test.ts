import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./deliver.ts";

describe("retryAfterMs", () => {
  const refused = { kind: "refused", reason: "x" } as const;

  it("never repeats what may have arrived", () => {
    expect(
      retryAfterMs({ attempts: 1, waits: 0 }, { kind: "unknown", reason: "timeout" }),
    ).toBeUndefined();
    expect(
      retryAfterMs({ attempts: 1, waits: 0 }, { kind: "sent", networkMessageId: "1" }),
    ).toBeUndefined();
  });

  it("waits as long as the network says, however long that is", () => {
    const wait = { ...refused, retry: { afterMs: 10_072_000 } };
    expect(retryAfterMs({ attempts: 3, waits: 0 }, wait)).toBe(10_072_000);
  });

  it("waits longer each time when the network names no time, and gives up in the end", () => {
    const pauses = [1, 2, 3, 4, 5, 6].map((attempts) =>
      retryAfterMs({ attempts, waits: 0 }, { ...refused, retry: "backoff" }),
    );
    expect(pauses.slice(0, 5)).toEqual(
      [...pauses.slice(0, 5)].sort((one, other) => Number(one) - Number(other)),
    );
    expect(pauses[5]).toBeUndefined();
  });

  it("gives nothing up for the waits of our own pacing, and does not count them as tries", () => {
    const paced = { ...refused, isOwnPace: true, retry: { afterMs: 5_000 } };
    expect(retryAfterMs({ attempts: 40, waits: 39 }, paced)).toBe(5_000);
    const first = retryAfterMs({ attempts: 1, waits: 0 }, { ...refused, retry: "backoff" });
    expect(retryAfterMs({ attempts: 40, waits: 39 }, { ...refused, retry: "backoff" })).toBe(first);
  });

  it("repeats at once where the chat has moved to, and not at all what was refused for good", () => {
    expect(
      retryAfterMs({ attempts: 1, waits: 0 }, { ...refused, retry: "never", newChatKey: "-100" }),
    ).toBe(0);
    expect(retryAfterMs({ attempts: 1, waits: 0 }, { ...refused, retry: "never" })).toBeUndefined();
    expect(
      retryAfterMs({ attempts: 20, waits: 0 }, { ...refused, retry: { afterMs: 1 } }),
    ).toBeUndefined();
  });
});
